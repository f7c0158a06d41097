/** Plan and people → what the HTML report shows. Tables are read from the store row by row, so that no person is kept twice. */

import type { Action, OutcomeName } from '../model/outcome.ts';
import type { TogetherUser } from '../model/person.ts';
import type { RedactionLevel, RequestPoint, RunPoint, RunSummary } from '../model/run-summary.ts';
import { displayName } from '../model/text/display-name.ts';
import type { ChangedField } from '../model/user-fields.ts';
import { fieldOf } from '../model/user-fields.ts';
import { Kind, type People } from '../people/person.ts';
import type { Findings } from '../plan/checks/findings.ts';
import type { Plan } from '../plan/plan.ts';
import { type OrgTree, type PersonRow, type PersonTable, type ReportData, treeStates } from './model.ts';

export interface ReportInput {
  readonly summary: RunSummary;
  readonly level: RedactionLevel;
  readonly people: People;
  readonly findings: Findings;
  readonly plan: Plan;
  readonly changes: (person: number) => readonly ChangedField[];
  /** By position. */
  readonly outcome: (person: number) => OutcomeName | undefined;
  readonly sensitiveFields: readonly string[];
  readonly requests: readonly RequestPoint[];
  readonly history: readonly RunPoint[];
}

export function reportData(input: ReportInput): ReportData {
  const { people, plan } = input;
  const known = new Set(plan.outOfScope);

  function table(action: Action, row: (person: number) => PersonRow): PersonTable {
    return {
      total: plan.counts[action],
      rows: {
        *[Symbol.iterator]() {
          for (let person = 0; person < people.size; person++) {
            if (people.kind(person) !== Kind.superseded && plan.action(person) === action) yield row(person);
          }
        },
      },
    };
  }

  const basic = (person: number, date: keyof TogetherUser): PersonRow => {
    const user = people.user(person);
    return {
      id: user.employeeId,
      number: people.label(person)?.number,
      name: displayName(user),
      title: textOf(user['title']),
      department: textOf(user['departmentName']),
      date: textOf(user[date])?.slice(0, 10),
      outcome: input.outcome(person),
    };
  };
  const withChanges = (person: number, date: keyof TogetherUser): PersonRow => ({
    ...basic(person, date),
    changes: input.changes(person).map(({ field, from, to }) => ({
      field,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to: to === '' ? null : to }),
      ...(isSensitive(field) ? { sensitive: true } : {}),
    })),
  });
  const isSensitive = (field: string) => input.sensitiveFields.includes(field) || fieldOf(field)?.sensitive === true;

  return {
    summary: input.summary,
    level: input.level,
    leavers: {
      total: plan.counts.leave,
      rows: {
        *[Symbol.iterator]() {
          yield* table('leave', (person) => basic(person, 'dateOfTermination')).rows;
          if (input.summary.out_of_scope.planned > 0)
            for (const person of plan.outOfScope) yield { id: people.id(person) ?? '', reason: 'out of scope' };
        },
      },
    },
    joiners: table('join', (person) => basic(person, 'lastHireDate')),
    rehires: table('rehire', (person) => withChanges(person, 'lastHireDate')),
    moves: table('move', (person) => ({
      ...basic(person, 'lastHireDate'),
      reason: `in Together as ${input.findings.newIds.get(person)}`,
    })),
    changes: table('change', (person) => withChanges(person, 'dateInJob')),
    vanished: { total: plan.vanished.length, rows: plan.vanished.map((id) => ({ id })) },
    only: {
      total: input.summary.together_only?.people ?? 0,
      rows: (input.summary.together_only?.ids ?? []).map((id) => ({ id })),
    },
    excluded: table('excluded', (person) => ({
      id: people.id(person) ?? '',
      number: people.label(person)?.number,
      outcome: input.outcome(person),
      reason: `${people.filter(person) ?? ''}${known.has(person) ? ', though Together knows this person' : ''}`,
    })),
    who: (id) => whoIs(people, people.find(id)),
    tree: input.summary.mode === 'apply' ? undefined : treeOf(input),
    requests: input.requests,
    history: input.history.filter(({ runId }) => runId !== input.summary.run_id),
  };
}

/**
 * The org chart of who is or will be in Together. Supervisors who are not among them, because this read did not bring them or
 * because they had left before, stand in it as `absent` and `gone`.
 */
function treeOf({ people, plan, findings, changes }: ReportInput): OrgTree {
  const places = new Int32Array(people.size).fill(-1);
  /** By place: a person read, or -1 - the position of an id. */
  const shown: number[] = [];
  const states: (typeof treeStates)[number][] = [];
  const add = (who: number, state: (typeof treeStates)[number]): number => {
    states.push(state);
    return shown.push(who) - 1;
  };
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.user || findings.conflicts.has(person)) continue;
    const action = plan.action(person);
    if (people.status(person) === 'T' && action !== 'leave') continue;
    places[person] = add(person, stateOf(action, changes(person)));
  }
  const others = new Map<number, number>();
  /** Where an id stands; supervisors who have no place yet get one. */
  const placeOf = (at: number): number => {
    const person = people.personOf(at);
    if (person >= 0 && (places[person] as number) >= 0) return places[person] as number;
    const known = others.get(at);
    if (known !== undefined) return known;
    const gone = person >= 0 && people.kind(person) === Kind.user && people.status(person) === 'T';
    const place = gone ? add(person, 'gone') : add(-1 - at, 'absent');
    others.set(at, place);
    return place;
  };
  const inside = shown.length;
  const parent: number[] = [];
  const before: number[] = [];
  for (let place = 0; place < inside; place++) {
    const person = shown[place] as number;
    const at = people.supervisorAt(person);
    const now = at < 0 || findings.dropped(person) ? -1 : placeOf(at);
    const moved = changes(person).find(({ field }) => field === 'supervisorId');
    const then = moved?.from === undefined ? -1 : people.ids.add(moved.from);
    parent.push(now);
    before.push(moved === undefined ? now : moved.fromKey === undefined ? -1 : then < 0 ? -2 : placeOf(then));
  }
  const none = Array.from({ length: shown.length - inside }, () => -1);
  return {
    size: shown.length,
    id(place) {
      const who = shown[place] as number;
      return (who < 0 ? people.ids.at(-1 - who) : people.id(who)) ?? '';
    },
    number(place) {
      const who = shown[place] as number;
      return who < 0 ? undefined : people.label(who)?.number;
    },
    name(place) {
      const who = shown[place] as number;
      return who < 0 ? undefined : displayName(people.user(who));
    },
    parent: Int32Array.from([...parent, ...none]),
    before: Int32Array.from([...before, ...none]),
    state: Uint8Array.from(states, (state) => treeStates.indexOf(state)),
  };
}

function whoIs(people: People, person: number): Pick<PersonRow, 'number' | 'name'> {
  if (person < 0) return {};
  const { number, name } = people.label(person) ?? {};
  const isMapped = people.kind(person) === Kind.user && people.json(person) !== '';
  return { number, name: isMapped ? displayName(people.user(person)) : name };
}

function stateOf(action: Action, changes: readonly ChangedField[]): (typeof treeStates)[number] {
  if (action === 'join' || action === 'leave' || action === 'rehire') return action;
  if (action !== 'change') return 'same';
  return changes.some(({ field }) => field === 'supervisorId') ? 'move' : 'change';
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
