import { describe, expect, it } from 'vitest';
import { peopleOf, person, type Row } from '../../testing/people.ts';
import { checkWholeSet } from './check-people.ts';

interface Case {
  readonly why: string;
  readonly rows: readonly Row[];
  /** Status by id that Together has. */
  readonly known?: Readonly<Record<string, string>>;
  /** Who has a@example.com in Together: not with it in this read, and leavers with it. */
  readonly absent?: readonly string[];
  readonly leavers?: readonly string[];
  /** Who is not read, and came with it before. */
  readonly waiting?: readonly string[];
  readonly complete?: boolean;
  /** `old>new` */
  readonly moves: readonly string[];
  /** Missing people of whom nothing is proven. */
  readonly kept?: readonly string[];
  /** The same by a new id that a filter leaves out. */
  readonly outside?: readonly string[];
}

const email = 'a@example.com';
const left = (id: string) => person(id, { email, employeeStatusCode: 'T' });
const freed = (id: string) => ({
  user: person(id, { email: `${id}@left.example.com`, employeeStatusCode: 'T' }),
  rowEmail: email,
});

const cases: readonly Case[] = [
  { why: 'missing from a complete read', rows: [person('11', { email })], absent: ['1'], moves: ['1>11'], kept: ['1'] },
  { why: 'not read by a part', rows: [person('11', { email })], absent: ['1'], complete: false, moves: [] },
  { why: 'a leaver with the address', rows: [left('1'), person('11', { email })], leavers: ['1'], moves: ['1>11'] },
  {
    why: 'a leaver without it, in a part',
    rows: [person('1', { email: '', employeeStatusCode: 'T' }), person('11', { email })],
    absent: ['1'],
    complete: false,
    moves: ['1>11'],
  },
  { why: 'a leaver who has another one in Together', rows: [left('1'), person('11', { email })], moves: [] },
  { why: 'whom Together never had', rows: [person('11', { email })], absent: ['9'], moves: [] },
  { why: 'the new id is a leaver too', rows: [left('11')], absent: ['1'], moves: [] },
  {
    why: 'two new ids',
    rows: [person('11', { email }), person('12', { email })],
    absent: ['1'],
    moves: [],
    kept: ['1'],
  },
  {
    why: 'two leavers have rows with the address, and leaver_email gives each another one',
    rows: [freed('1'), freed('2'), person('11', { email })],
    known: { 1: 'A', 2: 'A' },
    leavers: ['1'],
    moves: [],
  },
  {
    why: 'one leaver has, and another one had left before',
    rows: [freed('1'), freed('2'), person('11', { email })],
    known: { 1: 'A', 2: 'T' },
    leavers: ['1'],
    moves: ['1>11'],
  },
  {
    why: 'two had swapped their addresses, and the one who waits for this one is missing too',
    rows: [person('11', { email })],
    known: { 1: 'A', 2: 'A' },
    absent: ['1'],
    waiting: ['2'],
    moves: [],
    kept: ['1'],
  },
  {
    why: 'another new id has it, and a filter leaves that one out',
    rows: [person('11', { email }), { user: person('12', { email }), filter: 'type' }],
    absent: ['1'],
    moves: [],
    kept: ['1'],
    outside: ['1'],
  },
  {
    why: 'a filter leaves the new id out',
    rows: [{ user: person('11', { email }), filter: 'type' }],
    absent: ['1'],
    moves: [],
    outside: ['1'],
  },
  {
    why: 'the new id starts later, or has ended',
    rows: [
      { user: person('11', { email }), filter: 'starts later' },
      { user: left('12'), filter: 'type' },
    ],
    absent: ['1'],
    moves: [],
  },
  {
    why: 'another new id has it, and its rows differ',
    rows: [
      person('11', { email }),
      { user: person('12', { email }), key: 'a' },
      { user: person('12', { email, title: 'x' }), key: 'b' },
    ],
    absent: ['1'],
    moves: [],
    kept: ['1'],
  },
  {
    why: 'a leaver whom a filter leaves out has it as well',
    rows: [person('11', { email }), { user: left('12'), filter: 'type' }],
    absent: ['1'],
    moves: ['1>11'],
    kept: ['1'],
  },
  {
    why: 'a known person has the address as well',
    rows: [person('2', { email }), person('11', { email })],
    known: { 1: 'A', 2: 'A' },
    absent: ['1'],
    moves: [],
    kept: ['1'],
  },
];

