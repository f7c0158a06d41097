/** `target-together apply P`: sends exactly what was reviewed, or nothing. */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { firstKeys, openState } from '../../app/open-state.ts';
import type { Session } from '../../app/session.ts';
import { type OpenPlan, openPlan } from '../../plan/file/read-plan.ts';
import { restorePlan } from '../../plan/file/reviewed-plan.ts';
import { planFromFile } from '../../run/plan-step.ts';
import { runAndReport, withSession } from './command.ts';
import { filesOf, levelOf, singerRelease } from './singer-io.ts';

export const apply = withSession(async (session, line) => {
  const path = line.positionals[0] as string;
  const { plan, version } = await readPlan(session, path);
  const accept = line.value('accept');
  refuseIfMoved(session, plan, version, path);
  refuseIfOld(session, plan, path, accept ?? session.settings.accept_plan);
  return await runAndReport(session, {
    mode: 'apply',
    protocol: 'singer',
    accept,
    readAt: Date.parse(plan.head.read_at),
    files: { ...(await filesOf(line)), plan: path },
    level: levelOf(line),
    read: async () => {},
    release: singerRelease(line, session.io),
    planner: ({ state }) => {
      // Between the look above and the lock, another run may have come by.
      if (state.version !== plan.head.hashes.ledger) throw moved(path, ['the ledger']);
      return planFromFile(plan.head.hashes.mapping, (people) =>
        restorePlan(plan, people, state, session.settings.clear_with),
      );
    },
  });
});

/** Opens and proves a plan; `version`: of the ledger now. */
export async function readPlan(session: Session, path: string): Promise<{ plan: OpenPlan; version: string }> {
  const { state, keys } = await openState(session);
  try {
    // The first plan was made before the ledger had a key.
    const secrets = [keys, firstKeys(session)].map((each) => each.derive('plan file', 32));
    return { plan: await openPlan(path, secrets), version: state.version };
  } finally {
    await state.close();
  }
}

function refuseIfMoved(session: Session, { head }: OpenPlan, version: string, path: string): void {
  const { host, organization_id } = session.about.destination;
  const differs: string[] = [];
  if (head.destination.host !== host || head.destination.organization_id !== organization_id)
    differs.push('the organization');
  if (head.hashes.settings !== session.settingsHash) differs.push('the settings or the mapping in them');
  if (head.tool.version !== session.about.tool.version) differs.push('the version of target-together');
  if (head.hashes.ledger !== version) differs.push('the ledger (another run has sent something since)');
  if (differs.length > 0) throw moved(path, differs);
}

const oldAfterHours = 24;

/** Who is in a plan was right when it was read. Where no state is kept, there is no ledger to compare with. */
function refuseIfOld({ io }: Session, { head }: OpenPlan, path: string, accept: string | null): void {
  // A plan from tomorrow was read by a clock that was wrong, then or now.
  const hours = Math.abs(io.clock.now() - Date.parse(head.read_at)) / 3_600_000;
  if (hours <= oldAfterHours || accept === head.plan_hash) return;
  throw new ConnectorError(
    'guard',
    said`The plan ${path} was read ${head.read_at}, more than ${oldAfterHours} hours from now: people may have come, gone or changed since. Nothing was sent.`,
    { hint: `Make a new plan; or if it is still right, release exactly this one: --accept ${head.plan_hash}` },
  );
}

function moved(path: string, what: readonly string[]): ConnectorError {
  return new ConnectorError(
    'settings',
    said`The plan ${path} no longer holds: ${what.join(', ')} moved since it was made. Nothing was sent.`,
    {
      hint: 'Make a new plan and have it reviewed.',
    },
  );
}
