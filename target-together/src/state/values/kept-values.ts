/**
 * What Together accepted before, for those who opt in (`keep_values_days`): each person's values, encrypted with a key of their own.
 * Written before the ledger is, so that whatever the ledger knows can be taken back.
 */
import type { Delivery, PersonOutcome, TogetherUser } from '../../model/person.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { Known, Run } from '../ledger/replay.ts';
import { boundTo, encryption } from '../store/encryption.ts';
import type { StateStore } from '../store/store.ts';
import {
  damaged,
  headFile,
  type Kind,
  lineOf,
  linesIn,
  linked,
  type NewLine,
  noLink,
  type ValueLine,
  valueLinks,
  valuesFile,
  writeHead,
} from './log.ts';
import { openPersonKeys, type PersonKeys } from './person-keys.ts';

/** Where a line stands. */
export type Place = Pick<ValueLine, 'from'> & { readonly length: number };

export interface KeptValues {
  /** Before a request: what a run that is cut off may have changed. Durable when it resolves. */
  sending(deliveries: readonly Delivery[]): Promise<void>;
  /** Durable when it resolves; only of people who were accepted. */
  keep(outcomes: readonly PersonOutcome[]): Promise<void>;
  /** At the end. `settled`: everybody who was sent has an outcome. Removes what was replaced more than `days` ago. */
  end(settled: boolean): Promise<void>;
  /** Destroys a person's key and lines. False: nothing was kept. */
  forget(id: string): Promise<boolean>;
}

export interface ValuesOptions {
  readonly store: StateStore;
  readonly keys: LedgerKeys;
  /** 0: nothing is kept, and what was is removed. */
  readonly days: number;
  readonly run: Run;
  /** What the values of this run are made by, by field. */
  readonly rules?: (() => Readonly<Record<string, string>>) | undefined;
  readonly lookup: (id: string) => Known | undefined;
}

const dayMs = 86_400_000;

export function openKeptValues({ store, keys, days, run, rules, lookup }: ValuesOptions): KeptValues {
  let opened: ReturnType<typeof openLog> | undefined;
  const log = () => {
    opened ??= openLog(store, keys);
    return opened;
  };
  const linesOf = async (people: readonly PersonOutcome[], kindOf: (kind: Kind) => Kind): Promise<NewLine[]> => {
    const values = await log();
    const lines: NewLine[] = [];
    await values.personKeys.make(people.map(({ delivery }) => keys.id(delivery.employeeId)));
    for (const one of people) {
      const { employeeId, movedFrom } = one.delivery;
      const before = await values.latest(keys.id(movedFrom ?? employeeId));
      const kept = whatIsNew(one, before, () => isAsAccepted(one, keys, lookup));
      const line = { person: keys.id(employeeId), run: run.id, at: run.startedAt };
      if (kept) lines.push(encryptedLine({ ...line, kind: kindOf(kept.kind) }, kept.user, values.personKeys));
    }
    return lines;
  };
  const announced = new Set<string>();
  let toldRules = false;
  /** The first lines of a run come after what they were made by. */
  const append = async (lines: readonly NewLine[]): Promise<void> => {
    if (lines.length === 0) return;
    const own = toldRules || !rules ? [] : [rulesLine(keys, run, rules())];
    toldRules = true;
    await (await log()).append([...own, ...lines]);
  };
  return {
    async sending(deliveries) {
      if (days === 0) return;
      const first = deliveries.filter(({ employeeId }) => !announced.has(employeeId));
      for (const { employeeId } of first) announced.add(employeeId);
      const people = first.map((delivery): PersonOutcome => ({ delivery, outcome: { outcome: 'undelivered' } }));
      await append(await linesOf(people, () => 'sending'));
    },
    async keep(outcomes) {
      if (days === 0) return;
      const accepted = outcomes.filter(({ outcome }) => outcome.outcome !== 'rejected');
      await append(await linesOf(accepted, (kind) => kind));
    },
    async end(settled) {
      if (days === 0) return await removeAll(store, keys);
      const cutoff = run.startedAt - days * dayMs;
      const old = await outdated(store, keys, cutoff, settled ? run.id : undefined);
      if (old.size > 0) await (await log()).rewrite((line) => !old.has(line.from));
    },
    async forget(id) {
      if ((await store.size(valuesFile)) === undefined) return false;
      const values = await log();
      const person = keys.id(id);
      const had = await values.personKeys.destroy(person);
      await values.rewrite((line) => line.person !== person);
      return had;
    },
  };
}

