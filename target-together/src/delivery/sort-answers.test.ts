import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import type { PersonAnswer } from '../together/answer.ts';
import { rejected, sorted } from './sort-answers.ts';

const people = ['E1', 'E2', 'E3', 'E4'].map(
  (employeeId, index): Delivery => ({ index, employeeId, body: Buffer.from('{}'), isNew: true }),
);
const [one, two, three, four] = people as [Delivery, Delivery, Delivery, Delivery];

describe('answers', () => {
  it("give a person's outcome, or have them sent again at once or later", () => {
    const answers: PersonAnswer[] = [
      { outcome: 'updated', status: 200 },
      { outcome: 'again', status: 207, transient: false },
      { outcome: 'again', status: 503, transient: true },
      { outcome: 'rejected', reason: 'no e-mail' },
    ];
    expect(sorted(people, answers)).toEqual({
      outcomes: [
        { delivery: one, outcome: answers[0] },
        { delivery: four, outcome: answers[3] },
      ],
      resend: [two],
      transient: [three],
    });
  });

  it('that refuse several people name one reason, and the status where there was one', () => {
    expect(rejected([one, two], 'too long', 413)).toEqual([
      { delivery: one, outcome: { outcome: 'rejected', reason: 'too long', status: 413 } },
      { delivery: two, outcome: { outcome: 'rejected', reason: 'too long', status: 413 } },
    ]);
    const outcomes = rejected([one], 'too long').map(({ outcome }) => outcome);
    expect(outcomes).toStrictEqual([{ outcome: 'rejected', reason: 'too long' }]);
  });
});
