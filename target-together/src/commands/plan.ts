/** `target-together plan`: everything up to the first write, and the plan as a file. */
import { ExitCode } from '@ukg-together/protocol/error';
import { logFailure } from '@ukg-together/protocol/failure';
import type { OpenBooks } from '../opening.ts';
import { perform } from '../perform.ts';
import { type PlannedPerson, writePlan } from '../plan-file.ts';
import type { RedactionLevel } from '../report/model.ts';
import { showsValue } from '../report/redaction.ts';
import { openSession, type Session } from '../session.ts';
import type { RunResult } from '../target.ts';
import type { Command } from './index.ts';
import { filesOf, levelOf, singerReader } from './singer.ts';

export const plan: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  const out = line.value('out');
  const level = levelOf(line);
  try {
    const result = await perform(session, {
      mode: 'plan',
      files: { ...filesOf(line), plan: out },
      compareRemote: line.value('compare') === 'remote',
      level,
      read: singerReader(line, io),
      release: async () => {},
      after: async (made, opened) => {
        if (out !== undefined && made.plan) await write(session, made, opened, out, level);
      },
    });
    if (result.error) {
      logFailure(io.log, result.error);
      return result.exitCode;
    }
    return line.has('detailed-exitcode') && (result.plan?.order.length ?? 0) > 0 ? ExitCode.changes : ExitCode.ok;
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
  const { summary, plan: made, people, collected } = result;
  if (!made) return;
  const sensitive = new Set(session.settings.sensitive_fields);
  function* planned(): Generator<PlannedPerson> {
    if (!made) return;
    for (const person of made.order) {
      const { employeeId, json, isNew } = made.delivery(person);
      const changes = result.changes(person).map(({ field, from, to }) => ({
        field,
        ...(level !== 'ids' && showsValue(field, level) && !sensitive.has(field)
          ? { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
          : {}),
      }));
      const user = level !== 'ids' && person < people.size ? people.user(person) : undefined;
      const name = user && [user.firstName, user.lastName].filter(Boolean).join(' ');
      yield {
        id: employeeId,
        action: made.action(person),
        new: isNew,
        ...(name ? { name } : {}),
        ...(changes.length > 0 ? { changes } : {}),
        json,
      };
    }
  }
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
    collected.lastStates,
    planned(),
  );
}
