/** A run's facts → its summary. Everything countable is counted here once, for the terminal, the JSON, the report and the audit. */

import type { ConnectorError } from '@ukg-together/kit/error';
import { sharedCodes } from '../../collect/unmapped-codes.ts';
import { type Action, actions, type OutcomeName, outcomes as outcomeNames } from '../../model/outcome.ts';
import type { Fault, Outcome } from '../../model/person.ts';
import type { Problem, RunSummary } from '../../model/run-summary.ts';
import { Kind, type People } from '../../people/person.ts';
import { shownSupervisor } from '../../people/shown-supervisor.ts';
import { countRestored } from '../../plan/checks/supervisors/pending-links.ts';
import type { Plan } from '../../plan/plan.ts';
import { mappingChanges, stillDue } from '../../state/mapping-memory.ts';
import type { RunMemory } from '../../state/run-history.ts';
import type { Read } from '../collect-step.ts';
import type { Sent } from '../deliver-step.ts';
import type { RunIdentity } from '../identity.ts';
import { collectProblems, type Problems, problemFault } from './problems.ts';

export interface RunFacts {
  readonly run: RunIdentity;
  readonly read: Read;
  /** Absent: the run ended before there was a plan. */
  readonly sent: Sent | undefined;
  readonly error: ConnectorError | undefined;
  readonly exitCode: number;
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
  readonly hashes: RunSummary['hashes'];
  readonly requests: RunSummary['requests'];
  /** What earlier runs left. */
  readonly memory: RunMemory;
}

/** What ended a run, as its summary states it. */
export const toldError = ({ kind, message, hint, docs }: ConnectorError): NonNullable<RunSummary['error']> => ({
  kind,
  message,
  hint: hint ?? null,
  docs,
});

const maxListed = 1000;
const instant = (ms: number) => new Date(ms).toISOString();

export function summarize({ run, read, sent, error, memory, ...facts }: RunFacts): RunSummary {
  const { people, collected } = read;
  const planned = sent?.gated;
  const plan = planned?.plan;
  const findings = planned?.findings;
  const { by_outcome, excluded_by, joins_left, dropped, problems } = countPeople(read, sent);
  return {
    version: 1,
    run_id: run.id,
    mode: run.mode.name,
    started_at: instant(run.startedAt),
    finished_at: instant(facts.finishedAt),
    exit_code: facts.exitCode,
    error: error ? toldError(error) : null,
    tool: run.about.tool,
    hashes: facts.hashes,
    destination: run.about.destination,
    source: read.source,
    people_read: people.count,
    outcomes: by_outcome,
    excluded_by,
    upcoming: upcomingOf(read),
    actions: plan ? { ...plan.counts } : zeros(actions),
    joins_left,
    vanished: plan?.vanished.slice(0, maxListed) ?? [],
    together_only: planned?.togetherOnly
      ? { people: planned.togetherOnly.length, ids: planned.togetherOnly.slice(0, maxListed) }
      : null,
    verify: null,
    moved: movedOf(planned, people),
    vanished_ended: { planned: plan ? endsOf(plan, people.size, 'vanished') : 0, accepted: sent?.vanishedEnded ?? 0 },
    mapping: mappingOf(read, memory),
    out_of_scope: {
      people: plan?.outOfScope.length ?? 0,
      ids: plan?.outOfScope.slice(0, maxListed).map((person) => people.id(person) ?? '') ?? [],
      planned: plan ? endsOf(plan, people.size, 'leave') : 0,
      accepted: sent?.outOfScopeEnded ?? 0,
    },
    changes_by_field: { ...planned?.changesByField },
    guards: [...(planned?.guards ?? [])],
    accepted: run.accept ?? null,
    causes: [...(planned?.causes ?? [])],
    requests: facts.requests,
    ...problems,
    supervisors: {
      dropped,
      dropped_total: findings?.droppedTotal ?? 0,
      loops: (findings?.loops ?? []).map((loop) => [...loop]),
      relinked: relinkedCount(run, sent, memory),
    },
    unmapped_codes: collected.unmappedCodes.slice(0, maxListed).map((code) => ({ ...code })),
    stale: Object.entries(planned?.stale ?? {})
      .map(([field, people]) => ({ field, people }))
      .sort((a, b) => b.people - a.people),
    data_quality: collected.remarks.map((remark) => ({ ...remark })),
    code_spellings: collected.codeSpellings.map(({ field, spellings }) => ({
      field,
      spellings: spellings.map((one) => ({ ...one })),
    })),
    privacy: sent?.privacy ?? { sent: false, people: 0, fields: [] },
    baseline: memory.baseline ? baselineFacts(memory.baseline) : null,
    baseline_note: planned?.baselineNote ?? null,
    audit_head: null,
    files: run.files,
  };
}

