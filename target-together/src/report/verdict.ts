import { completeReadSteps } from '../model/complete-read.ts';
import { outcomes } from '../model/outcome.ts';
import type { Guard, RunSummary } from '../model/run-summary.ts';
import { releaseOf } from '../plan/guards/release.ts';
import { number } from './number-text.ts';
import { guardFound, guardLimit, guardTitle, people } from './text.ts';

/** `stop`: nothing was sent, on purpose · `failed`: something broke · `attention`: done, with something to look at. */
export type Tone = 'good' | 'attention' | 'stop' | 'failed';

/** Something to do, with what to type, where that helps. */
export interface Step {
  readonly text: string;
  readonly command?: string;
}

export interface Verdict {
  readonly tone: Tone;
  readonly sentence: string;
  /** What to do now; empty when nothing. */
  readonly next: readonly Step[];
}

/** People whom Together has taken in this run. */
const accepted = ({ outcomes: o, vanished_ended: ended, out_of_scope: left }: RunSummary): number =>
  o.created + o.updated + o.unchanged + ended.accepted + left.accepted;

/** The outcomes that happened, in the fixed order. */
export const outcomeList = (summary: RunSummary): { outcome: (typeof outcomes)[number]; people: number }[] =>
  outcomes.map((outcome) => ({ outcome, people: summary.outcomes[outcome] })).filter((entry) => entry.people > 0);

function guardSentence(guard: Guard): string {
  const found = `${guardTitle(guard)} ${guardFound(guard)}, limit ${guardLimit(guard)}`;
  return guard.cause === null ? found : `${found}; ${guard.cause}`;
}

/** No SCHEMA, no record, and no STATE. */
const isEmptyInput = ({ source, people_read }: RunSummary): boolean =>
  source.streams.length === 0 && people_read === 0 && source.cut_off;

