/** In the audit log a person is a keyed hash of the id: what says nothing without key and id need never be written anew. */
import { auditFiles, linesOf } from '../audit/chain.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { StateStore } from '../store/store.ts';

/** 16 hexadecimal digits. */
export const pseudonym = (keys: Pick<LedgerKeys, 'id'>, id: string): string =>
  Buffer.from(keys.id(id), 'latin1').toString('hex');

export interface AuditTrace {
  readonly entries: number;
  readonly last: string | undefined;
}

export async function auditOf(store: StateStore, person: string): Promise<AuditTrace> {
  let entries = 0;
  let last: string | undefined;
  for (const file of await auditFiles(store)) {
    for await (const { line } of linesOf(store, file)) {
      if (!line.includes(`"${person}"`)) continue;
      entries++;
      last = /"at":"([^"]*)"/.exec(line.toString('utf8'))?.[1];
    }
  }
  return { entries, last };
}
