import { describe, expect, it } from 'vitest';
import { mayBeId, shownReference } from './reference.ts';

describe('a supervisor who is not known', () => {
  it.each([
    { reason: 'an id', reference: '000123', shown: '000123' },
    { reason: 'an id with letters', reference: 'E-17', shown: 'E-17' },
    { reason: 'an address is personal', reference: 'pat17@example.com', shown: '(an e-mail address)' },
    { reason: 'a name is personal', reference: 'Pat Example', shown: '(no id)' },
    { reason: 'the same, last name first', reference: 'Example,Pat', shown: '(no id)' },
    { reason: 'one word may be a last name', reference: 'Example', shown: '(no id)' },
    { reason: 'a name with a number', reference: 'Pat Example 2', shown: '(no id)' },
  ])('$reason', ({ reference, shown }) => {
    expect(shownReference(reference, false)).toBe(shown);
  });

  it('is shown by any id that somebody has', () => expect(shownReference('boss', true)).toBe('boss'));
});

it.each([
  ['E-17', 'E1', true],
  ['boss', 'ada', true],
  ['17', 'ada', true],
  ['Example', 'E1', false],
  ['Pat Example 2', 'E1', false],
  ['pat17@example.com', 'ada', false],
])('%s may be an id where one’s own is %s: %s', (reference, own, expected) => {
  expect(mayBeId(reference, own)).toBe(expected);
});
