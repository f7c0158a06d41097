/** What the commands of both protocols share: settings, logs, the ways in and out, opened as they are needed and closed together. */

import { homedir } from 'node:os';
import { warnOfDebugging } from '@ukg-together/kit/log/debug-switches';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings } from '@ukg-together/kit/settings/load-settings';
import { withoutTlsSwitch } from '@ukg-together/transport/http/agents';
import packageJson from '../../package.json' with { type: 'json' };
import settingsJson from '../generated/settings.json' with { type: 'json' };
import type { RunSummary } from '../model/run-summary.ts';
import type { Program } from '../plan/guards/release.ts';
import { namesFolder } from '../settings/cross-checks.ts';
import { apiBase, Settings } from '../settings/settings.ts';
import { hashSettings } from '../settings/settings-hash.ts';
import { type StatePlace, sharedName, statePlace } from '../state/location.ts';
import type { TogetherAccount } from '../together/account.ts';
import { type Connections, openConnections, openHttp } from './connections.ts';
import type { Io } from './io.ts';
import { type MappingSession, mappingFaults, openMappingSession } from './mapping-session.ts';

export interface Session {
  readonly io: Io;
  readonly settings: Settings;
  readonly settingsHash: string;
  /** Settings files as given. */
  readonly configs: readonly string[];
  readonly account: TogetherAccount;
  readonly about: Pick<RunSummary, 'tool' | 'destination'>;
  /** Stands for host and organization. */
  readonly destination: string;
  /** null: nothing is kept. */
  readonly statePlace: StatePlace | null;
  readonly connections: Connections;
  readonly mapping: MappingSession;
  close(): Promise<void>;
}

/** What of a session the state is opened with: a doctor may have these and no more. */
export interface StateSession extends Pick<Session, 'io' | 'destination' | 'statePlace'> {
  readonly settings: Pick<Session['settings'], 'ledger_key' | 'api_key' | 'keep_values_days'>;
  readonly connections: Pick<Session['connections'], 'redis'>;
}

/** Loads the settings and checks all that can be checked before reading. Throws ConnectorError `settings`. */
export async function openSession(
  configs: readonly string[],
  io: Io,
  program: Program = 'target-together',
): Promise<Session> {
  const { env, log } = io;
  withoutTlsSwitch(env, (message) => log.warn(message));
  warnOfDebugging(env, process.execArgv, (message) => log.warn(message));
  const http = openHttp(io);
  const settings = await loadSettings<Settings>({
    files: configs,
    env,
    name: 'target-together',
    schema: Settings,
    json: settingsJson as JsonSchema,
    log,
    paths: { state_dir: namesFolder },
    ofPlatform: program === 'destination-together',
    redactor: io.redactor,
    secrets: { send: http.send },
    alsoWrong: (valid) => mappingFaults(valid, io),
  });
  http.setTimeout(settings.request_timeout_secs);
  const base = apiBase(settings);
  const { organization_id: organizationId } = settings;
  const mapping = await openMappingSession(settings, io);
  const connections = openConnections(http, settings, io, sharedName(base.host, organizationId));
  return {
    io,
    settings,
    // A release must not make another plan of the one that it releases.
    settingsHash: hashSettings({ ...settings, accept_plan: undefined }, settingsJson as JsonSchema),
    configs,
    account: { apiUrl: base.href, organizationId, clientId: settings.client_id, apiKey: settings.api_key },
    about: {
      tool: {
        name: program,
        version: packageJson.version,
        node: process.versions.node,
        ...(env['MELTANO_PROJECT_ROOT'] !== undefined && { runner: 'meltano' as const }),
      },
      destination: { host: base.host, region: settings.region ?? null, organization_id: organizationId },
    },
    destination: `${base.host}\n${organizationId}`,
    statePlace: statePlace(settings, base.host, env, homedir()),
    connections,
    mapping,
    close: connections.close,
  };
}