/** One pass over everybody who was read; then those who were not, and that Together refused. */
function countPeople({ people, collected }: Read, sent: Sent | undefined) {
  const planned = sent?.gated;
  const isShared = sharedCodes(collected.unmappedCodes);
  const problem: MakeProblem = (person, kind, faults) => {
    const id = people.id(person) ?? null;
    const shown = faults.map((fault) => problemFault(fault, isShared));
    return { id, kind, ...(id === null ? { line: people.line(person) } : {}), faults: shown };
  };
  const problems = collectProblems();
  const excludedBy: Record<string, number> = {};
  const byOutcome = zeros(outcomeNames);
  const dropped: RunSummary['supervisors']['dropped'] = [];
  let joinsLeft = 0;
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    const outcome = sent?.outcomes.get(person) ?? 'undelivered';
    byOutcome[outcome]++;
    if (planned?.plan.action(person) === 'join' && people.status(person) === 'T') joinsLeft++;
    const filter = planned?.findings.leftOut.get(person) ?? people.filter(person);
    if (filter !== undefined && outcome === 'excluded') excludedBy[filter] = (excludedBy[filter] ?? 0) + 1;
    addProblems(problems, people, person, outcome, sent, problem);
    const reason = planned?.findings.dropped(person);
    if (reason && dropped.length < maxListed) {
      dropped.push({
        id: people.id(person) ?? '',
        supervisor_id: shownSupervisor(people, person, reason),
        reason,
      });
    }
  }
  for (const { delivery, outcome } of sent?.refusedUnread ?? []) {
    const fix = 'They were not read in this run: look at them in Together, or ask its support.';
    problems.add(refused(delivery.employeeId, outcome, fix));
  }
  return {
    by_outcome: byOutcome,
    excluded_by: excludedBy,
    joins_left: joinsLeft,
    dropped,
    problems: problems.result(),
  };
}

function addProblems(
  problems: Problems,
  people: People,
  person: number,
  outcome: OutcomeName,
  sent: Sent | undefined,
  problem: MakeProblem,
): void {
  const planned = sent?.gated;
  const faults = planned?.plan.faults(person) ?? people.faults(person);
  if (faults.length > 0) problems.add(problem(person, 'invalid', faults));
  const refusal = outcome === 'rejected' ? sent?.outcomes.refusal(person) : planned?.plan.heldBack(person);
  if (outcome === 'rejected' || refusal) problems.add(refused(people.id(person) ?? null, refusal));
  const found = planned?.findings.notes.get(person);
  const clears = sent?.refusedClears.get(person);
  if (!people.hasNotes(person) && !planned?.notes.has(person) && !found && !clears) return;
  const notes = [
    ...people.notes(person),
    ...(planned?.notes.get(person) ?? []),
    ...(found ?? []),
    ...(clears ?? []).map(clearRefused),
    ...(planned?.plan.sends(person) ? people.patchOnly(person) : []),
  ];
  if (notes.length > 0) problems.add(problem(person, 'note', notes));
}

const clearRefused = (field: string): Fault => ({
  field,
  code: 'clear_refused',
  message: `Together refuses to empty ${field}: the person was sent without it, and Together shows the old value.`,
  fix: 'Set clear_with to the other way of emptying a field, or empty it in Together.',
});

type MakeProblem = (person: number, kind: 'invalid' | 'note', faults: readonly Fault[]) => Problem;

type Refusal = Pick<Outcome, 'status' | 'reason'> & { readonly at?: number };

function refused(id: string | null, refusal: Refusal | undefined, fix = fixOf(refusal)): Problem {
  const { status, reason, at } = refusal ?? {};
  const who = isUnasked(refusal) ? 'Not sent' : 'Together refused this person';
  return {
    id,
    kind: 'rejected',
    ...(status === undefined ? {} : { status }),
    ...(at === undefined ? {} : { since: instant(at) }),
    faults: [
      {
        field: 'user',
        code: status === undefined ? 'refused' : `http_${status}`,
        message: `${who}: ${reason ?? `HTTP ${status}, in an earlier run`}.`,
        fix,
      },
    ],
  };
}

/** Refused by this program, before Together was asked. */
const isUnasked = (refusal: Refusal | undefined) => refusal?.status === undefined && refusal?.reason !== undefined;

function fixOf(refusal: Refusal | undefined): string {
  if (isUnasked(refusal)) return 'It is tried again with each run.';
  return refusal?.status === 409 || refusal?.status === 410
    ? 'Ask Together support to restore the account; it is tried again only when the record changes.'
    : 'Correct the record in the HRIS or the mapping; it is tried again when the record changes.';
}

/** Patches stand behind all people. */
function endsOf({ order, action }: Plan, size: number, ended: Action): number {
  let ends = 0;
  for (let at = order.length - 1; at >= 0 && (order[at] as number) >= size; at--)
    if (action(order[at] as number) === ended) ends++;
  return ends;
}

const movedOf = (planned: Sent['gated'] | undefined, people: People): RunSummary['moved'] =>
  [...(planned?.findings.newIds ?? [])]
    .slice(0, maxListed)
    .map(([person, from]) => ({ from, to: people.id(person) as string }));

/** People whose link was left out before and is sent now, read again or not. */
function relinkedCount({ mode }: RunIdentity, sent: Sent | undefined, memory: RunMemory): number {
  if (!sent || (mode.writes && !sent.began)) return 0;
  const { plan, findings, read } = sent.gated;
  return sent.linked.size + countRestored(memory.pending_links ?? {}, read.people, findings, plan.sends);
}

function mappingOf({ facts }: Read, { mapping, mapping_due = [] }: RunMemory): RunSummary['mapping'] {
  const changed = mappingChanges(mapping, facts.mapping);
  return { changed, complete_read_due: stillDue(mapping_due, changed, facts.complete) };
}

function upcomingOf({ facts: { calendar, withdrawn } }: Read): RunSummary['upcoming'] {
  const counts = { starts: 0, leaves: 0, returns: 0 };
  for (const { kind } of calendar) counts[kind]++;
  return {
    ...counts,
    days: calendar.slice(0, maxListed).map((day) => ({ ...day })),
    withdrawn: withdrawn.slice(0, maxListed),
  };
}

function zeros<T extends Action | OutcomeName>(names: readonly T[]): Record<T, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
}

function baselineFacts({ run_id, finished_at, people_read }: NonNullable<RunMemory['baseline']>) {
  return { run_id, finished_at, people_read };
}
