/** `target-together revert RUN`: people get back what Together held of them before a run. A plan like any other, through the guards. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import type { Execution } from '../../../app/execute-run.ts';
import type { MappingSession } from '../../../app/mapping-session.ts';
import type { OpenState } from '../../../app/open-state.ts';
import type { Session } from '../../../app/session.ts';
import type { TogetherUser } from '../../../model/person.ts';
import { type ClearWith, withClears } from '../../../plan/clears.ts';
import { type Planner, planFromRead } from '../../../run/plan-step.ts';
import { type Revert, revertOf } from '../../../state/values/revert-of.ts';
import { needState, runAndReport, withSession } from '../command.ts';
import { writePlanOf } from '../plan.ts';
import { filesOf, levelOf } from '../singer-io.ts';

const stream = 'kept_values';

export const revert = withSession(async (given, line) => {
  needState(given, 'nothing is kept');
  if (given.settings.keep_values_days === 0) throw nothingKept();
  const runId = line.positionals[0] as string;
  const session = asKept(given, runId);
  const out = line.value('out');
  const level = levelOf(line);
  const mode = out !== undefined ? 'plan' : line.has('dry-run') ? 'dry-run' : 'run';
  let opened: OpenState | undefined;
  let emptied: Revert['emptied'] = new Map();
  return await runAndReport(session, {
    mode,
    protocol: 'singer',
    asked: { planFile: out !== undefined },
    accept: line.value('accept'),
    files: { ...(await filesOf(line)), plan: out },
    level,
    planner(state) {
      opened = state;
      return emptying(planFromRead(session.mapping.hash, undefined), session.settings.clear_with, () => emptied);
    },
    async read(take) {
      const { store, keys } = opened as OpenState;
      const made = await revertOf(store, keys, runId);
      emptied = made.emptied;
      session.io.log.info(sentence(runId, made, line.has('end-created')));
      await feed(take, [...made.restored, ...(line.has('end-created') ? made.created.map(asEnded) : [])]);
    },
    own: async (ended, state) => {
      if (out !== undefined) await writePlanOf(session, ended, state, out, level);
    },
  });
});

/** Values that were sent once are sent as they are: no mapping, no filter and no day has a say any more. */
function asKept(session: Session, runId: string): Session {
  const mapping: MappingSession = {
    of: () => undefined,
    open: async () => ({ map: (record) => ({ kind: 'user', user: record as TogetherUser, notes: [] }) }),
    presets: new Map(),
    hash: () => stream,
    rules: () => ({ '*': `as before run ${runId}, by a revert` }),
    facts: () => undefined,
  };
  const settings: Session['settings'] = {
    ...session.settings,
    filters: [],
    deleted_when: null,
    leaver_email: null,
    effective_dates: { end: 'status', hire_lead_days: null },
    complete_reads: 'never',
    unmapped_streams: 'ignore',
    // The people a run was cut off with may or may not have it: sent again in any case.
    resend_after_hours: 0,
  };
  return { ...session, settings, mapping };
}

/** Fields that were not there before are emptied beside the body, so that the ledger holds the body as it was. */
function emptying(planner: Planner, clearWith: ClearWith, emptied: () => Revert['emptied']): Planner {
  return {
    ...planner,
    async plan(read, run, deps) {
      const planned = await planner.plan(read, run, deps);
      const own = new Map([...emptied()].map(([id, fields]) => [read.people.find(id), fields]));
      return {
        ...planned,
        plan: withClears(planned.plan, own, clearWith),
        clears: new Map([...planned.clears, ...own]),
      };
    },
  };
}

const asEnded = (user: TogetherUser): TogetherUser => ({ ...user, employeeStatusCode: 'T' });

async function feed(take: Parameters<Execution['read']>[0], users: readonly TogetherUser[]): Promise<void> {
  await take({ type: 'schema', stream, schema: { properties: {} }, keyProperties: ['employeeId'] }, at(0, {}));
  // What the rejects keep of a person who is refused: the id, no value.
  for (const [number, user] of users.entries())
    await take({ type: 'record', stream, record: user }, at(number + 1, { employeeId: user.employeeId }));
  // What is kept was read to its end.
  await take({ type: 'state', value: {} }, at(users.length + 1, {}));
}

const at = (number: number, record: object) => ({
  number,
  text: JSON.stringify({ type: 'RECORD', stream, record }),
});

function sentence(run: string, made: Revert, endsCreated: boolean): string {
  const { people, restored, created, changedSince, moved, unknown } = made;
  const clauses = [
    `Reverting ${run} restores ${restored.length} of ${counted(people, 'person', 'people')}`,
    changedSince > 0 && `${changedSince} changed since, left alone`,
    created.length > 0 &&
      `${created.length} ${created.length === 1 ? 'was' : 'were'} created: ${endsCreated ? 'ended' : 'can only be ended (--end-created)'}`,
    moved > 0 && `${moved} got a new id, left alone`,
    unknown > 0 && `of ${unknown} nothing was kept before`,
  ];
  return `${clauses.filter(Boolean).join('; ')}.`;
}

function nothingKept(): ConnectorError {
  return new ConnectorError(
    'settings',
    said`keep_values_days is 0: nothing was kept that a run could be taken back to.`,
    {
      hint: 'Set it to a number of days: from the next run on, runs can be taken back.',
    },
  );
}
