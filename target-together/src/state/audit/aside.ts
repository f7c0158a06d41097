/** Files of a damaged log that were set aside: kept as they were found, for who wants to know what happened. */
import { createHash } from 'node:crypto';
import type { StateStore } from '../store/store.ts';
import { type ChainedEntry, setAsideFiles } from './chain.ts';

const pieceBytes = 1 << 20;

/** As an entry of type `break` names them. */
export interface SetAside {
  readonly file: string;
  readonly sha256: string;
}

/** Copies `files` under names that say so; what was set aside before is named again. */
export async function setAside(store: StateStore, files: readonly string[]): Promise<SetAside[]> {
  const before = new Set(await setAsideFiles(store));
  for (const file of files) {
    let number = 1;
    const name = () => file.replace('.jsonl', `.damaged-${number}.jsonl`);
    while (before.has(name())) number++;
    await store.replace(name(), piecesOf(store, file));
  }
  return await Promise.all((await setAsideFiles(store)).map((file) => named(store, file)));
}

async function named(store: StateStore, file: string): Promise<SetAside> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(store, file)) hash.update(piece);
  return { file, sha256: hash.digest('hex') };
}

async function* piecesOf(store: StateStore, file: string): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const piece = (await store.read(file, at, pieceBytes)) ?? Buffer.alloc(0);
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

/** The first file that is not as `entry`, of type `break`, names it, and is not among those that retention has dropped. */
export async function changedAside(
  store: StateStore,
  entry: ChainedEntry,
  dropped: ReadonlySet<string>,
): Promise<{ file: string; why: string } | undefined> {
  const there = new Set(await setAsideFiles(store));
  for (const { file, sha256 } of entry['files'] as readonly SetAside[]) {
    if (dropped.has(file)) continue;
    if (!there.has(file)) return { file, why: 'This file was set aside as damaged, and was taken away since.' };
    if ((await named(store, file)).sha256 !== sha256)
      return { file, why: 'This file was set aside as damaged, and was changed since.' };
  }
  return undefined;
}
