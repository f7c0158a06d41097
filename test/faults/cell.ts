/**
 * One cell of the matrix: the pipe runs with a fault, then again without it, and Together must hold exactly what an independent
 * computation says. In between it may stop, but loudly: the contract's exit code, one clear error, no wrong person held.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { playEvent } from '@ukg-together/sandbox/life';
import type { World } from '@ukg-together/sandbox/world';
import {
  differences,
  type House,
  openHouse,
  type Ran,
  type Running,
  type Summary,
  type SyncOptions,
} from '../support/pipe.ts';
import { hangMs, timeoutSecs, undisturbed } from './pace.ts';
import type { Side, WireFault } from './wire-faults.ts';

export const moments = ['start', 'middle', 'end', 'throughout', 'next day'] as const;
export type Moment = (typeof moments)[number];

export interface Verdict {
  /**
   * `same`: the run ended well and right. `stopped`: it stopped loudly, and the next run made it right. `refused`: it named
   * everybody that Together refused, ended with 4, and the next run for which they are due made it right. `warned`: it said what
   * it could not know, and the next complete read made it right. `resent`: nobody could know, and the daily resend made it right.
   * `next read`: nobody could know, and the next complete read made it right.
   */
  readonly verdict: 'same' | 'stopped' | 'refused' | 'warned' | 'resent' | 'next read' | 'failed';
  readonly tap: number | string | null;
  readonly target: number | string | null;
  /** The error sentence of the half that stopped. */
  readonly said: string;
  readonly problems: readonly string[];
}

export interface Case {
  readonly name: string;
  /** Row and column of the table in docs/faults.md. */
  readonly row: string;
  readonly column: string;
  readonly group: 'wire' | 'machine';
  readonly run: () => Promise<Verdict>;
}

const people = 120;
const sizes = { tap: { page_size: 50 }, target: { batch_size: 25 } };

/** A company, both servers, short intervals, few retries. */
export function openCellHouse(options: Parameters<typeof openHouse>[0] = {}): Promise<House> {
  return openHouse({ intervalMs: 20, ...options, ukg: { people, seed: 3, ...options.ukg } });
}

export function configureCell(house: House, tap: object = {}, target: object = {}): void {
  house.configure(
    { ...sizes.tap, max_retries: 2, request_timeout_secs: timeoutSecs(), ...tap },
    { ...sizes.target, max_retries: 2, request_timeout_secs: timeoutSecs(), max_rejected_percent: 5, ...target },
  );
}

/** Requests of an undisturbed first run of `openCellHouse`: nine pages and five batches. */
const counts: Record<Side, number> = { ukg: 9, together: 5 };

export async function runWireCell(fault: WireFault, side: Side, moment: Moment): Promise<Verdict> {
  const house = await openCellHouse();
  try {
    configureCell(house, moment === 'next day' && fault.undetectable ? { full_read_interval_hours: 0 } : {});
    if (moment === 'next day') {
      await firstDay(house);
      playDay(house.ukg.world);
    }
    const action = fault.make({ now: Date.now() });
    const requests = fault.only?.requests ?? counts[side];
    const nth = { start: 1, middle: Math.ceil(requests / 2), end: requests }[moment as 'start'];
    const when = {
      ...(side === 'together' && { method: 'POST' }),
      ...(fault.only && { path: fault.only.path }),
      ...(nth !== undefined && { nth }),
    };
    house[side].faults.set([{ when, do: action }]);
    const disturbed = await syncWithin(house);
    const fired = (house[side].faults.fired()[0] ?? 0) > 0;
    house[side].faults.clear();
    if (action.kind === 'revoke') await newKey(house, side, moment);
    const verdict = await judgeAs(fault, side, house, disturbed, moment);
    return fired
      ? verdict
      : { ...verdict, verdict: 'failed', problems: [...verdict.problems, 'the fault never fired'] };
  } finally {
    await house.close();
  }
}

/** The first, undisturbed day: there is something to lose. */
export async function firstDay(house: House): Promise<void> {
  const { tap, target } = await syncWithin(house);
  if (tap.code !== 0 || target.code !== 0)
    throw new Error(`The undisturbed first day failed: ${[...sentences(tap), ...sentences(target)].join(' ')}`);
  const [broken] = brokenLimits(house);
  if (broken) throw new Error(`On the undisturbed first day ${broken}`);
  house.together.journal.clear();
  house.ukg.journal.clear();
}

