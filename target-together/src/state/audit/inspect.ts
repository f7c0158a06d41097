import type { StateStore } from '../store/store.ts';
import { auditFiles, type Chain, genesis, type Head, readHead, writeHead } from './chain.ts';

export interface Inspected {
  readonly head: Head;
  /** The newest file and its size; undefined: there is none. */
  readonly file: string | undefined;
  readonly size: number;
  /** Bytes of an unfinished line that were removed. */
  readonly torn: number;
  /** What is wrong, as a clause. */
  readonly damage: string | undefined;
}

/**
 * Where the log ends, and whether it is what the head file remembers. Reads the end only, and removes an unfinished line.
 * `knowsRuns`: whether the state knows of runs, so that there must be a log.
 */
export async function inspect(store: StateStore, chain: Chain, knowsRuns: boolean): Promise<Inspected> {
  const remembered = await readHead(store);
  const { file, size, line, torn } = await lastOf(store);
  const found = (head: Head, damage?: string): Inspected => ({ head, file, size, torn, damage });
  if (line === undefined) {
    if (remembered && remembered.seq > 0)
      return found(remembered, `the log was emptied; it had reached entry ${remembered.seq}`);
    if (!remembered) await writeHead(store, genesis);
    return found(genesis, knowsRuns ? 'the log is missing, though the state knows of runs' : undefined);
  }
  const entry = chain.read(line);
  if (!entry) return found(remembered ?? genesis, 'the last line was changed, or written with another key');
  const head: Head = { seq: entry.seq, hash: entry.hash };
  if (!remembered) return found(head, 'the head file is missing or unreadable');
  if (remembered.seq > head.seq)
    return found(remembered, `the log ends with entry ${head.seq}, but had reached ${remembered.seq}`);
  if (remembered.seq === head.seq && remembered.hash !== head.hash) return found(head, 'the last line was replaced');
  // One entry ahead of the head file: a run was killed between the two writes.
  if (head.seq > remembered.seq + 1)
    return found(head, `the head file stands at entry ${remembered.seq}, the log at ${head.seq}`);
  return found(head);
}

/** The newest file that has a whole line, and that line. Bytes after it are removed, and files that have none. */
async function lastOf(store: StateStore) {
  let cut = 0;
  for (const file of (await auditFiles(store)).reverse()) {
    const size = (await store.size(file)) ?? 0;
    const { line, torn } = await lastLine(store, file, size);
    cut += torn;
    if (line !== undefined) {
      if (torn > 0) await store.truncate(file, size - torn);
      return { file, size: size - torn, line, torn: cut };
    }
    await store.remove(file);
  }
  return { file: undefined, size: 0, line: undefined, torn: cut };
}

async function lastLine(
  store: StateStore,
  file: string,
  size: number,
): Promise<{ line: Buffer | undefined; torn: number }> {
  for (let span = 65_536; ; span *= 4) {
    const length = Math.min(span, size);
    const buffer = (await store.read(file, size - length, length)) ?? Buffer.alloc(0);
    const end = buffer.lastIndexOf(10);
    const begin = end > 0 ? buffer.lastIndexOf(10, end - 1) : -1;
    const whole = length === size;
    if (end < 0 && whole) return { line: undefined, torn: size };
    if (end >= 0 && (begin >= 0 || whole)) return { line: buffer.subarray(begin + 1, end), torn: length - end - 1 };
  }
}
