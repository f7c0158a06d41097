/**
 * Together's own list against the ledger's field hashes, user by user as they arrive: half a million need some bytes each. No value is
 * kept or given out.
 */

import { isDeleted } from '../../model/access.ts';
import { type FieldTally, mostIds } from '../../model/fields/verification.ts';
import type { EmailOwners } from '../../state/email-owners.ts';
import type { Found, Ledger } from '../../state/ledger/ledger.ts';
import { listedValue } from '../../together/list/remote-index.ts';
import { type RemoteUser, textIn } from '../../together/list/user-keys.ts';
import type { RemoteTaker } from '../../together/list/user-list.ts';
import { fieldTallies } from './field-tallies.ts';
import { isBlank, spellings } from './listed-value.ts';

/** Compared in other ways: by it a person is found, and it travels with other changes. */
const notCompared = ['employeeId', 'lastUpdated'];

/**
 * The fields file is read in blocks. A list in the order of the file has thousands of users in each; of one in any other order, those
 * whose block is not at hand wait until there are so many, and are compared in the order of the file.
 */
const perBatch = 1024;
const paysForBlock = 256;

export interface CompareDeps {
  readonly ledger: Pick<Ledger, 'find' | 'lookup' | 'positions' | 'fieldNames' | 'hashes' | 'hashesAtHand' | 'hasher'>;
  readonly emails: Pick<EmailOwners, 'hash' | 'idsOf'>;
}

/** What the list says of one person Together has accepted. */
export interface ListedPerson {
  /** Fields that hold something else than what was accepted. */
  readonly fields: readonly string[];
  /** First letter of the status listed. */
  readonly status: string;
}

export interface Compared {
  readonly users: number;
  /** People listed that Together has accepted from here. */
  readonly matched: number;
  /** People listed, where the ledger does not say what exactly was accepted. */
  readonly unknown: number;
  readonly fields: readonly FieldTally[];
  /** Whether anyone is listed as terminated: else those who are missing may simply not be listed. */
  readonly listsTerminated: boolean;
  /** employeeIds listed, not terminated, that nothing was ever accepted for; at most `mostIds`. */
  readonly outside: { readonly people: number; readonly ids: readonly string[] };
  /** Whether the list has this person, with nothing else than what was accepted. */
  isConfirmed(position: number): boolean;
  /** Those of them who were not unknown. */
  readonly confirmed: number;
  /** undefined: not listed. */
  of(person: { readonly position: number }): ListedPerson | undefined;
}

interface Row {
  readonly user: RemoteUser;
  readonly found: Found;
}

/** Compares one person's values with what was accepted. */
function fieldComparer({ ledger, emails }: CompareDeps, tallies: ReturnType<typeof fieldTallies>) {
  const names = ledger.fieldNames;
  const hashers = names.map((name) => (notCompared.includes(name) ? undefined : ledger.hasher(name)));
  /** Addresses that were not accepted in this spelling: their owners are asked at the end. */
  const addresses = new Map<number, { readonly employeeId: unknown; readonly position: number }>();

  function compareValue({ user, found }: Row, number: number, value: unknown, hash: number): void {
    const { position } = found;
    const field = names[number] as string;
    const hashOf = hashers[number] as ReturnType<Ledger['hasher']>;
    const holds = (one: unknown) => hashOf(found, one) === hash;
    const wasBlank = holds(null) || holds('');
    if (isBlank(value)) {
      if (!wasBlank) tallies.add(number, 'absent', position);
    } else if (wasBlank) tallies.add(number, 'filled', position);
    else if (holdsAny(holds, field, value)) tallies.confirm(number);
    else {
      tallies.add(number, 'different', position);
      if (field === 'email')
        addresses.set(emails.hash(textIn(value).trim()), { employeeId: user['employeeId'], position });
    }
  }

  return {
    compareTo:
      (row: Row) =>
      (number: number, hash: number): void => {
        const hashOf = hashers[number];
        if (!hashOf) return;
        const value = listedValue(row.user, names[number] as string);
        // As it was sent: nearly always.
        if (typeof value === 'string' && value !== '' && hashOf(row.found, value) === hash) tallies.confirm(number);
        else compareValue(row, number, value, hash);
      },
    /** Once everybody was compared. */
    async correctAddresses(): Promise<void> {
      const owners = addresses.size > 0 ? await emails.idsOf(addresses) : [];
      for (const [hash, ids] of owners) {
        const owner = addresses.get(hash);
        if (owner && ids.includes(textIn(owner.employeeId))) tallies.correct(names.indexOf('email'), owner.position);
      }
    },
  };
}

export function compareList(deps: CompareDeps): RemoteTaker<Compared> {
  const { ledger } = deps;
  const tallies = fieldTallies(ledger.fieldNames, ledger.positions);
  const { compareTo, correctAddresses } = fieldComparer(deps, tallies);
  const status = new Uint8Array(ledger.positions);
  const outside: string[] = [];
  let waiting: Row[] = [];
  /** Users whose block was at hand, since one was not. */
  let atHand = paysForBlock;
  let users = 0;
  let matched = 0;
  let unknown = 0;
  let strangers = 0;
  let listsTerminated = false;

  function compareAtHand(row: Row): boolean {
    const isKnown = ledger.hashesAtHand(row.found, compareTo(row));
    if (isKnown === false) unknown++;
    return isKnown !== undefined;
  }

  function wait(row: Row): Promise<void> | undefined {
    waiting.push(row);
    if (atHand < paysForBlock && waiting.length < perBatch) return undefined;
    atHand = 0;
    return compareWaiting();
  }

  async function compareWaiting(): Promise<void> {
    const batch = waiting.sort((a, b) => a.found.fieldsAt - b.found.fieldsAt);
    waiting = [];
    for (const row of batch) if (!compareAtHand(row) && !(await ledger.hashes(row.found, compareTo(row)))) unknown++;
  }

  return {
    user(user) {
      users++;
      const letter = (textIn(user['employeeStatusCode']) || '?').slice(0, 1).toUpperCase();
      listsTerminated ||= letter === 'T';
      const employeeId = textIn(user['employeeId']);
      const found = employeeId === '' ? undefined : ledger.find(employeeId);
      tallies.listed(user);
      if (!found?.wasSent) {
        if (letter === 'T' || (found && isDeleted(ledger.lookup(employeeId)))) return;
        strangers++;
        if (employeeId !== '' && outside.length < mostIds) outside.push(employeeId);
        return;
      }
      // A person who is listed twice is compared once; that there are two records is reported elsewhere.
      if (status[found.position] !== 0) return;
      status[found.position] = Math.min(letter.charCodeAt(0), 255);
      matched++;
      const row = { user, found };
      if (!compareAtHand(row)) return wait(row);
      atHand++;
      return undefined;
    },
    async done() {
      await compareWaiting();
      await correctAddresses();
      const fields = tallies.result();
      return {
        users,
        matched,
        unknown,
        fields,
        listsTerminated,
        confirmed: status.reduce((sum, letter, at) => sum + (letter !== 0 && tallies.isSame(at) ? 1 : 0), 0) - unknown,
        isConfirmed: (position) => status[position] !== 0 && tallies.isSame(position),
        outside: { people: strangers, ids: outside },
        of({ position }) {
          const letter = status[position] as number;
          return letter === 0 ? undefined : { fields: tallies.of(position), status: String.fromCharCode(letter) };
        },
      };
    },
  };
}

function holdsAny(holds: (value: unknown) => boolean, field: string, value: unknown): boolean {
  for (const spelling of spellings(field, value)) if (holds(spelling)) return true;
  return false;
}
