/** What the commands of both protocols share: settings, logs, the ways in and out, opened as they are needed and closed together. */

import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { ConnectorError } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings } from '@ukg-together/kit/settings/load-settings';
import { withoutTlsSwitch } from '@ukg-together/transport/http/agents';
import { createHttp, type Send } from '@ukg-together/transport/http/request';
import type { Lane } from '@ukg-together/transport/limiter/limiter';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import packageJson from '../../package.json' with { type: 'json' };
import settingsJson from '../generated/settings.json' with { type: 'json' };
import type { CompiledMapping } from '../mapping/compile.ts';
import { checkRules, openMappings } from '../mapping/open-mappings.ts';
import type { RunSummary } from '../model/run-summary.ts';
import type { Program } from '../plan/guards/release.ts';
import { apiBase, Settings } from '../settings/settings.ts';
import { hashSettings } from '../settings/settings-hash.ts';
import { type StatePlace, sharedName, statePlace } from '../state/location.ts';
import type { TogetherAccount } from '../together/account.ts';
import type { Io } from './io.ts';
import { type MappingSession, mappingFaults, mappingOptions } from './mapping-session.ts';
import { connect, openLane } from './open-lane.ts';

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
    hash() {
      const parts = [...opened].sort(([a], [b]) => (a < b ? -1 : 1)).map(([stream, { hash }]) => `${stream} ${hash}`);
      return createHash('sha256')
        .update(JSON.stringify([parts, settings.filters]))
        .digest('hex')
        .slice(0, 16);
    },
  };
}
