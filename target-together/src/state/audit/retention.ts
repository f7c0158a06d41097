import type { StateStore } from '../store/store.ts';
import { auditFiles, type Chain, type ChainedEntry, headText, linesOf, setAsideFiles } from './chain.ts';

const dayMs = 86_400_000;

export interface Expired {
  readonly files: readonly string[];
  /** The head after the last entry of these files, as text. */
  readonly upTo: string;
}

/**
 * The files of months that ended more than `days` ago; undefined: none. The newest file always stays, but nothing of a month that
 * was set aside. The log goes on without
 * them: the first entry that is left names the head before it, and an entry written before they are removed says how far they go,
 * so that no one else can take files away and call it retention.
 */
export async function expired(
  store: StateStore,
  chain: Chain,
  days: number,
  now: number,
): Promise<Expired | undefined> {
  const files = await auditFiles(store);
  const isOld = (file: string) => endOfMonth(file) <= now - days * dayMs;
  const old = files.slice(0, -1).filter(isOld);
  const aside = (await setAsideFiles(store)).filter(isOld);
  const next = files[old.length];
  if (old.length + aside.length === 0 || next === undefined) return undefined;
  const first = await firstEntry(store, chain, next);
  return first && { files: [...old, ...aside], upTo: headText({ seq: first.seq - 1, hash: first.prev }) };
}

async function firstEntry(store: StateStore, chain: Chain, file: string): Promise<ChainedEntry | undefined> {
  for await (const { line } of linesOf(store, file)) return chain.read(line);
  return undefined;
}

/** Milliseconds since 1970. */
function endOfMonth(file: string): number {
  const [, year, month] = /(\d{4})-(\d\d)/.exec(file) as unknown as [string, string, string];
  return Date.UTC(Number(year), Number(month), 1);
}
