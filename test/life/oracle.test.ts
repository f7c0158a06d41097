/** The oracle against the page that it is written from: each situation by hand, in the page's own words. No product in here. */
import { describe, expect, it } from 'vitest';
import { bodyOf, type Decision, decide, type Read, type Rules } from './decide.ts';
import type { Row } from './hr.ts';
import { createMemory, lose, type Memory, type User } from './memory.ts';
import { type Allowed, divergences, expectNight, type Refusals, remember } from './oracle.ts';

const now = Date.UTC(2026, 4, 10, 2);
const rules: Rules = {
  ...{ zone: 'UTC', lead: 0, end: 'day_after', onNewId: 'hold', vanished: 'report' },
  ...{ outOfScope: 'report', leaverEmail: null },
};

const row = (id: string, more: Partial<Row> = {}): Row => ({
  ...{ recordId: id, employeeId: id, supervisorId: null, firstName: 'Ada', lastName: `Example ${id}` },
  ...{ emailAddress: `${id}@x.example`, employeeStatusCode: 'A', jobTitle: 'Analyst', employeeTypeCode: 'REG' },
  dateOfTermination: null,
  ...{ originalHireDate: '2019-03-04T00:00:00', lastHireDate: '2019-03-04T00:00:00', dateTimeChanged: '' },
  ...more,
});
const user = (id: string, more: Partial<User> = {}): User => ({
  ...{ employeeId: id, email: `${id}@x.example`, employeeStatusCode: 'A', title: 'Analyst' },
  ...{ lastName: `Example ${id}`, lastHireDate: '2019-03-04T00:00:00.000Z', ...more },
});
/** Together after a good night with these users. */
function knowing(...users: User[]): Memory {
  const memory = createMemory();
  memory.together = new Map(users.map((one) => [one.employeeId, one]));
  memory.baseline = 'good';
  memory.hasWhole = true;
  memory.asksList = 'no';
  memory.lastPeople = [users.length];
  return memory;
}
const crowd = (count: number): User[] => Array.from({ length: count }, (_, at) => user(`C${at}`));
const rowsOf = (users: readonly User[]): Row[] =>
  users.map(({ employeeId, email, employeeStatusCode }) =>
    row(employeeId, { emailAddress: email, employeeStatusCode }),
  );

const readOf = (rows: readonly Row[], complete = true): Read => ({
  ...{ complete, ended: true, reads: complete ? 'all' : 'changes', rows, now },
});

interface Tried {
  readonly rows: readonly Row[];
  readonly rules?: Partial<Rules>;
  readonly complete?: boolean;
  readonly refusals?: Refusals;
  readonly accepted?: boolean;
}
function tryNight(memory: Memory, tried: Tried) {
  const read = readOf(tried.rows, tried.complete);
  const tonight = {
    ...{ read, rules: { ...rules, ...tried.rules }, refusals: tried.refusals ?? new Map() },
    ...{ maxRejectedPercent: 5, accepted: tried.accepted ?? false },
  };
  const expected = expectNight(memory, tonight);
  const values = (id: string): Allowed['values'] => expected.people.get(id)?.values ?? {};
  return {
    ...{ tonight, expected, values },
    status: (id: string) => values(id).employeeStatusCode,
    present: (id: string) => expected.people.get(id)?.present ?? 'no',
  };
}
const decided = (memory: Memory, rows: readonly Row[], id: string): Decision => {
  const found = decide(memory, readOf(rows), rules).get(id);
  if (!found) throw new Error(`nothing was decided about ${id}`);
  return found;
};

