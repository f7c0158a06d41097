/** What a plan asks the ledger, person by person or of everybody. */
import { isAccepted, isDeleted } from '../../model/access.ts';
import type { TogetherUser } from '../../model/person.ts';
import { type ChangedField, isOrganisational } from '../../model/user-fields.ts';
import { changesOf } from '../changes.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Ledger } from './ledger.ts';

export interface LedgerQueries {
  /**
   * The fields of a body that differ from what was last accepted, all of them when nothing is known; then those of `clearedBeside` that
   * Together has.
   */
  changes(user: TogetherUser): Promise<ChangedField[]>;
  /** The employeeIds that hashes of a field stand for (see `ChangedField.fromKey`), of people Together has accepted. */
  idsBehind(field: string, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, string>>;
  /** Organisational values that were last accepted, as far as earlier runs remember what their hashes stand for. */
  lastKnown(employeeId: string): Promise<[field: string, value: string][]>;
  /** All people Together has. */
  acceptedIds(): AsyncGenerator<string>;
  /** employeeIds that runs have sent and that are not terminated, where `isRead` says no. */
  missing(isRead: (id: string) => boolean): Promise<string[]>;
}

/** `vocabulary`: as remembered now. */
export function ledgerQueries(ledger: Ledger, vocabulary: () => Vocabulary | undefined): LedgerQueries {
  const rememberedOf = (field: string, key: string | undefined) =>
    key === undefined || !isOrganisational(field) ? undefined : vocabulary()?.[field]?.[key];
  return {
    changes: async (user) => changesOf(user, await ledger.fields(user.employeeId), vocabulary()),
    async idsBehind(field, wanted) {
      const found = new Map<string, string>();
      if (wanted.size === 0) return found;
      const several = new Set<string>();
      for await (const { employeeId } of ledger.entries()) {
        const key = ledger.fieldKey('', field, employeeId);
        if (!wanted.has(key)) continue;
        if (found.has(key)) several.add(key);
        found.set(key, employeeId);
      }
      for (const key of several) found.delete(key);
      return found;
    },
    async lastKnown(employeeId) {
      const fields = await ledger.fields(employeeId);
      const values: [string, string][] = [];
      for (const field of fields?.names ?? []) {
        const value = field === 'employeeStatusCode' ? undefined : rememberedOf(field, fields?.key(field));
        if (value !== undefined) values.push([field, value]);
      }
      return values;
    },
    async *acceptedIds() {
      for await (const { status, employeeId } of ledger.entries()) if (isAccepted(status)) yield employeeId;
    },
    async missing(isRead) {
      const gone: string[] = [];
      for await (const entry of ledger.entries()) {
        const isThere = entry.wasSent && entry.status !== 'T' && !isDeleted(entry);
        if (isThere && !isRead(entry.employeeId)) gone.push(entry.employeeId);
      }
      return gone;
    },
  };
}