/** On a first run, or after a lost state. */
describe("an address that Together's list alone has for a person who is not read", () => {
  const waits = (...rows: Row[]) => {
    const people = peopleOf(rows);
    const matched = new Map([[people.emailHash(people.find('11')), ['1']]]);
    const owners = { elsewhere: new Map(), leavers: new Map(), handedOver: new Map(), matched };
    const found = checkWholeSet({ people, statusOf: (id) => (id === '1' ? 'A' : undefined), owners, complete: true });
    return found.conflicts.get(people.find('11'))?.map(({ code }) => code) ?? [];
  };

  it('matches the one new id that comes with it, also one that comes as a leaver', () => {
    for (const row of [person('11', { email }), left('11')]) expect(waits(row)).toEqual([]);
  });

  it('matches none of several, one of whom a filter, a first day ahead or rows that differ leave out', () => {
    for (const row of [person('11', { email }), left('11')]) {
      expect(waits(row, { user: person('12', { email }), filter: 'starts later' })).toEqual(['duplicate_email']);
      const differing = ['a', 'b'].map((key) => ({ user: person('12', { email, title: key }), key }));
      expect(waits(row, ...differing)).toEqual(['duplicate_email']);
    }
  });
});

const checked = (one: Case, relinks: boolean) => {
  const { rows, known = { 1: 'A' }, absent = [], leavers = [], waiting = [], complete = true } = one;
  const people = peopleOf(rows);
  const hash = people.emailHash(people.find('11'));
  const owned = (ids: readonly string[]) => new Map(ids.length > 0 ? [[hash, ids]] : []);
  const found = checkWholeSet({
    people,
    statusOf: (id) => known[id],
    owners: { elsewhere: owned(absent), leavers: owned(leavers), handedOver: new Map(), waiting: owned(waiting) },
    complete,
    relinks: () => relinks,
  });
  return { people, found };
};

describe('somebody under a new id', () => {
  it.each(cases)('$why', (one) => {
    const { people, found } = checked(one, true);
    expect({
      moves: [...found.newIds].map(([at, from]) => `${from}>${people.id(at)}`),
      kept: [...found.movedFrom],
      outside: [...found.mayBeOutside],
    }).toEqual({ moves: one.moves, kept: one.kept ?? [], outside: one.outside ?? [] });
  });

  it.each(cases.filter(({ moves }) => moves.length > 0))('held back, both named: $why', (one) => {
    const { people, found } = checked(one, false);
    const at = people.find('11');
    expect(found.newIds.size).toBe(0);
    expect(found.conflicts.get(at)).toMatchObject([{ code: 'new_id', value: '1 now comes as 11' }]);
    const old = people.find('1');
    if (old >= 0) expect(found.leftOut.has(old)).toBe(true);
  });
});

describe('an id that is another one now', () => {
  const check = (
    rows: readonly Row[],
    moved: Readonly<Record<string, string>>,
    known: Readonly<Record<string, string>>,
  ) => {
    const people = peopleOf(rows);
    const found = checkWholeSet({
      people,
      statusOf: (id) => (Object.hasOwn(known, id) ? known[id] : undefined),
      moved,
    });
    return { people, found };
  };

  it('is followed by who reports to it, through several moves, unless somebody else has it by now', () => {
    const rows = [person('7', { supervisorId: '1' }), person('8', { supervisorId: '2' }), person('2')];
    const moved = { 1: '11', 11: '111', 2: '22' };
    const { people } = check(rows, moved, { 111: 'A', 22: 'A' });
    expect([people.user(0).supervisorId, people.user(1).supervisorId]).toEqual(['111', '2']);
  });

  it('is followed only once the ledger says that the move has happened', () => {
    const { people } = check([person('7', { supervisorId: '1' })], { 1: '11' }, { 1: 'A' });
    expect(people.user(0).supervisorId).toBe('1');
  });

  it('leaves its row of a leaver out, whatever address that has', () => {
    const rows = [left('1'), person('11', { email }), { ...person('2', { employeeStatusCode: 'T' }) }];
    const { found } = check(rows, { 1: '11', 2: '22', constructor: 'x' }, { 11: 'A', 22: 'A' });
    expect([...found.leftOut.keys()]).toEqual([0, 2]);
    expect([...found.notes.keys()]).toEqual([]);
  });
});