describe('days', () => {
  const lastDay = (day: string): Partial<Row> => ({ employeeStatusCode: 'T', dateOfTermination: `${day}T00:00:00` });
  it('T with an end ahead or today is sent as before, without the end; the day after it is T', () => {
    const memory = knowing(user('1', { employeeStatusCode: 'L' }), ...crowd(9));
    for (const [day, status, end] of [
      ['2026-05-11', 'L', undefined],
      ['2026-05-10', 'L', undefined],
      ['2026-05-09', 'T', '2026-05-09T00:00:00.000Z'],
    ] as const) {
      const { values } = tryNight(memory, { rows: [...rowsOf(crowd(9)), row('1', lastDay(day))] });
      expect(values('1'), day).toMatchObject({ employeeStatusCode: [status], dateOfTermination: [end] });
    }
  });
  it('whom Together does not know, and whose end is ahead, is A', () => {
    expect(tryNight(createMemory(), { rows: [row('1', lastDay('2026-06-01'))] }).status('1')).toEqual(['A']);
  });
  it('a first day ahead: not sent yet; a leaver who comes back later stays T until then', () => {
    const memory = knowing(user('1', { employeeStatusCode: 'T' }));
    const later = { lastHireDate: '2026-05-20T00:00:00' };
    const { present, status } = tryNight(memory, { rows: [row('1', later), row('2', later)] });
    expect([present('2'), status('1')]).toEqual(['no', ['T']]);
    expect(tryNight(memory, { rows: [row('2', later)], rules: { lead: 10 } }).present('2')).toBe('yes');
  });
  it('A with an end date: cleared where an earlier run sent one, unless the ledger was lost', () => {
    const memory = knowing(user('1', { dateOfTermination: '2026-01-01T00:00:00.000Z' }));
    const rows = [row('1', { dateOfTermination: '2026-01-01T00:00:00' })];
    expect(tryNight(memory, { rows }).values('1').dateOfTermination).toEqual([undefined]);
    lose(memory);
    expect(tryNight(memory, { rows }).values('1').dateOfTermination).toContain('2026-01-01T00:00:00.000Z');
  });
  it('an end ahead that an heir of a record has: what an old id had sent is not known after a lost ledger', () => {
    const memory = knowing(user('1', { dateOfTermination: '2026-01-01T00:00:00.000Z' }));
    memory.heirs.add('1');
    const rows = [row('1', lastDay('2026-06-01'))];
    expect(tryNight(memory, { rows }).values('1').dateOfTermination).toContain('2026-01-01T00:00:00.000Z');
  });
  it('an end ahead, or a day that stands for none, says nothing new of whom Together refused for good', () => {
    const memory = knowing(...crowd(9));
    memory.forGood.set('1', bodyOf(decided(memory, [row('1')], '1')));
    expect(decided(memory, [row('1', lastDay('2026-06-01'))], '1').fault).toBe('refused for good');
    expect(decided(memory, [row('1', { dateOfTermination: '1753-01-01T00:00:00' })], '1').fault).toBe(
      'refused for good',
    );
    expect(decided(memory, [row('1', lastDay('2026-05-01'))], '1').fault).toBeUndefined();
  });
  it('a date that stands for none is empty: what Together had stays', () => {
    const { values } = tryNight(knowing(user('1')), { rows: [row('1', { lastHireDate: '1901-01-01T00:00:00' })] });
    expect(values('1').lastHireDate).toEqual(['2019-03-04T00:00:00.000Z']);
  });
});

