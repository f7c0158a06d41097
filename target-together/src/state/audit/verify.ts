import type { StateStore } from '../store/store.ts';
import { auditFile, type ChainedEntry, genesis, type Head, linesOf, readHead, readLine } from './chain.ts';

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly runs: number;
  /** Times of the first and the last entry that hold, RFC 3339. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Where the log ends. Compare it with the one that was kept elsewhere. */
  readonly head: Head;
  /** 1-based; one past the last line when lines are missing at the end. */
  readonly brokenLine: number | undefined;
  /** What is wrong, as a sentence. */
  readonly why: string | undefined;
  /** Worth knowing, but not a fault. */
  readonly notes: readonly string[];
}

/**
 * Walks the whole log and names the first line that does not hold. `expected` is a head kept elsewhere: the log must still
 * contain it. A log that does not exist, and never did, is in order.
 */
export async function verifyAudit(store: StateStore, expected?: Head): Promise<AuditVerdict> {
  const end = await readHead(store);
  const exists = (await store.size(auditFile)) !== undefined;
  const notes: string[] = [];
  let last = genesis;
  let previous = genesis.hash;
  let number = 0;
  let runs = 0;
  let from: string | undefined;
  let to: string | undefined;
  let anchor: ChainedEntry | undefined;
  let retention: { entry: ChainedEntry; number: number } | undefined;
  let headSeen = end === undefined || end.seq === 0;
  let expectedSeen = expected === undefined || expected.seq === 0;

  const verdict = (brokenLine?: number, why?: string): AuditVerdict => ({
    ok: brokenLine === undefined,
    entries: anchor ? number - 1 : number,
    runs,
    from,
    to,
    head: last,
    brokenLine,
    why,
    notes,
  });
  const broken = (why: string) => verdict(number, why);

  if (exists) {
    for await (const line of linesOf(store, (bytes) =>
      notes.push(
        `Ends with an unfinished line of ${bytes} bytes: a run was killed while writing. The next run removes it.`,
      ),
    )) {
      number = line.number;
      const entry = readLine(line.text);
      if (!entry) return broken('This line was changed after it was written, or is not an audit entry.');
      if (entry.type === 'anchor') {
        if (number > 1) return broken('An anchor stands in the middle: lines were put in.');
        anchor = entry;
        previous = String(entry.carries);
        last = { seq: Number(entry.last_seq), hash: previous };
        // Dropping old entries on purpose may take away the entry that was kept elsewhere.
        if (expected && expected.seq <= last.seq) {
          expectedSeen = true;
          notes.push('The head to compare with belongs to entries that retention has dropped.');
        }
        continue;
      }
      if (entry.seq !== last.seq + 1)
        return broken(
          entry.seq > last.seq + 1
            ? `Entries ${last.seq + 1} to ${entry.seq - 1} are missing before this line.`
            : `Entry ${entry.seq} stands after entry ${last.seq}: lines were repeated or moved.`,
        );
      if (entry.prev !== previous)
        return broken('This line does not follow from the one before: one of the two was replaced.');
      if (entry.type === 'break')
        return broken(`A run found the log damaged here and said so: ${String(entry.reason)}`);
      if (entry.type === 'retention') retention = { entry, number };
      if (entry.type === 'run_started') runs++;
      from ??= entry.at;
      to = entry.at;
      previous = entry.hash;
      last = { seq: entry.seq, hash: entry.hash };
      if (end?.seq === entry.seq) {
        if (end.hash !== entry.hash)
          return broken('The head file has another hash for this entry: the line was replaced.');
        headSeen = true;
      }
      if (expected?.seq === entry.seq) {
        if (expected.hash !== entry.hash) return broken('The head kept elsewhere has another hash for this entry.');
        expectedSeen = true;
      }
    }
  }
  if (anchor && retention?.entry.anchor !== anchor.hash)
    return verdict(1, 'The anchor says that old entries were dropped, but no retention entry confirms it.');
  if (!anchor && retention)
    return verdict(1, `Line ${retention.number} says that old entries were dropped, but the anchor is gone.`);
  // Read again: a run may be writing just now. Between its two writes the log is one entry ahead.
  const endNow = (await readHead(store)) ?? end;
  if (!headSeen && end)
    return verdict(
      number + 1,
      `The log should go on to entry ${end.seq}, but ends with entry ${last.seq}: lines were cut off.`,
    );
  if (end === undefined && number > 0)
    return verdict(
      number + 1,
      'The head file is missing or unreadable: nobody can say whether lines were cut off here.',
    );
  if (endNow && last.seq > endNow.seq + 1)
    return verdict(
      number,
      `The head file stands at entry ${endNow.seq}, the log goes on to ${last.seq}: one of them was replaced.`,
    );
  if (!expectedSeen && expected)
    return verdict(number + 1, `The log never reaches entry ${expected.seq}, whose hash was kept elsewhere.`);
  return verdict();
}
