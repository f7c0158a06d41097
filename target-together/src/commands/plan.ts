/** `target-together plan`: everything up to the first write, and the plan as a file. */
import { logFailure } from '@ukg-together/protocol/failure';
import type { OpenBooks } from '../opening.ts';
import { Kind } from '../people/people.ts';
import { perform } from '../perform.ts';
import { type PlannedPerson, type UnsentPerson, writePlan } from '../plan-file.ts';
import type { RedactionLevel } from '../report/model.ts';
import { showsValue } from '../report/redaction.ts';
import { openSession, type Session } from '../session.ts';
import type { RunResult } from '../target.ts';
import type { TogetherUser } from '../types.ts';
import type { Command } from './index.ts';
import { filesOf, levelOf, singerReader } from './singer.ts';

export const plan: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  const out = line.value('out');
  const level = levelOf(line);
  try {
    const result = await perform(session, {
      mode: 'plan',
      files: { ...(await filesOf(line)), plan: out },
      compareRemote: line.value('compare') === 'remote',
      // Whoever applies the plan keeps the records of those whom Together refuses.
      keepRaw: out !== undefined,
      tellsChanges: line.has('detailed-exitcode'),
      level,
      read: singerReader(line, io),
      release: async () => {},
      after: async (made, opened) => {
        if (out !== undefined) await write(session, made, opened, out, level);
      },
    });
    if (result.error) logFailure(io.log, result.error);
    return result.exitCode;
  } finally {
    await session.close();
  }
};

async function write(
  session: Session,
  result: RunResult,
  opened: OpenBooks,
  out: string,
  level: RedactionLevel,
): Promise<void> {
  const { summary, plan: made, findings } = result;
  if (!made || !findings) return;
  await writePlan(
    out,
    opened.keys.derive('plan file', 32),
    {
      plan_hash: made.hash,
      run_id: summary.run_id,
      created_at: summary.finished_at,
      tool: summary.tool,
      destination: summary.destination,
      hashes: { settings: summary.hashes.settings, mapping: summary.hashes.mapping, ledger: opened.books.stamp },
      redaction: level,
      complete: summary.source.complete,
      people_read: summary.people_read,
      actions: summary.actions,
      guards: summary.guards,
      causes: summary.causes,
      to_send: made.order.length,
    },
    {
      read: result.read,
      people: planned({ ...result, plan: made }, level, new Set(session.settings.sensitive_fields)),
      unsent: unsent({ ...result, plan: made, findings }),
    },
  );
}

type Made<T extends 'plan' | 'findings'> = RunResult & { readonly [key in T]: NonNullable<RunResult[key]> };

function* planned(
  { plan: made, people, changes }: Made<'plan'>,
  level: RedactionLevel,
  sensitive: ReadonlySet<string>,
): Generator<PlannedPerson> {
  for (const person of made.order) {
    const { employeeId, isNew } = made.delivery(person);
    const isRead = person < people.size;
    const shown = changes(person).map(({ field, from, to }) => ({
      field,
      ...(level !== 'ids' && showsValue(field, level) && !sensitive.has(field)
        ? { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
        : {}),
    }));
    const user = level !== 'ids' && isRead ? people.user(person) : undefined;
    const name = user && [user.firstName, user.lastName].filter(Boolean).join(' ');
    yield {
      id: employeeId,
      action: made.action(person),
      new: isNew,
      ...(name ? { name } : {}),
      ...(shown.length > 0 ? { changes: shown } : {}),
      ...(isRead ? { raw: people.raw(person) } : { patch: true }),
      json: made.json(person),
    };
  }
}

/** What the checks and the org chart of the run that applies the plan need of who is not sent. */
const keptFields = new Set(['email', 'employeeStatusCode', 'supervisorId']);

function* unsent({ plan: made, findings, people }: Made<'plan' | 'findings'>): Generator<UnsentPerson> {
  const kept = (person: number): Partial<TogetherUser> => {
    const json = made.json(person);
    const user = json === '' ? {} : (JSON.parse(json) as TogetherUser);
    return Object.fromEntries(Object.entries(user).filter(([field]) => keptFields.has(field))) as Partial<TogetherUser>;
  };
  for (let person = 0; person < people.size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded || made.sends(person)) continue;
    const action = made.action(person);
    const faults = made.faults(person);
    const stays = action === 'invalid' || made.held(person) !== undefined;
    yield {
      id: people.id(person),
      action,
      ...(kind === Kind.invalid ? {} : { user: kept(person) }),
      ...(findings.conflicts.has(person) ? { conflict: faults } : faults.length > 0 ? { faults } : {}),
      filter: people.filter(person),
      ...(stays ? { raw: people.raw(person) } : {}),
    };
  }
}