describe('addresses and ids', () => {
  const gone = user('1', { employeeStatusCode: 'T' });
  const inherits = row('2', { emailAddress: '1@x.example' });
  it('a leaver whose address was emptied still has it in Together: the new person is held, and named', () => {
    const { present, expected } = tryNight(knowing(gone), {
      rows: [row('1', { employeeStatusCode: 'T', emailAddress: null }), inherits],
    });
    expect(present('2')).toBe('no');
    expect(expected.named).toContain('2');
  });
  it('it is free once its owner gets another, filled one: in the same run, unless that is refused', () => {
    const rows = [row('1', { employeeStatusCode: 'T', emailAddress: '1@left.example' }), inherits];
    expect(tryNight(knowing(gone), { rows }).present('2')).toBe('yes');
    const refused = tryNight(knowing(gone), { rows, refusals: new Map([['1', 400]]) });
    expect(refused.present('2')).toBe('no');
  });
  it('an unknown id with the address of a known person who is missing, or comes as T, takes their place: held, or relinked', () => {
    for (const rows of [[inherits], [row('1', { employeeStatusCode: 'T' }), inherits]]) {
      const memory = knowing(user('1'), ...crowd(20));
      const all = [...rowsOf(crowd(20)), ...rows];
      const held = tryNight(memory, { rows: all, rules: { vanished: 'terminate' } });
      expect([held.present('1'), held.present('2')]).toEqual(['yes', 'no']);
      expect(held.expected.decisions.get('2')?.movedFrom).toBe('1');
      expect(held.status('1')).toContain('A');
      const moved = tryNight(memory, { rows: all, rules: { onNewId: 'relink' } });
      expect([moved.present('1'), moved.present('2')]).toEqual(['no', 'yes']);
    }
  });
  it('two who had swapped their addresses, and wait, come under new ids: neither takes the place of the other', () => {
    const memory = knowing(user('1'), user('2'), ...crowd(20));
    const swapped = [row('1', { emailAddress: '2@x.example' }), row('2', { emailAddress: '1@x.example' })];
    const { tonight, expected } = tryNight(memory, { rows: [...rowsOf(crowd(20)), ...swapped] });
    remember(memory, tonight, expected, { together: memory.together, ended: 'well' });
    const anew = [row('11', { emailAddress: '2@x.example' }), row('12', { emailAddress: '1@x.example' })];
    const { present } = tryNight(memory, { rows: [...rowsOf(crowd(20)), ...anew], rules: { onNewId: 'relink' } });
    expect(['1', '2', '11', '12'].map(present)).toEqual(['yes', 'yes', 'no', 'no']);
  });
  it('the row of an old id is left out, also where the person has come under new ids twice', () => {
    const memory = knowing(user('3', { email: '1@x.example' }), ...crowd(20));
    memory.moved.set('1', '2').set('2', '3');
    const rows = [...rowsOf(crowd(20)), row('3', { emailAddress: '1@x.example' })];
    const old = row('1', { employeeStatusCode: 'T', emailAddress: '1@x.example' });
    const rules = { leaverEmail: '{employeeId}@left.example' };
    expect(tryNight(memory, { rows: [...rows, old], rules }).present('1')).toBe('no');
  });
  it('with leaver_email too: who leaves as the address comes under a new id, but not who had left before, or whose address is emptied', () => {
    const leaverEmail = '{employeeId}@left.example';
    const nightOf = (before: User, gone: Partial<Row>) => {
      const rows = [...rowsOf(crowd(20)), row('1', { employeeStatusCode: 'T', ...gone }), inherits];
      return tryNight(knowing(before, ...crowd(20)), { rows, rules: { leaverEmail } });
    };
    const now = nightOf(user('1'), {});
    expect({ new: now.present('2'), old: now.status('1') }).toEqual({ new: 'no', old: expect.arrayContaining(['A']) });
    for (const freed of [nightOf(gone, {}), nightOf(user('1'), { emailAddress: null })])
      expect({ new: freed.present('2'), email: freed.values('1').email }).toMatchObject({
        new: 'yes',
        email: expect.arrayContaining(['1@left.example']),
      });
  });
  it("whom only Together's list has keeps the address in the nights after it, and is not ended as missing", () => {
    const memory = knowing(...crowd(20));
    memory.together = new Map([...memory.together, ['1', user('1')]]);
    memory.unsent.add('1');
    memory.missed.set('1', { sure: 5, most: 5 });
    const rules = { vanished: 'terminate' } as const;
    const later = tryNight(memory, { rows: [...rowsOf(crowd(20)), inherits], rules });
    expect({ new: later.present('2'), old: later.status('1') }).toEqual({ new: 'no', old: ['A'] });
    // In the run that asks for the list the address matches.
    memory.asksList = 'yes';
    expect(tryNight(memory, { rows: [...rowsOf(crowd(20)), inherits], rules }).present('2')).toBe('either');
  });
  it('a first run of which more than 10 people and more than 5 % are matched by their address alone is stopped', () => {
    const first = (byAddress: number, byId: number) => {
      const memory = createMemory();
      const others = Array.from({ length: byAddress }, (_, at) => user(`M${at}`));
      memory.together = new Map([...crowd(byId), ...others].map((one) => [one.employeeId, one]));
      lose(memory);
      const come = others.map(({ email }, at) => row(`N${at}`, { emailAddress: email }));
      return tryNight(memory, { rows: [...rowsOf(crowd(byId)), ...come] }).expected.stop;
    };
    expect({ few: first(10, 30), share: first(11, 300), many: first(11, 100), most: first(3, 1) }).toEqual({
      ...{ few: 'no', share: 'no', many: 'must', most: 'must' },
    });
  });
  it('for everybody, the guard stops; an accepted plan may relink, and never ends them', () => {
    const people = crowd(30);
    const rows = people.map(({ email }, at) => row(`N${at}`, { emailAddress: email }));
    const stopped = tryNight(knowing(...people), { rows });
    expect(stopped.expected.stop).toBe('must');
    const { present, status, expected } = tryNight(knowing(...people), { rows, accepted: true });
    expect(expected.stop).toBe('no');
    expect([present('C3'), present('N3'), status('C3')]).toEqual(['either', 'either', ['A']]);
  });
  it('two ids of one address, one ended before Together knew it: the living one is sent', () => {
    const rows = [
      row('1', { employeeStatusCode: 'T', emailAddress: 'a@x.example' }),
      row('2', { emailAddress: 'a@x.example' }),
    ];
    const { present } = tryNight(createMemory(), { rows });
    expect([present('1'), present('2')]).toEqual(['no', 'yes']);
  });
  it('two who swap, or share one: only the e-mail waits of who is known; who is new waits', () => {
    const known = knowing(user('1'), user('2'));
    const swap = [
      row('1', { emailAddress: '2@x.example', jobTitle: 'Boss' }),
      row('2', { emailAddress: '1@x.example' }),
    ];
    expect(tryNight(known, { rows: swap }).values('1')).toMatchObject({ email: ['1@x.example'], title: ['Boss'] });
    const share = [row('1', { emailAddress: 'n@x.example' }), row('3', { emailAddress: 'n@x.example' })];
    const shared = tryNight(known, { rows: share });
    expect([shared.values('1').email, shared.present('3')]).toEqual([['1@x.example'], 'no']);
  });
  it('a chain of hand-overs goes in one run, whoever comes first', () => {
    const memory = knowing(user('1'), user('2'));
    const rows = [
      row('3', { emailAddress: '1@x.example' }),
      row('1', { emailAddress: '2@x.example' }),
      row('2', { emailAddress: 'n@x.example' }),
    ];
    expect(['1', '2', '3'].map((id) => decided(memory, rows, id).email)).toEqual(['yes', 'yes', 'yes']);
  });
  it('an account deleted in Together is known to hold its address only till Together has said so', () => {
    const memory = knowing(user('1'));
    memory.ghosts.set('9', '9@x.example');
    expect(decided(memory, [row('2', { emailAddress: '9@x.example' })], '2').sent).toBe('open');
  });
  it('and it may be a supervisor till then, whose deleted row brings no news of it', () => {
    const memory = knowing(...crowd(9));
    const rows = [row('2', { supervisorId: '9' }), row('9', { deleted: 'key only' })];
    expect(tryNight(memory, { rows }).values('2').supervisorId).toEqual([undefined]);
    memory.ghosts.set('9', '9@x.example');
    expect(tryNight(memory, { rows }).values('2').supervisorId).toContain('9');
  });
  it('equal rows of one person are one person, a leaver on two leaves; rows that differ are told, not sent', () => {
    const memory = knowing(user('1'));
    const twice = (second: Partial<Row>) => [
      row('1', { employeeStatusCode: 'T' }),
      row('1', { recordId: '1-2', employeeStatusCode: 'T', ...second }),
    ];
    expect(tryNight(memory, { rows: twice({}) }).status('1')).toEqual(['T']);
    const differ = tryNight(memory, { rows: twice({ jobTitle: 'Boss' }) });
    expect([differ.status('1'), differ.expected.named]).toEqual([['A', 'T'], ['1']]);
  });
});

