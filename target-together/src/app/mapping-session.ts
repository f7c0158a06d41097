/** The mapping of a run: opened for each stream as its SCHEMA comes. */

import { createHash } from 'node:crypto';
import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, ConnectorError, said } from '@ukg-together/kit/error';
import type { Fault } from '@ukg-together/kit/settings/load-settings';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { RecordMapping } from '../collect/collected.ts';
import type { CompiledMapping } from '../mapping/compile.ts';
import { checkRules, openMappings, type RunMappingOptions } from '../mapping/open-mappings.ts';
import { shortHash } from '../mapping/rules/effective-rules.ts';
import type { MappingFacts } from '../run/check-streams.ts';
import { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';

export interface MappingSession {
  /** The mapping of a stream that was opened. */
  of(stream: string): CompiledMapping | undefined;
  open(schema: SchemaEvent): Promise<RecordMapping | undefined>;
  /** Stream → preset. */
  readonly presets: ReadonlyMap<string, string>;
  /** Of all mappings that were opened. */
  hash(): string;
  /** Together field → the rule it was mapped by and its sources, of all mappings that were opened. */
  rules(): Readonly<Record<string, string>>;
  /** What the next run is to know of them, and which fields have no source any more. */
  facts(): MappingFacts | undefined;
}

/** The settings that the mapping goes by. */
export function mappingOptions(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  clock: Pick<Clock, 'now'>,
  onChoice: (message: string) => void,
): RunMappingOptions {
  return {
    mapping: settings.mapping,
    hrisFields: settings.hris_fields,
    sensitiveFields: settings.sensitive_fields,
    departmentOrgLevel: settings.department_org_level,
    timeZone: settings.time_zone,
    clearWith: settings.clear_with,
    filters: settings.filters,
    now: () => clock.now(),
    extractorNamespace: env['MELTANO_EXTRACTOR_NAMESPACE'],
    streamMaps: settings.stream_maps ?? undefined,
    streamMapConfig: settings.stream_map_config,
    validateRecords: settings.validate_records,
    onChoice,
    ...(settings.flattening_enabled
      ? {
          flatten: {
            maxDepth: settings.flattening_max_depth,
            separator: settings.flattening_separator,
            maxKeyLength: settings.flattening_max_key_length,
          },
        }
      : {}),
  };
}

/** Settings beside the rules that decide what is sent of a record. */
const shapingSettings = [
  'clear_with',
  'deleted_when',
  'department_org_level',
  'effective_dates',
  'filters',
  'flattening_enabled',
  'flattening_max_depth',
  'flattening_separator',
  'leaver_email',
  'stream_map_config',
  'stream_maps',
  'time_zone',
] as const satisfies readonly (keyof Settings)[];

const mappingKeys = [
  'mapping',
  'hris_fields',
  'sensitive_fields',
  'department_org_level',
  'time_zone',
  'clear_with',
  'filters',
] as const;

/** What is wrong with the rules of settings that have other faults. */
export async function mappingFaults(
  valid: Readonly<Record<string, unknown>>,
  { env, clock }: Io,
): Promise<readonly Fault[]> {
  const about = Object.fromEntries(mappingKeys.flatMap((key) => (key in valid ? [[key, valid[key]]] : [])));
  const parsed = Settings.safeParse({ ...about, region: 'us', organization_id: '-', client_id: '-', api_key: '-' });
  if (!parsed.success) return [];
  try {
    return await checkRules(mappingOptions(parsed.data, env, clock, () => {}));
  } catch (thrown) {
    const [path = '', ...message] = asConnectorError(thrown).message.split(' ');
    return [{ path, message: message.join(' ') }];
  }
}

/** Also refuses rules that can't be right whatever is read. */
export async function openMappingSession(settings: Settings, { env, log, clock }: Io): Promise<MappingSession> {
  const options = mappingOptions(settings, env, clock, (message) => log.info(message));
  const faults = await checkRules(options);
  if (faults.length > 0) {
    const lines = faults.map(({ path, message }) => `  ${path} ${message}`);
    throw new ConnectorError(
      'settings',
      said`The mapping has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
    );
  }
  const opened = new Map<string, CompiledMapping>();
  const presets = new Map<string, string>();
  const open = openMappings(options);
  return {
    presets,
    of: (stream) => opened.get(stream),
    async open(schema) {
      const mapping = await open(schema);
      if (!mapping) return undefined;
      if (!opened.has(schema.stream)) for (const warning of mapping.warnings) log.warn(warning);
      opened.set(schema.stream, mapping);
      if (mapping.preset !== undefined) presets.set(schema.stream, mapping.preset);
      return mapping;
    },
    rules: () =>
      Object.fromEntries(
        [...opened.values()].flatMap(({ plan }) =>
          plan.map(({ field, rule, sources }) => [
            field,
            sources.length > 0 ? `${rule}, from ${sources.join(', ')}` : rule,
          ]),
        ),
      ),
    facts() {
      const mappings = [...opened.values()];
      const mapped = mappings.flatMap(({ fields, rules }) =>
        fields.map((field) => [field, rules[field] ?? ''] as const),
      );
      return {
        memory: {
          streams: [...opened.keys()].sort(),
          fields: Object.fromEntries(mapped),
          settings: Object.fromEntries(shapingSettings.map((name) => [name, shortHash(settings[name] ?? null)])),
        },
        lacking: mappings.flatMap(({ lacking, rules }) =>
          lacking.map((one) => ({ ...one, rule: rules[one.field] ?? '' })),
        ),
      };
    },
    hash() {
      const parts = [...opened].sort(([a], [b]) => (a < b ? -1 : 1)).map(([stream, { hash }]) => `${stream} ${hash}`);
      return createHash('sha256')
        .update(JSON.stringify([parts, settings.filters]))
        .digest('hex')
        .slice(0, 16);
    },
  };
}
