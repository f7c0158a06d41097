/** A run's facts → its summary. Everything countable is counted here once, for the terminal, the JSON, the report and the audit. */

import type { ConnectorError } from '@ukg-together/kit/error';
import type { Collected } from '../collect/collected.ts';
import { type Action, actions, outcomes as outcomeNames } from '../model/outcome.ts';
import type { Fault, Outcome } from '../model/person.ts';
import type { Cause, Guard, RunMode, RunSummary } from '../model/run-summary.ts';
import { Kind, type People } from '../people/person.ts';
import type { Findings } from '../plan/checks/findings.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunMemory } from '../state/run-history.ts';
import type { RunOutcomes } from './outcomes.ts';
import { collectProblems, problemFault } from './problems.ts';

export interface RunFacts {
  readonly runId: string;
  readonly mode: RunMode;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly error: ConnectorError | undefined;
  readonly tool: RunSummary['tool'];
  readonly hashes: RunSummary['hashes'];
  readonly destination: RunSummary['destination'];
  readonly source: RunSummary['source'];
  readonly people: People;
  readonly collected: Collected;
  /** Absent when the run ended before. */
  readonly findings: Findings | undefined;
  readonly plan: Plan | undefined;
  readonly outcomes: RunOutcomes | undefined;
  readonly guards: readonly Guard[];
  readonly causes: readonly Cause[];
  readonly changesByField: Readonly<Record<string, number>>;
  readonly accepted: string | undefined;
  readonly requests: RunSummary['requests'];
  readonly privacy: RunSummary['privacy'];
  readonly memory: RunMemory;
  readonly baselineNote: string | undefined;
  readonly relinked: number;
  /** Vanished people whom Together took as terminated. */
  readonly vanishedEnded: number;
  /** People who were not read, and of whom Together refused what it was sent. */
  readonly refusedUnread: readonly { readonly id: string; readonly outcome: Outcome }[];
  /** By position: further things to look at. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  readonly files: RunSummary['files'];
}

const maxListed = 1000;
const instant = (ms: number) => new Date(ms).toISOString();

/** Patches stand behind all people. */
function endsOf({ order, action }: Plan, size: number): number {
  let ends = 0;
  for (let at = order.length - 1; at >= 0 && (order[at] as number) >= size; at--)
    if (action(order[at] as number) === 'vanished') ends++;
  return ends;
}

export function summarize(facts: RunFacts): RunSummary {
  const { people, collected, findings, plan, outcomes } = facts;
  const problems = collectProblems();
  const excludedBy: Record<string, number> = {};
  const byOutcome = Object.fromEntries(outcomeNames.map((name) => [name, 0])) as Record<
    (typeof outcomeNames)[number],
    number
  >;
  const dropped: RunSummary['supervisors']['dropped'] = [];

  const { size } = people;
  for (let person = 0; person < size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded) continue;
    const outcome = outcomes?.get(person) ?? 'undelivered';
    byOutcome[outcome]++;
    const filter = people.filter(person);
    if (filter !== undefined && outcome === 'excluded') excludedBy[filter] = (excludedBy[filter] ?? 0) + 1;
    const faults = plan?.faults(person) ?? people.faults(person);
    if (faults.length > 0) problems.add(problem(person, 'invalid', faults));
    const refusal = outcome === 'rejected' ? outcomes?.refusal(person) : plan?.held(person);
    if (outcome === 'rejected' || refusal) problems.add(refused(people.id(person) ?? null, refusal));
    if (people.hasNotes(person) || facts.notes.has(person)) {
      const notes = [
        ...people.notes(person),
        ...(facts.notes.get(person) ?? []),
        ...(plan?.sends(person) ? people.patchOnly(person) : []),
      ];
      if (notes.length > 0) problems.add(problem(person, 'note', notes));
    }
    const reason = findings?.dropped(person);
    if (reason && dropped.length < maxListed) {
      dropped.push({
        id: people.id(person) ?? '',
        supervisor_id: people.ids.at(people.supervisorAt(person)),
        reason,
      });
    }
  }

