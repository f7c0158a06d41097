/** Opens what a run writes to, in the order that leaves nothing behind: locks, ledger, audit. */

import { stat } from 'node:fs/promises';
import { ConnectorError } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { type AuditLog, openAudit } from '../state/audit/audit-log.ts';
import { type LedgerKeys, ledgerKeys, loadLedgerKeys } from '../state/ledger/keys.ts';
import { openRunState } from '../state/run-state.ts';
import { fileStore, makeStateFolder } from '../state/store/file-store.ts';
import { memoryStore } from '../state/store/memory-store.ts';
import type { StateStore } from '../state/store/store.ts';
import type { RunLock } from './run-lock.ts';
import type { Session } from './session.ts';

export interface OpenState {
  readonly state: Awaited<ReturnType<typeof openRunState>>;
  readonly keys: LedgerKeys;
  readonly store: StateStore;
}

/** `lock` absent: only to look. undefined: nothing is kept, or there is no such folder yet, and looking does not make one. */
export async function openStore(session: Session, lock?: RunLock): Promise<StateStore | undefined> {
  const { statePlace: place, settings, io } = session;
  if (place === null) return undefined;
  if (place.kind === 'redis') {
    const { redisStore } = await import('../state/store/redis-store.ts');
    return await redisStore({
      redis: await session.connections.redis(),
      keys: place.keys,
      where: place.where,
      // The settings require it.
      key: ledgerKeys(settings.ledger_key ?? '').derive('state in redis', 32),
      lock: lock?.redis,
      warn: (message) => io.log.warn(message),
    });
  }
  if (!lock && !(await isFolder(place.where))) return undefined;
  return await fileStore(place.where, { write: lock !== undefined });
}

/** `run` absent: only to look. */
export async function openState(
  session: Session,
  run?: { id: string; startedAt: number; lock: RunLock },
): Promise<OpenState> {
  const { settings, io, destination } = session;
  const kept = await openStore(session, run?.lock);
  const store = kept ?? memoryStore();
  try {
    const hasLedger = (await store.size('ledger.log')) !== undefined;
    // Without a folder the hashes live for one run only, but a plan's hash must be the same in the next one.
    const keys =
      kept && (run !== undefined || hasLedger)
        ? await loadLedgerKeys(store, settings.ledger_key, hasLedger)
        : ledgerKeys(settings.ledger_key ?? `${settings.api_key}\n${destination}`);
    const state = await openRunState({
      store,
      keys,
      destination,
      keeps: session.statePlace !== null,
      ...(run ? { run: { id: run.id, startedAt: run.startedAt } } : {}),
      warn: (message) => io.log.warn(message),
    });
    return { state, keys, store };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Tries the place of the state as a run would, and makes a folder that is not there. Resolves with what was proven. */
export async function tryState(session: Session): Promise<string> {
  const { statePlace: place } = session;
  if (place === null) return 'state_dir is null: every run sends everybody, and no guard has a baseline.';
  if (place.kind === 'folder') {
    await isFolder(place.where);
    await makeStateFolder(place.where);
  }
  const { state } = await openState(session);
  try {
    return `${place.where}: ${counted(state.known, 'person', 'people')} in the ledger.`;
  } finally {
    await state.close();
  }
}

/** Throws where something else has the name: nothing could ever be kept there. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error ? found.code === 'ENOTDIR' : !found.isDirectory()) {
    throw new ConnectorError('settings', `state_dir ${path} is not a folder.`, {
      hint: 'Name a folder in state_dir; it is made where it does not exist.',
    });
  }
  return !(found instanceof Error);
}

export async function openRunAudit(session: Session, store: StateStore): Promise<AuditLog | undefined> {
  const { io, settings, statePlace } = session;
  if (statePlace === null) return undefined;
  const audit = await openAudit({ store, clock: io.clock, retentionDays: settings.audit_retention_days });
  if (audit.warning) io.log.warn(audit.warning);
  return audit;
}
