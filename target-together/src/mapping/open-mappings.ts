/** The mapping of a run: which stream holds the people, which preset fits, compiled against each SCHEMA as it comes. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { Fault, Mapped } from '../model/person.ts';
import { type CompiledMapping, checkMapping, compileMapping, mappingError } from './compile.ts';
import { type Choice, checkPresetName, choosePreset, holdsPeople, streamRank } from './rules/choose-preset.ts';
import { filterFaults } from './rules/filter-faults.ts';
import type { MappingOptions, Origins } from './rules/mapping-options.ts';
import { type FlattenOptions, flattenRecord, flattenSchema } from './stream-maps/flatten.ts';
import { originsOf } from './stream-maps/origins.ts';
import type { StreamMap } from './stream-maps/stream-maps.ts';
import { recordCheck } from './stream-maps/validate-records.ts';
import type { MappingFault } from './values/faults.ts';

/** What the SDK's settings of the same names ask for. */
interface ShapeOptions {
  readonly streamMaps?: unknown;
  readonly streamMapConfig?: Readonly<Record<string, unknown>> | null;
  /** Undefined: nested objects stay nested. */
  readonly flatten?: FlattenOptions;
  readonly validateRecords?: boolean;
}

export interface RunMappingOptions
  extends Omit<MappingOptions, 'preset' | 'schema' | 'stream' | 'mapping' | 'origins'>,
    ShapeOptions {
  readonly mapping: {
    readonly preset?: string | undefined;
    readonly stream?: string | undefined;
    readonly fields?: unknown;
  };
  /** The setting `filters`: their fields are checked like those of rules. */
  readonly filters?: readonly { readonly field: string }[];
  /** `MELTANO_EXTRACTOR_NAMESPACE`. */
  readonly extractorNamespace?: string | undefined;
  /** Called once for each stream: what was chosen and why, or why the stream is ignored. */
  readonly onChoice?: (message: string) => void;
}

/** The mapping for a stream; undefined: this run has no use for it. Throws `settings` with every fault at once. */
export type OpenMapping = (
  schema: Pick<SchemaEvent, 'stream' | 'schema' | 'name'>,
) => Promise<CompiledMapping | undefined>;

export function openMappings(options: RunMappingOptions): OpenMapping {
  checkPresetName(options.mapping.preset);
  let people: { stream: string; name: string; rank: number | undefined; choice: Choice } | undefined;
  return async (event) => {
    const faults: MappingFault[] = [];
    const shape = await shapeOf(event, options, faults);
    if (faults.length > 0) throw mappingError(faults, event.stream);
    const ignored = (why: string): undefined => {
      options.onChoice?.(`stream ${show(event.stream)} is ignored: ${why}`);
      return undefined;
    };
    if (shape === null) return ignored(removedByMap);
    const { map, schema, origins } = shape;
    const name = event.name ?? event.stream;
    const stream = shape.stream === event.stream ? name : shape.stream;
    const wanted = options.mapping.stream;
    if (wanted !== undefined && ![stream, event.stream, name].includes(wanted))
      return ignored(`mapping.stream is ${show(wanted)}`);

    // A stream of people stays one when its SCHEMA comes again: what the mapping lacks then is a fault, not a reason to drop people.
    const before = people?.name === name ? people.choice : undefined;
    const choice =
      before ??
      choosePreset({
        setting: options.mapping.preset,
        extractorNamespace: options.extractorNamespace,
        stream,
        schema,
      });
    const { preset } = choice;
    if (wanted === undefined && before === undefined) {
      const { holds, why } = holdsPeople(preset, stream, schema, options.mapping.fields);
      if (!holds) return ignored(why ?? choice.reason);
    }
    const rank = preset && streamRank(preset, stream);
    // One table in several namespaces: the rows of each are people, known by namespace and key.
    if (people !== undefined && people.name !== name) {
      const worse = rank !== undefined && people.rank !== undefined && people.rank < rank;
      if (worse) return ignored(`${show(people.stream)} says the same people better`);
      throw twoStreams(people.stream, event.stream);
    }
    const mapping = await compileMapping(
      { ...options, preset, stream, schema, origins, onDepartment: options.onChoice },
      filterFaults(options.filters ?? [], event),
    );
    people = { stream: event.stream, name, rank, choice };
    options.onChoice?.(choice.reason);
    return shaped(mapping, event, options, map);
  };
}

