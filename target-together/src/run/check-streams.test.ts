import { describe, expect, it } from 'vitest';
import { checkStreams } from './check-streams.ts';

const stream = (name: string, mapped = false) => ({ stream: name, preset: null, records: 3, mapped });

describe('the streams of a run', () => {
  it.each([
    { reason: 'nothing came: the verdict tells', streams: [], wanted: 'employees' },
    { reason: 'one of them is mapped', streams: [stream('teams'), stream('employees', true)], wanted: undefined },
  ])('$reason', ({ streams, wanted }) => {
    expect(() => checkStreams({ streams }, wanted)).not.toThrow();
  });

  it.each([
    {
      reason: 'no preset knows it',
      streams: [stream('teams')],
      wanted: undefined,
      said: /No mapping takes any of the streams that came: "teams" \(3 records\)/,
    },
    {
      reason: 'it was renamed',
      streams: [stream('employee')],
      wanted: 'employees',
      said: /"employees" of mapping.stream did not come.*Did you mean "employee"\?/,
    },
  ])('stop the run: $reason', ({ streams, wanted, said }) => {
    expect(() => checkStreams({ streams }, wanted)).toThrow(
      expect.objectContaining({ kind: 'settings', message: expect.stringMatching(said) }),
    );
  });
});