describe('absence', () => {
  it('a missing person is never ended by report; by terminate after two complete reads in a row without them', () => {
    const memory = knowing(user('1'), ...crowd(20));
    const rows = rowsOf(crowd(20));
    expect(tryNight(memory, { rows }).status('1')).toEqual(['A']);
    const first = tryNight(memory, { rows, rules: { vanished: 'terminate' } });
    expect(first.status('1')).toEqual(['A']);
    remember(memory, first.tonight, first.expected, { together: memory.together, ended: 'well' });
    const second = tryNight(memory, { rows, rules: { vanished: 'terminate' } });
    expect(second.status('1')).toEqual(['T']);
    expect(tryNight(memory, { rows, complete: false, rules: { vanished: 'terminate' } }).status('1')).toEqual(['A']);
  });
  it('a row without an id may be anybody: nobody is ended in that run, and it counts towards no grace', () => {
    const memory = knowing(user('1'), ...crowd(20));
    memory.missed.set('1', { sure: 1, most: 1 });
    const rows = [...rowsOf(crowd(20)), row('')];
    const { status, expected, tonight } = tryNight(memory, { rows, rules: { vanished: 'terminate' } });
    expect([status('1'), expected.exits]).toEqual([['A'], [0, 4]]);
    remember(memory, tonight, expected, { together: memory.together, ended: 'well' });
    expect(memory.missed.get('1')).toEqual({ sure: 1, most: 2 });
  });
  it('whom a filter leaves out now is named, and ended only by out_of_scope: terminate', () => {
    const rows = [row('1', { employeeTypeCode: 'ZZ9' }), row('2', { employeeTypeCode: 'ZZ9' }), ...rowsOf(crowd(9))];
    const memory = knowing(user('1'), ...crowd(9));
    const reported = tryNight(memory, { rows });
    expect([reported.status('1'), reported.present('2'), reported.expected.named]).toEqual([['A'], 'no', ['1']]);
    expect(tryNight(memory, { rows, rules: { outOfScope: 'terminate' } }).status('1')).toEqual(['T']);
  });
  it('a new id with the address ends nobody, also where a filter leaves it out; of one that Together refused for good it is left open', () => {
    const rules = { vanished: 'terminate' } as const;
    const fresh = row('2', { emailAddress: '1@x.example' });
    const statusBy = (more: Partial<Row>, refused: boolean) => {
      const memory = knowing(user('1'), ...crowd(20));
      memory.missed.set('1', { sure: 3, most: 3 });
      const rows = [...rowsOf(crowd(20)), { ...fresh, ...more }];
      if (refused) memory.forGood.set('2', bodyOf(decided(memory, rows, '2')));
      return tryNight(memory, { rows, rules }).status('1');
    };
    expect(statusBy({ employeeTypeCode: 'ZZ9' }, false)).toEqual(['A']);
    expect(statusBy({ employeeTypeCode: 'ZZ9', employeeStatusCode: 'T' }, false)).toEqual(['T']);
    expect(statusBy({}, true)).toEqual(['A', 'T']);
  });
  it('a deletion ends whom Together knows, and creates nobody', () => {
    const rows = [row('1', { deleted: 'key only' }), row('2', { deleted: 'whole' }), ...rowsOf(crowd(9))];
    const { status, present, values } = tryNight(knowing(user('1'), ...crowd(9)), { rows });
    expect([status('1'), values('1').title, present('2')]).toEqual([['T'], ['Analyst'], 'no']);
  });
  it('a read that came back with half of the people is stopped', () => {
    const people = crowd(40);
    expect(tryNight(knowing(...people), { rows: rowsOf(people.slice(0, 20)) }).expected.stop).toBe('must');
    expect(tryNight(knowing(...people), { rows: rowsOf(people.slice(0, 38)) }).expected.stop).toBe('no');
  });
});

