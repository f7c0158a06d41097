/**
 * Whose e-mail address is whose in Together, as far as runs have seen. A partial read shows only some of the people, and a new
 * one among them may have the address of a person who is not read today; Together would make the two into one.
 *
 * Before a run's first write the owners that it has read are remembered beside those before them, as Together may have either
 * from then on. After the run, what Together has taken replaces what it had.
 */

import { isAccepted } from '../model/access.ts';
import { emailReadFor, leavesWithEmail, presentEmails } from '../people/emails.ts';
import { Kind, type People } from '../people/person.ts';
import { type EmailOwner, type OwnersFile, ownersFile } from './email-owners-file.ts';
import type { LedgerKeys } from './ledger/keys.ts';
import { longHash } from './ledger/siphash.ts';
import type { StateStore } from './store/store.ts';

/** An owner Together never accepted and no run has read for so long is gone, from a source that never says so. */
const keptDays = 35;
const dayOf = (ms: number) => Math.floor(ms / 86_400_000);

/** What a run has read, and what Together has taken of it so far. */
export interface RunEmails {
  readonly people: People;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether this person is sent without the address that was read, or left out: it is not theirs yet. */
  readonly isSentWithout: (person: number) => boolean;
  /** Whether Together has the address that was read of this person. */
  readonly isTaken: (person: number) => boolean;
  /** employeeIds that were ended without a row of theirs, and whose address Together has replaced. */
  readonly freed?: ReadonlySet<string> | undefined;
}

/** The people that Together's own list names, with the first letter of the status, and whose addresses it says are whose. */
export interface ListedPeople {
  readonly people: Iterable<readonly [employeeId: string, status: string]>;
  readonly addresses: Iterable<{ readonly id: string; readonly hash: number }>;
}

/** Owners of addresses that this run has read for other people: employeeIds by the hash of the address. */
export interface OtherOwners {
  /** Of people who are not read, or whose address is empty now: in Together it stays theirs. */
  readonly elsewhere: ReadonlyMap<number, readonly string[]>;
  /** Of people who have another address now: they hand this one over. */
  readonly handedOver: ReadonlyMap<number, readonly string[]>;
  /**
   * Of leavers who come with the address that Together has for them, and that another person comes with too. Where leaver_email gives
   * them another one, they stand in `handedOver` as well.
   */
  readonly leavers: ReadonlyMap<number, readonly string[]>;
  /** Of people who are not read, and whom Together's list alone has: who alone comes with the address takes their record. */
  readonly matched?: ReadonlyMap<number, readonly string[]>;
  /** Of people who are not read, and came with the address while Together had it for another person. */
  readonly waiting?: ReadonlyMap<number, readonly string[]>;
}

export interface EmailOwners {
  /** 53 bits of a keyed hash of an address without its case, never 0. */
  hash(address: string): number;
  /** `all`: everybody was read, and the run before has ended: a person that neither Together nor this read has owns nothing. */
  othersOf(people: People, all?: boolean): Promise<OtherOwners>;
  /** The people that Together has with one of these addresses. */
  idsOf(hashes: { has(hash: number): boolean }): Promise<ReadonlyMap<number, readonly string[]>>;
  /** Before the first write. `listed`: addresses of Together's own list, where this run has asked for it. */
  begin(run: RunEmails, listed?: ListedPeople['addresses']): Promise<void>;
  /** After a run that began to write. `complete`: it has read everybody. */
  end(run: RunEmails, complete: boolean): Promise<void>;
  /** Addresses that are this person's, as hashes. */
  addressesOf(id: string): Promise<ReadonlySet<number>>;
  forget(id: string): Promise<void>;
}

/** `statusOf`: what Together last accepted; `isDeleted`: the account is there no more. */
export function openEmailOwners(
  store: StateStore,
  keys: Pick<LedgerKeys, 'derive'>,
  statusOf: (id: string) => string | undefined,
  isDeleted: (id: string) => boolean = () => false,
): EmailOwners {
  const file = ownersFile(store, keys.derive('address file', 32));
  return {
    hash: emailHasher(keys.derive('address', 16)),
    othersOf: (people, all = false) => findOthers(file, { people, all }, statusOf, isDeleted),
    async idsOf(hashes) {
      const ids = new Map<number, string[]>();
      for await (const owners of file.read()) {
        for (const { hash, id, waits } of owners) {
          const known = ids.get(hash) ?? [];
          if (!waits && hashes.has(hash) && isAccepted(statusOf(id)) && !known.includes(id))
            ids.set(hash, [...known, id]);
        }
      }
      return ids;
    },
    begin: (run, listed) =>
      file.replace(ownersNow(run, listed ?? [], statusOf), (owner) => {
        if (owner.waits) return staysWaiting(run, statusOf, owner);
        // No run has got anybody through before one that asks for the list: what that says takes the place of an earlier list.
        return !isReplaced(run, owner) && !(listed && isAccepted(statusOf(owner.id)));
      }),
    end: (run, complete) =>
      file.replace(ownersRead(run, statusOf), (owner) => staysOwner(run, complete, statusOf, owner)),
    async addressesOf(id) {
      const found = new Set<number>();
      for await (const owners of file.read()) for (const owner of owners) if (owner.id === id) found.add(owner.hash);
      return found;
    },
    forget: (id) => file.replace([], (owner) => owner.id !== id),
  };
}

export function emailHasher(key: Uint8Array): (address: string) => number {
  const hash = longHash(key);
  return (address) => hash(address.toLowerCase()) || 1;
}

