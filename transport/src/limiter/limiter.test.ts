import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localLimiter } from './limiter.ts';

describe('the limiter', () => {
  it('keeps one in flight and a whole interval after each answer, the first request and failures included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ takes: fc.integer({ min: 0, max: 3000 }), fails: fc.boolean() }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (jobs) => {
          const clock = fakeClock();
          const opened = clock.monotonic();
          const limiter = localLimiter({ clock, intervalMs: 1000 });
          const seen: { start: number; end: number }[] = [];
          let running = 0;
          const run = (job: (typeof jobs)[number]) =>
            limiter.run(async () => {
              expect(++running).toBe(1);
              const start = clock.monotonic();
              await Promise.resolve();
              clock.advance(job.takes);
              seen.push({ start, end: clock.monotonic() });
              running--;
              if (job.fails) throw new Error('refused');
            });
          await Promise.allSettled(jobs.map(run));
          expect(seen).toHaveLength(jobs.length);
          seen.forEach((job, i) => {
            expect(job.start - (seen[i - 1]?.end ?? opened)).toBeGreaterThanOrEqual(1000);
          });
          await limiter.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives up its permit when the run is stopped', async () => {
    const clock = fakeClock();
    const limiter = localLimiter({ clock, intervalMs: 1000 });
    const stop = new AbortController();
    stop.abort(new Error('SIGTERM'));
    let ran = false;
    await expect(limiter.run(async () => (ran = true), stop.signal)).rejects.toThrow('SIGTERM');
    expect(ran).toBe(false);
  });
});
