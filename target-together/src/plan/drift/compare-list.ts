/**
 * Together's own list against the ledger's field hashes: a few thousand users at a time, in the order of the fields file, so
 * that half a million need some bytes each. No value is kept or given out.
 */

import { isDeleted, wasSent } from '../../model/access.ts';
import { type FieldTally, mostIds } from '../../model/fields/verification.ts';
import type { EmailOwners } from '../../state/email-owners.ts';
import type { AcceptedFields, Known, Ledger } from '../../state/ledger/ledger.ts';
import { listedValue } from '../../together/remote-index.ts';
import type { RemoteTaker, RemoteUser } from '../../together/user-list.ts';
import { fieldTallies } from './field-tallies.ts';
import { isBlank, spellings } from './listed-value.ts';

/** Compared in other ways: by it a person is found, and it travels with other changes. */
const notCompared = new Set(['employeeId', 'lastUpdated']);

const perBatch = 2048;

export interface CompareDeps {
  readonly ledger: Pick<Ledger, 'lookup' | 'position' | 'positions' | 'fieldNames' | 'fields'>;
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
  /** People listed of whom the ledger does not say what exactly was accepted. */
  readonly unknown: number;
  readonly fields: readonly FieldTally[];
  /** Whether anyone is listed as terminated: else those who are missing may simply not be listed. */
  readonly listsTerminated: boolean;
  /** employeeIds listed, not terminated, that nothing was ever accepted for; at most `mostIds`. */
  readonly outside: { readonly people: number; readonly ids: readonly string[] };
  /** undefined: not listed. */
  of(employeeId: string): ListedPerson | undefined;
}

interface Row {
  readonly user: RemoteUser;
  readonly employeeId: string;
  readonly position: number;
  readonly known: Known;
}

export function compareList({ ledger, emails }: CompareDeps): RemoteTaker<Compared> {
  const tallies = fieldTallies(ledger.fieldNames, ledger.positions);
  const status = new Uint8Array(ledger.positions);
  const outside: string[] = [];
  /** Addresses that were not accepted in this spelling: their owners are asked at the end. */
  const addresses = new Map<number, string>();
  let rows: Row[] = [];
  let users = 0;
  let unknown = 0;
  let strangers = 0;
  let listsTerminated = false;

  function compareOne({ user, employeeId, position }: Row, accepted: AcceptedFields): void {
    for (const field of accepted.names) {
      if (notCompared.has(field)) continue;
      const value = listedValue(user, field);
      const wasBlank = accepted.holds(field, null) || accepted.holds(field, '');
      if (isBlank(value)) {
        if (!wasBlank) tallies.add(field, 'absent', position);
      } else if (wasBlank) tallies.add(field, 'filled', position);
      else if (holdsAny(accepted, field, value)) tallies.add(field, 'confirmed', position);
      else {
        tallies.add(field, 'different', position);
        if (field === 'email') addresses.set(emails.hash(String(value).trim()), employeeId);
      }
    }
  }

  async function compareRows(): Promise<void> {
    const batch = rows.sort((a, b) => (a.known.fieldsAt ?? -1) - (b.known.fieldsAt ?? -1));
    rows = [];
    for (const row of batch) {
      const accepted = await ledger.fields(row.employeeId);
      if (accepted) compareOne(row, accepted);
      else unknown++;
    }
  }

  return {
    user(user) {
      users++;
      const { employeeId: given } = user;
      const letter = String(user['employeeStatusCode'] || '?')
        .slice(0, 1)
        .toUpperCase();
      listsTerminated ||= letter === 'T';
      for (const key of Object.keys(user)) tallies.listed(key, user[key]);
      const employeeId = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
      const known = employeeId === '' ? undefined : ledger.lookup(employeeId);
      if (!known || !wasSent(known)) {
        if (letter === 'T' || isDeleted(known)) return;
        strangers++;
        if (employeeId !== '' && outside.length < mostIds) outside.push(employeeId);
        return;
      }
      const position = ledger.position(employeeId);
      // A person who is listed twice is compared once; that there are two records is told elsewhere.
      if (status[position] !== 0) return;
      status[position] = Math.min(letter.charCodeAt(0), 255);
      rows.push({ user, employeeId, position, known });
      return rows.length < perBatch ? undefined : compareRows();
    },
    async done() {
      await compareRows();
      for (const [hash, ids] of await emails.idsOf(addresses)) {
        const id = addresses.get(hash);
        if (id !== undefined && ids.includes(id)) tallies.correct('email', ledger.position(id));
      }
      const fields = tallies.result();
      return {
        users,
        unknown,
        fields,
        listsTerminated,
        outside: { people: strangers, ids: outside },
        of(employeeId) {
          const position = ledger.position(employeeId);
          const letter = position < 0 ? 0 : (status[position] as number);
          return letter === 0 ? undefined : { fields: tallies.of(position), status: String.fromCharCode(letter) };
        },
      };
    },
  };
}

function holdsAny(accepted: AcceptedFields, field: string, value: unknown): boolean {
  for (const spelling of spellings(field, value)) if (accepted.holds(field, spelling)) return true;
  return false;
}
