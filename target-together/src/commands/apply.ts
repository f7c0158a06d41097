/** `target-together apply P`: sends exactly what was reviewed, or nothing. */
import { ConnectorError } from '@ukg-together/protocol/error';
import { logFailure } from '@ukg-together/protocol/failure';
import type { Books } from '../books.ts';
import { giversOf } from '../check.ts';
import { addressesOf, addressOf } from '../holders.ts';
import { openRunBooks } from '../opening.ts';
import type { People } from '../people/people.ts';
import { perform } from '../perform.ts';
import { afterGivers, type Plan } from '../plan.ts';
import { type OpenPlan, openPlan } from '../plan-file.ts';
import { openSession, type Session } from '../session.ts';
import type { GivenPlan, PlannedRead } from '../target.ts';
import type { Action, Fault, Mapped, TogetherUser } from '../types.ts';
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
      files: { ...(await filesOf(line)), plan: path },
      level: levelOf(line),
      mappingHash: plan.head.hashes.mapping,
      read: async () => {},
      release: singerRelease(line, io),
      given: ({ books }) => {
        // Between the look above and the lock, another run may have come by.
        if (books.stamp !== plan.head.hashes.ledger) throw moved(path, ['the ledger']);
        return (people) => givenPlan(plan, people, books);
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

/** Everybody whom the plan's read has seen, put into the store as if just read; actions and order as reviewed. */
async function givenPlan(plan: OpenPlan, people: People, books: Books): Promise<GivenPlan> {
  const { head } = plan;
  const { hash, lookup } = books;
  const withoutEmail = new Set<number>();
  const read = plan.read as PlannedRead;
  const actionOf: Action[] = [];
  const isNew: boolean[] = [];
  const held = new Set<number>();
  const conflicts = new Map<number, readonly Fault[]>();
  const patches: { readonly employeeId: string; readonly json: string; readonly action: Action }[] = [];
  const changesByField: Record<string, number> = {};
  let resends = 0;
  for await (const { id, action, new: unknown, json, patch, raw, changes } of plan.people()) {
    for (const { field } of changes ?? []) changesByField[field] = (changesByField[field] ?? 0) + 1;
    if (patch) {
      patches.push({ employeeId: id, json, action });
      continue;
    }
    const user = JSON.parse(json) as TogetherUser;
    const mapped: Mapped = { kind: 'user', user, notes: [] };
    const person = people.add({ mapped, rowKey: id, raw: raw ?? '', line: 0 }, json, hash(json));
    if (user.email === undefined) withoutEmail.add(person);
    actionOf.push(action);
    isNew.push(unknown);
    if (action === 'same') resends++;
  }
  const toSend = people.size;
  for await (const { id, action, user: kept, conflict, faults, filter, raw } of plan.unsent()) {
    const user = id === undefined ? undefined : { employeeId: id, ...kept };
    const mapped: Mapped =
      filter !== undefined
        ? { kind: 'excluded', id, user, filter }
        : faults || !user
          ? { kind: 'invalid', id, faults: faults ?? [] }
          : { kind: 'user', user, notes: [] };
    // Two rows of one employeeId are two people here as well.
    const rowKey = conflict ? `\0${people.size}` : id;
    const person = people.add({ mapped, rowKey, raw: raw ?? '', line: 0 }, JSON.stringify(user ?? {}), undefined);
    actionOf.push(action);
    if (conflict) conflicts.set(person, conflict);
    else if (raw !== undefined && action === 'same') held.add(person);
  }
  const { handedOver } = await books.heldAddresses(
    () => addressesOf(people),
    (id) => addressOf(people, id),
  );
  const givers = giversOf(people, (id) => lookup(id)?.status, handedOver);
  const patchOf = (person: number) => patches[person - people.size];
  const made: Plan = {
    counts: head.actions as Record<Action, number>,
    order: Int32Array.from({ length: toSend + patches.length }, (_, at) =>
      at < toSend ? at : people.size + at - toSend,
    ),
    resends,
    vanished: read.vanished,
    excludedKnown: [],
    hash: head.plan_hash,
    action: (person) => actionOf[person] ?? patchOf(person)?.action ?? 'change',
    sends: (person) => person < toSend,
    faults: (person) => conflicts.get(person) ?? people.faults(person),
    held: (person) => (held.has(person) ? lookup(people.id(person) as string)?.refused : undefined),
    json: (person) => patchOf(person)?.json ?? people.json(person),
    delivery: (person) => ({
      index: person,
      employeeId: patchOf(person)?.employeeId ?? (people.id(person) as string),
      body: person < people.size ? people.body(person) : Buffer.from(made.json(person)),
      isNew: isNew[person] === true,
      after: afterGivers({ givers, withoutEmail }, person),
    }),
  };
  return {
    plan: made,
    findings: {
      conflicts,
      withoutEmail,
      turns: new Map(),
      givers,
      dropped: () => undefined,
      droppedTotal: 0,
      loops: [],
      stillLooping: new Set(),
      parent: parentsOf(people),
    },
    guards: head.guards.map((guard) => guard),
    causes: [...head.causes],
    changesByField,
    read,
  };
}

/** Links that can't be were left out when the plan was made, loops among them. */
function parentsOf(people: People): Int32Array {
  return Int32Array.from({ length: people.size }, (_, person) => {
    const at = people.supervisorAt(person);
    return at < 0 ? -1 : people.personOf(at);
  });
}
