/** `target-together show PLAN`: a plan file once more, as text, for programs, or as the report. Sends nothing. */
import { ExitCode } from '@ukg-together/kit/error';
import { logFailure } from '@ukg-together/kit/log/failure';
import { executeRun } from '../../../app/execute-run.ts';
import { checkPlaces } from '../../../files/check-writable.ts';
import { csvText } from '../../../files/csv.ts';
import type { RunSummary } from '../../../model/run-summary.ts';
import { planned } from '../../../plan/file/content.ts';
import type { PlanPerson } from '../../../plan/file/format.ts';
import { restorePlan } from '../../../plan/file/reviewed-plan.ts';
import { terminalOptions } from '../../../report/terminal/layout.ts';
import { renderTerminal } from '../../../report/terminal/terminal.ts';
import { verdictOf } from '../../../report/verdict.ts';
import { planFromFile } from '../../../run/plan-step.ts';
import { readPlan } from '../apply.ts';
import { withSession } from '../command.ts';
import { levelOf } from '../singer-io.ts';

type Shown = Omit<PlanPerson, 'body' | 'record'>;

export const show = withSession(async (session, line) => {
  const path = line.positionals[0] as string;
  const report = line.value('report');
  await checkPlaces({ report });
  const { plan } = await readPlan(session, path);
  const level = line.has('redact') ? levelOf(line) : plan.head.redaction;
  let text = '';
  const { error } = await executeRun(session, {
    mode: 'show',
    protocol: 'singer',
    files: { report, plan: path },
    level,
    read: async () => {},
    planner: ({ state }) =>
      planFromFile(plan.head.hashes.mapping, (people) => restorePlan(plan, people, state, session.settings.clear_with)),
    own: async ({ planned: made, summary }) => {
      if (!made) return;
      const sensitive = new Set(session.settings.sensitive_fields);
      const people = [...planned({ ...made, people: made.read.people }, level, sensitive)].map((person): Shown => {
        const { json: _, raw: __, ...shown } = person;
        return shown;
      });
      const whole = { ...summary, error: null };
      const { stdout, env } = session.io;
      const format = (line.value('format') ?? 'text') as keyof typeof texts;
      text =
        format === 'text'
          ? renderTerminal(whole, terminalOptions(stdout as { isTTY?: boolean }, env))
          : texts[format](whole, people);
    },
  });
  // A guard that stops the plan is part of what it shows.
  if (error && error.kind !== 'guard') return logFailure(session.io.log, error);
  session.io.stdout.write(text);
  return ExitCode.ok;
});

const columns = ['id', 'employee_number', 'name', 'action', 'field', 'from', 'to'];

/** A row for each changed field; a person without any has one row. */
const rowsOf = (people: readonly Shown[]): string[][] =>
  people.flatMap(({ id, number = '', name = '', action, changes = [] }) =>
    (changes.length > 0 ? changes : [undefined]).map((change) => [
      id,
      number,
      name,
      action,
      change?.field ?? '',
      change?.from ?? '',
      change?.to ?? '',
    ]),
  );

const texts = {
  text: () => '',
  json: (summary: RunSummary, people: readonly Shown[]) =>
    `${JSON.stringify({ plan_hash: summary.hashes.plan, actions: summary.actions, guards: summary.guards, causes: summary.causes, people }, null, 2)}\n`,
  csv: (_: RunSummary, people: readonly Shown[]) => csvText([columns, ...rowsOf(people)]),
  markdown: (summary: RunSummary, people: readonly Shown[]) =>
    [
      `# Plan ${summary.hashes.plan ?? ''}`,
      '',
      verdictOf(summary).sentence,
      '',
      `| ${columns.join(' | ')} |`,
      `|${columns.map(() => '---').join('|')}|`,
      ...rowsOf(people).map(
        (row) => `| ${row.map((cell) => cell.replace(/[\\|<&]/g, '\\$&').replace(/\s+/g, ' ')).join(' | ')} |`,
      ),
      '',
    ].join('\n'),
};
