/** The file that holds what one run leaves to the next beside the ledger, signed: the guards compare with it. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { LedgerKeys } from './ledger/keys.ts';
import type { LedgerMark } from './ledger/ledger.ts';
import type { BatchMemory, RunMemory } from './run-history.ts';
import { signing } from './store/signed-text.ts';
import type { StateStore } from './store/store.ts';

const memoryFile = 'runs.json';

export interface KeptRuns {
  readonly memory: RunMemory;
  readonly batch?: BatchMemory | undefined;
  /** People in the ledger when this was written: a ledger that holds fewer has lost its end. */
  readonly known?: number | undefined;
  readonly ledger?: LedgerMark | undefined;
}

const signed = (keys: Pick<LedgerKeys, 'derive'>) => signing(keys.derive('runs', 32));

/** Without it the guards would have nothing to compare with, in silence: a broken one stops the run. */
export async function readKeptRuns(store: StateStore, keys: Pick<LedgerKeys, 'derive'>): Promise<KeptRuns> {
  const bytes = await store.read(memoryFile);
  if (!bytes) return { memory: {} };
  const kept = bytes.at(-1) === 10 ? signed(keys).open(bytes.subarray(0, -1)) : undefined;
  if (kept) return kept as unknown as KeptRuns;
  throw new ConnectorError(
    'unexpected',
    said`${store.where}/${memoryFile} is damaged, and the guards compare with it. Nothing was sent.`,
    {
      hint: 'Restore it from a backup. Or move it away: then the next run has no baseline, so look at its plan first (--dry-run).',
    },
  );
}

export async function writeKeptRuns(
  store: StateStore,
  keys: Pick<LedgerKeys, 'derive'>,
  kept: KeptRuns,
): Promise<void> {
  await store.replace(memoryFile, [Buffer.from(`${signed(keys).sign(kept).text}\n`)]);
}
