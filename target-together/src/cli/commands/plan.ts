/** `target-together plan`: everything up to the first write, and the plan as a file. */

import { ConnectorError, said } from '@ukg-together/kit/error';
import type { OpenState } from '../../app/open-state.ts';
import type { Session } from '../../app/session.ts';
import type { RedactionLevel } from '../../model/run-summary.ts';
import { planned, unsent } from '../../plan/file/content.ts';
import { writePlan } from '../../plan/file/write-plan.ts';
import type { Ended } from '../../run/end-step.ts';
import { type Command, runAndReport, withSession } from './command.ts';
import { against } from './look/against.ts';
import { filesOf, levelOf, onlyOf, singerReader } from './singer-io.ts';

const planOnce = withSession(async (session, line) => {
  const out = line.value('out');
  const level = levelOf(line);
  return await runAndReport(session, {
    mode: 'plan',
    protocol: 'singer',
    asked: {
      planFile: out !== undefined,
      only: onlyOf(line),
      compareRemote: line.value('compare') === 'remote',
      verify: line.has('verify'),
      changesExitCode: line.has('detailed-exitcode'),
    },
    files: { ...(await filesOf(line)), plan: out },
    level,
    read: singerReader(line, session.io),
    own: async (made, opened) => {
      if (out !== undefined) await writePlanOf(session, made, opened, out, level);
    },
  });
});

export const plan: Command = async (line, io) => {
  if (line.has('against')) return await against(line, io);
  if (line.has('markdown') || line.has('format'))
    throw new ConnectorError('settings', said`--markdown and --format are for --against.`);
  return await planOnce(line, io);
};

/** Writes the plan that a run made, as `apply` takes it. */
export async function writePlanOf(
  session: Session,
  { summary, planned: made }: Ended,
  opened: OpenState,
  out: string,
  level: RedactionLevel,
): Promise<void> {
  if (!made) return;
  const { plan: decided, read, carried } = made;
  await writePlan(
    out,
    opened.keys.derive('plan file', 32),
    {
      plan_hash: decided.hash,
      run_id: summary.run_id,
      created_at: summary.finished_at,
      read_at: summary.started_at,
      tool: summary.tool,
      destination: summary.destination,
      hashes: { settings: summary.hashes.settings, mapping: summary.hashes.mapping, ledger: opened.state.version },
      redaction: level,
      complete: summary.source.complete,
      people_read: summary.people_read,
      actions: summary.actions,
      guards: summary.guards,
      causes: summary.causes,
      to_send: decided.order.length,
    },
    {
      read: carried,
      people: planned({ ...made, people: read.people }, level, new Set(session.settings.sensitive_fields)),
      unsent: unsent({ ...made, people: read.people }),
    },
  );
}
