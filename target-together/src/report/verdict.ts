import { ExitCode } from '@ukg-together/kit/error';
import { completeReadSteps } from '../model/complete-read.ts';
import { outcomes } from '../model/outcome.ts';
import type { Guard, RunSummary } from '../model/run-summary.ts';
import { number, people } from '../model/text/number-text.ts';
import { applyCommand, releaseOf } from '../plan/guards/release.ts';
import { guardFound, guardLimit, guardTitle, joinWords } from './text.ts';

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
  /** The sentence without what ended the run, for readers who see that beside it. */
  readonly brief?: string;
  /** What to do now; empty when nothing. */
  readonly next: readonly Step[];
}

/** People Together has taken in this run. */
const accepted = ({ outcomes: o, vanished_ended: ended, out_of_scope: left }: RunSummary): number =>
  o.created + o.updated + o.unchanged + ended.accepted + left.accepted;

/** The outcomes that happened, in the fixed order. */
export const outcomeList = (summary: RunSummary): { outcome: (typeof outcomes)[number]; people: number }[] =>
  outcomes.map((outcome) => ({ outcome, people: summary.outcomes[outcome] })).filter((entry) => entry.people > 0);

function guardSentence(guard: Guard): string {
  const why = guard.reason === null ? '' : ` (${guard.reason})`;
  const what =
    guard.name === 'max_moved'
      ? `${people(guard.count ?? 0)} ${guard.count === 1 ? 'comes' : 'come'} under new ids`
      : `${guardTitle(guard)} ${guardFound(guard)}`;
  const found = `${what}, limit ${guardLimit(guard)}${why}`;
  return guard.cause === null ? found : `${found}; ${guard.cause}`;
}

/** Where a source reports why it ended, for the runner that a person has before them. */
const lookAtSource = ({ tool }: RunSummary): string =>
  tool.name === 'destination-together'
    ? 'look at what the source logged in the same sync.'
    : 'look at the log and the exit code of the tap (in a shell: set -o pipefail).';

/** No SCHEMA, no record, and no STATE. */
const isEmptyInput = ({ source, people_read }: RunSummary): boolean =>
  source.streams.length === 0 && people_read === 0 && source.cut_off;

/** The run in a sentence, and what to do next. */
export function verdictOf(summary: RunSummary): Verdict {
  const { outcomes: o, exit_code: exit, mode, error } = summary;
  if (error === null && mode !== 'apply' && isEmptyInput(summary)) {
    return {
      tone: 'attention',
      sentence: 'Nothing came, and nothing was sent: the tap may have failed.',
      next: [{ text: `The input was empty: ${lookAtSource(summary)}` }],
    };
  }
  const tripped = summary.guards.filter((guard) => guard.verdict === 'tripped');
  if (tripped.length > 0) return stopped(summary, tripped);
  if (error !== null || (o.undelivered > 0 && !isPlanOnly(summary)) || ![0, 4, 8].includes(exit))
    return failed(summary);
  return isPlanOnly(summary) ? planned(summary) : done(summary);
}

const isPlanOnly = ({ mode }: RunSummary): boolean => mode === 'plan' || mode === 'dry-run';

function stopped(summary: RunSummary, tripped: readonly Guard[]): Verdict {
  const { hashes, files } = summary;
  const next: Step[] = [];
  if (hashes.plan !== null) {
    const { steps, type } = releaseOf({ ...summary.tool, mode: summary.mode, ...files }, hashes.plan);
    next.push({ text: `If this is right, release exactly this plan once: ${steps}`.trimEnd(), command: type });
  }
  next.push({ text: 'If it is not, look at the source first: nothing has reached Together.' });
  const others = tripped.length - 1;
  const more = others === 0 ? '' : `. ${others === 1 ? 'One more guard' : `${number(others)} more guards`} tripped too`;
  const brief = isPlanOnly(summary)
    ? 'Nothing was sent, and a guard would stop this plan'
    : 'Stopped before the first write, nothing was sent';
  return {
    tone: 'stop',
    sentence: `${brief}: ${guardSentence(tripped[0] as Guard)}${more}.`,
    brief: `${brief}.`,
    next,
  };
}

