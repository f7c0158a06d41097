/** `target-together mapping check --catalog F`: what the mapping of these settings would do with the streams of a tap. */

import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { isLoaderColumn } from '../../settings/deletion-marks.ts';
import { type CompiledMapping, checkMapping } from '../compile.ts';
import { type RunMappingOptions, removedByMap, shapeOf } from '../open-mappings.ts';
import { parsePath } from '../paths/path.ts';
import { lookUp, propertiesOf } from '../paths/schema-path.ts';
import { choosePreset, holdsPeople } from '../rules/choose-preset.ts';
import { filterFaults } from '../rules/filter-faults.ts';
import type { MappingFault } from '../values/faults.ts';
import { catalogStreams } from './catalog.ts';

interface StreamCheck {
  readonly stream: string;
  /** Whether this run would take people from it. */
  readonly used: boolean;
  readonly reason: string;
  readonly preset?: string;
  readonly faults: readonly MappingFault[];
  readonly warnings: readonly string[];
  readonly fields: CompiledMapping['plan'];
  readonly notSent: CompiledMapping['notSent'];
  /** Top-level source fields that nothing reads. */
  readonly unread: readonly string[];
  readonly notes: readonly string[];
}

export interface MappingCheck {
  /** Exactly one stream is used, and its mapping has no fault. */
  readonly ok: boolean;
  readonly streams: readonly StreamCheck[];
}

export async function checkCatalog(catalog: unknown, options: RunMappingOptions): Promise<MappingCheck> {
  const streams: StreamCheck[] = [];
  const nothing = { warnings: [], fields: [], notSent: [], unread: [], notes: [] };
  for (const offered of catalogStreams(catalog)) {
    const shapeFaults: MappingFault[] = [];
    const shape = await shapeOf(offered, options, shapeFaults);
    if (shape === null || shapeFaults.length > 0) {
      const reason = shape === null ? removedByMap : 'stream_maps speaks of it';
      streams.push({ stream: offered.stream, used: shape !== null, reason, faults: shapeFaults, ...nothing });
      continue;
    }
    const { stream, schema, origins } = shape;
    const choice = choosePreset({
      setting: options.mapping.preset,
      extractorNamespace: options.extractorNamespace,
      stream,
      schema,
    });
    const { preset } = choice;
    const wanted = options.mapping.stream;
    const { holds, why } =
      wanted === undefined
        ? holdsPeople(preset, stream, schema, options.mapping.fields)
        : { holds: wanted === stream || wanted === offered.stream, why: `mapping.stream is ${wanted}` };
    if (!holds) {
      streams.push({ stream, used: false, reason: why ?? choice.reason, faults: [], ...nothing });
      continue;
    }
    const { mapping, faults } = await checkMapping({ ...options, preset, stream, schema, origins });
    const filtered = (options.filters ?? []).flatMap(({ field }) => columnOf(field, offered.schema));
    const reads = new Set([...mapping.reads, ...filtered].map((name) => name.toLowerCase()));
    const unread = Object.keys(propertiesOf(schema) ?? {}).filter(
      (name) => !reads.has(name.toLowerCase()) && !isLoaderColumn(name),
    );
    const { warnings, notSent, plan } = mapping;
    const named = preset ? { preset: preset.name } : {};
    streams.push({
      stream,
      used: true,
      reason: choice.reason,
      ...named,
      faults: [...faults, ...filterFaults(options.filters ?? [], offered)],
      warnings,
      fields: plan,
      notSent,
      unread,
      notes: preset?.notes ?? [],
    });
  }
  const used = streams.filter((one) => one.used);
  return { ok: used.length === 1 && used.every((one) => one.faults.length === 0), streams };
}

/** The column in which the path of a filter begins. */
function columnOf(field: string, schema: JsonSchema): string[] {
  const path = parsePath(field);
  const found = typeof path === 'string' ? undefined : lookUp(schema, path);
  const first = found?.status === 'found' ? found.path.steps[0] : undefined;
  return first?.kind === 'key' ? [first.key] : [];
}

/** For people; the same facts as the data. */
export function renderCheck(check: MappingCheck): string {
  const used = check.streams.filter((one) => one.used);
  const lines = used.flatMap(renderStream);
  const others = check.streams.filter((one) => !one.used);
  if (used.length > 1)
    lines.push(
      `Several streams look like people (${used.map((one) => one.stream).join(', ')}): set mapping.stream to one of them.`,
      '',
    );
  if (used.length === 0)
    lines.push('No stream of this catalog is mapped. Try: target-together mapping suggest --catalog FILE', '');
  if (others.length > 0) lines.push(`Ignored: ${others.map((one) => one.stream).join(', ')}`, '');
  lines.push(check.ok ? 'The mapping is fine.' : 'The mapping is not usable as it is.');
  return `${lines.join('\n')}\n`;
}

function renderStream(one: StreamCheck): string[] {
  const width = Math.max(0, ...one.fields.map(({ field }) => field.length));
  return [
    `Stream ${one.stream} (${one.reason})`,
    ...one.fields.map(
      ({ field, sources, types }) =>
        `  ${field.padEnd(width)}  <- ${sources.join(', else ')}${types.length > 0 ? `  (${types.join(', ')})` : ''}`,
    ),
    ...one.notSent.map(({ field, reason }) => `  ${field} is not sent: ${reason}`),
    ...one.faults.map(({ path, message }) => `  FAULT ${path} ${message}`),
    ...one.warnings.map((warning) => `  Warning: ${warning}`),
    ...one.notes.map((note) => `  Note: ${note}`),
    ...(one.unread.length > 0 ? [`  Not read: ${one.unread.join(', ')}`] : []),
    '',
  ];
}