/** Fifteen events, each of which touches the row of a person: the increment must find them all. */
export function playDay(world: World): void {
  const kinds = ['promote', 'rename', 'leave', 'leave-of-absence', 'change-supervisor'] as const;
  let played = 0;
  for (let index = 10; played < 10; index += 5) {
    const person = world.person(index);
    if (person.employments.length !== 1 || person.employments[0]?.status !== 'A') continue;
    playEvent(world, { kind: kinds[played++ % kinds.length] ?? 'rename', employeeId: person.employeeId });
  }
  for (let joined = 0; joined < 5; joined++) playEvent(world, { kind: 'join' });
}

/** A revoked key is replaced by hand in life; here the server takes the old one again. */
async function newKey(house: House, side: Side, moment: Moment): Promise<void> {
  if (side === 'together') {
    house.together.state.revoked = false;
    return;
  }
  await fetch(`${house.ukg.url}/__sandbox/reset`, { method: 'POST' });
  if (moment === 'next day') playDay(house.ukg.world);
}

export type Synced = Awaited<ReturnType<House['sync']>> & { readonly hung: boolean };

const nothing = () => {};

/** A sync that is ended by force when it hangs. */
export async function syncWithin(
  house: House,
  options: SyncOptions = {},
  meanwhile: (running: { tap: Running; target: Running }) => unknown = nothing,
  limitMs = hangMs(),
): Promise<Synced> {
  const from = performance.now();
  const { tap, target } = house.startSync(options);
  meanwhile({ tap, target });
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    for (const { child } of [tap, target]) child.kill('SIGKILL');
  }, limitMs);
  const [tapRan, targetRan] = await Promise.all([tap, target]);
  clearTimeout(timer);
  // A successful run without a fault shows how fast the machine is; one that met a fault waited for more than the machine.
  const faulty = house.ukg.faults.rules.length + house.together.faults.rules.length > 0;
  if (tapRan.code === 0 && targetRan.code === 0 && !faulty && meanwhile === nothing)
    undisturbed(performance.now() - from);
  return { tap: tapRan, target: targetRan, summary: {} as never, hung };
}

/** Exit codes that a fault of this machine may end with. */
const loud = new Set<number | null>([1, 2, 3, 4, 5, 6, 7]);
/** Exit codes that a fault of an API may end with: never "unexpected", never "usage". */
const ofApis = new Set<number | null>([3, 4, 5, 6]);

export interface JudgeOptions {
  /** How the next, undisturbed run is started. */
  readonly next?: SyncOptions;
  /** Exit codes that this fault may end with; null: ended by a signal. */
  readonly codes?: ReadonlySet<number | null>;
  /** Who was killed, or has no reader left, reports nothing. */
  readonly wordless?: boolean;
  /** What is missing after a warning may wait for the next complete read. */
  readonly completes?: boolean;
  /** A run that ended right is not followed by another one. */
  readonly brief?: boolean;
}

/**
 * What a run under a fault ended with, and whether the next one makes it good. `side`: whose half must have said what is wrong;
 * the other one may follow it.
 */
