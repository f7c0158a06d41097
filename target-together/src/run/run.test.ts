import { ConnectorError, said } from '@ukg-together/kit/error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../model/outcome.ts';
import type { TogetherUser } from '../model/person.ts';
import { person } from '../testing/people.ts';
import { type Answer, all, everybody, row, schema, state, world } from '../testing/run.ts';

const crowd = (count: number, over: (at: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, at) => person(`${at}`, over(at)));
const ids = (users: readonly { employeeId: string }[]) => users.map((user) => user.employeeId);
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
const outage = new ConnectorError('unreachable', said`POST /public/user kept failing.`);

describe('a run', () => {
  it('creates everybody at first, sends nothing on a quiet day, and only what changed after that', async () => {
    const { day, clock } = world();
    const first = await day({ events: everybody(crowd(20)) });
    expect(first.exitCode).toBe(0);
    expect(first.summary.outcomes).toMatchObject({ created: 20 });
    expect(first.released.map(({ value }) => value)).toEqual(['end']);
    clock.advance(3_600_000);
    const quiet = await day({ events: everybody(crowd(20)) });
    expect([quiet.sent.length, quiet.summary.outcomes.skipped, quiet.released.length]).toEqual([0, 20, 1]);
    const changed = await day({ events: everybody(crowd(20, (at) => (at < 3 ? { title: 'New' } : {}))) });
    expect(ids(changed.sent)).toEqual(['0', '1', '2']);
    expect(changed.summary).toMatchObject({ changes_by_field: { title: 3 }, outcomes: { updated: 3, skipped: 17 } });
    const stamp = { title: 'New', lastUpdated: '2026-01-02T00:00:00.000Z' };
    const moved = await day({
      events: everybody(crowd(20, (at) => (at < 3 ? stamp : at < 7 ? { ...stamp, title: 'X' } : {}))),
    });
    expect(moved.summary.changes_by_field).toEqual({ title: 4 });
    // A stamp alone is no change: UKG stamps every row on payday.
    expect(ids(moved.sent)).toEqual(['3', '4', '5', '6']);
  });

  it('sends nobody before the last record is read, and nothing at all when reading fails', async () => {
    const { day } = world();
    const broken = await day({
      events: everybody(crowd(5)),
      failure: new ConnectorError('input', said`Line 9 is not valid JSON.`),
    });
    expect([broken.sent, broken.released, broken.exitCode]).toEqual([[], [], 1]);
    expect(broken.summary.outcomes.undelivered).toBe(5);
  });

  it('counts people, not records: a later record of the same row replaces the earlier one', async () => {
    const { day } = world();
    const twice = await day({
      events: [schema(), row(person('a', { title: 'old' })), row(person('a', { title: 'new' })), state(1)],
    });
    expect(twice.sent).toMatchObject([{ employeeId: 'a', title: 'new' }]);
    expect(twice.summary.people_read).toBe(1);
    expect(twice.released).toEqual([{ value: 1, records: 2, rejected: 0 }]);
  });

  it('keeps who was refused and who could not be mapped, names them, and releases the checkpoint all the same', async () => {
    const { day } = world();
    const result = await day({
      events: everybody([...crowd(50), { employeeId: 'bad', fault: true }]),
      answer: ({ employeeId }) =>
        employeeId === '7' ? { outcome: 'rejected', status: 400, reason: 'HTTP 400' } : { outcome: 'created' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.rejects.map(({ id }) => id).sort()).toEqual(['7', 'bad']);
    expect(result.summary.problems.map(({ id, kind }) => [id, kind])).toEqual([
      ['7', 'rejected'],
      ['bad', 'invalid'],
    ]);
    expect(result.released).toMatchObject([{ value: 'end', records: 51, rejected: 2 }]);
  });

  it('takes rows that lack the key of their stream for as many people as they are', async () => {
    const rows = crowd(3).map((user, at) => row(at === 0 ? { ...user, key: null } : user));
    const result = await world().day({ events: [schema('employees', ['key']), ...rows, state('end')] });
    expect(result.sent).toHaveLength(3);
  });

  it('does not say that Together refused whom it was never asked about', async () => {
    const reason = "the person's data is 2000000 bytes";
    const { summary } = await world().day({
      events: everybody(crowd(30)),
      answer: ({ employeeId }) => (employeeId === '7' ? { outcome: 'rejected', reason } : { outcome: 'created' }),
    });
    expect(summary.problems[0]?.faults[0]).toMatchObject({
      message: `Not sent: ${reason}.`,
      fix: 'It is tried again with each run.',
    });
  });

  it('tries a refused person at once when the reject is given back, and whom Together never takes again not even then', async () => {
    for (const [status, sent] of [
      [400, ['7']],
      [410, []],
    ] as const) {
      const { day } = world();
      const events = everybody(crowd(50));
      await day({
        events,
        answer: ({ employeeId }) =>
          employeeId === '7' ? { outcome: 'rejected', status, reason: 'no' } : { outcome: 'created' },
      });
      expect((await day({ events })).sent).toEqual([]);
      const reject = { ...row(person('7')), reject: { id: '7', since: '2026-01-01T00:00:00.000Z' } } as never;
      expect(ids((await day({ events: [schema(), reject] })).sent)).toEqual(sent);
    }
  });

  it('ends with 4 when more people were refused than allowed, or nobody at all could be mapped', async () => {
    const refuse = { outcome: 'rejected', status: 400, reason: 'no' } as const;
    const some = await world().day({
      events: everybody(crowd(100)),
      answer: (_, at) => (at % 100 < 6 ? refuse : { outcome: 'created' }),
    });
    expect(some.exitCode).toBe(4);
    const nobody = await world().day({ events: everybody([{ employeeId: 'x', fault: true }]) });
    expect(nobody.exitCode).toBe(4);
    const few = await world().day({ events: everybody([...crowd(3), { employeeId: 'x', fault: true }]) });
    expect(few.exitCode).toBe(0);
  });

  it('releases no checkpoint beyond somebody undelivered, and resumes without sending anybody twice', async () => {
    const { day } = world();
    const people = crowd(30);
    const events = [
      schema(),
      ...people.slice(0, 10).map((user) => row(user)),
      state(1),
      ...people.slice(10).map((user) => row(user)),
      state(2),
    ];
    const stopped = await day({
      events,
      batch: 5,
      answer: (delivery, sent) => (sent === 15 ? outage : { outcome: delivery.isNew ? 'created' : 'updated' }),
    });
    expect([stopped.exitCode, stopped.summary.outcomes.undelivered]).toEqual([5, 15]);
    expect(stopped.released.map(({ value }) => value)).toEqual([1]);
    const resumed = await day({ events });
    expect(ids(resumed.sent)).toEqual(ids(people.slice(15)));
    expect(resumed.exitCode).toBe(0);
    expect(resumed.released.map(({ value }) => value)).toEqual([1, 2]);
    expect(resumed.summary.baseline_note).toMatch(/interrupted/);
  });

  it('does the same in a dry run up to the guards, sends nothing and remembers nothing', async () => {
    const { day, files } = world();
    await day({ events: everybody(crowd(10)) });
    const before = new Map(files);
    const rehearsal = await day({ mode: 'dry-run', events: everybody(crowd(12)) });
    expect([rehearsal.sent, rehearsal.released]).toEqual([[], []]);
    expect(rehearsal.summary.actions).toMatchObject({ join: 2, same: 10 });
    expect(new Map(files)).toEqual(before);
  });
});

describe('guards in a run', () => {
  const half = (day: ReturnType<typeof world>['day'], more: object = {}) =>
    day({
      events: everybody(crowd(100).slice(50)),
      settings: { vanished: 'terminate', vanished_after_reads: 1 },
      ...more,
    });

  it('stop a source that returns half its people before the first write, with the hash that releases exactly this plan', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const stopped = await half(day);
    expect([stopped.exitCode, stopped.sent, stopped.released]).toEqual([3, [], []]);
    const names = stopped.summary.guards.filter((guard) => guard.verdict === 'tripped').map((guard) => guard.name);
    expect(names).toEqual(['max_vanished', 'min_rows_percent']);
    const hash = stopped.summary.hashes.plan as string;
    expect(stopped.error?.hint).toContain(`--accept ${hash}`);
    expect((await half(day, { accept: 'another' })).exitCode).toBe(3);
    const released = await half(day, { accept: hash });
    expect([released.exitCode, released.sent.length]).toEqual([0, 50]);
    expect(released.sent[0]).toEqual({ employeeId: '0', employeeStatusCode: 'T' });
    expect(released.summary.vanished).toHaveLength(50);
  });

  it('stop a source that says of nobody at all that these are all', async () => {
    const { day } = world();
    const nobody = everybody([]);
    expect((await day({ events: nobody })).exitCode).toBe(0);
    await day({ events: everybody(crowd(100)) });
    const stopped = await day({ events: nobody, settings: { vanished: 'terminate', vanished_after_reads: 1 } });
    expect([stopped.exitCode, stopped.sent, stopped.released]).toEqual([3, [], []]);
    const tripped = stopped.summary.guards.filter(({ verdict }) => verdict === 'tripped');
    expect(tripped.map(({ name, count }) => [name, count])).toEqual([['min_rows_percent', 0]]);
    expect(stopped.summary.vanished).toEqual([]);
    expect((await day({ events: everybody(crowd(100)) })).exitCode).toBe(0);
  });

  it('do not let a plan that only reports who vanished release the one that ends their access', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const report = { vanished: 'report' };
    const hash = (await half(day, { settings: report })).summary.hashes.plan as string;
    const other = await half(day, { accept: hash });
    expect([other.exitCode, other.sent]).toEqual([3, []]);
  });

  it('ask again when what was read has changed since the release was given', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const hash = (await half(day)).summary.hashes.plan as string;
    const other = await day({
      events: everybody(crowd(100).slice(51)),
      settings: { vanished: 'terminate', vanished_after_reads: 1 },
      accept: hash,
    });
    expect([other.exitCode, other.sent]).toEqual([3, []]);
  });

  it('terminate nobody who vanished while there is nothing to compare with', async () => {
    const { day } = world();
    await day({
      events: everybody(crowd(30)),
      batch: 5,
      answer: (_, sent) => (sent === 10 ? outage : { outcome: 'created' }),
    });
    const next = await day({
      events: everybody([person('only')]),
      settings: { vanished: 'terminate', vanished_after_reads: 1 },
    });
    expect(ids(next.sent)).toEqual(['only']);
    expect(next.summary.actions.vanished).toBe(10);
  });

  it('measure against the last run of a source that never gives checkpoints', async () => {
    const { day } = world();
    const plain = (count: number, title: string) => [
      schema(),
      ...crowd(count, () => ({ title })).map((user) => row(user)),
    ];
    expect((await day({ events: plain(200, 'a') })).exitCode).toBe(0);
    expect((await day({ events: plain(200, 'b') })).exitCode).toBe(3);
    expect((await day({ events: plain(400, 'a') })).exitCode).toBe(3);
  });

  it('do not mistake the rest of a source that was cut off for a flood of new people', async () => {
    const { day } = world();
    const cut = await day({ events: [schema(), ...crowd(60).map((user) => row(user, 1))] });
    expect([cut.exitCode, cut.sent.length]).toEqual([0, 60]);
    const whole = await day({ events: everybody(crowd(400)) });
    expect([whole.exitCode, whole.sent.length]).toEqual([0, 340]);
    const half = world();
    const afterState = [
      schema(),
      ...crowd(30).map((user) => row(user)),
      state(1),
      ...crowd(60).map((user) => row(user)),
    ];
    await half.day({ events: afterState });
    expect((await half.day({ events: everybody(crowd(400)) })).exitCode).toBe(0);
    const flood = await day({ events: everybody(crowd(800)) });
    expect([flood.exitCode, flood.sent.length]).toEqual([3, 0]);
  });

  it('name whom Together would not take as terminated, and count them as refused', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const next = await day({
      events: everybody(crowd(98)),
      settings: { vanished: 'terminate', vanished_after_reads: 1, max_rejected_percent: 1 },
      answer: () => ({ outcome: 'rejected', status: 400, reason: 'HTTP 400: no' }),
    });
    const gone = crowd(100)
      .slice(98)
      .map(({ employeeId }) => employeeId);
    expect(next.summary.problems.map(({ id, kind, status }) => [id, kind, status])).toEqual(
      gone.map((id) => [id, 'rejected', 400]),
    );
    expect([next.exitCode, next.summary.vanished_ended]).toEqual([4, { planned: 2, accepted: 0 }]);
  });

  it('end a vanished person after so many complete reads in a row, and nobody while a row has no id', async () => {
    const { day } = world();
    const settings = { vanished: 'terminate', vanished_after_reads: 2 };
    await day({ events: everybody(crowd(100)) });
    const first = await day({ events: everybody(crowd(99)), settings });
    expect([first.sent, first.summary.vanished]).toEqual([[], ['99']]);
    const nameless = await day({
      events: everybody([...crowd(99), { title: 'no id' } as unknown as TogetherUser]),
      settings,
    });
    expect([nameless.sent, nameless.summary.vanished]).toEqual([[], ['99']]);
    const second = await day({ events: everybody(crowd(99)), settings });
    expect(second.sent).toEqual([{ employeeId: '99', employeeStatusCode: 'T' }]);
  });

  it('count and end people whose ids are words that every object has', async () => {
    const { day } = world();
    const settings = { vanished: 'terminate', vanished_after_reads: 2 };
    const odd = ['constructor', '__proto__', 'toString'];
    const named = odd.map((employeeId, n) => ({
      ...(crowd(1)[0] as TogetherUser),
      employeeId,
      email: `o${n}@example.com`,
    }));
    await day({ events: everybody([...crowd(100), ...named]) });
    const guards = { max_vanished: { count: 2, percent: 1 } };
    const stopped = await day({ events: everybody(crowd(100)), settings: { ...settings, guards } });
    expect([stopped.exitCode, stopped.summary.guards.find(({ name }) => name === 'max_vanished')?.count]).toEqual([
      3, 3,
    ]);
    await day({ events: everybody(crowd(100)), settings });
    const second = await day({ events: everybody(crowd(100)), settings });
    expect(second.sent.map(({ employeeId }) => employeeId)).toEqual(odd);
  });

  it('count who is newly missing, and not the same people every night', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const missing = () => day({ events: everybody(crowd(80)), settings: { guards: { min_rows_percent: null } } });
    const stopped = await missing();
    expect(stopped.exitCode).toBe(3);
    const hash = stopped.summary.hashes.plan as string;
    const released = await day({
      events: everybody(crowd(80)),
      settings: { guards: { min_rows_percent: null } },
      accept: hash,
    });
    expect([released.exitCode, (await missing()).exitCode]).toEqual([0, 0]);
  });

  it('see nobody vanish in a partial read', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const partial = await day({
      events: [schema(), row(person('1', { title: 'x' })), state(1)],
      settings: { vanished: 'terminate', vanished_after_reads: 1 },
    });
    expect([partial.exitCode, ids(partial.sent), partial.summary.actions.vanished]).toEqual([0, ['1'], 0]);
    const before = await day({
      events: [schema(), all(1), row(person('1', { title: 'y' }), 1)],
      settings: { vanished: 'terminate', vanished_after_reads: 1 },
    });
    expect(before.summary.source.complete).toBe(false);
  });

  it('see who vanished from a full refresh that Airbyte calls complete, and nobody vanish from an increment', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const complete = (more: object) => ({ type: 'status', stream: 'employees', status: 'complete', ...more }) as const;
    const rows = crowd(98).map((user) => row(user));
    const increment = await day({ events: [schema(), ...rows, state(1, 'employees'), complete({})] });
    expect([increment.summary.source.complete, increment.summary.actions.vanished]).toEqual([false, 0]);
    const full = await day({ events: [schema(), ...rows, state(2, 'employees'), complete({ everything: true })] });
    expect([full.summary.source.complete, full.summary.actions.vanished]).toEqual([true, 2]);
    const nobody = await day({ events: [schema(), state(3, 'employees'), complete({ everything: true })] });
    expect(nobody.summary.source.complete).toBe(false);
  });

  it('know a source of Airbyte that was killed before its first checkpoint by that', async () => {
    const { day } = world();
    const killed = await day({ events: [schema(), ...crowd(60).map(row)], protocol: 'airbyte' });
    expect([killed.exitCode, killed.summary.source.cut_off]).toEqual([0, true]);
    const rest = await day({
      events: [schema(), ...crowd(400).map(row), state('end', 'employees')],
      protocol: 'airbyte',
    });
    expect([rest.exitCode, rest.sent.length, rest.summary.source.cut_off]).toEqual([0, 340, false]);
  });

  it('see nobody vanish when a source that always reads everybody was cut off after a checkpoint', async () => {
    const { day } = world();
    await day({ events: everybody(crowd(100)) });
    const settings = { complete_reads: 'always', vanished: 'terminate', vanished_after_reads: 1 } as const;
    const [first, second] = crowd(98).map((user) => row(user));
    const cut = await day({ events: [schema(), first, state(1, 'employees'), second] as never, settings });
    expect([cut.exitCode, cut.summary.actions.vanished]).toEqual([0, 0]);
    expect(cut.summary.source.why).toContain('after the last STATE');
    const increment = { ...schema(), increment: true } as never;
    const some = await day({ events: [increment, first as never, state(1, 'employees')], settings });
    expect([some.exitCode, some.summary.actions.vanished]).toEqual([0, 0]);
    const whole = await day({
      events: [schema(), ...crowd(98).map((user) => row(user)), state(2, 'employees')],
      settings,
    });
    expect([whole.summary.source.complete, whole.summary.actions.vanished]).toEqual([true, 2]);
  });
});