async function findOthers(
  file: OwnersFile,
  { people, all }: { readonly people: People; readonly all: boolean },
  statusOf: (id: string) => string | undefined,
  isDeleted: (id: string) => boolean,
): Promise<OtherOwners> {
  const elsewhere = new Map<number, string[]>();
  const handedOver = new Map<number, string[]>();
  const leavers = new Map<number, string[]>();
  const waiting = new Map<number, string[]>();
  let wanted: Float64Array | undefined;
  for await (const owners of file.read()) {
    wanted ??= presentEmails(people);
    if (wanted.length === 0) break;
    for (const { hash, id, waits } of owners) {
      const now = emailReadFor(people, id);
      if (waits) {
        if (now === undefined && includes(wanted, hash) && isAccepted(statusOf(id)) && !isDeleted(id))
          note(waiting, hash, id);
        continue;
      }
      // Nearly everybody: the others alone are looked up.
      const isLeaver = now === hash && people.status(people.find(id)) === 'T' && isShared(wanted, hash);
      if (now === hash && !isLeaver) continue;
      if (!includes(wanted, hash) || isDeleted(id)) continue;
      // Together keeps what the HRIS has emptied: only another address takes its place there.
      const isGone = now === 0 || (now === undefined && all);
      if (isGone && !isAccepted(statusOf(id))) continue;
      note(isLeaver ? leavers : now ? handedOver : elsewhere, hash, id);
      if (now && !isLeaver && leavesWithEmail(people, id, hash, statusOf(id))) note(leavers, hash, id);
    }
  }
  return { elsewhere, handedOver, leavers, waiting };
}

/** Of this run, and of the list; a person who stands in both with one address counts once. */
function* ownersNow(
  run: RunEmails,
  listed: ListedPeople['addresses'],
  statusOf: (id: string) => string | undefined,
): Generator<EmailOwner> {
  yield* ownersRead(run, statusOf);
  const day = dayOf(run.startedAt);
  for (const { id, hash } of listed) {
    const person = run.people.find(id);
    const isRead = person >= 0 && run.people.emailHash(person) === hash && isOwner(run, person, statusOf);
    if (!isRead) yield { hash, id, day };
  }
}

function note(owners: Map<number, string[]>, hash: number, id: string): void {
  const ids = owners.get(hash);
  if (ids) ids.push(id);
  else owners.set(hash, [id]);
}

/** Everybody of this run whose address Together has, or may get, and those it has, whose address waits. */
function* ownersRead(run: RunEmails, statusOf: (id: string) => string | undefined): Generator<EmailOwner> {
  const { people, startedAt } = run;
  const day = dayOf(startedAt);
  const { size } = people;
  for (let person = 0; person < size; person++) {
    const waits = isWaiting(run, person, statusOf);
    if (!waits && !isOwner(run, person, statusOf)) continue;
    const owner = { hash: people.emailHash(person), id: people.id(person) as string, day };
    yield waits ? { ...owner, waits } : owner;
  }
}

/** Under a new id the person may come with that address, and not with the one that Together has. */
function isWaiting(
  { people, isSentWithout }: RunEmails,
  person: number,
  statusOf: (id: string) => string | undefined,
): boolean {
  if (people.emailHash(person) === 0 || people.kind(person) !== Kind.user || !isSentWithout(person)) return false;
  return isAccepted(statusOf(people.id(person) as string));
}

function isOwner(
  { people, isSentWithout }: RunEmails,
  person: number,
  statusOf: (id: string) => string | undefined,
): boolean {
  // An address that waits is not this person's yet; Together has the one before.
  if (people.emailHash(person) === 0 || isSentWithout(person)) return false;
  const kind = people.kind(person);
  return kind === Kind.user || (kind === Kind.excluded && isAccepted(statusOf(people.id(person) as string)));
}

/**
 * Whether an owner stays after a run: of those Together has, all whose address no other one has replaced there, vanished
 * from the source or not; of the others, those a run has read of late, after a partial read.
 */
function staysOwner(
  run: RunEmails,
  complete: boolean,
  statusOf: (id: string) => string | undefined,
  owner: EmailOwner,
): boolean {
  const { id, day } = owner;
  if (run.freed?.has(id)) return false;
  if (owner.waits) return staysWaiting(run, statusOf, owner);
  if (isAccepted(statusOf(id))) return !isReplaced(run, owner);
  return emailReadFor(run.people, id) === undefined && !complete && dayOf(run.startedAt) - day <= keptDays;
}

/** Till the person is read again. */
const staysWaiting = (
  { people }: RunEmails,
  statusOf: (id: string) => string | undefined,
  { id }: EmailOwner,
): boolean => emailReadFor(people, id) === undefined && isAccepted(statusOf(id));

/** Whether what was read of the owner takes the place of this address in Together. */
function isReplaced({ people, isSentWithout, isTaken }: RunEmails, { id, hash }: EmailOwner): boolean {
  const now = emailReadFor(people, id);
  if (!now) return false;
  const person = people.find(id);
  if (isSentWithout(person)) return false;
  return now === hash || isTaken(person);
}

const includes = (sorted: Float64Array, value: number): boolean => firstOf(sorted, value) >= 0;

function isShared(sorted: Float64Array, value: number): boolean {
  const at = firstOf(sorted, value);
  return at >= 0 && sorted[at + 1] === value;
}

/** Where `value` stands first, or -1. */
function firstOf(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
}
