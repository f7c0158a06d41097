/** Plays a life: the HRIS changes, the product runs, and what Together then holds is held against the oracle. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DELETION_MARKS, type DeletionMark, deletedRow, singerLines } from '@ukg-together/sandbox/other-taps';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import type { Life, Night } from './arbitrary.ts';
import { dayIn } from './days.ts';
import type { Read, Rules } from './decide.ts';
import { createHr, outside, play, type Row, rowsSince } from './hr.ts';
import { createMemory, type Field, lose, type Memory, type User } from './memory.ts';
import { divergences, type Expected, expectNight, type Refusals, remember } from './oracle.ts';
import { type Ran, type Run, runApart, runHere } from './product.ts';

export interface Divergence {
  readonly night: number;
  readonly lines: readonly string[];
  /** What was said of the night, for whoever looks into it. */
  readonly said: string;
}

/** Where people come from: an HRIS of this folder, or UKG Pro's sandbox and the real tap. */
export interface Source {
  /** A night's events, and the clock. */
  live(night: Night, now: number): void;
  /** What a read of everybody, or of what changed since a bookmark, must bring. */
  rows(bookmark: unknown): Row[];
  /** The same as a tap's messages. */
  lines(read: Read): string[] | Promise<string[]>;
  idOf(who: number): string;
  /** Fields that the rows do not settle. */
  readonly unchecked?: readonly Field[];
}

interface Stage {
  readonly life: Life;
  readonly product: Product;
  readonly source: Source;
  readonly memory: Memory;
  readonly together: TogetherServer;
  readonly folder: string;
  /** What the tap's state file holds. */
  bookmark: unknown;
  now: number;
}

/** Who runs a night: in this process, and as a process of its own that can be killed. */
export interface Product {
  here(night: Run): Promise<Ran>;
  apart(night: Run): Promise<Ran> & { kill(): void };
}
const ours: Product = { here: runHere, apart: runApart };

/** The first night on which product and oracle part; undefined where they never do. */
export async function playLife(
  life: Life,
  product: Product = ours,
  source: Source = hrSource(life),
): Promise<Divergence | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'life-'));
  const together = await startTogether({ intervalMs: 0, answer: 'results' });
  const stage: Stage = {
    ...{ life, together, folder, product, source },
    memory: createMemory(),
    bookmark: undefined,
    now: life.begins,
  };
  writeConfig(stage);
  prefill(stage);
  try {
    for (const [night, what] of life.nights.entries()) {
      stage.now += what.hours * 3_600_000;
      const found = await playNight(stage, what);
      if (found === 'over') break;
      if (found) return { night, ...found };
    }
    return undefined;
  } finally {
    await together.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const defaults = { hire_lead_days: 0, end: 'day_after' };

/** Defaults stay unsaid, so that the product's own are tried. */
const otherThan = (settings: Record<string, unknown>, usual: Record<string, unknown>): object =>
  Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name])),
  );

