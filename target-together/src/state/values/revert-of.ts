/** What it takes to take a run back: which people it changed, and what Together held of them before. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { TogetherUser } from '../../model/person.ts';
import { requiredFields } from '../../model/user-fields.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { StateStore } from '../store/store.ts';
import { lineAt, openedLine, type Place } from './kept-values.ts';
import { linesIn, type ValueLine } from './log.ts';
import { openPersonKeys } from './person-keys.ts';

export interface Revert {
  /** All people the run changed, as far as it is known, and those that it may have changed when it was cut off. */
  readonly people: number;
  /** What Together shall hold again. */
  readonly restored: readonly TogetherUser[];
  /** employeeId → fields that were not there before. */
  readonly emptied: ReadonlyMap<string, readonly string[]>;
  /** What Together holds of people the run created. */
  readonly created: readonly TogetherUser[];
  /** People a later run changed again. */
  readonly changedSince: number;
  /** People who got a new id: that is not taken back. */
  readonly moved: number;
  /** People without anything kept before the run. */
  readonly unknown: number;
}

interface Seen {
  before?: Place;
  /** The last line of the run. */
  own?: Place;
  kind?: ValueLine['kind'];
  later?: boolean;
  /** What the run may have sent. */
  sending?: Place;
}

/** Throws ConnectorError `settings` where nothing is known of the run. */
export async function revertOf(store: StateStore, keys: LedgerKeys, run: string): Promise<Revert> {
  const people = await survey(store, keys, run);
  const personKeys = await openPersonKeys(store, keys);
  const valuesAt = async (place: Place | undefined) =>
    place && openedLine(store, await lineAt(store, place), personKeys);
  const restored: TogetherUser[] = [];
  const created: TogetherUser[] = [];
  const emptied = new Map<string, readonly string[]>();
  const counts = { people: people.length, changedSince: 0, moved: 0, unknown: 0 };
  for (const { before, own, sending, kind, later } of people) {
    if (later) counts.changedSince++;
    else if (kind === 'moved') counts.moved++;
    else {
      const then = await valuesAt(before);
      const now = await valuesAt(own ?? sending);
      if (then) {
        restored.push(then);
        const fields = addedTo(then, now ?? then);
        if (fields.length > 0) emptied.set(then.employeeId, fields);
      } else if (kind === 'created' && now) created.push(now);
      else counts.unknown++;
    }
  }
  return { ...counts, restored, created, emptied };
}

/** Fields that were not there before, but for those that a user must have. */
const addedTo = (then: TogetherUser, now: TogetherUser): string[] =>
  Object.keys(now).filter((field) => then[field] === undefined && !requiredFields.includes(field));

async function survey(store: StateStore, keys: LedgerKeys, run: string): Promise<Seen[]> {
  const people = new Map<string, Seen>();
  const runs = new Set<string>();
  for await (const line of linesIn(store, keys)) {
    if (line.kind === 'rules') continue;
    runs.add(line.run);
    const seen = people.get(line.person) ?? {};
    people.set(line.person, seen);
    note(seen, line, run);
  }
  if (!runs.has(run)) throw unknownRun(run, [...runs]);
  return [...people.values()].filter(({ own, sending }) => own ?? sending);
}

function note(seen: Seen, { from, bytes, kind, run: of }: ValueLine, run: string): void {
  const place: Place = { from, length: bytes.length };
  const isOwn = of === run;
  if (kind === 'sending') {
    if (isOwn) seen.sending = place;
  } else if (isOwn && kind !== 'seen') {
    seen.own = place;
    seen.kind ??= kind;
  } else if (isOwn) {
    delete seen.sending;
    if (!seen.own) seen.before = place;
  } else if (seen.own ?? seen.sending) seen.later ||= kind !== 'seen';
  else seen.before = place;
}

function unknownRun(run: string, runs: readonly string[]): ConnectorError {
  const kept = runs.slice(-5).reverse();
  return new ConnectorError('settings', said`Nothing is kept of a run ${run}. Nothing was sent.`, {
    hint:
      kept.length > 0
        ? `The last runs of which values are kept: ${kept.join(', ')}.`
        : 'Values are kept from the first run on that has keep_values_days above 0.',
  });
}
