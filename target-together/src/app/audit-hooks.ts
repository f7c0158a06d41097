/** Which program this is, byte for byte: for the audit log. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { RunAudit } from '../run/deliver-step.ts';
import type { RunIdentity } from '../run/identity.ts';
import type { AuditLog, Who } from '../state/audit/audit-log.ts';
import type { LedgerKeys } from '../state/ledger/keys.ts';
import { pseudonym } from '../state/privacy/audit.ts';

/** SHA-256 of the executable, 16 hex digits; null when it can't be read. The names of its chunks, which it holds, are hashes of what is in them. */
export function packageHash(path = process.argv[1]): string | null {
  if (path === undefined) return null;
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  } catch {
    return null;
  }
}

/** The audit log is notified of the plan before the first write, and of each batch, by pseudonyms, once its outcomes are kept. */
export function auditOf(
  audit: AuditLog,
  { id, mode, accept, about }: RunIdentity,
  keys: Pick<LedgerKeys, 'id'>,
): RunAudit {
  const { tool, destination } = about;
  return {
    planned: (facts) =>
      audit.start({
        run_id: id,
        mode: mode.name,
        tool,
        destination,
        accepted: accept ?? null,
        ...facts,
        who: whoRuns(),
      }),
    outcomes: (outcomes) =>
      audit.outcomes(
        id,
        outcomes.map(({ delivery, outcome }) => ({
          id: pseudonym(keys, delivery.employeeId),
          outcome: outcome.outcome,
          status: outcome.status,
        })),
      ),
  };
}

export function whoRuns(): Who {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A container may run as a number without a name.
  }
  return { user, host: hostname() };
}
