/** `target-together doctor`: proves host, headers, key, state folder and mapping, without writing to Together. */

import { homedir } from 'node:os';
import { writeBundle } from '@ukg-together/kit/doctor/bundle';
import { watchDate } from '@ukg-together/kit/doctor/clock-check';
import {
  type Check,
  faultChecks,
  findingLines,
  type Outcome,
  orFault,
  runChecks,
  skipped,
} from '@ukg-together/kit/doctor/finding';
import { type Half, machineChecks } from '@ukg-together/kit/doctor/machine';
import { ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { proxyFor } from '@ukg-together/transport/http/proxy';
import packageJson from '../../../package.json' with { type: 'json' };
import { tryTogether } from '../../app/ask-together.ts';
import type { Io } from '../../app/io.ts';
import { mappingOptions } from '../../app/mapping-session.ts';
import { openState, tryState } from '../../app/open-state.ts';
import { runUnderWay } from '../../app/run-lock.ts';
import { openSession, type Session } from '../../app/session.ts';
import settingsJson from '../../generated/settings.json' with { type: 'json' };
import { checkCatalog } from '../../mapping/tools/check-catalog.ts';
import type { RunPoint } from '../../model/run-summary.ts';
import { redisState } from '../../settings/cross-checks.ts';
import { apiBase } from '../../settings/settings.ts';
import { type StatePlace, statePlace } from '../../state/location.ts';
import type { Command } from './command.ts';

const half: Half = { name: packageJson.name, version: packageJson.version, engines: packageJson.engines.node };

const needSettings = ['state folder', 'together', 'clock', 'last runs'];

type Opened = Awaited<ReturnType<typeof orFault<Session>>>;

/** What is to be shown beside the findings, kept while the checks run. */
interface Seen {
  runs: readonly RunPoint[];
  counts: Record<string, number>;
}

export const doctor: Command = async (line, io) => {
  const opened = await orFault(() => openSession(line.values('config'), io));
  try {
    const catalog = line.value('catalog');
    const seen: Seen = { runs: [], counts: {} };
    const { findings, error } = await runChecks([
      ...(opened.opened
        ? ownChecks(opened.opened, catalog, seen)
        : faultChecks(half.name, opened.fault, [...(catalog === undefined ? [] : ['catalog']), ...needSettings])),
      ...machineChecks(surroundings(opened, io)),
    ]);
    const exitCode = error?.exitCode ?? ExitCode.ok;
    const asJson = line.has('json') || line.value('format') === 'json';
    io.stdout.write(asJson ? `${JSON.stringify({ ok: !error, findings }, null, 2)}\n` : findingLines(findings));
    const bundle = line.value('bundle');
    if (bundle !== undefined) {
      const settings = { ...(opened.opened ? opened.opened.settings : opened.sound) };
      const json = settingsJson as JsonSchema;
      writeBundle(bundle, { half, exitCode, findings, settings, json, now: io.clock.now(), ...seen });
    }
    return exitCode;
  } finally {
    await opened.opened?.close();
  }
};

function ownChecks(session: Session, catalog: string | undefined, seen: Seen): Check[] {
  const { connections, io } = session;
  const watch = watchDate(connections.send, io.clock);
  return [
    ['settings', () => 'Settings and mapping rules are in order.'],
    ...(catalog === undefined ? [] : [['catalog', () => catalogCheck(session, catalog)] as const]),
    ['state folder', () => tryState(session)],
    ['together', () => tryTogether({ ...session, connections: { ...connections, send: watch.send } })],
    watch.check,
    ['last runs', () => runsCheck(session, seen)],
  ];
}

function surroundings(opened: Opened, { env }: Io) {
  const url = opened.opened ? new URL(opened.opened.account.apiUrl) : soundUrl(opened.sound);
  const place = opened.opened ? opened.opened.statePlace : soundPlace(opened.sound, url, env);
  const timeZone = (opened.opened ? opened.opened.settings : opened.sound)['time_zone'];
  return {
    half,
    // No exemption in NO_PROXY names this one: a host that is not known yet.
    proxy: () => proxyFor(url ?? new URL('https://together.invalid'), env),
    timeZone: typeof timeZone === 'string' ? timeZone : settingsJson.properties.time_zone.default,
    folder:
      place?.kind === 'folder'
        ? { path: place.where, own: true }
        : place === undefined
          ? 'Where the state is depends on the settings that are wrong or missing.'
          : 'No state folder is used.',
  };
}

function soundUrl({ region, api_url }: Readonly<Record<string, unknown>>): URL | undefined {
  if (typeof api_url === 'string') return URL.canParse(api_url) ? new URL(api_url) : undefined;
  return typeof region === 'string' ? apiBase({ region: region as 'eu', api_url: undefined }) : undefined;
}

/** undefined: what is sound does not tell. */
function soundPlace(
  { state_dir, organization_id }: Readonly<Record<string, unknown>>,
  url: URL | undefined,
  env: Io['env'],
): StatePlace | null | undefined {
  const isNamed = state_dir === null || (typeof state_dir === 'string' && !redisState.test(state_dir));
  const isDefault = state_dir === undefined && typeof organization_id === 'string' && url !== undefined;
  if (!isNamed && !isDefault) return undefined;
  const input = { state_dir, organization_id: String(organization_id), limiter: { type: 'local' } } as const;
  return statePlace(input as Parameters<typeof statePlace>[0], url?.host ?? '', env, homedir());
}

/** How the last runs ended, and whether one is under way. */
async function runsCheck(session: Session, seen: Seen): Promise<Outcome> {
  if (session.statePlace === null) return skipped('state_dir is null: nothing is known of earlier runs.');
  const running = await runUnderWay(session);
  const found = await openState(session).catch(() => undefined);
  if (!found) return skipped('Needs the state, which can not be opened.');
  try {
    const { last, sound, complete, open, failing_since: failing, history = [] } = found.state.memory;
    seen.runs = history;
    seen.counts = { people_known: found.state.known, people_active: found.state.active };
    const underWay = running ? `, one is under way since ${running.since}` : '';
    if (!last) return `No run has ended yet${underWay}.`;
    const message = `The last one ended ${last.finished_at} with exit code ${last.exit_code}; last good one ${sound?.finished_at ?? 'none'}; last complete read ${complete?.finished_at ?? 'none'}${underWay}.`;
    if (failing === undefined && (!open || running)) return message;
    const hint = 'See target-together status --config FILE, and the messages of that run.';
    return { verdict: 'warning', message, hint };
  } finally {
    await found.state.close();
  }
}

async function catalogCheck({ settings, io }: Session, path: string): Promise<string> {
  const { ok, streams } = await checkCatalog(
    await readJsonFile(path, 'The catalog'),
    mappingOptions(settings, io.env, io.clock, () => {}),
  );
  const used = streams.filter((stream) => stream.used);
  if (ok) return `Mapping and filters fit stream ${show(used[0]?.stream)} of the catalog.`;
  const faults = used.flatMap((stream) => stream.faults.map((fault) => `${fault.path} ${fault.message}`));
  const problem =
    used.length > 1
      ? `several streams look like people: ${used.map(({ stream }) => show(stream)).join(', ')}; set mapping.stream`
      : used.length === 0
        ? 'no stream is mapped'
        : faults.join('; ');
  throw new ConnectorError('settings', `The mapping does not fit the catalog: ${problem}.`, {
    hint: 'The whole answer: target-together mapping check --catalog FILE --config FILE',
  });
}
