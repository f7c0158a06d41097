import { isPairFault, type Problem, type ProblemGroup, type RunSummary } from '../../model/run-summary.ts';
import { number, people, plural } from '../../model/text/number-text.ts';
import { faultText, quoted, spellingLabel } from '../fault-text.ts';
import { faultOf, mergeGroups, namedCodes } from '../problems.ts';
import { remarkText } from '../remark-text.ts';
import { bytes, duration } from '../text.ts';

const maxLooks = 12;

const maxIds = 6;

export function sentLines({ requests: r, privacy }: RunSummary): string[] {
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

export function lookLines(summary: RunSummary): string[] {
  const groups = mergeGroups(summary.problem_groups);
  const lines = groups.slice(0, maxLooks).map((group) => {
    const ids = idsOf(summary.problems, group);
    const words = isPairFault(group.code) ? faultText(group.code, group.field, undefined) : undefined;
    const fix = words?.fix === undefined ? '' : `: ${words.fix}`;
    return `${number(group.people)} × ${words?.title ?? group.message}${idList(ids, group.people)}${fix}`;
  });
  const rest = groups.length - maxLooks;
  if (rest > 0) lines.push(`and ${rest} more kinds of problems: see --summary or --report`);
  const { vanished, move } = summary.actions;
  const only = summary.together_only;
  if (only && only.people > 0)
    lines.push(
      `${number(only.people)} in Together only, active there and in no record of this read${idList(only.ids, only.people)}`,
    );
  if (move > 0) {
    const pairs = summary.moved.map(({ from, to }) => `${from} now comes as ${to}`);
    const unread = summary.source.complete
      ? ''
      : '; people who report to them and are not in this read follow when they are read: the next complete read brings all';
    lines.push(
      `${number(move)} × in Together under another id, which this plan changes${idList(pairs, move)}${unread}`,
    );
  }
  if (vanished > 0) {
    lines.push(
      `${number(vanished)} × in Together and missing from this complete read${idList(summary.vanished, vanished)}`,
    );
  }
  const { out_of_scope: left } = summary;
  if (left.people > 0)
    lines.push(
      `${number(left.people)} × in Together and out of scope now${idList(left.ids, left.people)}${left.planned > 0 ? ': sent as terminated' : ''}`,
    );
  const { dropped, dropped_total, loops, relinked } = summary.supervisors;
  if (dropped_total > 0)
    lines.push(
      `${number(dropped_total)} × sent without supervisor${idList(
        dropped.map((d) => d.id),
        dropped_total,
      )}${namedOtherwise(dropped)}`,
    );
  for (const loop of loops.slice(0, 3)) lines.push(`supervisor loop ${[...loop, loop[0]].join(' → ')}`);
  if (relinked > 0) lines.push(`${people(relinked)} linked again to their supervisor`);
  const named = namedCodes(summary.problems);
  for (const code of summary.unmapped_codes.filter((one) => !named.has(one)).slice(0, 5))
    lines.push(`${number(code.people)} × ${code.field}: code ${quoted(code.value)} has no translation`);
  for (const { field, code, people: count } of summary.data_quality.slice(0, 5))
    lines.push(`${number(count)} × ${remarkText(code, field).title}`);
  if (summary.stale.length > 0) lines.push(staleLine(summary.stale));
  for (const spelling of summary.code_spellings.slice(0, 5))
    lines.push(
      `${spellingLabel(spelling.field)}: ${spelling.spellings.map((s) => `${quoted(s.value)} ${number(s.people)}`).join(' · ')}`,
    );
  return lines;
}

function staleLine(stale: RunSummary['stale']): string {
  const fields = stale.slice(0, maxIds).map(({ field, people: count }) => `${number(count)} ${field}`);
  const rest = stale.length > maxIds ? ` and ${number(stale.length - maxIds)} more fields` : '';
  return `stale in Together: ${fields.join(', ')}${rest}; the HRIS has emptied them, if_empty "clear" in the rule of a field empties it`;
}

/** What to do where the source names supervisors by something else than employeeId. */
function namedOtherwise(dropped: RunSummary['supervisors']['dropped']): string {
  const fixes = {
    address:
      'named by an e-mail address that no known person has, or that is not looked for: mapping.fields.supervisorId needs match: "email"',
    name: 'named by a name: map another field',
    spelling: 'named by an id in another spelling: set match to "employeeNumber" in mapping.fields.supervisorId',
    unmatched: 'named by a number that no person read has',
    ambiguous: 'named by what several people have',
  } as const;
  const told = Object.entries(fixes).filter(([reason]) => dropped.some((one) => one.reason === reason));
  return told.map(([, words]) => `; ${words}`).join('');
}

function idsOf(problems: readonly Problem[], group: ProblemGroup): string[] {
  const ids: string[] = [];
  for (const problem of problems) {
    const fault = faultOf(problem, group);
    if (!fault) continue;
    const id = problem.id ?? (problem.line === undefined ? 'no id' : `line ${problem.line}`);
    const told = fault.value === undefined || !isPairFault(fault.code) ? id : `${id} ${fault.value}`;
    const words = fault.code === 'new_id' ? (fault.value ?? id) : told;
    // Two rows of one person say the same.
    if (!isPairFault(fault.code) || !ids.includes(words)) ids.push(words);
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