const boundOf = ({ person, run, at, kind }: Omit<NewLine, 'content'>) =>
  boundTo(['kept values', person, run, at, kind]);

function encryptedLine(line: Omit<NewLine, 'content'>, user: TogetherUser, personKeys: PersonKeys): NewLine {
  const key = personKeys.of(line.person);
  if (!key) throw new Error('a person without a key');
  return { ...line, content: key.encrypt(Buffer.from(JSON.stringify(user)), boundOf(line)).toString('base64') };
}

const noPerson = '\0'.repeat(16);
const rulesSealing = (keys: Pick<LedgerKeys, 'derive'>) => encryption(keys.derive('rules of kept values', 32));

function rulesLine(keys: LedgerKeys, run: Run, rules: Readonly<Record<string, string>>): NewLine {
  const line = { person: noPerson, run: run.id, at: run.startedAt, kind: 'rules' } as const;
  const encrypted = rulesSealing(keys).encrypt(Buffer.from(JSON.stringify(rules)), boundOf(line));
  return { ...line, content: encrypted.toString('base64') };
}

/** What the values of a run were made by, of its line of kind `rules`. */
export function openedRules(store: StateStore, keys: LedgerKeys, line: ValueLine): Readonly<Record<string, string>> {
  const text = rulesSealing(keys).open(Buffer.from(line.content, 'base64'), boundOf(line));
  if (!text) throw damaged(store, line.from);
  return JSON.parse(text.toString('utf8')) as Record<string, string>;
}

/** The values of a line; undefined: the person's key was destroyed. */
export function openedLine(store: StateStore, line: ValueLine, personKeys: PersonKeys): TogetherUser | undefined {
  const key = personKeys.of(line.person);
  if (!key) return undefined;
  const text = key.open(Buffer.from(line.content, 'base64'), boundOf(line));
  if (!text) throw damaged(store, line.from);
  return JSON.parse(text.toString('utf8')) as TogetherUser;
}

export async function lineAt(store: StateStore, { from, length }: Place): Promise<ValueLine> {
  return lineOf(store, (await store.read(valuesFile, from, length)) ?? Buffer.alloc(0), from);
}

/** What Together holds after an outcome, where that is not what it was known to hold. */
function whatIsNew(
  { delivery, outcome }: PersonOutcome,
  before: TogetherUser | undefined,
  isAsBefore: () => boolean,
): { readonly kind: Kind; readonly user: TogetherUser } | undefined {
  const body = JSON.parse((delivery.clears?.without ?? delivery.body).toString('utf8')) as TogetherUser;
  // In the order of the body: sent again, it has the same hash.
  const user: TogetherUser = { ...body, ...before, ...body };
  for (const field of delivery.clears?.fields ?? []) delete user[field];
  if (delivery.movedFrom !== undefined) return { kind: 'moved', user };
  if (!before) {
    const isNew = delivery.isNew || outcome.outcome === 'created';
    return { kind: isNew ? 'created' : isAsBefore() ? 'seen' : 'unknown', user };
  }
  const differing = Object.keys({ ...before, ...user }).filter(
    (field) => JSON.stringify(user[field]) !== JSON.stringify(before[field]),
  );
  if (differing.length === 0) return undefined;
  return { kind: differing.every((field) => field === 'lastUpdated') ? 'seen' : 'changed', user };
}

function isAsAccepted(
  { delivery }: PersonOutcome,
  keys: Pick<LedgerKeys, 'user'>,
  lookup: ValuesOptions['lookup'],
): boolean {
  const hash = lookup(delivery.employeeId)?.hash;
  return hash !== undefined && Buffer.from(keys.user(delivery.body.toString('utf8')), 'latin1').equals(hash);
}