export const removedByMap = 'stream_maps removes it';

/** A stream as stream maps and flattening make it; null: they remove it. */
export async function shapeOf(
  event: Pick<SchemaEvent, 'stream' | 'schema'>,
  { streamMaps, streamMapConfig, flatten }: ShapeOptions,
  faults: MappingFault[],
): Promise<{ map: StreamMap | undefined; stream: string; schema: JsonSchema; origins: Origins } | null> {
  let map: StreamMap | null | undefined;
  if (streamMaps !== undefined && streamMaps !== null) {
    const { streamMapFor } = await import('./stream-maps/stream-maps.ts');
    map = streamMapFor(streamMaps, streamMapConfig ?? {}, event.stream, event.schema, faults);
  }
  if (map === null) return null;
  const nested = map?.schema ?? event.schema;
  return {
    map,
    stream: map?.stream ?? event.stream,
    schema: flatten ? flattenSchema(nested, flatten) : nested,
    origins: originsOf(map, nested, flatten),
  };
}

function twoStreams(first: string, second: string): ConnectorError {
  return new ConnectorError(
    'settings',
    said`Both ${show(first)} and ${show(second)} look like streams of people, and one person may be in both.`,
    { hint: 'Say which one counts with mapping.stream, or select only one at the source.', stream: second },
  );
}

/** Checks, maps and flattens the record before the mapping sees it. */
async function shaped(
  mapping: CompiledMapping,
  event: { readonly stream: string; readonly schema: JsonSchema },
  options: RunMappingOptions,
  map: StreamMap | undefined,
): Promise<CompiledMapping> {
  const check = options.validateRecords ? await recordCheck(event.stream, event.schema) : undefined;
  const { flatten } = options;
  if (!check && !map && !flatten) return mapping;
  const flat = (record: Record<string, unknown>) => (flatten ? flattenRecord(record, flatten) : record);
  return {
    ...mapping,
    map(record) {
      const faults = check?.(record) ?? [];
      const kept = map ? map.apply(record) : record;
      const mapped = mapping.map(flat(kept ?? (map as StreamMap).shape(record)));
      if (faults.length === 0 && kept !== undefined) return mapped;
      const judge = (one: Mapped): Mapped => (faults.length > 0 ? violates(one, faults) : filteredOut(one));
      return mapped instanceof Promise ? mapped.then(judge) : judge(mapped);
    },
    explain: (record) => mapping.explain(flat(map ? map.shape(record) : record)),
  };
}

function violates(mapped: Mapped, faults: readonly Fault[]): Mapped {
  const id = mapped.kind === 'user' ? mapped.user.employeeId : mapped.id;
  return { kind: 'invalid', id, faults };
}

/** The person stays known by id and status: a filter must not hide a leaver Together knows. */
function filteredOut(mapped: Mapped): Mapped {
  if (mapped.kind === 'excluded') return mapped;
  const user = mapped.kind === 'user' ? mapped.user : undefined;
  return {
    kind: 'excluded',
    id: user?.employeeId ?? (mapped.kind === 'invalid' ? mapped.id : undefined),
    user,
    filter: 'stream_maps',
  };
}

/** What can be checked before the first message: the form of every rule and filter. */
export async function checkRules(options: RunMappingOptions): Promise<readonly MappingFault[]> {
  checkPresetName(options.mapping.preset);
  const setting = options.mapping.preset;
  const { faults } = await checkMapping({ ...options, preset: setting === 'none' ? undefined : setting });
  // Which fields a preset will bring is known only once it is chosen.
  const told = setting === undefined ? faults.filter((fault) => fault.code !== 'required_unmapped') : faults;
  return [...told, ...filterFaults(options.filters ?? [])];
}
