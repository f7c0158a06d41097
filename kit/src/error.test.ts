import { describe, expect, it } from 'vitest';
import { ConnectorError, inStream } from './error.ts';

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
