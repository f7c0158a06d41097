import { describe, expect, it } from 'vitest';
import { ConnectorError, inStream } from './error.ts';

it('a message ends before its hint', () => {
  const messageOf = (message: string, hint?: string) =>
    new ConnectorError('settings', message, hint === undefined ? {} : { hint }).message;
  expect([
    messageOf('2 faults:\n  a: is wrong', 'Do this.'),
    messageOf('Wrong.', 'Do this.'),
    messageOf('a: is wrong'),
  ]).toEqual(['2 faults:\n  a: is wrong.', 'Wrong.', 'a: is wrong']);
});

describe('inStream', () => {
  it('tells the same failure of the stream that was selected', () => {
    const inner = new ConnectorError('unreachable', 'locations: HTTP 500.', {
      hint: 'Later.',
      internal: 'x',
      stream: 'locations',
      cause: 1,
    });
    const named = inStream(inner, 'employees');
    expect(named).toMatchObject({
      kind: 'unreachable',
      message: 'locations: HTTP 500.',
      hint: 'Later.',
      internal: 'x',
      stream: 'employees',
      cause: 1,
      exitCode: 5,
    });
    expect(named.stack).toBe(inner.stack);
    expect(inStream(named, 'employees')).toBe(named);
  });
});
