/**
 * What a person does about a damaged log: its files are set aside as they are, and a new one begins with an entry of type `break`,
 * which says who accepted what, and holds the hash of each file that was set aside.
 */
import { setAside } from './aside.ts';
import type { Who } from './audit-log.ts';
import { auditChain, auditFileOf, auditFiles, type Head, readHead, writeHead } from './chain.ts';
import { type AuditVerdict, type VerifyOptions, verifyAudit } from './verify.ts';

export interface Accepted {
  /** What was wrong. */
  readonly verdict: AuditVerdict;
  /** What was set aside, now and before, by the names that it has now. */
  readonly files: readonly string[];
  /** Where the new log stands. */
  readonly head: Head;
}

/** undefined: the log is in order. The caller holds the run lock. A kill on the way leaves a log that has to be accepted again. */
export async function acceptDamage(
  options: VerifyOptions,
  { who, at }: { readonly who: Who; readonly at: string },
): Promise<Accepted | undefined> {
  const { store, key } = options;
  const verdict = await verifyAudit(options);
  if (verdict.ok) return undefined;
  const old = await auditFiles(store);
  const files = await setAside(store, old);
  // A clock that goes back stays in the newest month. Numbers go on, as far as they are known.
  const file = [auditFileOf(at), ...old].sort().at(-1) as string;
  const { seq } = [verdict.head, (await readHead(store, key)) ?? verdict.head]
    .sort((a, b) => a.seq - b.seq)
    .at(-1) as Head;
  const reason = `${verdict.brokenFile}, line ${verdict.brokenLine}: ${verdict.why}`;
  const { line, head } = auditChain(key).line(
    { seq, hash: verdict.head.hash },
    { type: 'break', at, who, reason, files },
  );
  await store.replace(file, [Buffer.from(`${line}\n`)]);
  await writeHead(store, key, head);
  for (const one of old) if (one !== file) await store.remove(one);
  return { verdict, files: files.map((one) => one.file), head };
}
