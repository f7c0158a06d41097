/** Plan and people → what the HTML report shows. Tables are read from the store row by row, so that nobody is held twice. */

import type { ChangedField } from './causes.ts';
import type { Findings } from './check.ts';
import { Kind, type People } from './people/people.ts';
import type { Plan } from './plan.ts';
import {
  type OrgTree,
  type PersonRow,
  type PersonTable,
  type RedactionLevel,
  type ReportData,
  type RequestPoint,
  type RunPoint,
  type RunSummary,
  treeStates,
} from './report/model.ts';
import type { Action, TogetherUser } from './types.ts';
import { fieldOf } from './user.ts';

export interface ReportInput {
  readonly summary: RunSummary;
  readonly level: RedactionLevel;
  readonly people: People;
  readonly findings: Findings;
  readonly plan: Plan;
  readonly changes: (person: number) => readonly ChangedField[];
  readonly sensitiveFields: readonly string[];
  readonly requests: readonly RequestPoint[];
  readonly history: readonly RunPoint[];
}

export function reportData(input: ReportInput): ReportData {
  const { people, plan } = input;
  const known = new Set(plan.excludedKnown);

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
      name: nameOf(user),
      title: textOf(user['title']),
      department: textOf(user['departmentName']),
      date: textOf(user[date])?.slice(0, 10),
    };
  };
  const withChanges = (person: number, date: keyof TogetherUser): PersonRow => ({
    ...basic(person, date),
    changes: input.changes(person).map(({ field, from, to }) => ({
      field,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(isSensitive(field) ? { sensitive: true } : {}),
    })),
  });
  const isSensitive = (field: string) => input.sensitiveFields.includes(field) || fieldOf(field)?.sensitive === true;

  return {
    summary: input.summary,
    level: input.level,
    leavers: table('leave', (person) => basic(person, 'dateOfTermination')),
    joiners: table('join', (person) => basic(person, 'lastHireDate')),
    rehires: table('rehire', (person) => withChanges(person, 'lastHireDate')),
    changes: table('change', (person) => withChanges(person, 'dateInJob')),
    vanished: { total: plan.vanished.length, rows: plan.vanished.map((id) => ({ id })) },
    excluded: table('excluded', (person) => ({
      id: people.id(person) ?? '',
      why: `${people.filter(person) ?? ''}${known.has(person) ? ', though Together knows this person' : ''}`,
    })),
    tree: treeOf(input),
    requests: input.requests,
    history: input.history,
  };
}

/** The org chart of who is or will be in Together, by position among the people read. */
function treeOf({ people, plan, findings, changes }: ReportInput): OrgTree {
  const state = new Uint8Array(people.size);
  const places = new Int32Array(people.size).fill(-1);
  const shown: number[] = [];
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.user || findings.conflicts.has(person)) continue;
    const action = plan.action(person);
    if (people.status(person) === 'T' && action !== 'leave') continue;
    places[person] = shown.length;
    state[shown.length] = treeStates.indexOf(
      action === 'join' || action === 'leave' || action === 'rehire'
        ? action
        : action !== 'change'
          ? 'same'
          : changes(person).some(({ field }) => field === 'supervisorId')
            ? 'move'
            : 'change',
    );
    shown.push(person);
  }
  const parent = new Int32Array(shown.length);
  for (const [place, person] of shown.entries()) {
    const above = findings.parent[person] as number;
    parent[place] = above < 0 ? -1 : (places[above] as number);
  }
  return {
    size: shown.length,
    id: (place) => people.id(shown[place] as number) ?? '',
    name: (place) => nameOf(people.user(shown[place] as number)),
    parent,
    state: state.subarray(0, shown.length),
  };
}

function nameOf(user: TogetherUser): string | undefined {
  const name = [user['preferredName'] || user.firstName, user.lastName].filter(Boolean).join(' ');
  return name === '' ? undefined : name;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
