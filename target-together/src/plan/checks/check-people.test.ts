import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peopleOf, person, type Row } from '../../testing/people.ts';
import { checkWholeSet } from './check-people.ts';

const check = (rows: readonly Row[], known: readonly string[] = []) => {
  const people = peopleOf(rows);
  return { people, found: checkWholeSet({ people, statusOf: (id) => (known.includes(id) ? 'A' : undefined) }) };
};
const codes = (rows: readonly Row[], known: readonly string[] = []) =>
  [...check(rows, known).found.conflicts].map(([at, faults]) => [at, faults.map((fault) => fault.code).join()]);
const dropped = (rows: readonly Row[], known: readonly string[] = []) => {
  const { people, found } = check(rows, known);
  return Array.from({ length: people.size }, (_, at) => found.dropped(at) ?? '');
};

describe('one id, one address', () => {
  it('sends neither of two records with one employeeId, and names both lines', () => {
    const { found } = check([
      { user: person('1'), key: 'a' },
      { user: person('1', { email: 'x@example.com' }), key: 'b' },
    ]);
    expect([...found.conflicts.keys()]).toEqual([0, 1]);
    expect(found.conflicts.get(0)?.[0]?.message).toContain('lines 1, 2');
  });

  it('sends no new person with the address of one whom Together has and whose rows differ', () => {
    const rows = [
      { user: person('1', { email: 'ada@example.com' }), key: 'a' },
      { user: person('1', { email: 'ada@example.com', title: 'Other' }), key: 'b' },
      person('2', { email: 'ada@example.com' }),
      person('3', { email: 'ada@example.com', employeeStatusCode: 'T' }),
    ];
    expect(codes(rows, ['1']).map(([at]) => at)).toEqual([0, 1, 2]);
    expect(codes([rows[0], rows[1], rows[3]] as Row[], ['1'])[2]).toEqual([2, 'duplicate_email']);
  });

  it('sends neither of two people with one address, whatever its case, and names each to the other', () => {
    const { found } = check([
      person('1', { email: 'ada@example.com' }),
      person('2'),
      person('3', { email: 'ADA@Example.com' }),
    ]);
    expect([...found.conflicts.keys()]).toEqual([0, 2]);
    expect(found.conflicts.get(0)?.[0]?.message).toContain('employeeId 3');
    expect(JSON.stringify([...found.conflicts])).not.toMatch(/@/);
  });

  it.each<{
    why: string;
    first: string;
    known: string[];
    conflicts: number[];
    without: number[];
    notes: number[];
    leftOut: number[];
  }>([
    {
      why: 'only the address waits of people that Together finds by their ids',
      first: 'A',
      known: ['1', '2'],
      conflicts: [],
      without: [0, 1],
      notes: [0, 1],
      leftOut: [],
    },
    {
      why: 'who is new would become the other',
      first: 'A',
      known: ['1'],
      conflicts: [1],
      without: [0],
      notes: [0],
      leftOut: [],
    },
    {
      why: 'the end of access never waits',
      first: 'T',
      known: ['1', '2'],
      conflicts: [],
      without: [0, 1],
      notes: [1],
      leftOut: [],
    },
    {
      why: "a second id that ended before Together had it stands in nobody's way",
      first: 'T',
      known: [],
      conflicts: [],
      without: [],
      notes: [0],
      leftOut: [0],
    },
    {
      why: 'the same, where Together has the living one',
      first: 'T',
      known: ['2'],
      conflicts: [],
      without: [],
      notes: [0],
      leftOut: [0],
    },
  ])('one address for two: $why', ({ first, known, conflicts, without, notes, leftOut }) => {
    const rows = [
      person('1', { email: 'a@example.com', employeeStatusCode: first }),
      person('2', { email: 'a@example.com' }),
    ];
    const { found } = check(rows, known);
    expect({
      conflicts: [...found.conflicts.keys()],
      without: [...found.withoutEmail],
      notes: [...found.notes.keys()],
      leftOut: [...found.leftOut.keys()],
    }).toEqual({ conflicts, without, notes, leftOut });
  });

  it('leaves a known person alone whose very body Together has', () => {
    const people = peopleOf([person('1', { email: 'a@example.com' }), person('2', { email: 'a@example.com' })]);
    const found = checkWholeSet({
      people,
      statusOf: (id) => (id === '1' ? 'A' : undefined),
      isUnchanged: (one) => one === 0,
    });
    expect([...found.withoutEmail]).toEqual([]);
    expect([...found.conflicts.keys()]).toEqual([1]);
  });

  it('does not hold against somebody an address of a person out of scope whom Together never had', () => {
    expect(
      codes([person('1', { email: 'a@example.com' }), { user: person('2', { email: 'a@example.com' }), filter: 'x' }]),
    ).toEqual([]);
  });
});