function failed(summary: RunSummary): Verdict {
  const { outcomes: o, exit_code: exit, error } = summary;
  const sent = accepted(summary);
  const none = summary.requests.count === 0 ? 'Nothing was sent.' : 'No person was accepted.';
  const brief = [
    sent > 0 ? `${people(sent)} had been accepted before.` : none,
    ...(o.undelivered > 0 ? [`${people(o.undelivered)} not delivered.`] : []),
  ].join(' ');
  const message = inOneLine(error?.message) ?? `The run ended early (exit code ${exit}).`;
  return {
    tone: 'failed',
    sentence: `${message} ${brief}`,
    brief: `The run ended early. ${brief}`,
    next: [
      ...(error?.hint ? [{ text: error.hint }] : []),
      ...(error ? [{ text: 'See', command: error.docs }] : []),
      // A wrong key is corrected first.
      ...(o.undelivered > 0 && exit !== ExitCode.credentials
        ? [{ text: 'Run again: it goes on where this run ended.' }]
        : []),
    ],
  };
}

/** Where the records of people lie who could not be sent, what a changed mapping asks for, and whether the source was cut off. */
function lookSteps(summary: RunSummary): Step[] {
  const { files, outcomes: o, source } = summary;
  const due = summary.mapping.complete_read_due;
  return [
    ...(files.rejects !== null && o.rejected + o.invalid > 0
      ? [{ text: 'Records that were not accepted are kept in', command: files.rejects }]
      : []),
    ...(due.length > 0
      ? [
          {
            text: `A complete read is due (${due.join(', ')}): who was not read has what the mapping was before. ${completeReadSteps}`,
          },
        ]
      : []),
    ...(source.cut_off
      ? [{ text: `The input ended like that of a source that was cut off: ${lookAtSource(summary)}` }]
      : []),
  ];
}

function planned(summary: RunSummary): Verdict {
  const { outcomes: o, actions: a, vanished_ended: ended, files } = summary;
  const writes = a.join + a.change + a.leave + a.rehire + a.move + ended.planned + resendsOf(summary);
  const unable = o.invalid > 0 ? ` ${people(o.invalid)} can’t be sent.` : '';
  const would =
    writes === 0 ? 'There is nothing to send.' : `This would send ${people(writes)}: ${planText(summary)}.${unable}`;
  const send =
    files.plan !== null && writes > 0
      ? [{ text: 'To send exactly this:', command: applyCommand({ ...summary.tool, ...files }) }]
      : [];
  return {
    tone: o.invalid > 0 ? 'attention' : 'good',
    sentence: `Nothing was sent. ${would}`,
    next: [...send, ...lookSteps(summary)],
  };
}

function done(summary: RunSummary): Verdict {
  const { outcomes: o, vanished_ended: ended, out_of_scope: left, people_read: read } = summary;
  const sent = accepted(summary);
  const next = lookSteps(summary);
  const unable = [
    ...(o.rejected > 0 ? [`${number(o.rejected)} refused by Together`] : []),
    ...(o.invalid > 0 ? [`${number(o.invalid)} could not be sent`] : []),
    ...(ended.planned > ended.accepted ? [`${number(ended.planned - ended.accepted)} vanished not terminated`] : []),
    ...(left.planned > left.accepted ? [`${number(left.planned - left.accepted)} out of scope not terminated`] : []),
  ];
  if (summary.exit_code === ExitCode.refused)
    return {
      tone: 'attention',
      sentence: `Done, but more people were refused than allowed: ${people(sent)} accepted${unable.map((one) => `, ${one}`).join('')}.`,
      next,
    };
  const isGood = unable.length === 0 && !summary.source.cut_off;
  const tone = isGood ? 'good' : 'attention';
  if (sent === 0 && unable.length === 0)
    return {
      tone,
      sentence:
        read === 0
          ? 'No people were read, and nothing was sent.'
          : `Nothing to send: Together has everything of the ${people(read)} read.`,
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
  return { tone, sentence: unable.length > 0 ? `${main}; ${unable.join(', ')}.` : `${main}.`, next };
}

/** Unchanged people whose daily resend is due, in a plan: beside those with an action, they alone have no outcome yet. */
const resendsOf = ({ outcomes: o, actions: a, out_of_scope: left }: RunSummary): number =>
  Math.max(0, o.undelivered - a.join - a.change - (a.leave - left.planned) - a.rehire - a.move);

function planText(summary: RunSummary): string {
  const { actions: a, vanished_ended: ended } = summary;
  return (
    [
      [a.leave, 'leave'],
      [a.join, joinWords(summary)],
      [a.rehire, 'rehired'],
      [a.move, 'under new ids'],
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
