/**
 * `npm audit`, believed only where the registry really audits. Many a mirror has no audit, and some answer "nothing found" to
 * everybody; so the registry is first asked for a version of lodash whose holes everybody knows.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run-command.ts';

export type Audit =
  | { readonly verdict: 'clean'; readonly packages: number }
  | { readonly verdict: 'vulnerable'; readonly found: readonly string[] }
  /** Nothing is known, which is no good news. */
  | { readonly verdict: 'unanswered'; readonly reason: string };

interface Report {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly via: readonly (string | { readonly url?: string })[] }>
  >;
  readonly metadata?: {
    readonly vulnerabilities?: { readonly total?: number };
    readonly dependencies?: { readonly total?: number };
  };
}

/** What the JSON of one `npm audit` says; anything but a report is no answer. */
export function readAudit(stdout: string): Audit {
  let report: Report;
  try {
    report = JSON.parse(stdout) as Report;
  } catch {
    return { verdict: 'unanswered', reason: 'npm audit gave no JSON' };
  }
  const total = report.metadata?.vulnerabilities?.total;
  if (typeof total !== 'number' || report.vulnerabilities === undefined)
    return { verdict: 'unanswered', reason: report.message ?? 'npm audit gave no report' };
  const found = Object.entries(report.vulnerabilities).map(([name, { severity, via }]) => {
    const urls = via.flatMap((each) => (typeof each === 'object' && each.url !== undefined ? [each.url] : []));
    return [name, severity, ...urls].join(' ');
  });
  if (total > 0 || found.length > 0) return { verdict: 'vulnerable', found };
  return { verdict: 'clean', packages: report.metadata?.dependencies?.total ?? 0 };
}

/** Audits a folder's lock file, development tools included. */
export async function audit(folder: string): Promise<Audit> {
  const known = await mkdtemp(join(tmpdir(), 'audit-'));
  try {
    const dependencies = { lodash: '4.17.4' };
    await writeFile(join(known, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await writeFile(
      join(known, 'package-lock.json'),
      JSON.stringify({
        lockfileVersion: 3,
        packages: { '': { dependencies }, 'node_modules/lodash': { version: '4.17.4' } },
      }),
    );
    const proof = readAudit(await report(known));
    if (proof.verdict === 'unanswered') return proof;
    if (proof.verdict === 'clean')
      return { verdict: 'unanswered', reason: 'the registry does not know the holes of lodash 4.17.4 either' };
    return readAudit(await report(folder));
  } finally {
    await rm(known, { recursive: true, force: true });
  }
}

/** Whatever the user's npm is configured to: offline it would find nothing, and say so as if it had looked. */
async function report(folder: string): Promise<string> {
  const args = ['audit', '--json', '--package-lock-only', '--offline=false', '--include=dev', '--include=optional'];
  return (await run('npm', args, { cwd: folder })).stdout;
}