describe('supervisors', () => {
  it('leaves out a link to an unknown person, to oneself, to a person out of scope or impossible to map', () => {
    const rows: Row[] = [
      person('1', { supervisorId: '99' }),
      person('2', { supervisorId: '2' }),
      { user: person('3'), filter: 'company' },
      person('4', { supervisorId: '3' }),
      { invalid: '5' },
      person('6', { supervisorId: '5' }),
      person('7', { supervisorId: '1' }),
    ];
    expect(dropped(rows)).toEqual(['unknown', 'self', '', 'excluded', '', 'invalid', '']);
  });

  it('leaves out a link to a leaver who can only be patched, unless there is somebody to patch', () => {
    const patchOnly = [{ field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' }];
    const rows: Row[] = [
      { user: { employeeId: 'gone', employeeStatusCode: 'T' }, patchOnly },
      person('1', { supervisorId: 'gone' }),
    ];
    expect(dropped(rows)).toEqual(['', 'invalid']);
    expect(dropped(rows, ['gone'])).toEqual(['', '']);
  });

  it.each([
    { what: 'as it was', heldBack: true, link: 'invalid' },
    { what: 'another one, and is tried again', heldBack: false, link: '' },
  ])('a deleted account whose record is $what, as a supervisor: link left out as "$link"', ({ heldBack, link }) => {
    const people = peopleOf([person('gone'), person('1', { supervisorId: 'gone' })]);
    const isGone = (id: string) => id === 'gone';
    const mayBeHeldBack = (at: number) => at === 0 && heldBack;
    const found = checkWholeSet({ people, statusOf: () => undefined, isGone, mayBeHeldBack });
    expect(found.dropped(1) ?? '').toBe(link);
  });

  it('keeps a link to whoever Together has accepted before, read or not', () => {
    const rows: Row[] = [
      person('1', { supervisorId: '99' }),
      { user: person('3'), filter: 'x' },
      person('4', { supervisorId: '3' }),
    ];
    expect(dropped(rows, ['99', '3'])).toEqual(['', '', '']);
  });

  it('breaks every loop for all of its members and for no other, and names it once from its smallest id', () => {
    const { people, found } = check([
      person('c', { supervisorId: 'a' }),
      person('a', { supervisorId: 'b' }),
      person('b', { supervisorId: 'c' }),
      person('d', { supervisorId: 'c' }),
    ]);
    expect(found.loops).toEqual([['a', 'b', 'c']]);
    expect([0, 1, 2, 3].map((at) => found.dropped(at) ?? '')).toEqual(['loop', 'loop', 'loop', '']);
    expect(found.parent[people.find('d')]).toBe(0);
  });

  it('never leaves a loop among the links that are sent, for any chart', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 20 }), (above) => {
        const { people, found } = check(above.map((boss, at) => person(`${at}`, { supervisorId: `${boss}` })));
        for (let start = 0; start < people.size; start++) {
          let at = start;
          for (let steps = 0; at >= 0; steps++) {
            expect(steps).toBeLessThanOrEqual(people.size);
            at = found.parent[at] as number;
          }
        }
        for (let at = 0; at < people.size; at++) {
          const linked = (found.parent[at] as number) >= 0;
          expect(linked).toBe(found.dropped(at) === undefined);
        }
      }),
    );
  });
});
