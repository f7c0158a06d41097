/** The run's summary for somebody at a terminal at 3 a.m., or for a log: ids only, no meaning in colour alone. */
import { actions } from '../types.ts';
import type { Cause, Guard, Problem, ProblemGroup, RunSummary } from './model.ts';
import { faultOf, mergeGroups, toldCodes } from './problems.ts';
import { redactCause } from './redaction.ts';
import { outcomeList, type Step, type Tone, verdictOf } from './verdict.ts';
import {
  actionWords,
  bytes,
  causeCount,
  causeIsChange,
  duration,
  guardFound,
  guardLimit,
  guardTitle,
  guardVerdictWords,
  moment,
  number,
  outcomeWord,
  people,
  plural,
  sharedCauses,
  short,
} from './words.ts';
import { faultWords, isPairFault, spellingWords } from './worklist-words.ts';

export interface TerminalOptions {
  /** Characters in a line; lines break at words, with the label column kept free. */
  readonly columns: number;
  readonly color: boolean;
  /** false: nothing but ASCII signs, for terminals that say so by their locale. */
  readonly unicode: boolean;
}

/** What a stream can show. A pipe gets long plain lines; NO_COLOR and TERM=dumb are honoured. */
export function terminalOptions(
  stream: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TerminalOptions {
  const tty = stream.isTTY === true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return {
    columns: tty ? Math.min(Math.max(stream.columns ?? 80, 40), 160) : 120,
    color: tty && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: locale === '' || /utf-?8/i.test(locale),
  };
}

const labelWidth = 10;
const maxLooks = 12;
const maxCauses = 5;
const maxIds = 6;

const toneSign: Record<Tone, string> = { good: '✓', attention: '!', stop: '✗', failed: '✗' };
const toneColor: Record<Tone, string> = { good: '32', attention: '33', stop: '31', failed: '31' };

const ascii: Record<string, string> = {
  '✓': '+',
  '✗': 'x',
  '→': '->',
  '−': '-',
  '–': '-',
  '↺': '@',
  '·': '|',
  '…': '...',
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
  '›': '>',
};

/** The summary as text that ends with a newline. */
export function renderTerminal(summary: RunSummary, options: TerminalOptions): string {
  const verdict = verdictOf(summary);
  const spent = duration(Date.parse(summary.finished_at) - Date.parse(summary.started_at));
  const { tool, destination } = summary;
  const head = [
    `${tool.name} ${tool.version}`,
    `${summary.mode} ${summary.run_id}`,
    `to ${destination.host} (${destination.organization_id})`,
    `${moment(summary.started_at)}, ${spent}`,
  ].join('  ');
  const plain = (text: string) => {
    const safe = text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD');
    return options.unicode ? safe : safe.replace(/[^ -~\u00A0]/g, (sign) => ascii[sign] ?? sign);
  };
  const paint = (text: string, code: string) => (options.color ? `\u001B[${code}m${text}\u001B[0m` : text);

  const lines = wrap(plain(head), options.columns, '  ');
  lines.push('');
  lines.push(
    ...wrap(plain(`${toneSign[verdict.tone]} ${verdict.sentence}`), options.columns, '  ').map((line) =>
      paint(line, `1;${toneColor[verdict.tone]}`),
    ),
  );
  lines.push('');
  for (const [label, entries] of sections(summary, verdict.next)) {
    entries.forEach((entry, i) => {
      const [first = '', ...more] = wrap(plain(entry), options.columns - labelWidth, '  ');
      const name = i === 0 ? label : '';
      lines.push(paint(name.padEnd(labelWidth), '1') + first);
      for (const line of more) lines.push(' '.repeat(labelWidth) + line);
    });
  }
  return `${lines.map((line) => line.trimEnd().replaceAll('\u00A0', ' ')).join('\n')}\n`;
}

/** Label → lines, those with nothing to say left out. */
function sections(summary: RunSummary, next: readonly Step[]): [string, string[]][] {
  const all: [string, string[]][] = [
    ['Read', readLines(summary)],
    ['Scope', scopeLines(summary)],
    ['Plan', planLines(summary)],
    ['Causes', causeLines(summary)],
    ['Guards', guardLines(summary.guards, summary.baseline_note)],
    ['Sent', sentLines(summary)],
    [
      'Outcome',
      [
        `${
          outcomeList(summary)
            .map((o) => `${number(o.people)} ${outcomeWord(o.outcome, summary.mode)}`)
            .join(' · ') || 'nobody'
        } = ${people(summary.people_read)} ${summary.mode === 'apply' ? 'of the plan' : 'read'}`,
      ],
    ],
    ['Look at', lookLines(summary)],
    ['Next', next.map(stepLine)],
  ];
  return all.filter(([, lines]) => lines.length > 0);
}

/** A command stays on one line, to be copied. */
const stepLine = ({ text, command }: Step): string =>
  command === undefined ? text : `${text} ${command.replaceAll(' ', '\u00A0')}`;

function readLines({ mode, source, people_read, guards, files }: RunSummary): string[] {
  if (mode === 'apply') return [`${people(people_read)} of the plan ${files.plan ?? ''}`];
  const rows = guards.find(({ name }) => name === 'min_rows_percent')?.baseline ?? null;
  const before = rows === null || !source.complete ? '' : `, ${number(rows)} in the last complete read`;
  const how = source.complete ? 'complete' : `partial${source.why === null ? '' : ` (${source.why})`}`;
  const ignored = source.streams.filter((stream) => !stream.mapped);
  return [
    `${people(people_read)}, ${how}${before}`,
    ...(ignored.length > 0
      ? [`ignored, no mapping takes them: ${ignored.map((s) => `${s.stream} (${number(s.records)})`).join(', ')}`]
      : []),
  ];
}

function scopeLines({ excluded_by, people_read, outcomes }: RunSummary): string[] {
  const reasons = Object.entries(excluded_by).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return [];
  const list = reasons.map(([name, count]) => `${name} ${number(count)}`).join(' · ');
  return [`${number(people_read - outcomes.excluded)} in, ${number(outcomes.excluded)} excluded: ${list}`];
}

function planLines(summary: RunSummary): string[] {
  const shown = actions.filter((action) => action !== 'excluded' && summary.actions[action] > 0);
  if (shown.length === 0) return [];
  const list = shown
    .map((a) => `${actionWords[a].sign} ${number(summary.actions[a])} ${actionWords[a].word}`)
    .join('   ');
  return [summary.hashes.plan === null ? list : `${list}   (plan ${short(summary.hashes.plan)})`];
}

function causeLines(summary: RunSummary): string[] {
  const shared = sharedCauses(summary.causes);
  const lines = shared.slice(0, maxCauses).map((raw) => {
    const cause = redactCause(raw);
    return `${causeCount(cause)}: ${cause.field}${causeValues(cause)}`;
  });
  if (shared.length > maxCauses) lines.push(`and ${shared.length - maxCauses} more: see --report`);
  const fields = Object.entries(summary.changes_by_field).sort((a, b) => b[1] - a[1]);
  if (fields.length > 0) {
    const rest = fields.length - 8;
    const list = fields.slice(0, 8).map(([field, count]) => `${field} ${number(count)}`);
    lines.push(`by field: ${list.join(' · ')}${rest > 0 ? ` · and ${rest} more` : ''}`);
  }
  return lines;
}

function causeValues(cause: Cause): string {
  if (cause.from === null && cause.to === null) return ', all to one new value';
  const to = cause.to === null ? 'empty' : `“${cause.to}”`;
  if (!causeIsChange(cause)) return ` ${to}`;
  return cause.from === null ? ` → ${to}` : ` “${cause.from}” → ${to}`;
}

function guardLines(guards: readonly Guard[], note: string | null): string[] {
  const quiet = guards.filter((guard) => guard.verdict === 'ok');
  const loud = guards.filter((guard) => ['tripped', 'accepted'].includes(guard.verdict));
  const blind = guards.filter((guard) => ['no_baseline', 'not_checked', 'off'].includes(guard.verdict));
  const whole = quiet.filter((guard) => guard.field === null);
  const fields = quiet.filter((guard) => guard.field !== null);
  const ok = [
    ...whole.map((guard) => `${guardTitle(guard)} ${guardFound(guard)}`),
    ...(fields.length > 0 ? [`${plural(fields.length, 'field')} as filled as before`] : []),
  ];
  const byReason = new Map<string, string[]>();
  for (const guard of blind) {
    const reason =
      guard.reason ?? (guard.verdict === 'no_baseline' ? note : null) ?? guardVerdictWords[guard.verdict].word;
    const title = guard.field === null ? guardTitle(guard) : 'fields filled';
    const titles = byReason.get(reason) ?? [];
    if (!titles.includes(title)) byReason.set(reason, [...titles, title]);
  }
  return [
    ...loud.map((guard) => {
      const { sign, word } = guardVerdictWords[guard.verdict];
      // How a guard was released says that it was.
      const how = guard.verdict === 'accepted' && guard.reason !== null ? guard.reason : word;
      return `${sign} ${guardTitle(guard)} ${guardFound(guard)}, limit ${guardLimit(guard)}: ${how}${guard.cause === null ? '' : `; ${guard.cause}`}`;
    }),
    ...(ok.length > 0 ? [`✓ ${ok.join(' · ')}`] : []),
    ...[...byReason].map(([reason, titles]) => `– ${titles.join(', ')}: ${reason}`),
  ];
}

function sentLines({ requests: r, privacy }: RunSummary): string[] {
  if (r.count === 0) return [];
  const gap =
    r.min_gap_ms === null
      ? ''
      : `, shortest wait between two ${duration(r.min_gap_ms)} (at least ${duration(r.interval_ms)})`;
  const odd = Object.entries(r.by_status).filter(([status]) => !status.startsWith('2'));
  const sensitive = privacy.fields.filter((field) => field.sensitive);
  return [
    `${plural(r.count, 'request')}, ${plural(r.retries, 'retry', 'retries')}, ${bytes(r.bytes_sent)}${gap}`,
    ...(odd.length > 0 ? [`answers: ${odd.map(([status, count]) => `${status} × ${number(count)}`).join(' · ')}`] : []),
    ...(sensitive.length > 0
      ? [`sensitive fields sent: ${sensitive.map((f) => `${f.field} of ${people(f.people)}`).join(' · ')}`]
      : []),
  ];
}

function lookLines(summary: RunSummary): string[] {
  const groups = mergeGroups(summary.problem_groups);
  const lines = groups.slice(0, maxLooks).map((group) => {
    const ids = idsOf(summary.problems, group);
    const words = isPairFault(group.code) ? faultWords(group.code, group.field, undefined) : undefined;
    return `${number(group.people)} × ${words?.title ?? group.message}${idList(ids, group.people)}`;
  });
  const rest = groups.length - maxLooks;
  if (rest > 0) lines.push(`and ${rest} more kinds of problems: see --summary or --report`);
  const { vanished } = summary.actions;
  if (vanished > 0) {
    lines.push(
      `${number(vanished)} × in Together and missing from this complete read${idList(summary.vanished, vanished)}`,
    );
  }
  const { dropped, dropped_total, loops, relinked } = summary.supervisors;
  if (dropped_total > 0)
    lines.push(
      `${number(dropped_total)} × sent without supervisor${idList(
        dropped.map((d) => d.id),
        dropped_total,
      )}`,
    );
  for (const loop of loops.slice(0, 3)) lines.push(`supervisor loop ${[...loop, loop[0]].join(' → ')}`);
  if (relinked > 0) lines.push(`${people(relinked)} linked again to their supervisor`);
  const told = toldCodes(summary.problems);
  for (const code of summary.unmapped_codes.filter((one) => !told.has(one)).slice(0, 5))
    lines.push(`${number(code.people)} × ${code.field}: code “${code.value}” has no translation`);
  for (const spelling of summary.code_spellings.slice(0, 5))
    lines.push(
      `${spellingWords(spelling.field)}: ${spelling.spellings.map((s) => `“${s.value}” ${number(s.people)}`).join(' · ')}`,
    );
  return lines;
}

function idsOf(problems: readonly Problem[], group: ProblemGroup): string[] {
  const ids: string[] = [];
  for (const problem of problems) {
    if (!faultOf(problem, group)) continue;
    ids.push(problem.id ?? (problem.line === undefined ? 'no id' : `line ${problem.line}`));
    if (ids.length === maxIds) break;
  }
  return ids;
}

function idList(ids: readonly string[], total: number): string {
  const shown = ids.slice(0, maxIds);
  if (shown.length === 0) return '';
  const rest = total - shown.length;
  return ` (${shown.join(', ')}${rest > 0 ? ` and ${number(rest)} more` : ''})`;
}

/** Breaks at spaces; a word longer than a line stays whole, so that ids and hashes can be copied. */
function wrap(text: string, columns: number, hanging: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (line !== '' && line.length + word.length > columns) {
      lines.push(line);
      line = hanging + word.trimStart();
    } else line += word;
  }
  if (line !== '') lines.push(line);
  return lines;
}
