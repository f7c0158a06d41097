/** Opens what a run writes to, in the order that leaves nothing behind: locks, ledger, audit. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditLog, openAudit } from './audit.ts';
import { openBooks } from './books.ts';
import { fileStore } from './ledger/file-store.ts';
import { type LedgerKeys, ledgerKeys, loadLedgerKeys } from './ledger/keys.ts';
import { memoryStore } from './ledger/memory-store.ts';
import type { StateStore } from './ledger/store.ts';
import { accountLockName, takeLock } from './lock.ts';
import type { Session } from './session.ts';

export interface OpenBooks {
  readonly books: Awaited<ReturnType<typeof openBooks>>;
  readonly keys: LedgerKeys;
  readonly store: StateStore;
}

/** Locks key and state folder for this process. Throws ConnectorError `locked`. */
export async function lockRun({ io, account, folder }: Session): Promise<{ release(): Promise<void> }> {
  const by = { pid: process.pid, now: () => io.clock.now() };
  const locks = [await takeLock({ name: accountLockName(account), what: 'this organization and client id', ...by })];
  const release = async () => {
    for (const lock of locks) await lock.release();
  };
  if (folder === null) return { release };
  try {
    locks.push(await takeLock({ name: `folder ${folder}`, what: `the state folder ${folder}`, ...by }));
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** `run` absent: only to look; then a folder that does not exist yet is not made. */
export async function openRunBooks(session: Session, run?: { id: string; startedAt: number }): Promise<OpenBooks> {
  const { folder, settings, io, destination } = session;
  const exists = folder !== null && (run !== undefined || (await isFolder(folder)));
  const store = exists ? await fileStore(folder, { write: run !== undefined }) : memoryStore();
  const hasLedger = (await store.size('ledger.log')) !== undefined;
  // Without a folder the hashes live for one run only, but a plan's hash must be the same in the next one.
  const keys =
    exists && (run !== undefined || hasLedger)
      ? await loadLedgerKeys(store, settings.ledger_key, hasLedger)
      : ledgerKeys(settings.ledger_key ?? `${settings.api_key}\n${destination}`);
  const books = await openBooks({
    store,
    keys,
    destination,
    keeps: folder !== null,
    ...(run ? { run } : {}),
    warn: (message) => io.log.warn(message),
  });
  return { books, keys, store };
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

export async function openRunAudit({ folder, io, settings }: Session): Promise<AuditLog | undefined> {
  if (folder === null) return undefined;
  const audit = await openAudit({
    path: join(folder, 'audit.jsonl'),
    clock: io.clock,
    retentionDays: settings.audit_retention_days,
  });
  if (audit.warning) io.log.warn(audit.warning);
  return audit;
}
