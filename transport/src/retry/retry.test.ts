import { ConnectorError } from '@ukg-together/kit/error';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { AttemptError, type Failure } from '../http/failure.ts';
import { type Policy, transientStatuses, verdict } from './policy.ts';
import { retryAfterMs, retrying } from './retry.ts';

/** As the tables of both halves: their own rows, then those that every server shares. */
const policy: Policy = [
  { status: 200, verdict: 'success', meaning: 'OK' },
  { status: 400, verdict: 'refused', meaning: 'refused' },
  { status: 401, verdict: 'credentials', meaning: 'the credentials are not valid' },
  ...transientStatuses,
];

function script(failures: Failure[], options: Partial<Parameters<typeof retrying>[1]> = {}) {
  const clock = fakeClock();
  let tries = 0;
  const result = retrying(
    async (n) => {
      tries = n;
      const failure = failures[n - 1];
      if (failure) throw new AttemptError(failure);
      return 'done';
    },
    {
      policy,
      what: 'POST /public/user',
      maxRetries: 5,
      timeoutMs: 60_000,
      maxWaitMs: 600_000,
      clock,
      random: () => 1,
      ...options,
    },
  );
  return { clock, result, tries: () => tries };
}

describe('retrying', () => {
  it('backs off exponentially with jitter, up to the cap', async () => {
    const { clock, result } = script(Array(5).fill({ phase: 'answer', status: 503 }), { capMs: 5000 });
    expect(await result).toBe('done');
    expect(clock.slept).toEqual([1000, 2000, 4000, 5000, 5000]);
    const low = script([{ phase: 'headers', code: 'ECONNRESET' }], { random: () => 0 });
    await low.result;
    expect(low.clock.slept).toEqual([500]);
  });

  it('waits out Retry-After once, not twice', async () => {
    const { clock, result } = script([{ phase: 'answer', status: 429, retryAfterMs: 7000 }]);
    await result;
    expect(clock.slept).toEqual([7000]);
  });

  it('ends the run rather than sleep for a day', async () => {
    const { clock, result } = script([{ phase: 'answer', status: 429, retryAfterMs: 86_400_000 }]);
    await expect(result).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('86400 s') });
    expect(clock.slept).toEqual([]);
  });

  it('names what was tried and what came back when the tries are used up', async () => {
    const { result, tries } = script(Array(9).fill({ phase: 'answer', status: 502 }), { maxRetries: 2 });
    const error = (await result.catch((e: unknown) => e)) as ConnectorError;
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error.message).toBe(
      'POST /public/user kept failing: HTTP 502, a temporary fault of the gateway, after 3 tries.',
    );
    expect([error.exitCode, tries()]).toEqual([5, 3]);
  });

  it('gives up after three tries on an answer that nobody can read, each time', async () => {
    const unreadable = [
      { phase: 'answer', code: 'NOT_JSON' },
      { phase: 'body', code: 'Z_DATA_ERROR' },
      { phase: 'headers', code: 'HPE_INVALID_HEADER_TOKEN' },
    ] as const;
    for (const failure of unreadable) {
      const { result, tries, clock } = script(Array(20).fill(failure), { maxRetries: 12 });
      await expect(result).rejects.toMatchObject({ message: expect.stringContaining('after 3 tries') });
      expect([tries(), clock.slept]).toEqual([3, [1000, 2000]]);
    }
    const between = { phase: 'answer', status: 503 } as const;
    const mixed = [unreadable[0], between, unreadable[1], between, unreadable[2], between];
    const { result, tries } = script(mixed, { maxRetries: 12 });
    await expect(result).rejects.toMatchObject({ kind: 'unreachable' });
    expect(tries()).toBe(5);
  });

  it('never takes longer for one request than max_wait_secs, tries and waits together', async () => {
    const clock = fakeClock();
    const given: number[] = [];
    const silent = retrying(
      async (_, timeoutMs) => {
        given.push(timeoutMs);
        clock.advance(timeoutMs);
        throw new AttemptError({ phase: 'headers', code: 'TIMEOUT' });
      },
      { policy, what: 'GET /x', maxRetries: 100, timeoutMs: 300_000, maxWaitMs: 600_000, clock, random: () => 1 },
    );
    await expect(silent).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('beyond max_wait_secs (600)'),
    });
    expect(given).toEqual([300_000, 299_000]);
    expect(clock.monotonic()).toBeLessThanOrEqual(600_000);
    const busy = script(Array(200).fill({ phase: 'answer', status: 503 }), { maxRetries: 100 });
    await expect(busy.result).rejects.toMatchObject({ message: expect.stringContaining('after 15 tries') });
    expect(busy.clock.monotonic()).toBeLessThanOrEqual(600_000);
    const asked = script(Array(9).fill({ phase: 'answer', status: 429, retryAfterMs: 250_000 }));
    await expect(asked.result).rejects.toMatchObject({ message: expect.stringContaining('It asked to wait 250 s.') });
    expect(asked.clock.slept).toEqual([250_000, 250_000]);
  });

  it('counts a machine that slept as one attempt, however long', async () => {
    const clock = fakeClock();
    const result = retrying(
      async (n) => {
        if (n > 1) return 'done';
        clock.advance(8 * 3_600_000);
        throw new AttemptError({ phase: 'body', code: 'ECONNRESET' });
      },
      { policy, what: 'GET /x', maxRetries: 5, timeoutMs: 60_000, maxWaitMs: 600_000, clock, random: () => 1 },
    );
    expect(await result).toBe('done');
  });

  it('waits half a minute at most for a host where nobody listens', async () => {
    const { clock, result, tries } = script(Array(20).fill({ phase: 'connect', code: 'ECONNREFUSED' }), {
      maxRetries: 12,
    });
    await expect(result).rejects.toMatchObject({ kind: 'unreachable' });
    expect([tries(), clock.slept.reduce((sum, ms) => sum + ms, 0)]).toEqual([6, 31_000]);
  });

  it('never repeats what a second try cannot mend', async () => {
    for (const failure of [
      { phase: 'answer', status: 401 },
      { phase: 'answer', status: 400 },
      { phase: 'connect', code: 'CERT_HAS_EXPIRED' },
    ] as const) {
      const { result, tries } = script([failure]);
      await expect(result).rejects.toBeInstanceOf(AttemptError);
      expect(tries()).toBe(1);
    }
  });
});

