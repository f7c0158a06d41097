import { ConnectorError, said } from '@ukg-together/kit/error';
import { describe, expect, it } from 'vitest';
import type { Delivery, Outcome, PersonOutcome } from '../model/person.ts';
import { mostQuarantined, mostRefusedWithoutSuccess } from './outage.ts';
import { createRecorder } from './recorder.ts';

const person = (index: number, after?: readonly number[]): Delivery => ({
  index,
  employeeId: `E${index}`,
  body: Buffer.from('{}'),
  isNew: true,
  after,
});
const people = (count: number) => Array.from({ length: count }, (_, index) => person(index));
const error = new ConnectorError('unreachable', said`HTTP 500, again and again.`);
const created: Outcome = { outcome: 'created' };
const refused: Outcome = { outcome: 'rejected', status: 400, reason: 'no' };
const unasked: Outcome = { outcome: 'rejected', reason: 'too large' };

function setUp() {
  const kept: PersonOutcome[] = [];
  const recorder = createRecorder(async (outcomes) => void kept.push(...outcomes));
  const record = (outcome: Outcome, ...group: readonly Delivery[]) =>
    recorder.record(group.map((delivery) => ({ delivery, outcome })));
  return { recorder, record, kept };
}

describe('recorder', () => {
  it.each([
    ['nobody', [], created, false],
    ['accepted people', people(2), created, false],
    ['refused people', people(2), refused, true],
    ['people who are not sent', people(1), unasked, true],
  ] as const)('keeps the outcomes of %s and says whether somebody was refused', async (_, group, outcome, any) => {
    const { record, kept } = setUp();
    expect(await record(outcome, ...group)).toBe(any);
    expect(kept.map(({ delivery }) => delivery.index)).toEqual(group.map(({ index }) => index));
  });

  it('stops when Together refuses everybody, and not once it has taken anybody', async () => {
    const most = mostRefusedWithoutSuccess;
    const all = setUp();
    await all.record(refused, ...people(most - 1));
    await expect(all.record(refused, person(most))).rejects.toMatchObject({
      kind: 'refused',
      message: `Together refused the first ${most} people and accepted none, so sending stopped.`,
    });
    const some = setUp();
    await some.record(created, person(0));
    expect(await some.record(refused, ...people(2 * most))).toBe(true);
  });

  it.each([
    ['an acceptance', created, false],
    ['a refusal by Together', refused, false],
    ['a person about whom Together was not asked', unasked, true],
  ] as const)('suspects an outage from the first quarantine until %s', async (_, outcome, still) => {
    const { recorder, record } = setUp();
    expect(recorder.suspectsOutage).toBe(false);
    recorder.quarantine([person(7)], error);
    expect(recorder.suspectsOutage).toBe(true);
    await record(outcome, person(1));
    expect(recorder.suspectsOutage).toBe(still);
  });

  it('quarantines a few people and takes more for an outage', () => {
    const { recorder } = setUp();
    recorder.quarantine(people(mostQuarantined), error);
    expect(recorder.quarantined).toHaveLength(mostQuarantined);
    expect(() => recorder.quarantine([person(99)], error)).toThrow(error);
  });

  it.each([
    ['was refused', async ({ record }: ReturnType<typeof setUp>) => void (await record(refused, person(1)))],
    ['is quarantined', async ({ recorder }: ReturnType<typeof setUp>) => recorder.quarantine([person(1)], error)],
  ])('refuses who gets the address of a person who %s, and who gets theirs', async (_, fail) => {
    const world = setUp();
    await fail(world);
    const chain = [person(2, [1]), person(3, [2]), person(4), person(5, [6])];
    const sent = await world.recorder.withoutOwnedAddresses(chain);
    expect(sent.map(({ index }) => index)).toEqual([4, 5]);
    const reasons = world.kept.filter(({ delivery }) => delivery.after).map(({ outcome }) => outcome.reason);
    expect(reasons).toEqual([expect.stringContaining('employeeId E1,'), expect.stringContaining('employeeId E2,')]);
  });

  it('sends who gets the address of an accepted person', async () => {
    const { recorder, record } = setUp();
    await record(created, person(1));
    const batch = [person(2, [1])];
    expect(await recorder.withoutOwnedAddresses(batch)).toBe(batch);
  });
});

it.each([
  { reason: 'nobody came under a new id', outcome: created, movedFrom: undefined, hasMoved: false },
  { reason: 'Together took the new id', outcome: created, movedFrom: 'old', hasMoved: true },
  { reason: 'Together refused the new id', outcome: refused, movedFrom: 'old', hasMoved: false },
])('knows whether a record has a new id: $reason', async ({ outcome, movedFrom, hasMoved }) => {
  const { recorder, record } = setUp();
  expect(recorder.hasMoved).toBe(false);
  await record(outcome, { ...person(1), movedFrom });
  await record(created, person(2));
  expect(recorder.hasMoved).toBe(hasMoved);
});
