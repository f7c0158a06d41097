import { actions } from '../../model/outcome.ts';
import type { Cause, Guard, RunSummary } from '../../model/run-summary.ts';
import { number, plural } from '../../model/text/number-text.ts';
import { mappingClause } from '../../state/mapping-memory.ts';
import { redactCause } from '../redaction.ts';
import {
  actionLabels,
  causeCount,
  causeIsChange,
  guardFound,
  guardLimit,
  guardTitle,
  joinWords,
  sharedCauses,
  short,
  verdictLabels,
} from '../text.ts';

const maxCauses = 5;

export function planLines(summary: RunSummary): string[] {
  const shown = actions.filter((action) => action !== 'excluded' && summary.actions[action] > 0);
  if (shown.length === 0) return [];
  const list = shown
    .map((a) => {
      const { sign, word } = actionLabels[a];
      return `${sign} ${number(summary.actions[a])} ${a === 'join' ? joinWords(summary) : word}`;
    })
    .join('   ');
  return [summary.hashes.plan === null ? list : `${list}   (plan ${short(summary.hashes.plan)})`];
}

export function causeLines(summary: RunSummary): string[] {
  const shared = sharedCauses(summary.causes);
  const mapping = mappingClause(summary.mapping.changed);
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
  return mapping === null ? lines : [mapping, ...lines];
}

function causeValues(cause: Cause): string {
  if (cause.from === null && cause.to === null) return ', all to one new value';
  const to = cause.to === null ? 'empty' : `“${cause.to}”`;
  if (!causeIsChange(cause)) return ` ${to}`;
  return cause.from === null ? ` → ${to}` : ` “${cause.from}” → ${to}`;
}

export function guardLines(guards: readonly Guard[], note: string | null): string[] {
  const quiet = guards.filter((guard) => guard.verdict === 'ok');
  const loud = guards.filter((guard) => ['tripped', 'accepted'].includes(guard.verdict));
  const blind = guards.filter((guard) => ['no_baseline', 'not_checked', 'off'].includes(guard.verdict));
  const whole = quiet.filter((guard) => guard.field === null);
  const fields = quiet.filter((guard) => guard.field !== null);
  const ok = [
    // A number stays beside its name.
    ...whole.map((guard) => `${guardTitle(guard)} ${guardFound(guard)}`.replace(/ (?=[\d(])/g, '\u00A0')),
    ...(fields.length > 0 ? [`${plural(fields.length, 'field')} as filled as before`] : []),
  ];
  const byReason = new Map<string, string[]>();
  for (const guard of blind) {
    const reason = guard.reason ?? (guard.verdict === 'no_baseline' ? note : null) ?? verdictLabels[guard.verdict].word;
    const title = guard.field === null ? guardTitle(guard) : 'fields filled';
    const titles = byReason.get(reason) ?? [];
    if (!titles.includes(title)) byReason.set(reason, [...titles, title]);
  }
  return [
    ...loud.map((guard) => {
      const { sign, word } = verdictLabels[guard.verdict];
      // How a guard was released says that it was.
      const text = guard.verdict === 'accepted' && guard.reason !== null ? guard.reason : word;
      const why = guard.verdict === 'accepted' || guard.reason === null ? '' : ` (${guard.reason})`;
      return `${sign} ${guardTitle(guard)} ${guardFound(guard)}, limit ${guardLimit(guard)}${why}: ${text}${guard.cause === null ? '' : `; ${guard.cause}`}`;
    }),
    ...(ok.length > 0 ? [`✓ ${ok.join(' · ')}`] : []),
    ...[...byReason].map(([reason, titles]) => `– ${titles.join(', ')}: ${reason}`),
  ];
}
