/** Which program this is, byte for byte: for the audit log. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { RunMode } from '../model/run-summary.ts';
import type { TargetDeps } from '../run/run-types.ts';
import type { AuditLog } from '../state/audit/audit-log.ts';
import type { Session } from './session.ts';

/** SHA-256 of the executable, 16 hex digits; null when it can't be read. The names of its chunks, which it holds, are hashes of what is in them. */
export function packageHash(path = process.argv[1]): string | null {
  if (path === undefined) return null;
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  } catch {
    return null;
  }
}

/** The audit log hears of the plan before the first write, and of each batch after it is settled. */
export function auditHooks(
  audit: AuditLog | undefined,
  run: { runId: string; mode: RunMode; accept: string | undefined; about: Session['about'] },
): Pick<TargetDeps, 'onPlanned' | 'onSettled'> {
  if (!audit) return {};
  const { tool, destination } = run.about;
  return {
    onPlanned: (facts) =>
      audit.start({
        run_id: run.runId,
        mode: run.mode,
        tool,
        destination,
        accepted: run.accept ?? null,
        ...facts,
        who: whoRuns(),
      }),
    onSettled: (settled) =>
      audit.outcomes(
        run.runId,
        settled.map(({ delivery, outcome }) => ({
          id: delivery.employeeId,
          outcome: outcome.outcome,
          status: outcome.status,
        })),
      ),
  };
}

function whoRuns(): { user: string; host: string } {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A container may run as a number without a name.
  }
  return { user, host: hostname() };
}