const noLimits = { max_changed: null, max_created: null, max_email_changed: null, max_terminated: null };

describe('people who were left out', () => {
  it('are linked to a new supervisor in the run that brings the supervisor, though they are not read again', async () => {
    const { day } = world();
    const first = await day({ events: everybody([person('a', { supervisorId: 'boss' })]) });
    expect(first.sent[0]).not.toHaveProperty('supervisorId');
    expect(first.summary.supervisors.dropped).toEqual([{ id: 'a', supervisor_id: '(no id)', reason: 'unknown' }]);
    const second = await day({ events: [schema(), row(person('boss')), state(2)] });
    expect(second.sent).toEqual([person('boss'), { employeeId: 'a', supervisorId: 'boss' }]);
    expect(second.summary.supervisors.relinked).toBe(1);
    const third = await day({ events: [schema(), row(person('boss')), state(3)] });
    expect(third.sent).toEqual([]);
  });

  it('as a second id that had ended own no address, in the runs after it either', async () => {
    const { day } = world();
    const ended = person('old', { email: 'b@example.com', employeeStatusCode: 'T' });
    const first = await day({ events: everybody([person('a'), person('b'), ended]) });
    expect(first.sent.map(({ employeeId }) => employeeId)).toEqual(['a', 'b']);
    const leaver = person('b', { employeeStatusCode: 'T' });
    const second = await day({ events: everybody([person('a'), leaver, person('new', { email: 'b@example.com' })]) });
    // As without the second id: the leaver is not ended by a new id with the address, and is named as its owner alone.
    expect(second.sent).toEqual([]);
    const [problem] = second.summary.problems;
    expect(problem).toMatchObject({ id: 'new', faults: [{ code: 'new_id', value: 'b now comes as new' }] });
  });

  it('are linked again when somebody else of their loop has another supervisor, and not while the loop is closed', async () => {
    const { day } = world();
    const under = (id: string, supervisorId: string) => person(id, { supervisorId });
    const three = [person('boss'), under('a', 'b'), under('b', 'c'), under('c', 'a')];
    const first = await day({ events: everybody(three) });
    expect(first.summary.supervisors.loops).toEqual([['a', 'b', 'c']]);
    const closed = await day({ events: [schema(), row({ ...under('b', 'c'), title: 'new' }), state(2)] });
    expect(closed.sent).toEqual([{ ...person('b'), title: 'new' }]);
    expect(closed.summary.supervisors.dropped).toEqual([{ id: 'b', supervisor_id: 'c', reason: 'loop' }]);
    const open = await day({ events: [schema(), row(under('b', 'boss')), state(3)] });
    expect(open.sent).toEqual([
      under('b', 'boss'),
      { employeeId: 'a', supervisorId: 'b' },
      { employeeId: 'c', supervisorId: 'a' },
    ]);
    expect(open.summary.supervisors.relinked).toBe(3);
    expect((await day({ events: [schema(), row(under('b', 'boss')), state(4)] })).sent).toEqual([]);
  });

  it('do not take the address of whom the source has no more, until that person is forgotten', async () => {
    const { day } = world();
    const [gone, other] = [person('gone', { email: 'one@example.com' }), person('other')];
    const heir = person('heir', { email: 'ONE@example.com' });
    await day({ events: everybody([gone, other]) });
    for (const [events, code] of [
      [everybody([other, heir]), 'new_id'],
      [[schema(), row(heir), state(3)], 'duplicate_email'],
      [everybody([other, heir]), 'new_id'],
    ] as const) {
      const next = await day({ events });
      expect(ids(next.sent)).toEqual([]);
      expect(next.summary.actions.vanished).toBe(0);
      expect(next.summary.problems[0]?.faults[0]).toMatchObject({
        code,
        message: expect.stringContaining('employeeId gone'),
        fix: expect.stringContaining('ledger forget'),
      });
    }
  });

  it('nor of somebody whose record can not be mapped today', async () => {
    const { day } = world();
    await day({ events: everybody([person('a', { email: 'one@example.com' }), person('b')]) });
    const broken = { ...person('a', { email: 'one@example.com' }), fault: true };
    const heir = person('heir', { email: 'one@example.com' });
    const next = await day({ events: everybody([broken, person('b'), heir]) });
    expect(ids(next.sent)).toEqual([]);
    expect((await day({ events: [schema(), row(heir), state(3)] })).sent).toEqual([]);
  });

  it('stay out when only one of two with one address is read again, and come in when the other has another one', async () => {
    const { day } = world();
    const [a, b] = [person('a', { email: 'one@example.com' }), person('b', { email: 'ONE@example.com' })];
    expect((await day({ events: everybody([a, b, person('c')]) })).summary.outcomes).toMatchObject({
      created: 1,
      invalid: 2,
    });
    const alone = await day({ events: [schema(), row({ ...a, title: 'new' }), state(2)] });
    expect(alone.sent).toEqual([]);
    expect(alone.summary.problems[0]?.faults[0]?.message).toContain('employeeId b');
    const taken = await day({ events: [schema(), row(person('new', { email: 'c@example.com' })), state(3)] });
    expect(taken.sent).toEqual([]);
    const mended = await day({ events: [schema(), row(a), row(person('b')), state(4)] });
    expect(ids(mended.sent)).toEqual(['a', 'b']);
  });

  it('get an address only after the one who had it has given it up, and not at all while that can not be', async () => {
    const { day: play } = world();
    // More than half of so small a company changes at once.
    const day: typeof play = (night) => play({ settings: { guards: noLimits }, ...night });
    const at = (id: string, letter: string, over: object = {}) =>
      person(id, { email: `${letter}@example.com`, ...over });
    await day({ events: everybody([at('1', 'x'), at('2', 'y'), at('3', 'z'), at('4', 'v'), at('5', 'w')]) });
    const circle = [at('4', 'w'), at('5', 'v')];
    const chain = [at('new', 'z'), at('3', 'y'), at('2', 'x'), at('1', 'q')];
    const next = await day({ events: everybody([...chain, ...circle]) });
    // Of the circle all but the address goes out.
    expect(ids(next.sent)).toEqual(['1', '2', '3', 'new', '4', '5']);
    expect(next.sent.slice(-2).map(({ email }) => email)).toEqual([undefined, undefined]);
    expect(next.summary.problems.map(({ faults }) => faults[0]?.message)).toEqual([
      expect.stringContaining('still that of employeeId 5'),
      expect.stringContaining('still that of employeeId 4'),
    ]);
    // Nothing is forgotten by the run that could not help, and a detour does.
    expect((await day({ events: everybody([...chain, ...circle]) })).sent).toEqual([]);
    expect(ids((await day({ events: everybody([...chain, at('4', 'between'), at('5', 'v')]) })).sent)).toEqual([
      '4',
      '5',
    ]);
    expect(ids((await day({ events: everybody([...chain, ...circle]) })).sent)).toEqual(['4']);
    // Who leaves does so without the address that another one has yet; who is sent without an address gives none up.
    const leaver = at('4', 'q', { employeeStatusCode: 'T' });
    const twins = [at('1', 'twin'), at('5', 'twin')];
    const last = await day({ events: everybody([...chain.slice(0, 3), ...twins, leaver]) });
    expect(last.sent).toEqual(
      [leaver, ...twins].map((user) => JSON.parse(JSON.stringify({ ...user, email: undefined }))),
    );
    expect(last.summary.problems.map(({ id, kind }) => [id, kind])).toEqual([
      ['1', 'note'],
      ['5', 'note'],
    ]);
  });

  it('get no address of a person that Together has refused, and none that a leaver could not take along', async () => {
    const at = (id: string, letter: string, over: object = {}) =>
      person(id, { email: `${letter}@example.com`, ...over });
    const others = crowd(30);
    const addresses = (users: readonly TogetherUser[]) => users.map(({ employeeId, email }) => [employeeId, email]);

    const refused = world();
    await refused.day({ events: everybody([at('g', 'x'), ...others]) });
    const refuse: Answer = () => ({ outcome: 'rejected', status: 409, reason: 'no' });
    await refused.day({ events: everybody([at('g', 'q'), ...others]), answer: refuse });
    const taken = await refused.day({ events: everybody([at('g', 'q'), at('new', 'x'), ...others]) });
    expect(taken.sent).toEqual([]);
    expect(taken.summary.problems.map(({ id }) => id)).toContain('new');

    // A leaver comes before all others, so also before who has the address until now.
    const leaves = world();
    await leaves.day({ events: everybody([at('g', 'x'), at('l', 'y'), ...others]) });
    const leaver = at('l', 'x', { employeeStatusCode: 'T' });
    const left = await leaves.day({ events: everybody([at('g', 'q'), leaver, ...others]) });
    expect(addresses(left.sent)).toEqual([
      ['l', undefined],
      ['g', 'q@example.com'],
    ]);
    // Together still has the leaver with the old one.
    expect((await leaves.day({ events: everybody([at('new', 'y'), at('g', 'q'), ...others]) })).sent).toEqual([]);
  });

  it('never make two of one address, whoever changes it and however runs end', async () => {
    const letters = fc.constantFrom('a', 'b', 'c', 'd');
    const night = fc.record({
      people: fc.uniqueArray(fc.tuple(fc.nat(3), letters), { selector: ([id]) => id, maxLength: 4 }),
      complete: fc.boolean(),
      stopsAfter: fc.option(fc.nat(2), { nil: undefined }),
      killedAfter: fc.option(fc.nat(2), { nil: undefined }),
      /** Whom Together refuses, and for how long. */
      refuses: fc.option(fc.tuple(fc.nat(3), fc.constantFrom(400, 409)), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 8 }), async (nights) => {
        const { day, files } = world();
        let held = new Map<string, unknown>();
        const doubled: string[] = [];
        for (const { people, complete, stopsAfter, killedAfter, refuses } of nights) {
          let killed: (() => void) | undefined;
          const users = people.map(([id, letter]) => person(`${id}`, { email: `${letter}@example.com` }));
          await day({
            events: complete ? everybody(users) : [schema(), ...users.map((user) => row(user)), state(1)],
            settings: { guards: { min_rows_percent: null, min_filled_percent: null } },
            batch: 1,
            answer(delivery, sent) {
              if (sent === stopsAfter) return outage;
              if (sent === killedAfter) {
                const [kept, then] = [
                  [...files].map(([name, bytes]) => [name, Buffer.from(bytes)] as const),
                  new Map(held),
                ];
                killed = () => {
                  files.clear();
                  for (const [name, bytes] of kept) files.set(name, bytes);
                  held = then;
                };
              }
              const { employeeId, email } = JSON.parse(delivery.body.toString()) as {
                employeeId: string;
                email?: string;
              };
              const holder = [...held].find(([id, address]) => address === email && id !== employeeId);
              if (holder) doubled.push(`${email} of ${holder[0]} is sent for ${employeeId}`);
              if (`${refuses?.[0]}` === employeeId)
                return { outcome: 'rejected', status: refuses?.[1] as number, reason: 'no' };
              if (email !== undefined) held.set(employeeId, email);
              return { outcome: delivery.isNew ? 'created' : 'updated' };
            },
          });
          killed?.();
        }
        expect(doubled).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('are excluded with the name of the filter, even when they could not be mapped', async () => {
    const { day } = world();
    const result = await day({
      events: everybody([person('a'), { employeeId: 'b', fault: true }]),
      filter: (record) => (record['employeeId'] === 'b' ? 'contractors' : undefined),
    });
    expect(result.summary).toMatchObject({
      excluded_by: { contractors: 1 },
      outcomes: { created: 1, excluded: 1, invalid: 0 },
    });
  });
});

describe('adding up', () => {
  it('everybody read has exactly one outcome, whatever happens and wherever it stops', async () => {
    const kinds = fc.constantFrom('fine', 'leaver', 'bad', 'twin', 'excluded');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(kinds, fc.nat(9)), { maxLength: 25 }),
        fc.nat(30),
        fc.nat(30),
        async (entries, refusedAt, stopAt) => {
          const { day } = world();
          const records = entries.map(([kind, at], index) => {
            if (kind === 'bad') return { employeeId: `${index}`, fault: true };
            const email = kind === 'twin' ? `shared${at % 2}@example.com` : `${index}@example.com`;
            return person(`${index}`, {
              email,
              supervisorId: `${at}`,
              employeeStatusCode: kind === 'leaver' ? 'T' : 'A',
              title: kind,
            });
          });
          for (const mode of ['dry-run', 'run', 'run'] as const) {
            const result = await day({
              mode,
              events: everybody(records),
              batch: 4,
              filter: (record) => (record['title'] === 'excluded' ? 'f' : undefined),
              answer: (_, sent) =>
                sent === stopAt
                  ? outage
                  : sent === refusedAt
                    ? { outcome: 'rejected', status: 400, reason: 'no' }
                    : { outcome: 'created' },
            });
            const counts = result.summary.outcomes;
            expect(sum(counts)).toBe(records.length);
            expect(result.summary.people_read).toBe(records.length);
            expect(Object.keys(counts).sort()).toEqual([...outcomes].sort());
            expect(result.released.length > 0).toBe(mode === 'run' && counts.undelivered === 0);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('checkpoints that must all come back do so in order, with the records of each', async () => {
    const { day } = world();
    const result = await day({
      protocol: 'airbyte',
      events: [
        schema(),
        row(person('a')),
        row({ employeeId: 'b', fault: true }),
        state('one', 'employees'),
        state('two', 'employees'),
        row(person('c')),
        state('three', 'employees'),
      ],
    });
    expect(result.released).toEqual([
      { value: 'one', records: 2, rejected: 1 },
      { value: 'two', records: 0, rejected: 0 },
      { value: 'three', records: 1, rejected: 0 },
    ]);
  });
});
