import { describe, expect, it } from 'vitest';
import { peopleOf, person, type Row } from '../testing/people.ts';
import type { RemoteIndex } from '../together/list/remote-index.ts';
import { compareRemote } from './compare-remote.ts';
import type { Plan } from './plan.ts';

interface Listed {
  readonly ids?: readonly string[];
  /** By address. */
  readonly owners?: Readonly<Record<string, string | null>>;
  readonly twins?: RemoteIndex['twins'];
}

/** `sends`: ids that the plan sends; `known`: ids that the ledger knows. */
function compare(
  rows: readonly Row[],
  { ids = [], owners = {}, twins = [] }: Listed,
  sends: string[],
  known: string[] = [],
) {
  const people = peopleOf(rows);
  const remote: RemoteIndex = {
    users: ids.length,
    statuses: new Map(),
    owners: new Map(),
    activeOutside: () => [],
    statusOf: (id) => (ids.includes(id) ? 'A' : undefined),
    ownerOf: (email) => owners[email],
    twins,
    valuesOf: () => undefined,
  };
  const plan = { sends: (at: number) => sends.includes(people.id(at) as string) } as Plan;
  const { notes, ...found } = compareRemote(people, plan, remote, (id) => known.includes(id));
  return { ...found, notes: [...notes].map(([at, faults]) => ({ id: people.id(at), faults })) };
}

const merged = 'Ask Together support to merge them. If these are two people, correct the address in the HRIS.';
const another = 'If these are two people, give one of them another address in the HRIS before the first run.';

describe('the plan beside what Together lists', () => {
  it('counts who is there already, though the ledger does not know them, and is about to be sent', () => {
    const found = compare(
      [person('a'), person('b'), person('c'), person('d')],
      { ids: ['a', 'b', 'c'] },
      ['a', 'b', 'd'],
      ['b'],
    );
    expect(found).toEqual({
      present: 1,
      byAddress: 0,
      matched: new Set(),
      taken: new Set(),
      notes: [],
      lines: ['Together lists 3 users; 1 of the people to send are among them by employeeId.'],
      warnings: [],
    });
  });

  it('names a person whose address is that of another record, for it would become this person', () => {
    const owners = { 'a@example.com': 'z', 'b@example.com': null, 'c@example.com': 'c', 'd@example.com': 'z' };
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => person(id));
    const found = compare(rows, { ids: ['z'], owners }, ['a', 'b', 'c', 'e']);
    const note = (id: string, whose: string) => ({
      id,
      faults: [
        {
          field: 'email',
          code: 'address_in_together',
          value: `under ${whose}`,
          message: `Together has this e-mail address under ${whose}: it will be matched by the address and become this person.`,
          fix: another,
        },
      ],
    });
    expect(found).toEqual({
      present: 0,
      byAddress: 1,
      matched: new Set(['z']),
      taken: new Set(['z']),
      notes: [note('a', 'employeeId z'), note('b', 'a record without an employeeId')],
      lines: [
        'Together lists 1 user; 0 of the people to send are among them by employeeId.',
        '2 more have the address of another record there; the summary names them.',
      ],
      warnings: [],
    });
  });

  it('names a person of two records, sent or not', () => {
    const found = compare([person('a'), person('b')], { ids: ['a', 'b'], owners: { 'a@example.com': 'z' } }, []);
    expect(found).toEqual({
      present: 0,
      byAddress: 0,
      matched: new Set(['z']),
      taken: new Set(),
      notes: [
        {
          id: 'a',
          faults: [
            {
              field: 'email',
              code: 'two_records_in_together',
              value: 'with employeeId z',
              message:
                'Together holds two records of this person: one by employeeId, and employeeId z with this e-mail address, which is not sent.',
              fix: merged,
            },
          ],
        },
      ],
      lines: ['Together lists 2 users; 0 of the people to send are among them by employeeId.'],
      warnings: ['1 person has two records in Together, by employeeId and by address; the summary names them.'],
    });
  });

  it('tells both kinds apart in its lines', () => {
    const owners = { 'a@example.com': 'z', 'b@example.com': 'z', 'c@example.com': 'z' };
    const { lines, warnings } = compare([person('a'), person('b'), person('c')], { ids: ['a', 'b'], owners }, ['c']);
    expect({ lines: lines.slice(1), warnings }).toEqual({
      lines: ['1 more has the address of another record there; the summary names them.'],
      warnings: ['2 people have two records in Together, by employeeId and by address; the summary names them.'],
    });
  });

  it('looks at nobody out of scope or impossible to map, and at no person without an address', () => {
    const rows: Row[] = [
      { user: person('a'), filter: 'company' },
      { invalid: 'b' },
      person('c', { email: undefined as unknown as string }),
    ];
    const owners = { 'a@example.com': 'z', 'b@example.com': 'z' };
    const { present, notes } = compare(rows, { ids: ['a', 'b', 'c'], owners }, ['a', 'b']);
    expect({ present, notes }).toEqual({ present: 0, notes: [] });
  });

  it('warns of ten pairs of records that share an id or an address, and counts the others', () => {
    const pair = (at: number) => ({ by: 'email' as const, ids: [`${at}`, null] });
    const twin = { by: 'employeeId' as const, ids: ['7', '7'] };
    const said = (count: number) =>
      compare([], { twins: [twin, ...Array.from({ length: count - 1 }, (_, at) => pair(at))] }, []).warnings;
    const ask = 'ask its support to merge them.';
    expect(said(2)).toEqual([
      `Together holds two records with one employeeId (employeeId 7): ${ask}`,
      `Together holds two records with one email (employeeId 0 and none): ${ask}`,
    ]);
    expect({ ten: said(10).length, eleven: said(11).at(-1), twelve: said(12).at(-1), all: said(12).length }).toEqual({
      ten: 10,
      eleven: '… and 1 more pair.',
      twelve: '… and 2 more pairs.',
      all: 11,
    });
  });
});
