/** `target-together apply P`: sends exactly what was reviewed, or nothing. */
import { ConnectorError } from '@ukg-together/protocol/error';
import { logFailure } from '@ukg-together/protocol/failure';
import { openRunBooks } from '../opening.ts';
import type { People } from '../people/people.ts';
import { perform } from '../perform.ts';
import type { Plan } from '../plan.ts';
import { type OpenPlan, openPlan } from '../plan-file.ts';
import { openSession, type Session } from '../session.ts';
import type { GivenPlan } from '../target.ts';
import { type Action, actions, type TogetherUser } from '../types.ts';
import type { Command } from './index.ts';
import { filesOf, levelOf, singerRelease } from './singer.ts';

export const apply: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  const path = line.positionals[0] as string;
  try {
    const { plan, stamp } = await readPlan(session, path);
    refuseIfMoved(session, plan, stamp, path);
    const result = await perform(session, {
      mode: 'apply',
      accept: line.value('accept'),
      files: { ...filesOf(line), plan: path },
      level: levelOf(line),
      mappingHash: plan.head.hashes.mapping,
      read: async () => {},
      release: singerRelease(line, io),
      given: ({ books }) => {
        // Between the look above and the lock, another run may have come by.
        if (books.stamp !== plan.head.hashes.ledger) throw moved(path, ['the ledger']);
        return (people) => givenPlan(plan, people, books.hash);
      },
    });
    if (result.error) logFailure(io.log, result.error);
    return result.exitCode;
  } finally {
    await session.close();
  }
};

async function readPlan(session: Session, path: string): Promise<{ plan: OpenPlan; stamp: string }> {
  const { books, keys } = await openRunBooks(session);
  try {
    return { plan: await openPlan(path, keys.derive('plan file', 32)), stamp: books.stamp };
  } finally {
    await books.close();
  }
}

function refuseIfMoved(session: Session, { head }: OpenPlan, stamp: string, path: string): void {
  const { host, organization_id } = session.about.destination;
  const differs: string[] = [];
  if (head.destination.host !== host || head.destination.organization_id !== organization_id)
    differs.push('the organization');
  if (head.hashes.settings !== session.settingsHash) differs.push('the settings or the mapping in them');
  if (head.tool.version !== session.about.tool.version) differs.push('the version of target-together');
  if (head.hashes.ledger !== stamp) differs.push('the ledger (another run has sent something since)');
  if (differs.length > 0) throw moved(path, differs);
}

function moved(path: string, what: readonly string[]): ConnectorError {
  return new ConnectorError(
    'settings',
    `The plan ${path} no longer holds: ${what.join(', ')} moved since it was made. Nothing was sent.`,
    {
      hint: 'Make a new plan and have it reviewed.',
    },
  );
}

/** Everybody in the plan, put into the store as if just read; actions and order as reviewed. */
async function givenPlan(plan: OpenPlan, people: People, hash: (json: string) => Uint8Array): Promise<GivenPlan> {
  const { head } = plan;
  const actionOf: Action[] = [];
  const isNew: boolean[] = [];
  for await (const { id, action, new: unknown, json } of plan.people()) {
    const user = JSON.parse(json) as TogetherUser;
    people.add({ mapped: { kind: 'user', user, notes: [] }, rowKey: id, raw: '', line: 0 }, json, hash(json));
    actionOf.push(action);
    isNew.push(unknown);
  }
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  for (const action of actionOf) counts[action]++;
  const order = Int32Array.from(actionOf, (_action, at) => at);
  const made: Plan = {
    counts,
    order,
    resends: counts.same,
    vanished: [],
    excludedKnown: [],
    hash: head.plan_hash,
    action: (person) => actionOf[person] ?? 'vanished',
    sends: () => true,
    faults: () => [],
    held: () => undefined,
    json: (person) => people.json(person),
    delivery: (person) => ({
      index: person,
      employeeId: people.id(person) as string,
      json: people.json(person),
      isNew: isNew[person] === true,
    }),
  };
  return {
    plan: made,
    findings: {
      conflicts: new Map(),
      withoutEmail: new Set(),
      dropped: () => undefined,
      droppedTotal: 0,
      loops: [],
      parent: new Int32Array(people.size).fill(-1),
    },
    guards: head.guards.map((guard) => guard),
    causes: [...head.causes],
    states: plan.states as GivenPlan['states'],
  };
}
