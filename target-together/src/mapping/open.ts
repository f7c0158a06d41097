/** The mapping of a run: which stream holds the people, which preset fits, compiled against each SCHEMA as it comes. */
import { ConnectorError } from '@ukg-together/protocol/error';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import { show } from '@ukg-together/protocol/show';
import { checkPresetName, choosePreset, fits, namesStream } from './choose-preset.ts';
import { type CompiledMapping, checkMapping, compileMapping, type MappingOptions } from './compile.ts';
import type { MappingFault } from './faults.ts';

export interface RunMappingOptions extends Omit<MappingOptions, 'preset' | 'schema' | 'stream' | 'mapping'> {
  readonly mapping: {
    readonly preset?: string | undefined;
    readonly stream?: string | undefined;
    readonly fields?: unknown;
  };
  /** `MELTANO_EXTRACTOR_NAMESPACE`. */
  readonly extractorNamespace?: string | undefined;
  /** Told once for each stream: what was chosen and why, or why the stream is ignored. */
  readonly onChoice?: (message: string) => void;
}

/** The mapping for a stream; undefined: this run has no use for it. Throws `settings` with every fault at once. */
export type OpenMapping = (schema: Pick<SchemaEvent, 'stream' | 'schema'>) => Promise<CompiledMapping | undefined>;

export function openMappings(options: RunMappingOptions): OpenMapping {
  checkPresetName(options.mapping.preset);
  let people: string | undefined;
  return async ({ stream, schema }) => {
    const choice = choosePreset({
      setting: options.mapping.preset,
      extractorNamespace: options.extractorNamespace,
      stream,
      schema,
    });
    const wanted = options.mapping.stream;
    if (wanted !== undefined && wanted !== stream) {
      options.onChoice?.(`stream ${show(stream)} is ignored: mapping.stream is ${show(wanted)}`);
      return undefined;
    }
    const { preset } = choice;
    const named = preset !== undefined && namesStream(preset, stream);
    const takes =
      wanted !== undefined || (preset === undefined ? ownRules(options) : named || fits(preset, stream, schema));
    if (!takes) {
      options.onChoice?.(
        `stream ${show(stream)} is ignored: ${preset === undefined ? choice.reason : `it holds no people that preset ${preset.name} knows`}`,
      );
      return undefined;
    }
    if (people !== undefined && people !== stream) {
      throw new ConnectorError(
        'settings',
        `Both ${show(people)} and ${show(stream)} look like streams of people, and one person may be in both.`,
        {
          hint: 'Say which one counts with mapping.stream, or select only one at the source.',
          stream,
        },
      );
    }
    const mapping = await compileMapping({ ...options, preset, stream, schema });
    people = stream;
    options.onChoice?.(choice.reason);
    return mapping;
  };
}

/** Without a preset, the user's own rules take any stream only if they could make a whole user. */
function ownRules(options: RunMappingOptions): boolean {
  const fields = options.mapping.fields;
  return typeof fields === 'object' && fields !== null && 'employeeId' in fields;
}

/** What can be told before the first message: the form of every rule. */
export async function checkRules(options: RunMappingOptions): Promise<readonly MappingFault[]> {
  checkPresetName(options.mapping.preset);
  const setting = options.mapping.preset;
  const { faults } = await checkMapping({ ...options, preset: setting === 'none' ? undefined : setting });
  // Which fields a preset will bring is known only once it is chosen.
  return setting === undefined
    ? faults.filter((fault) => !fault.message.startsWith('is required by Together'))
    : faults;
}
