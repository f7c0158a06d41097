import type { StateStore } from '../store/store.ts';
import { auditFile, chainLine, type Head, linesOf, readLine, writeHead } from './chain.ts';

const dayMs = 86_400_000;

/**
 * Drops whole runs of which every entry is older than `days`, and puts an anchor in their place: the next line's `prev` is the
 * anchor's `carries`. The chain itself records the drop in a `retention` entry that names the anchor's hash, so that nobody can
 * cut the beginning off and call it retention. The newest run always stays. Works only when the oldest entry is a tenth past
 * its time, so that a long log is not rewritten each night. Returns the new head, or undefined when nothing was dropped.
 */
export async function applyRetention(
  store: StateStore,
  head: Head,
  days: number,
  now: number,
): Promise<Head | undefined> {
  const cutoff = new Date(now - days * dayMs).toISOString();
  const due = new Date(now - days * 1.1 * dayMs).toISOString();
  let dropped = { entries: 0, since: '' };
  /** The line that the run being read began with, and the entry before it. */
  let run: { line: number; after: { seq: number; hash: string; at: string } | undefined; entries: number } | undefined;
  let previous: { seq: number; hash: string; at: string } | undefined;
  let entries = 0;
  for await (const line of linesOf(store)) {
    const entry = readLine(line.text);
    if (!entry) return undefined;
    if (entry.type === 'anchor') {
      dropped = { entries: Number(entry.dropped_entries), since: String(entry.dropped_since) };
      continue;
    }
    if (entries === 0) {
      if (entry.at >= due) return undefined;
      if (dropped.entries === 0) dropped = { entries: 0, since: entry.at };
    }
    if (entry.type !== 'outcomes' && entry.type !== 'run_finished')
      run = { line: line.number, after: previous, entries };
    if (entry.at >= cutoff) break;
    previous = entry;
    entries++;
  }
  if (!run?.after) return undefined;
  const { line: keepFrom, after: last } = run;

  const at = new Date(now).toISOString();
  const anchor = chainLine(
    { seq: -1, hash: '' },
    {
      type: 'anchor',
      at,
      carries: last.hash,
      last_seq: last.seq,
      dropped_entries: dropped.entries + run.entries,
      dropped_since: dropped.since,
      dropped_until: last.at,
    },
  );
  const record = chainLine(head, { type: 'retention', at, anchor: anchor.head.hash, dropped_entries: run.entries });
  async function* kept(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${anchor.line}\n`);
    for await (const line of linesOf(store)) if (line.number >= keepFrom) yield Buffer.from(`${line.text}\n`);
    yield Buffer.from(`${record.line}\n`);
  }
  await store.replace(auditFile, kept());
  await writeHead(store, record.head);
  return record.head;
}
