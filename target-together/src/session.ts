/** What the commands of both protocols share: settings, logs, the ways in and out, opened as they are needed and closed together. */

import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@ukg-together/protocol/clock';
import { asConnectorError, ConnectorError } from '@ukg-together/protocol/error';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { Logger } from '@ukg-together/protocol/log';
import type { Redactor } from '@ukg-together/protocol/redact';
import { type Fault, loadSettings } from '@ukg-together/protocol/settings';
import type { JsonSchema } from '@ukg-together/protocol/stream';
import { withoutTlsSwitch } from '@ukg-together/transport/agents';
import { type Lane, localLane } from '@ukg-together/transport/lane';
import type { RedisClient } from '@ukg-together/transport/redis-client';
import { createHttp, type Send } from '@ukg-together/transport/request';
import packageJson from '../package.json' with { type: 'json' };
import { compileFilters } from './filters.ts';
import settingsJson from './generated/settings.json' with { type: 'json' };
import { choosePreset } from './mapping/choose-preset.ts';
import type { CompiledMapping } from './mapping/compile.ts';
import { checkRules, openMappings, type RunMappingOptions } from './mapping/open.ts';
import type { RunSummary } from './report/model.ts';
import type { Program } from './report/release.ts';
import { apiBase, Settings } from './settings.ts';
import { hashSettings } from './settings-hash.ts';
import { type StatePlace, sharedName, statePlace } from './state-folder.ts';
import type { TogetherAccount } from './together-client.ts';

/** What a run that was stopped says next to the signal. */
export const goesOn = 'Nothing is lost: run again, and it goes on where this run ended.';

/** The process, as far as a command may know it. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly redactor: Redactor;
  /** Whether stderr is read by a program (Meltano's JSON lines, Airbyte's messages). */
  readonly structured: boolean;
  /** Aborted by SIGTERM and SIGINT, with a ConnectorError as its reason. */
  readonly signal: AbortSignal;
}

export interface Session {
  readonly io: Io;
  readonly settings: Settings;
  readonly account: TogetherAccount;
  readonly about: Pick<RunSummary, 'tool' | 'destination'> & { readonly packageHash: string | null };
  readonly settingsHash: string;
  /** Settings files as given. */
  readonly configs: readonly string[];
  /** null: nothing is kept. */
  readonly state: StatePlace | null;
  readonly spillFolder: string;
  /** Stands for host and organization. */
  readonly destination: string;
  send: Send;
  /** One request at a time, opened at the first use. */
  lane(): Promise<Lane>;
  /** The Redis of `limiter`, connected at the first use. */
  redis(): Promise<RedisClient>;
  mapping: MappingSession;
  close(): Promise<void>;
}

export interface MappingSession {
  /** The mapping of a stream that was opened. */
  of(stream: string): CompiledMapping | undefined;
  open(schema: SchemaEvent): Promise<CompiledMapping | undefined>;
  /** Stream → preset. */
  readonly presets: ReadonlyMap<string, string>;
  /** Of all mappings that were opened. */
  hash(): string;
}