/** The run in a sentence, and what to do next. */
export function verdictOf(summary: RunSummary): Verdict {
  const { outcomes: o, actions: a, vanished_ended: ended, exit_code: exit, mode, error, files } = summary;
  const { out_of_scope: left } = summary;
  const writes = a.join + a.change + a.leave + a.rehire + ended.planned + resendsOf(summary);
  const sent = accepted(summary);
  const next: Step[] = [];
  const unable = [
    ...(o.rejected > 0 ? [`${number(o.rejected)} refused by Together`] : []),
    ...(o.invalid > 0 ? [`${number(o.invalid)} could not be sent`] : []),
    ...(ended.planned > ended.accepted ? [`${number(ended.planned - ended.accepted)} vanished not terminated`] : []),
    ...(left.planned > left.accepted ? [`${number(left.planned - left.accepted)} out of scope not terminated`] : []),
  ];
  const tripped = summary.guards.filter((guard) => guard.verdict === 'tripped');

  const planOnly = mode === 'plan' || mode === 'dry-run';
  if (error === null && mode !== 'apply' && isEmptyInput(summary)) {
    return {
      tone: 'attention',
      sentence: 'Nothing came, and nothing was sent: the tap may have failed.',
      next: [{ text: 'Look at the log and the exit code of the tap (in a shell: set -o pipefail).' }],
    };
  }
  if (tripped.length > 0) return stoppedVerdict(summary, tripped);
  if (error !== null || (o.undelivered > 0 && !planOnly) || ![0, 4, 8].includes(exit)) {
    const message = inOneLine(error?.message) ?? `The run ended early (exit code ${exit}).`;
    const none = summary.requests.count === 0 ? ' Nothing was sent.' : ' No person was accepted.';
    const done = sent > 0 ? ` ${people(sent)} had been accepted before.` : none;
    const left = o.undelivered > 0 ? ` ${people(o.undelivered)} not delivered.` : '';
    if (error?.hint) next.push({ text: error.hint });
    if (o.undelivered > 0) next.push({ text: 'Run again: it goes on where this run ended.' });
    return { tone: 'failed', sentence: `${message}${done}${left}`, next };
  }
  if (files.rejects !== null && o.rejected + o.invalid > 0)
    next.push({ text: 'Records that were not accepted are kept in', command: files.rejects });

  const due = summary.mapping.complete_read_due;
  if (due.length > 0)
    next.push({
      text: `A complete read is due (${due.join(', ')}): who was not read has what the mapping was before. ${completeReadSteps}`,
    });

  if (summary.source.cut_off)
    next.push({
      text: 'The input ended like that of a source that was cut off: look at the log and the exit code of the tap (in a shell: set -o pipefail).',
    });

  if (planOnly) {
    const would =
      writes === 0
        ? 'There is nothing to send.'
        : `This would send ${people(writes)}: ${planText(summary)}.${o.invalid > 0 ? ` ${people(o.invalid)} can’t be sent.` : ''}`;
    if (files.plan !== null && writes > 0)
      next.unshift({ text: 'To send exactly this:', command: applyCommand(files) });
    return { tone: o.invalid > 0 ? 'attention' : 'good', sentence: `Nothing was sent. ${would}`, next };
  }
  if (exit === 4)
    return {
      tone: 'attention',
      sentence: `Done, but more people were refused than allowed: ${people(sent)} accepted${unable.map((one) => `, ${one}`).join('')}.`,
      next,
    };
  if (sent === 0 && unable.length === 0)
    return {
      tone: summary.source.cut_off ? 'attention' : 'good',
      sentence:
        summary.people_read === 0
          ? 'No people were read, and nothing was sent.'
          : `Nothing to send: Together has everything of the ${people(summary.people_read)} read.`,
      next,
    };
  const counts = (
    [
      ['created', o.created],
      ['updated', o.updated],
      ['unchanged', o.unchanged],
      ['vanished as terminated', ended.accepted],
      ['out of scope as terminated', left.accepted],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${number(count)} ${word}`);
  const main = sent === 0 ? 'Nothing to send' : `Done: ${people(sent)} accepted (${counts.join(', ')})`;
  return {
    tone: unable.length > 0 || summary.source.cut_off ? 'attention' : 'good',
    sentence: unable.length > 0 ? `${main}; ${unable.join(', ')}.` : `${main}.`,
    next,
  };
}

/** A guard has stopped the run, or would stop the plan. */
function stoppedVerdict({ mode, hashes, files, tool }: RunSummary, tripped: readonly Guard[]): Verdict {
  const next: Step[] = [];
  if (hashes.plan !== null) {
    const release = releaseOf(tool.name, hashes.plan);
    next.push(
      mode === 'plan' && files.plan !== null
        ? {
            text: 'If this is right, release exactly this plan once:',
            command: `${applyCommand(files)} ${release.type}`,
          }
        : {
            text: `If this is right, release exactly this plan once: ${release.steps}`,
            command: release.type,
          },
    );
  }
  next.push({ text: 'If it is not, look at the source first: nothing has reached Together.' });
  const others = tripped.length - 1;
  const more = others === 0 ? '' : `. ${others === 1 ? 'One more guard' : `${number(others)} more guards`} tripped too`;
  const reason = `${guardSentence(tripped[0] as Guard)}${more}`;
  const sentence =
    mode === 'plan' || mode === 'dry-run'
      ? `Nothing was sent, and a guard would stop this plan: ${reason}.`
      : `Stopped before the first write, nothing was sent: ${reason}.`;
  return { tone: 'stop', sentence, next };
}

const applyCommand = ({ plan, config }: RunSummary['files']): string =>
  ['target-together apply', word(plan ?? ''), ...config.map((file) => `--config ${word(file)}`)].join(' ');

/** As a shell takes it. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Unchanged people whose daily resend is due, in a plan: beside those with an action, they alone have no outcome yet. */
const resendsOf = ({ outcomes: o, actions: a, out_of_scope: left }: RunSummary): number =>
  Math.max(0, o.undelivered - a.join - a.change - (a.leave - left.planned) - a.rehire);

function planText(summary: RunSummary): string {
  const { actions: a, vanished_ended: ended } = summary;
  return (
    [
      [a.leave, 'leave'],
      [a.join, 'join'],
      [a.rehire, 'rehired'],
      [a.change, 'changed'],
      [ended.planned, 'vanished as terminated'],
      [resendsOf(summary), 'unchanged and due again'],
    ] as const
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${number(count)} ${word}`)
    .join(', ');
}

/** A list of faults, one on a line in the log, as one sentence. */
function inOneLine(message: string | undefined): string | undefined {
  const [first, ...faults] = message?.split(/\n\s*/) ?? [];
  return faults.length === 0 ? first : `${first} ${faults.join('; ')}.`;
}