describe('a policy table', () => {
  it('takes a server fault that nobody knows for a transient one, and nothing else that nobody knows', () => {
    const meaning = (status: number) => verdict({ status }, policy);
    expect([505, 507, 520, 529, 599].map(meaning)).toEqual(Array(5).fill('retry'));
    expect([202, 203, 302, 402, 451, 501, 600, 999].map(meaning)).toEqual(Array(8).fill('fail'));
  });

  it('takes only its own rows for success', () => {
    const statuses = Array.from({ length: 500 }, (_, i) => i + 100);
    expect(statuses.filter((status) => verdict({ status }, policy) === 'success')).toEqual([200]);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  const wish = (text: string | undefined, date?: string) =>
    retryAfterMs(
      { ...(text === undefined ? {} : { 'retry-after': text }), ...(date === undefined ? {} : { date }) },
      now,
    );
  it('is read as seconds or as a date', () => {
    expect(wish('120')).toBe(120_000);
    expect(wish('1.5')).toBe(1500);
    expect(wish('Thu, 01 Jan 2026 00:01:00 GMT')).toBe(60_000);
  });
  it("is counted by the server's clock where the answer shows it", () => {
    expect(wish('Thu, 01 Jan 2026 09:01:00 GMT', 'Thu, 01 Jan 2026 09:00:30 GMT')).toBe(30_000);
    expect(wish('Thu, 01 Jan 2026 00:01:00 GMT', 'yesterday')).toBe(60_000);
  });
  it('leaves the usual backoff in place when unreadable or not ahead', () => {
    for (const text of [undefined, '', 'soon', '-1', '-5', 'NaN', '1e9', '0', 'Wed, 31 Dec 2025 00:00:00 GMT']) {
      expect(wish(text)).toBeUndefined();
    }
    expect(wish('9'.repeat(400))).toBeUndefined();
  });
});