/** Loads the settings and checks all that can be checked before reading. Throws ConnectorError `settings`. */
export async function openSession(
  configs: readonly string[],
  io: Io,
  program: Program = 'target-together',
): Promise<Session> {
  const { env, log } = io;
  withoutTlsSwitch(env, (message) => log.warn(message));
  let http: ReturnType<typeof createHttp> | undefined;
  const userAgent = `target-together/${packageJson.version}`;
  const send: Send = (request) => {
    http ??= createHttp({ timeoutMs: timeoutMs(), env, userAgent, clock: io.clock, connections: 1 });
    return http.send(request);
  };
  let loaded: Settings | undefined;
  const timeoutMs = () => (loaded?.request_timeout_secs ?? 60) * 1000;

  const settings = await loadSettings<Settings>({
    files: configs,
    env,
    name: 'target-together',
    schema: Settings,
    json: settingsJson as JsonSchema,
    warn: (message) => log.warn(message),
    redactor: io.redactor,
    secrets: { send },
    alsoWrong: (sound) => mappingFaults(sound, io),
  });
  loaded = settings;
  const base = apiBase(settings);
  const mapping = await openMappingSession(settings, io);
  const state = statePlace(settings, base.host, env, homedir());
  const destination = `${base.host}\n${settings.organization_id}`;
  let lane: Promise<Lane> | undefined;
  let redis: Promise<RedisClient> | undefined;
  const openRedis = () => (redis ??= connect(settings));

  return {
    io,
    settings,
    account: {
      apiUrl: base.href,
      organizationId: settings.organization_id,
      clientId: settings.client_id,
      apiKey: settings.api_key,
    },
    about: {
      tool: { name: program, version: packageJson.version, node: process.versions.node },
      destination: { host: base.host, region: settings.region ?? null, organization_id: settings.organization_id },
      packageHash: null,
    },
    configs,
    // A release must not make another plan of the one that it releases.
    settingsHash: hashSettings({ ...settings, accept_plan: undefined }, settingsJson as JsonSchema),
    state,
    spillFolder: state?.kind === 'folder' ? state.where : tmpdir(),
    destination,
    send,
    async lane() {
      lane ??= openLane(settings, io, sharedName(base.host, settings.organization_id), openRedis);
      return await lane;
    },
    redis: openRedis,
    mapping,
    async close() {
      // What could not be opened has been told already.
      await (await lane?.catch(() => undefined))?.close();
      await (await redis?.catch(() => undefined))?.close();
      await http?.close();
    },
  };
}

async function openLane(
  settings: Settings,
  { clock, log }: Pick<Io, 'clock' | 'log'>,
  organization: string,
  redis: () => Promise<RedisClient>,
): Promise<Lane> {
  const { limiter, min_interval_ms: intervalMs } = settings;
  if (limiter.type === 'local') return localLane({ clock, intervalMs });
  const [{ redisLane }, { redisServerFacts }] = await Promise.all([
    import('@ukg-together/transport/redis-lane'),
    import('@ukg-together/transport/redis-server'),
  ]);
  const client = await redis();
  const { eviction = 'noeviction' } = await redisServerFacts(client);
  if (eviction !== 'noeviction') {
    log.warn(
      `limiter: this Redis may drop the lease that keeps one request at a time when its memory is full (maxmemory-policy ${eviction}). Set noeviction.`,
    );
  }
  return redisLane({ redis: client, name: `${limiter.prefix}:${organization}`, clock, intervalMs });
}

async function connect({ limiter }: Settings): Promise<RedisClient> {
  if (limiter.type !== 'redis') throw new Error('no setting names a Redis');
  const { connectRedis } = await import('@ukg-together/transport/redis-client');
  return await connectRedis({ url: limiter.url });
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

const mappingKeys = [
  'mapping',
  'hris_fields',
  'sensitive_fields',
  'department_org_level',
  'time_zone',
  'clear_with',
] as const;

/** What is wrong with the rules of settings that have other faults. */
async function mappingFaults(sound: Readonly<Record<string, unknown>>, { env, clock }: Io): Promise<readonly Fault[]> {
  const about = Object.fromEntries(mappingKeys.flatMap((key) => (key in sound ? [[key, sound[key]]] : [])));
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
async function openMappingSession(settings: Settings, { env, log, clock }: Io): Promise<MappingSession> {
  const options = mappingOptions(settings, env, clock, (message) => log.info(message));
  const faults = await checkRules(options);
  if (faults.length > 0) {
    const lines = faults.map(({ path, message }) => `  ${path} ${message}`);
    throw new ConnectorError(
      'settings',
      `The mapping has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
    );
  }
  compileFilters(settings.filters);
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
      const { preset } = choosePreset({
        setting: settings.mapping.preset,
        extractorNamespace: env['MELTANO_EXTRACTOR_NAMESPACE'],
        stream: schema.stream,
        schema: schema.schema,
      });
      if (preset) presets.set(schema.stream, preset.name);
      return mapping;
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