export async function judge(
  house: House,
  run: Synced,
  side: Side,
  { next = {}, codes: allowed = loud, wordless = false, completes = false, brief = false }: JudgeOptions = {},
): Promise<Verdict> {
  const problems: string[] = [];
  const expected = () => expectedUsers(house.ukg.world);
  const mine = side === 'ukg' ? run.tap : run.target;
  const ended = run.tap.code === 0 && run.target.code === 0;
  if (run.hung) problems.push(`hung: still running after ${hangMs() / 1000} s`);
  const wrong = differences(house.together, expected());
  const warned = completes && ended && wrong.length > 0 && / \| WARNING +\| /.test(run.target.stderr);
  if (ended && !warned && wrong.length > 0) problems.push(`silent: exit 0 and yet ${wrong.slice(0, 3).join('; ')}`);
  if (!ended) {
    const code = side === 'ukg' ? (run.tap.code === 0 ? run.target.code : run.tap.code) : run.target.code;
    if (!allowed.has(code)) problems.push(`exit code ${code} is none of those that this fault may end with`);
    if (!wordless && sentences(mine).length === 0 && sentences(run.target).length === 0)
      problems.push('stopped without a sentence');
  }
  problems.push(...noiseIn(run.tap), ...noiseIn(run.target), ...leaks(house, run), ...brokenLimits(house));
  if (warned) configureCell(house, { full_read_interval_hours: 0 });
  if (!(brief && ended && !warned)) problems.push(...(await recover(house, next, warned)));
  const said = [...sentences(mine), ...sentences(run.target)][0] ?? '';
  const codes = { tap: run.tap.code ?? run.tap.signal, target: run.target.code ?? run.target.signal };
  const good = warned ? 'warned' : ended ? 'same' : 'stopped';
  return { verdict: problems.length > 0 ? 'failed' : good, ...codes, said, problems };
}

function judgeAs(fault: WireFault, side: Side, house: House, run: Synced, moment: Moment): Promise<Verdict> {
  if (side === 'together' && fault.refuses) return judgeRefused(house, run);
  if (side === 'together' && fault.undetectable === 'bare') return judgeBare(house, run);
  if (side === 'ukg' && fault.undetectable === 'moving') return judgeMoving(house, run);
  // What comes after a good first run is the same with every fault; one on the next day has a bookmark that could be wrong.
  return judge(house, run, side, { codes: ofApis, brief: moment !== 'next day' });
}

/** Who was believed to be accepted is sent again when the daily resend is due. */
async function judgeBare(house: House, run: Synced): Promise<Verdict> {
  const lost = differences(house.together, expectedUsers(house.ukg.world)).length > 0;
  if (!lost || run.target.code !== 0) return judge(house, run, 'together', { codes: ofApis, brief: true });
  configureCell(house, { full_read_interval_hours: 0 }, { resend_after_hours: 0 });
  const problems = [...leaks(house, run), ...(await recover(house))];
  return { verdict: problems.length > 0 ? 'failed' : 'resent', tap: 0, target: 0, said: '', problems };
}

/** Rows that slipped through between two pages are in the next complete read. Until then nobody is wrong, some are missing. */
async function judgeMoving(house: House, run: Synced): Promise<Verdict> {
  const wrong = differences(house.together, expectedUsers(house.ukg.world));
  if (wrong.length === 0 || run.tap.code !== 0 || run.target.code !== 0)
    return judge(house, run, 'ukg', { codes: ofApis, brief: true });
  const problems = [...leaks(house, run)];
  const worse = wrong.filter((text) => !/: (missing|supervisorId)$/.test(text));
  if (worse.length > 0) problems.push(`silent: exit 0 and yet ${worse.slice(0, 3).join('; ')}`);
  configureCell(house, { full_read_interval_hours: 0 });
  problems.push(...(await recover(house)));
  return { verdict: problems.length > 0 ? 'failed' : 'next read', tap: 0, target: 0, said: '', problems };
}

/** Everybody refused is named, the exit code says that they are many, and nobody is lost: once due again, they arrive. */
async function judgeRefused(house: House, run: Synced): Promise<Verdict> {
  const wrong = new Set(differences(house.together, expectedUsers(house.ukg.world)).map((text) => text.split(':')[0]));
  if (wrong.size === 0 || run.target.code !== 4) return judge(house, run, 'together', { codes: ofApis, brief: true });
  const problems = [...noiseIn(run.target), ...leaks(house, run)];
  const rejects = readFileSync(join(house.folder, 'together', 'rejects.singer'), 'utf8');
  const unnamed = [...wrong].filter((id) => !rejects.includes(`"${id}"`)).length;
  // Where nobody at all was accepted, sending stopped: the rest is undelivered, and said to be.
  const { undelivered = 0 } = (JSON.parse(readFileSync(join(house.folder, 'summary.json'), 'utf8')) as Summary)
    .outcomes;
  if (unnamed > undelivered) problems.push(`${unnamed} were refused and are not in the rejects`);
  // 409 and 410 are for good as long as the record stays as it is; here the record is what a correction in the HRIS makes of it.
  for (const id of wrong) playEvent(house.ukg.world, { kind: 'rename', employeeId: `${id}` });
  configureCell(house, { full_read_interval_hours: 0 }, { resend_after_hours: 0 });
  problems.push(...(await recover(house)));
  const verdict = problems.length > 0 ? 'failed' : 'refused';
  return { verdict, tap: run.tap.code, target: run.target.code, said: '', problems };
}