async function openLog(store: StateStore, keys: LedgerKeys) {
  const personKeys = await openPersonKeys(store, keys);
  const places = new Map<string, Place>();
  const links = valueLinks(keys);
  let size = 0;
  let link = noLink;
  const note = (line: ValueLine) => {
    const { person, kind, from, bytes } = line;
    if (kind !== 'sending' && kind !== 'rules') places.set(person, { from, length: bytes.length });
    size = from + bytes.length + 1;
    link = line.link;
  };
  for await (const line of linesIn(store, keys)) note(line);
  if (((await store.size(valuesFile)) ?? 0) > size) await store.truncate(valuesFile, size);
  return {
    personKeys,
    async latest(person: string): Promise<TogetherUser | undefined> {
      const place = places.get(person);
      return place && openedLine(store, await lineAt(store, place), personKeys);
    },
    async append(lines: readonly NewLine[]): Promise<void> {
      if (lines.length === 0) return;
      // Without a head, a log is one that was cut off before its first line was reported.
      if (size === 0) await writeHead(store, noLink);
      const texts = lines.map((line) => {
        const next = linked(line, link, links);
        link = next.link;
        return next.text;
      });
      await store.append(valuesFile, Buffer.from(texts.join('')), size, true);
      await writeHead(store, link);
      for (const [at, text] of texts.entries()) {
        const { person, kind } = lines[at] as NewLine;
        if (kind !== 'sending' && kind !== 'rules') places.set(person, { from: size, length: text.length - 1 });
        size += text.length;
      }
    },
    async rewrite(stays: (line: ValueLine) => boolean): Promise<void> {
      let next = noLink;
      const rest = async function* () {
        next = noLink;
        for await (const line of linesIn(store, keys)) {
          if (!stays(line)) continue;
          const { text, link: after } = linked(line, next, links);
          next = after;
          yield Buffer.from(text);
        }
      };
      for await (const _ of rest());
      // Cut off between the two, the log is whole with either.
      await writeHead(store, link, next);
      await store.replace(valuesFile, rest());
      await writeHead(store, next);
      places.clear();
      size = 0;
      link = noLink;
      for await (const line of linesIn(store, keys)) note(line);
    },
  };
}

/** Lines that a later one of the same person took the place of at `cutoff` or before, and what is known to have come of `sending`. */
async function outdated(
  store: StateStore,
  keys: LedgerKeys,
  cutoff: number,
  settled: string | undefined,
): Promise<ReadonlySet<number>> {
  const old = new Set<number>();
  const last = new Map<string, number>();
  const sending = new Map<string, number>();
  for await (const { person, run, at, from, kind } of linesIn(store, keys)) {
    if (kind === 'rules') continue;
    const open = sending.get(person);
    if (open !== undefined) old.add(open);
    sending.delete(person);
    if (kind === 'sending') {
      if (run === settled || at <= cutoff) old.add(from);
      else sending.set(person, from);
      continue;
    }
    const before = last.get(person);
    if (before !== undefined && at <= cutoff) old.add(before);
    last.set(person, from);
  }
  if (old.size > 0) await addRules(store, keys, old);
  return old;
}

/** Rules of runs of which no other line stays. */
async function addRules(store: StateStore, keys: LedgerKeys, old: Set<number>): Promise<void> {
  const rules = new Map<string, number[]>();
  for await (const { run, kind, from } of linesIn(store, keys)) {
    if (kind === 'rules') rules.set(run, [...(rules.get(run) ?? []), from]);
    else if (!old.has(from)) rules.delete(run);
  }
  for (const from of [...rules.values()].flat()) old.add(from);
}

async function removeAll(store: StateStore, keys: LedgerKeys): Promise<void> {
  const has = async (name: string) => (await store.size(name)) !== undefined;
  if (await has(valuesFile)) {
    await (await openPersonKeys(store, keys)).destroyAll();
    // From now on no line is missed.
    await writeHead(store, noLink);
    await store.remove(valuesFile);
  }
  if (await has(headFile)) await store.remove(headFile);
}

/** How many sets of values are kept of a person. */
export async function valuesKeptOf(store: StateStore, keys: LedgerKeys, person: string): Promise<number> {
  let kept = 0;
  for await (const line of linesIn(store, keys)) if (line.person === person) kept++;
  return kept;
}
