/** What a doctor finds in the state: opened also where the settings that it needs are valid, and others are not. */
import { homedir } from 'node:os';
import { type Check, type Outcome, type orFault, skipped } from '@ukg-together/kit/doctor/finding';
import type { LastRun } from '@ukg-together/kit/doctor/schedule-check';
import type { SettingsError } from '@ukg-together/kit/settings/load-settings';
import { counted } from '@ukg-together/kit/text/show';
import type { Io } from '../../app/io.ts';
import { openState, tryState } from '../../app/open-state.ts';
import { runUnderWay } from '../../app/run-lock.ts';
import type { Session, StateSession } from '../../app/session.ts';
import type { RunPoint } from '../../model/run-summary.ts';
import { redisState } from '../../settings/cross-checks.ts';
import { apiBase } from '../../settings/settings.ts';
import { type StatePlace, statePlace } from '../../state/location.ts';

export type Opened = Awaited<ReturnType<typeof orFault<Session>>>;

/** What is to be shown beside the findings, kept while the checks run. */
export interface Seen {
  runs: readonly RunPoint[];
  counts: Record<string, number>;
  last?: LastRun;
}

/** Of Together; undefined: the valid settings do not say. */
export function urlOf(opened: Opened): URL | undefined {
  if (opened.opened) return new URL(opened.opened.account.apiUrl);
  const { region, api_url } = opened.valid;
  if (typeof api_url === 'string') return URL.canParse(api_url) ? new URL(api_url) : undefined;
  return typeof region === 'string' ? apiBase({ region: region as 'eu', api_url: undefined }) : undefined;
}

/** undefined: the valid settings do not say. */
export function placeOf(opened: Opened, env: Io['env']): StatePlace | null | undefined {
  if (opened.opened) return opened.opened.statePlace;
  const { state_dir, organization_id } = opened.valid;
  const url = urlOf(opened);
  const isNamed = state_dir === null || (typeof state_dir === 'string' && !redisState.test(state_dir));
  const isDefault = state_dir === undefined && typeof organization_id === 'string' && url !== undefined;
  if (isWrong(opened, 'state_dir') || (!isNamed && !isDefault)) return undefined;
  const input = { state_dir, organization_id: String(organization_id), limiter: { type: 'local' } } as const;
  return statePlace(input as Parameters<typeof statePlace>[0], url?.host ?? '', env, homedir());
}

const isWrong = ({ fault }: Opened, name: string): boolean =>
  (fault as Partial<SettingsError> | undefined)?.faults?.some(({ path }) => path === name) === true;

/** The folder, and what it knows of runs. */
export function stateChecks(opened: Opened, io: Io, seen: Seen): [Check, Check] {
  const session = opened.opened ?? soundSession(opened, io);
  const look = async (job: (session: StateSession) => Promise<Outcome>) =>
    session ? await job(session) : skipped('Needs the settings that are wrong or missing.');
  return [
    ['state folder', () => (opened.opened ? tryState(opened.opened) : look(folderCheck))],
    ['last runs', () => look(async (found) => await runsCheck(found, seen))],
  ];
}

/** undefined: a setting without which the state can't be opened is wrong or missing. */
function soundSession(opened: Opened, io: Io): StateSession | undefined {
  if (opened.opened || isWrong(opened, 'ledger_key')) return undefined;
  const { organization_id, ledger_key } = opened.valid;
  const [place, url] = [placeOf(opened, io.env), urlOf(opened)];
  if (place === undefined || url === undefined || typeof organization_id !== 'string') return undefined;
  return {
    io,
    statePlace: place,
    destination: `${url.host}\n${organization_id}`,
    settings: { api_key: '', keep_values_days: 0, ...(typeof ledger_key === 'string' && { ledger_key }) },
    connections: { redis: () => Promise.reject(new Error('no state in Redis is opened here')) },
  };
}

/** Looks, and makes nothing: a run could not start with these settings. */
async function folderCheck(session: StateSession): Promise<Outcome> {
  if (session.statePlace === null) return skipped('state_dir is null: nothing is kept.');
  const { state } = await openState(session);
  try {
    return `${session.statePlace.where}: ${counted(state.known, 'person', 'people')} in the ledger.`;
  } finally {
    await state.close();
  }
}

/** How the last runs ended, and whether one is under way. */
async function runsCheck(session: StateSession, seen: Seen): Promise<Outcome> {
  if (session.statePlace === null) return skipped('state_dir is null: nothing is known of earlier runs.');
  const running = await runUnderWay(session);
  const found = await openState(session).catch(() => undefined);
  if (!found) return skipped('Needs the state, which can not be opened.');
  try {
    const { last, last_success: success, complete, open, failing_since: failing, history = [] } = found.state.memory;
    seen.runs = history;
    seen.counts = { people_known: found.state.known, people_active: found.state.active };
    seen.last = { finishedAt: last && Date.parse(last.finished_at), isUnderWay: running !== undefined };
    const underWay = running ? `, one is under way since ${running.since}` : '';
    if (!last) return `No run has ended yet${underWay}.`;
    const message = `The last one ended ${last.finished_at} with exit code ${last.exit_code}; last successful one ${success?.finished_at ?? 'none'}; last complete read ${complete?.finished_at ?? 'none'}${underWay}.`;
    if (failing === undefined && (!open || running)) return message;
    const hint = 'See target-together status --config FILE, and the messages of that run.';
    return { verdict: 'warning', message, hint };
  } finally {
    await found.state.close();
  }
}