function writeConfig({ life, together, folder }: Stage): void {
  const { organizationId, clientId, apiKey } = together.credentials;
  const settings = {
    ...{ api_url: together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey },
    state_dir: join(folder, 'state'),
    ...{ min_interval_ms: 0, batch_size: life.batch, max_rejected_percent: life.maxRejectedPercent },
    time_zone: life.zone,
    filters: [{ name: 'type', field: 'employeeTypeCode', not_in: [outside] }],
    ...otherThan(
      {
        ...{ on_new_id: life.onNewId, vanished: life.vanished, out_of_scope: life.outOfScope },
        ...{ complete_reads: life.completeReads, leaver_email: leaverEmailOf(life) },
      },
      { on_new_id: 'hold', vanished: 'report', out_of_scope: 'report', complete_reads: 'declared', leaver_email: null },
    ),
    ...otherThan({ effective_dates: { hire_lead_days: life.lead, end: life.end } }, { effective_dates: defaults }),
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
}

const leaverEmailOf = ({ leaverEmail }: Life) => (leaverEmail ? '{employeeId}@left.example' : null);

/** Users whom an admin has made. */
function prefill({ source, life, together, memory }: Stage): void {
  const { byId, byAddress } = life.prefilled;
  for (const [at, row] of source.rows(undefined).entries()) {
    if (at >= byId + byAddress || row.emailAddress === null) break;
    const user = { email: row.emailAddress, employeeStatusCode: 'A', firstName: 'Ada', lastName: row.lastName };
    const employeeId = at < byId ? row.employeeId : `M${at}`;
    together.state.store.create({ employeeId, ...user }, new Date(life.begins).toISOString());
  }
  memory.together = usersOf(together);
  if (memory.together.size > 0) lose(memory);
}

/** `over`: from here on the rules say nothing more of this life. */
type Found = Omit<Divergence, 'night'> | 'over';

async function playNight(stage: Stage, night: Night): Promise<Found | undefined> {
  const { source, memory, together, folder, life } = stage;
  source.live(night, stage.now);
  if (night.mishap === 'lost-state') {
    rmSync(join(folder, 'state'), { recursive: true, force: true });
    lose(memory);
  }
  const refusals = refuse(stage, night);
  // What comes first, or after a lost state, is whole or says that it is not.
  const isFirst = stage.bookmark === undefined || memory.baseline === 'none';
  const mayNotBePart = life.completeReads === 'always' || memory.asksList === 'may';
  const isWhole =
    stage.bookmark === undefined ||
    (isFirst && (night.reads !== 'changes' || mayBeWhole(stage))) ||
    (mayNotBePart && night.reads === 'changes');
  const reads = isWhole ? 'all' : night.reads;
  const isAlways = life.completeReads === 'always' && reads === 'announced';
  const read: Read = {
    complete: reads === 'all' || isAlways,
    reads,
    ended: reads !== 'cut',
    rows: source.rows(reads === 'changes' ? stage.bookmark : undefined),
    now: stage.now + night.ahead * 3_600_000,
  };
  try {
    if (memory.asksList === 'yes' && reads === 'changes') return await lostAndPartial(stage, read);
    return await runNight(stage, night, read, refusals);
  } finally {
    for (const id of refusals.keys()) together.state.forgive(id);
  }
}

/** An increment that brings half of those that Together has looks like a first run, and some users that an admin has made. */
function mayBeWhole({ source, memory, bookmark }: Stage): boolean {
  const brought = new Set(source.rows(bookmark).map(({ employeeId }) => employeeId));
  const active = [...memory.together.values()].filter(({ employeeStatusCode }) => employeeStatusCode !== 'T');
  const missing = active.filter(({ employeeId }) => !brought.has(employeeId)).length;
  return missing * 2 <= active.length;
}

/** Orders tonight's refusals, and says whom Together refuses: those of before, that are for good, too. */
function refuse({ source, together, memory }: Stage, night: Night): Refusals {
  const ordered = new Map<string, 400 | 409 | 410>(together.state.refusing());
  for (const { who, status } of night.refusals) {
    const id = source.idOf(who);
    if (ordered.has(id)) continue;
    ordered.set(id, status);
    if (status === 400) together.state.refuse(id);
    else if (status === 409) together.state.lock(id);
    else {
      const gone = memory.together.get(id);
      if (gone) memory.ghosts.set(id, gone.email);
      together.state.remove(id);
    }
  }
  memory.together = usersOf(together);
  return ordered;
}

/** An increment without a ledger: the state folder is lost, the bookmark is not. Nothing is sent, and the bookmark stays. */
async function lostAndPartial(stage: Stage, read: Read): Promise<Found | undefined> {
  const before = usersOf(stage.together);
  const ran = await stage.product.here({ ...filesOf(stage), lines: await stage.source.lines(read), now: read.now });
  const lines = read.rows.length === 0 ? [] : unchanged(before, usersOf(stage.together));
  if (read.rows.length > 0 && stateOf(ran) !== undefined) lines.push('a STATE came back though nothing was sent');
  // Whoever runs it deletes the state of the tap, as it is told to.
  stage.bookmark = undefined;
  return lines.length > 0 ? { lines, said: told(ran) } : undefined;
}

async function runNight(stage: Stage, night: Night, read: Read, refusals: Refusals): Promise<Found | undefined> {
  const { memory, together, life } = stage;
  const rules: Rules = {
    zone: life.zone,
    lead: life.lead,
    end: life.end,
    onNewId: life.onNewId,
    vanished: life.vanished,
    outOfScope: life.outOfScope,
    leaverEmail: leaverEmailOf(life),
  };
  const tonight = { read, rules, refusals, maxRejectedPercent: life.maxRejectedPercent };
  const before = usersOf(together);
  const marks = { people: together.state.store.overwrites.length, requests: together.journal.entries.length };
  const expected = expectNight(memory, { ...tonight, accepted: false });
  let ran = await run(stage, night, read);
  if (ran.code === 3) {
    const lines = unchanged(before, usersOf(together));
    if (expected.stop === 'no') lines.push(`a guard stopped it: ${JSON.stringify(trippedOf(ran))}`);
    if (stateOf(ran) !== undefined) lines.push('a STATE came back from a run that a guard stopped');
    if (lines.length > 0) return { lines, said: told(ran) };
    remember(memory, tonight, expected, { together: before, ended: 'stopped' });
    const hash = ran.summary?.hashes.plan;
    if (!night.accept || !hash) return undefined;
    const released = expectNight(memory, { ...tonight, accepted: true });
    ran = await stage.product.here({
      ...filesOf(stage),
      lines: await stage.source.lines(read),
      now: read.now,
      accept: hash,
    });
    return judge(stage, tonight, released, ran, marks);
  }
  if (ran.code !== null && expected.stop === 'must')
    return { lines: [`no guard stopped it (exit ${ran.code}): ${JSON.stringify(expected.counts)}`], said: told(ran) };
  return judge(stage, tonight, expected, ran, marks);
}

/** Holds the end of a run against what was expected, and takes it into memory. */
function judge(
  stage: Stage,
  tonight: { read: Read; refusals: Refusals },
  expected: Expected,
  ran: Ran,
  marks: { readonly people: number; readonly requests: number },
): Found | undefined {
  const { memory, together } = stage;
  const seen = usersOf(together);
  // What Together's support does then, and when, no rule says: the life ends here.
  if (expected.mayMakeSecond && ran.code !== 0 && ran.stderr.includes('made a second record')) return 'over';
  const wasKilled = ran.code === null;
  const people = checked(wasKilled ? cutShort(memory, expected) : expected.people, stage.source.unchecked ?? []);
  const lines = divergences(people, seen);
  const moves = new Map([...expected.decisions].map(([id, { movedFrom }]) => [movedFrom, id]));
  for (const { before: old, after } of together.state.store.overwrites.slice(marks.people))
    if (moves.get(old) !== after || expected.people.get(old ?? '')?.present === 'yes')
      lines.push(`${old} became ${after}: two people are one`);
  for (const { violation } of together.journal.violations()) lines.push(`a limit was broken: ${violation}`);
  if (!wasKilled) lines.push(...wrongEnd(tonight.read, expected, ran));
  if (lines.length > 0) return { lines, said: told(ran) };
  const ended = wasKilled ? 'killed' : ran.code === 0 ? 'well' : 'refused';
  const received = new Set(together.journal.entries.slice(marks.requests).flatMap(({ ids }) => ids ?? []));
  remember(memory, tonight, expected, { together: seen, ended, received });
  stage.bookmark = stateOf(ran) ?? stage.bookmark;
  return undefined;
}

const checked = (people: Expected['people'], unchecked: readonly Field[]): Expected['people'] =>
  new Map(
    [...people].map(([id, { present, values }]) => [
      id,
      {
        present,
        values: Object.fromEntries(Object.entries(values).filter(([field]) => !unchecked.includes(field as Field))),
      },
    ]),
  );

function wrongEnd(read: Read, expected: Expected, ran: Ran): string[] {
  const lines: string[] = [];
  if (!expected.exits.includes(ran.code ?? -1)) lines.push(`exit ${ran.code}, not ${expected.exits.join(' or ')}`);
  const text = `${ran.stderr}${JSON.stringify(ran.summary)}`;
  for (const id of expected.named)
    if (!new RegExp(`\\b${id}\\b`).test(text)) lines.push(`${id} is not sent, and nothing names them`);
  const { outcomes, people_read: people } = ran.summary ?? { outcomes: {}, people_read: 0 };
  const sum = Object.values(outcomes).reduce((all, count) => all + count, 0);
  if (sum !== people) lines.push(`outcomes add up to ${sum} of ${people} people`);
  const isBack = stateOf(ran) !== undefined;
  if ((ran.code === 0 || ran.code === 4) && isBack !== read.ended)
    lines.push(isBack ? 'a STATE came back that nobody wrote' : 'no STATE came back');
  return lines;
}

/** After a kill each person is as before or as after, or in between: fields of one body come together. */
function cutShort(memory: Memory, expected: Expected): Expected['people'] {
  const people = new Map(expected.people);
  for (const [id, { present, values }] of people) {
    const before = memory.together.get(id);
    const either = Object.fromEntries(
      Object.entries(values).map(([field, right]) => [field, [...(right ?? []), before?.[field as 'email']]]),
    );
    const still = before ? 'yes' : 'no';
    people.set(id, { present: present === still ? present : 'either', values: either });
  }
  return people;
}

async function run(stage: Stage, night: Night, read: Read): Promise<Ran> {
  const what = { ...filesOf(stage), lines: await stage.source.lines(read), now: read.now };
  const isKilled = night.mishap === 'kill' || night.mishap === 'kill-after';
  if (!isKilled) return night.apart ? await stage.product.apart(what) : await stage.product.here(what);
  const { faults, journal } = stage.together;
  const done = night.mishap === 'kill-after';
  const remove = faults.add({
    name: 'killed',
    when: { method: 'POST', nth: night.at },
    do: { kind: 'stall', at: 'headers', processed: done },
  });
  const from = journal.entries.length;
  const running = stage.product.apart(what);
  let isOver = false;
  const ended = running.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const hangs = journal.entries.slice(from).find((entry) => entry.fault === 'killed' && entry.requestBytes > 0);
    if (hangs && (!done || hangs.status !== undefined)) break;
    await pause(3);
  }
  running.kill();
  const ran = await ended;
  remove();
  return ran;
}

