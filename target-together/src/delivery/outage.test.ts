import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { quarantineError, retriesError } from './outage.ts';

const people = ['E1', 'E2'].map(
  (employeeId, index): Delivery => ({ index, employeeId, body: Buffer.from('{"firstName":"Ada"}'), isNew: true }),
);

describe('a delivery that ends early', () => {
  it('names the people on whom Together keeps failing by their ids alone', () => {
    const said = [people.slice(0, 1), people].map((stuck) => {
      const { kind, message, hint } = quarantineError(stuck);
      return { kind, message, hint };
    });
    const hint = 'They are undelivered and are sent again by the next run. If it goes on, give these ids to Together.';
    expect(said).toEqual([
      { kind: 'unreachable', message: 'Together kept failing on one person (E1) while it took the others.', hint },
      { kind: 'unreachable', message: 'Together kept failing on 2 people (E1, E2) while it took the others.', hint },
    ]);
  });

  it('says how often the same people were put off', () => {
    expect(retriesError(5)).toMatchObject({
      kind: 'unreachable',
      message: 'POST /public/user: Together put the same people off 5 times.',
      hint: 'Nothing is lost: run it again later.',
    });
  });
});
