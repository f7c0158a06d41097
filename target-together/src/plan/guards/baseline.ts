import type { GuardCounts } from '../../model/guard-counts.ts';
import { domainsOf, type RunMemory } from '../../state/run-history.ts';

/** What the guards compare with, or why there is nothing. */
export function baselineOf(
  memory: RunMemory,
  { known, active }: Pick<GuardBaseline, 'known' | 'active'>,
): { baseline: GuardBaseline | undefined; note: string | undefined } {
  const domains = domainsOf(memory);
  const ledger = {
    known,
    active,
    domains: domains.length > 0 ? domains : undefined,
    supervisors: memory.supervisors,
  };
  const { open, baseline: last, complete } = memory;
  if (!last && open)
    return {
      baseline: undefined,
      note: `run ${open.run_id} was interrupted, and none before it ended well: no baseline`,
    };
  if (!last) return { baseline: undefined, note: 'first run: no baseline to compare with' };
  // The source broke off before its first record, as when the HRIS was down: people who come now are no more new than on a first run.
  if (ledger.known === 0)
    return { baseline: undefined, note: 'no run before this one brought any people: no baseline to compare with' };
  const baseline = { ...ledger, whole: last.whole, rows: complete?.rows, filled: complete?.filled };
  // The rest of an interrupted plan has passed its guards already; what is more than that still has to.
  return { baseline: open ? { ...baseline, vetted: open.planned } : baseline, note: undefined };
}

export interface GuardBaseline {
  /** People Together has ever accepted, and those of them not terminated. */
  readonly known: number;
  readonly active: number;
  /** false: no run has read to its end yet, so that creating and linking the others is no sign of trouble. */
  readonly whole: boolean;
  /** People of the last complete read of a successful run; undefined where none was complete. */
  readonly rows?: number | undefined;
  /** By Together field: share of people (0 to 1) who had a value in that read. */
  readonly filled?: Readonly<Record<string, number>> | undefined;
  /**
   * What an interrupted run had still to do when it began to write. Its guards had let that pass, and what is left of it
   * passes again; whatever goes beyond is measured as always.
   */
  readonly vetted?: GuardCounts | undefined;
  /** Mail domains (as keys) and supervisors of many that successful runs have met; undefined: none has noted them. */
  readonly domains?: readonly string[] | undefined;
  readonly supervisors?: readonly string[] | undefined;
}
