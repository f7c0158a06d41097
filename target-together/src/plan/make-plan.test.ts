import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptAs } from '../model/keep-reason.ts';
import type { TogetherUser } from '../model/person.ts';
import { person, testHash } from '../testing/people.ts';
import { accepted, hour, now, planOf } from '../testing/plan.ts';

describe('actions', () => {
  it('tells join, change, leave, rehire and same by what Together last accepted', () => {
    const ledger = {
      same: accepted(person('same')),
      change: accepted(person('change', { title: 'Clerk' })),
      leave: accepted(person('leave')),
      back: accepted(person('back', { employeeStatusCode: 'T' })),
      gone: accepted(person('gone', { employeeStatusCode: 'T' })),
    };
    const { actions } = planOf(
      [
        person('new'),
        person('same'),
        person('change', { title: 'Chief' }),
        person('leave', { employeeStatusCode: 'T' }),
        person('back'),
        person('gone', { employeeStatusCode: 'T', title: 'late correction' }),
      ],
      ledger,
    );
    expect(actions).toEqual(['join', 'same', 'change', 'leave', 'rehire', 'change']);
  });

  it('sends an unchanged person again after the resend window, counted from run to run, and never when there is none', () => {
    const aged = (hours: number) => ({ a: accepted(person('a'), { acceptedAt: now - hours * hour }) });
    expect(planOf([person('a')], aged(23)).sent).toEqual([]);
    expect(planOf([person('a')], aged(24)).sent).toEqual(['a']);
    expect(planOf([person('a')], aged(23.9)).sent).toEqual(['a']);
    expect(planOf([person('a')], aged(5000), { resendAfterHours: null }).sent).toEqual([]);
  });

  it('does not try a refused person again before the record changes or the window passes; 409 and 410 only when it changes', () => {
    const refused = (status: number, hours: number) => ({
      a: {
        status: undefined,
        hash: undefined,
        acceptedAt: 0,
        run: undefined,
        refused: { status, hash: testHash(JSON.stringify(person('a'))), at: now - hours * hour },
      },
    });
    expect(planOf([person('a')], refused(400, 1)).sent).toEqual([]);
    expect(planOf([person('a')], refused(400, 25)).sent).toEqual(['a']);
    expect(planOf([person('a')], refused(409, 1000)).sent).toEqual([]);
    expect(planOf([person('a')], refused(410, 1000)).sent).toEqual([]);
    expect(planOf([person('a', { title: 'new' })], refused(410, 1)).sent).toEqual(['a']);
  });

  it('tries a leaver who was refused with 400 in every run: access has to end', () => {
    const leaver = person('a', { employeeStatusCode: 'T' });
    const refused = { status: 400, hash: testHash(JSON.stringify(leaver)), at: now - hour };
    expect(planOf([leaver], { a: accepted(person('a'), { refused }) }).actions).toEqual(['leave']);
  });

  it('keeps out people that a filter takes out, but never hides a leaver that Together knows', () => {
    const rows = [
      { user: person('a', { employeeStatusCode: 'T' }), filter: 'f' },
      { user: person('b', { employeeStatusCode: 'T' }), filter: 'f' },
      { user: person('c'), filter: 'f' },
    ];
    const { actions, sent, plan } = planOf(rows, { a: accepted(person('a')), c: accepted(person('c')) });
    expect(actions).toEqual(['leave', 'excluded', 'excluded']);
    expect(sent).toEqual(['a']);
    expect(plan.outOfScope).toEqual([2]);
  });

  it('keeps a person as before whom the source marks, and does not take that for a filter', () => {
    const rows = [
      { user: person('a'), filter: keptAs({ keepReason: 'in_transfer' }) as string },
      { user: person('b'), filter: keptAs({ keepReason: 'out_of_scope' }) as string },
    ];
    const { actions, sent, plan } = planOf(rows, { a: accepted(person('a')), b: accepted(person('b')) });
    expect({ actions, sent, outOfScope: plan.outOfScope, vanished: plan.vanished }).toEqual({
      actions: ['excluded', 'excluded'],
      sent: [],
      outOfScope: [1],
      vanished: [],
    });
  });

  it('patches a leaver who lacks a required field when Together knows them, and creates no person of such a record', () => {
    const patchOnly = [{ field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' }];
    const leaver = { employeeId: 'a', employeeStatusCode: 'T' };
    expect(planOf([{ user: leaver, patchOnly }], { a: accepted(person('a')) }).actions).toEqual(['leave']);
    const unknown = planOf([{ user: leaver, patchOnly }]);
    expect(unknown.actions).toEqual(['invalid']);
    expect(unknown.plan.faults(0)).toEqual(patchOnly);
  });

  it('sends without supervisorId, and then again with it as soon as the supervisor is there', () => {
    const report = person('a', { supervisorId: 'boss' });
    const first = planOf([report]);
    const body = first.plan.json(0);
    expect(JSON.parse(body)).not.toHaveProperty('supervisorId');
    const ledger = { a: accepted(report, { hash: testHash(body) }) };
    expect(planOf([report], ledger).actions).toEqual(['same']);
    expect(planOf([report, person('boss')], ledger).actions).toEqual(['change', 'join']);
  });

  it('adds who vanished at the end, as a patch of the status alone, only when asked to', () => {
    const reported = planOf([person('a')], {}, { vanished: ['x', 'y'] });
    expect([reported.sent, reported.plan.counts.vanished]).toEqual([['a'], 2]);
    const ended = planOf([person('a')], {}, { vanished: ['x', 'y'], endedVanished: ['x', 'y'] });
    expect(ended.sent).toEqual(['a', 'x', 'y']);
    expect(JSON.parse(ended.plan.json(2))).toEqual({ employeeId: 'y', employeeStatusCode: 'T' });
  });

  it('creates no person that Together lists already', () => {
    const { plan } = planOf([person('a'), person('b')], {}, { listed: (id) => (id === 'a' ? 'A' : undefined) });
    expect([...plan.order].map((at) => plan.delivery(at).isNew)).toEqual([false, true]);
  });
});

describe('order', () => {
  it('sends leavers first, managers before their reports, the rest by first sight', () => {
    const rows = [
      person('report', { supervisorId: 'manager' }),
      person('alone'),
      person('manager', { supervisorId: 'chief' }),
      person('leaver', { employeeStatusCode: 'T', supervisorId: 'manager' }),
      person('chief'),
    ];
    expect(planOf(rows, { leaver: accepted(person('leaver')) }).sent).toEqual([
      'leaver',
      'alone',
      'chief',
      'manager',
      'report',
    ]);
  });

  it('holds for any chart, and the same set has the same plan hash in whatever order it comes', () => {
    const chart = fc.array(fc.record({ boss: fc.nat(15), leaves: fc.boolean(), known: fc.boolean() }), {
      maxLength: 15,
    });
    fc.assert(
      fc.property(chart, fc.infiniteStream(fc.nat()), (entries, random) => {
        const rows = entries.map(({ boss, leaves }, at) =>
          person(`${at}`, { supervisorId: `${boss}`, employeeStatusCode: leaves ? 'T' : 'A' }),
        );
        const ledger = Object.fromEntries(
          entries.flatMap(({ known }, at) =>
            known ? [[`${at}`, accepted(person(`${at}`, { title: 'before' }))]] : [],
          ),
        );
        const { people, plan, sent } = planOf(rows, ledger);
        expect(new Set(sent).size).toBe(sent.length);
        const place = new Map(sent.map((id, at) => [id, at]));
        const leaves = (id: string) => plan.action(people.find(id)) === 'leave';
        for (const id of sent) {
          const boss = (JSON.parse(plan.json(people.find(id))) as TogetherUser).supervisorId;
          if (boss === undefined || leaves(id) || leaves(boss) || !place.has(boss)) continue;
          expect(place.get(boss)).toBeLessThan(place.get(id) as number);
        }
        const leavers = sent.filter(leaves).length;
        expect(sent.slice(0, leavers).every(leaves)).toBe(true);
        const shuffled = rows.map((row) => [random.next().value as number, row] as const).sort(([a], [b]) => a - b);
        expect(
          planOf(
            shuffled.map(([, row]) => row),
            ledger,
          ).plan.hash,
        ).toBe(plan.hash);
      }),
      { numRuns: 60 },
    );
  });

  it('has another hash for other people, other bodies and another organization', () => {
    const hashes = [
      planOf([person('a')]).plan.hash,
      planOf([person('b')]).plan.hash,
      planOf([person('a', { title: 'x' })]).plan.hash,
      planOf([person('a'), person('b')]).plan.hash,
      planOf([person('a')], {}, { hashedFor: 'other' }).plan.hash,
      planOf([person('a')], {}, { vanished: ['z'] }).plan.hash,
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
