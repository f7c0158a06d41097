import type { StateStore } from '../store/store.ts';
import { auditFile, genesis, type Head, readHead, readLine, writeHead } from './chain.ts';

/** Where the log ends, what has to be cut, and whether it is what the head file remembers. Reads the end only. */
export async function inspect(
  store: StateStore,
): Promise<{ head: Head; size: number; torn: number; damage: string | undefined }> {
  const remembered = await readHead(store);
  let size = (await store.size(auditFile)) ?? 0;
  const { line, torn } = await lastLine(store, size);
  if (torn > 0) {
    size -= torn;
    await store.truncate(auditFile, size);
  }
  if (line === undefined) {
    if (!remembered) await writeHead(store, genesis);
    if (!remembered || remembered.seq === 0) return { head: genesis, size, torn, damage: undefined };
    return { head: remembered, size, torn, damage: `the log was emptied; it had reached entry ${remembered.seq}` };
  }
  const entry = readLine(line);
  if (!entry) return { head: remembered ?? genesis, size, torn, damage: 'the last line was changed' };
  const found: Head =
    entry.type === 'anchor'
      ? { seq: Number(entry.last_seq), hash: String(entry.carries) }
      : { seq: entry.seq, hash: entry.hash };
  if (!remembered) return { head: found, size, torn, damage: 'the head file is missing or unreadable' };
  if (remembered.seq > found.seq)
    return {
      head: remembered,
      size,
      torn,
      damage: `the log ends with entry ${found.seq}, but had reached ${remembered.seq}`,
    };
  if (remembered.seq === found.seq && remembered.hash !== found.hash)
    return { head: found, size, torn, damage: 'the last line was replaced' };
  // One entry ahead of the head file: a run was killed between the two writes.
  if (found.seq > remembered.seq + 1)
    return {
      head: found,
      size,
      torn,
      damage: `the head file stands at entry ${remembered.seq}, the log at ${found.seq}`,
    };
  return { head: found, size, torn, damage: undefined };
}

async function lastLine(store: StateStore, size: number): Promise<{ line: string | undefined; torn: number }> {
  for (let span = 65_536; ; span *= 4) {
    const length = Math.min(span, size);
    const buffer = (await store.read(auditFile, size - length, length)) ?? Buffer.alloc(0);
    const end = buffer.lastIndexOf(10);
    const begin = end > 0 ? buffer.lastIndexOf(10, end - 1) : -1;
    const whole = length === size;
    if (end < 0 && whole) return { line: undefined, torn: size };
    if (end >= 0 && (begin >= 0 || whole))
      return { line: buffer.subarray(begin + 1, end).toString('utf8'), torn: length - end - 1 };
  }
}