/** The same command again, undisturbed: everything must be right, and the limit kept all along. */
export async function recover(house: House, options: SyncOptions = {}, accepts = false): Promise<string[]> {
  const problems: string[] = [];
  let again = await syncWithin(house, options);
  // Whoever moved a ledger away looks at the plan that the guards then stop, and releases it as they say.
  const release = accepts && again.target.code === 3 ? /--accept (\w+)/.exec(again.target.stderr)?.[1] : undefined;
  if (release) again = await syncWithin(house, { ...options, targetArgs: ['--accept', release] });
  if (again.tap.code !== 0 || again.target.code !== 0) {
    const said = [...sentences(again.tap), ...sentences(again.target)].join(' ');
    problems.push(`the next run ended with ${again.tap.code} | ${again.target.code}: ${said}`);
  }
  const wrong = differences(house.together, expectedUsers(house.ukg.world));
  if (wrong.length > 0)
    problems.push(`lost: after the next run ${wrong.length} differ: ${wrong.slice(0, 3).join('; ')}`);
  problems.push(...brokenLimits(house));
  return problems;
}

/** Together's limits, as its server saw them: never two in flight, never an arrival within the interval. */
export function brokenLimits({ together }: House): string[] {
  const { journal } = together;
  const violation = journal.violations()[0];
  if (violation) return [`the limit was broken: ${violation.violation}`];
  const interval = together.options.intervalMs ?? 1000;
  if (journal.maxInFlight() > 1) return [`the limit was broken: ${journal.maxInFlight()} in flight`];
  return journal.minGap() < interval ? [`the limit was broken: ${journal.minGap()} ms between two`] : [];
}

/** Waits until a server has been asked so often; false when the run ended before. */
export async function untilAsked(house: House, side: Side, requests: number, running: Running): Promise<boolean> {
  let over = false;
  void running.finally(() => {
    over = true;
  });
  while (!over && house[side].journal.entries.length < requests) await sleep(3);
  return !over;
}

/** Error sentences of a run's log, without their hints. */
export function sentences(ran: Ran): string[] {
  return [...ran.stderr.matchAll(/ \| (?:ERROR|CRITICAL) +\| \S+ +\| (.*)/g)].map(([, text = '']) => text);
}

/** What nobody should see in a log that is not at DEBUG. */
function noiseIn(ran: Ran): string[] {
  const noise = /\n\s+at .*|UnhandledPromise.*|Uncaught.*|node:internal.*/.exec(ran.stderr);
  return noise ? [`noise on stderr: ${noise[0].trim()}`] : [];
}

/** Addresses and credentials anywhere but in the records. The rejects keep records by design. */
export function leaks(house: House, run: { tap: Ran; target: Ran }): string[] {
  const { world, credentials } = house.ukg;
  const { apiKey } = house.together.credentials;
  const secrets = [credentials.password, credentials.customerApiKey, apiKey].filter((text) => text.length > 4);
  const canaries = [...secrets, ...[...expectedUsers(world).values()].flatMap(({ user }) => user['email'] ?? [])];
  const places: [string, string][] = [
    ['stderr of the tap', run.tap.stderr],
    ['stderr of the target', run.target.stderr],
    ['stdout of the target', run.target.stdout],
    ...filesIn(house.folder).filter(([name]) => !/(^config\.json|rejects[^/]*)$/.test(name)),
  ];
  return places.flatMap(([place, text]) => {
    const found = canaries.findIndex((canary) => text.includes(canary));
    return found < 0 ? [] : [`personal data or a secret in ${place}`];
  });
}

export function filesIn(folder: string, prefix = ''): [name: string, text: string][] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path, `${prefix}${name}/`);
    return [[`${prefix}${name}`, readFileSync(path, 'latin1')] as [string, string]];
  });
}