  for (const { id, outcome } of facts.refusedUnread) {
    problems.add(refused(id, outcome, 'They were not read in this run: look at them in Together, or ask its support.'));
  }

  function problem(person: number, kind: 'invalid' | 'note', faults: readonly Fault[]) {
    const id = people.id(person) ?? null;
    return { id, kind, ...(id === null ? { line: people.line(person) } : {}), faults: faults.map(problemFault) };
  }

  function refused(
    id: string | null,
    refusal: { readonly status?: number; readonly reason?: string; readonly at?: number } | undefined,
    remedy?: string,
  ) {
    const unasked = refusal?.status === undefined && refusal?.reason !== undefined;
    const forGood = refusal?.status === 409 || refusal?.status === 410;
    return {
      id,
      kind: 'rejected' as const,
      ...(refusal?.status === undefined ? {} : { status: refusal.status }),
      ...(refusal?.at === undefined ? {} : { since: instant(refusal.at) }),
      faults: [
        {
          field: 'user',
          code: refusal?.status === undefined ? 'refused' : `http_${refusal.status}`,
          message: `${unasked ? 'Not sent' : 'Together refused this person'}: ${refusal?.reason ?? `HTTP ${refusal?.status}, in an earlier run`}.`,
          remedy:
            remedy ??
            (unasked
              ? 'It is tried again with each run.'
              : forGood
                ? 'Ask Together support to restore the account; it is tried again only when the record changes.'
                : 'Correct the record in the HRIS or the mapping; it is tried again when the record changes.'),
        },
      ],
    };
  }

  const { error, memory } = facts;
  return {
    version: 1,
    run_id: facts.runId,
    mode: facts.mode,
    started_at: instant(facts.startedAt),
    finished_at: instant(facts.finishedAt),
    exit_code: facts.exitCode,
    error: error ? { kind: error.kind, message: error.message, hint: error.hint ?? null } : null,
    tool: facts.tool,
    hashes: facts.hashes,
    destination: facts.destination,
    source: facts.source,
    people_read: people.count,
    outcomes: byOutcome,
    excluded_by: excludedBy,
    actions: plan
      ? { ...plan.counts }
      : (Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>),
    vanished: plan?.vanished.slice(0, maxListed) ?? [],
    vanished_ended: { planned: plan ? endsOf(plan, size) : 0, accepted: facts.vanishedEnded },
    changes_by_field: { ...facts.changesByField },
    guards: [...facts.guards],
    accepted: facts.accepted ?? null,
    causes: [...facts.causes],
    requests: facts.requests,
    ...problems.result(),
    supervisors: {
      dropped,
      dropped_total: findings?.droppedTotal ?? 0,
      loops: (findings?.loops ?? []).map((loop) => [...loop]),
      relinked: facts.relinked,
    },
    unmapped_codes: collected.unmappedCodes.slice(0, 1000).map((code) => ({ ...code })),
    code_spellings: collected.codeSpellings.map(({ field, spellings }) => ({
      field,
      spellings: spellings.map((one) => ({ ...one })),
    })),
    privacy: facts.privacy,
    baseline: memory.good ? baselineFacts(memory.good) : null,
    baseline_note: facts.baselineNote ?? null,
    files: facts.files,
  };
}

export function sourceOf(collected: Collected, presets: ReadonlyMap<string, string>): RunSummary['source'] {
  return {
    cut_off: !collected.whole,
    complete: collected.complete,
    why: collected.why,
    streams: collected.streams.map(({ stream, records, mapped }) => ({
      stream,
      preset: presets.get(stream) ?? null,
      records,
      mapped,
    })),
  };
}

function baselineFacts({ run_id, finished_at, people_read }: NonNullable<RunMemory['good']>) {
  return { run_id, finished_at, people_read };
}