describe('guards and exit codes', () => {
  const people = crowd(30);
  it('a quiet night passes and ends with 0', () => {
    const { expected } = tryNight(knowing(...people), { rows: rowsOf(people) });
    expect([expected.stop, expected.exits]).toEqual(['no', [0]]);
  });
  it('30 who leave, or a domain that no accepted address has had, stop; a first run has nothing to compare with', () => {
    const left = people.map(({ employeeId }) => row(employeeId, { employeeStatusCode: 'T' }));
    expect(tryNight(knowing(...people), { rows: left }).expected.stop).toBe('must');
    const moved = people.map(({ employeeId }) => row(employeeId, { emailAddress: `${employeeId}@brand.example` }));
    expect(tryNight(knowing(...people), { rows: moved }).expected.stop).toBe('must');
    expect(tryNight(createMemory(), { rows: rowsOf(people) }).expected.stop).toBe('no');
    const rebranded = knowing(...people);
    rebranded.metDomains.add('brand.example');
    const three = [
      ...rowsOf(people),
      ...moved.slice(0, 3).map((one) => ({ ...one, employeeId: `N${one.employeeId}` })),
    ];
    expect(tryNight(knowing(...people), { rows: three }).expected.stop).toBe('must');
    expect(tryNight(rebranded, { rows: three }).expected.stop).toBe('may');
    const ofAPart = knowing(...people);
    ofAPart.hasWhole = false;
    expect(tryNight(ofAPart, { rows: left }).expected.stop).toBe('may');
  });
  it('a few an hour count together over a day', () => {
    const memory = knowing(...people);
    memory.deeds.push({ at: now - 3_600_000, counts: { terminated: 10 } });
    const rows = rowsOf(people);
    rows[0] = row('C0', { employeeStatusCode: 'T' });
    rows[1] = row('C1', { employeeStatusCode: 'T' });
    expect(tryNight(memory, { rows }).expected.stop).toBe('may');
  });
  it('nobody could be sent: 4; one of thirty held: 0 or 4; Together refused more than 5 %: 4', () => {
    const nobody = tryNight(createMemory(), { rows: [row('1', { emailAddress: null })] });
    expect(nobody.expected.exits).toEqual([4]);
    const one = tryNight(knowing(...people), { rows: [...rowsOf(people), row('9', { emailAddress: null })] });
    expect(one.expected.exits).toEqual([0, 4]);
    const refusals: Refusals = new Map([
      ['C0', 409],
      ['C1', 409],
    ]);
    const promoted = people.map(({ employeeId }) => row(employeeId, { jobTitle: 'Boss' }));
    const refused = tryNight(knowing(...people), { rows: promoted, refusals });
    expect(refused.expected.exits).toEqual([4]);
    // Whose body is as it was may not be due yet.
    expect(tryNight(knowing(...people), { rows: rowsOf(people), refusals }).expected.exits).toEqual([0, 4]);
  });
});

describe('what is seen', () => {
  it('is held against it field by field: a wrong value, someone too many, someone missing', () => {
    const memory = knowing(user('1'), user('2'), ...crowd(9));
    const { expected } = tryNight(memory, { rows: [...rowsOf(crowd(9)), row('1'), row('2')] });
    const right = new Map(memory.together);
    expect(divergences(expected.people, right)).toEqual([]);
    right.set('1', user('1', { employeeStatusCode: 'T' }));
    right.delete('2');
    right.set('7', user('7'));
    expect(divergences(expected.people, right)).toEqual([
      '1 employeeStatusCode is T, not A',
      '2 is missing',
      '7 is there, and nobody knows why',
    ]);
  });
});