const filesOf = ({ folder }: Stage) => ({ config: join(folder, 'config.json'), summary: join(folder, 'summary.json') });

function hrSource({ size, zone, mark: position, completeReads }: Life): Source {
  const always = completeReads === 'always';
  const hr = createHr(size);
  const mark = DELETION_MARKS[position % DELETION_MARKS.length] as DeletionMark;
  const record = (row: Row, now: number): object => {
    const { deleted, kept: _, ...values } = { ...row, employeeId: row.employeeId || null };
    if (deleted === undefined) return { ...values, [mark.column]: mark.alive };
    const { recordId, employeeId } = values;
    const left = deleted === 'whole' ? values : { recordId, employeeId };
    return deletedRow(left, mark, { key: 'recordId', instant: new Date(now).toISOString() });
  };
  return {
    live: ({ events }, now) => {
      hr.nameless = 0;
      for (const event of events) play(hr, event, dayIn(zone, now));
    },
    rows: (bookmark) => rowsSince(hr, (bookmark as { changes: number } | undefined)?.changes),
    lines: ({ rows, reads, now }) =>
      singerLines({
        stream: 'employees',
        key: 'recordId',
        rows: rows.map((row) => record(row, now) as Record<string, unknown>),
        types: { ...columns, [mark.column]: { type: ['null', 'string', 'boolean'] } },
        ...(reads === 'changes' ? {} : { version: now }),
        // A source that is said to read everybody always announces its versions: cut off, no STATE follows.
        activate: reads === 'announced' || (reads === 'cut' && always) ? 'first' : reads === 'cut' ? 'never' : 'last',
        ...(reads === 'cut' ? {} : { state: { changes: hr.changes } }),
      }),
    idOf: (who) => hr.people[who % hr.people.length]?.id ?? '',
  };
}
const text = { type: ['null', 'string'] };
const columns = Object.fromEntries(
  [
    ...[
      'recordId',
      'employeeId',
      'supervisorId',
      'firstName',
      'lastName',
      'emailAddress',
      'employeeStatusCode',
      'jobTitle',
      'employeeTypeCode',
    ],
    ...['originalHireDate', 'lastHireDate', 'dateOfTermination', 'dateTimeChanged'],
  ].map((name) => [name, text]),
);

const usersOf = ({ users }: TogetherServer): Map<string, User> =>
  new Map([...users.entries()].map(([id, user]) => [id, { ...user } as unknown as User]));

/** The bookmark of the last STATE that came back. */
function stateOf({ stdout }: Ran): unknown {
  const last = stdout.trim().split('\n').at(-1);
  return last ? (JSON.parse(last) as unknown) : undefined;
}

const trippedOf = ({ summary }: Ran): string[] =>
  (summary?.guards ?? []).filter(({ verdict }) => verdict === 'tripped').map(({ name }) => name);

const unchanged = (before: ReadonlyMap<string, User>, after: ReadonlyMap<string, User>): string[] =>
  JSON.stringify([...before]) === JSON.stringify([...after]) ? [] : ['something was sent'];

const told = (ran: Ran): string =>
  ran.stderr
    .split('\n')
    .filter((line) => !line.includes('METRIC'))
    .join('\n');
