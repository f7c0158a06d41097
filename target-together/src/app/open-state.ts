/** Opens what a run writes to, in the order that leaves nothing behind: locks, ledger, audit. */

import { stat } from 'node:fs/promises';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { type AuditLog, openAudit, proveWhole, walkAudit } from '../state/audit/audit-log.ts';
import { type KeptRuns, readKeptRuns } from '../state/kept-runs.ts';
import { headerBytes } from '../state/ledger/format.ts';
import { keyFile, type LedgerKeys, ledgerKeys, loadLedgerKeys } from '../state/ledger/keys.ts';
import { logFile } from '../state/ledger/load.ts';
import { openRunState, type RunStateOptions } from '../state/run-state.ts';
import { fileStore, makeStateFolder } from '../state/store/file-store.ts';
import { memoryStore } from '../state/store/memory-store.ts';
import type { StateStore } from '../state/store/store.ts';
import type { RunLock } from './run-lock.ts';
import type { Session, StateSession } from './session.ts';

export interface OpenState {
  readonly state: Awaited<ReturnType<typeof openRunState>>;
  readonly keys: LedgerKeys;
  readonly store: StateStore;
}

/** `lock` absent: only to look. undefined: nothing is kept, or there is no such folder yet, and looking does not make one. */
export async function openStore(session: StateSession, lock?: RunLock): Promise<StateStore | undefined> {
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
  session: StateSession,
  run?: { id: string; startedAt: number; lock: RunLock; rules?: RunStateOptions['rules'] },
): Promise<OpenState> {
  const { io, destination } = session;
  const kept = await openStore(session, run?.lock);
  const store = kept ?? memoryStore();
  try {
    const keys = await openKeys(session, store, kept !== undefined && run !== undefined);
    const state = await openRunState({
      store,
      keys,
      destination,
      keeps: session.statePlace !== null,
      keepValuesDays: session.settings.keep_values_days,
      ...(run ? { run: { id: run.id, startedAt: run.startedAt } } : {}),
      rules: run?.rules,
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
  const opened = await openState(session);
  const { state } = opened;
  try {
    const kept = await readKeptRuns(opened.store, opened.keys);
    const facts = await auditFacts(opened.store, opened.keys, kept, kept.memory.baseline);
    proveWhole(opened.store, (await walkAudit(facts)).verdict);
    return `${place.where}: ${counted(state.known, 'person', 'people')} in the ledger.`;
  } finally {
    await state.close();
  }
}

/** `makes`: where the state has no key yet, it gets one. */
export async function openKeys(session: StateSession, store: StateStore, makes: boolean): Promise<LedgerKeys> {
  const { settings } = session;
  const hasLedger = (await store.size(logFile)) !== undefined;
  if (makes || hasLedger || (await store.size(keyFile)) !== undefined)
    return await loadLedgerKeys(store, settings.ledger_key, hasLedger);
  return firstKeys(session);
}

/** Without a state the hashes live for one run only, but a plan's hash must be the same in the next one. */
export const firstKeys = ({ settings, destination }: Pick<StateSession, 'settings' | 'destination'>): LedgerKeys =>
  ledgerKeys(settings.ledger_key ?? `${settings.api_key}\n${destination}`);

/** Throws where something else has the name: nothing could ever be kept there. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error ? found.code === 'ENOTDIR' : !found.isDirectory()) {
    throw new ConnectorError('settings', said`state_dir ${path} is not a folder.`, {
      hint: 'Name a folder in state_dir; it is made where it does not exist.',
    });
  }
  return !(found instanceof Error);
}

/** `opened`: as its writer has opened it. */
export async function openRunAudit(
  { io, settings, statePlace }: Session,
  { store, keys }: Pick<OpenState, 'store' | 'keys'>,
): Promise<AuditLog | undefined> {
  if (statePlace === null) return undefined;
  const kept = await readKeptRuns(store, keys);
  const facts = await auditFacts(store, keys, kept, kept.memory.baseline);
  return await openAudit({ ...facts, clock: io.clock, retentionDays: settings.audit_retention_days });
}

/**
 * What the audit log has to fit. `run`: the last one that it must name. A successful one has been entered before anything was sent; of
 * one that failed the memory may know more than the log, where the machine went down between the two.
 */
export async function auditFacts(
  store: StateStore,
  keys: LedgerKeys,
  { known = 0 }: KeptRuns,
  run: { readonly run_id: string; readonly finished_at: string } | undefined,
) {
  const hasPeople = ((await store.size(logFile)) ?? 0) > headerBytes;
  return {
    store,
    key: keys.derive('audit', 32),
    knowsRuns: hasPeople || known > 0 || run !== undefined,
    lastRun: run && { id: run.run_id, at: run.finished_at },
  };
}
