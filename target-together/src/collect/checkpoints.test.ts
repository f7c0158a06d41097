import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpoints } from './checkpoints.ts';

describe('checkpoints', () => {
  it('withholds a STATE until everybody read before it is done', () => {
    const line = createCheckpoints<string>();
    line.sighted(0);
    line.checkpoint('S1');
    line.sighted(1);
    line.checkpoint('S2');
    line.acknowledge(1);
    expect(line.release()).toEqual([]);
    line.acknowledge(0);
    expect(line.release()).toEqual(['S1', 'S2']);
    expect(line.buffered).toBe(0);
  });

  it('releases at once what no person stands before', () => {
    const line = createCheckpoints<string>();
    line.checkpoint('S0');
    expect(line.release()).toEqual(['S0']);
    line.sighted(0);
    line.checkpoint('S1');
    expect(line.release()).toEqual([]);
  });

  it('does not hold a STATE back for people read after it', () => {
    const line = createCheckpoints<string>();
    line.checkpoint('S0');
    line.sighted(0);
    line.checkpoint('S1');
    line.checkpoint('S2');
    line.sighted(1);
    expect(line.release()).toEqual(['S0']);
    line.acknowledge(0);
    expect(line.release()).toEqual(['S1', 'S2']);
  });

  it('lets the later record of a person stand for the earlier sighting', () => {
    const line = createCheckpoints<string>();
    line.sighted(0);
    line.checkpoint('S1');
    line.sighted(0);
    line.checkpoint('S2');
    line.acknowledge(0);
    expect(line.release()).toEqual(['S1', 'S2']);
  });

  it('gives those ready in their order, and few of many, when a later one stands for all', () => {
    const line = createCheckpoints<string>({ coalesce: true });
    line.sighted(0);
    line.checkpoint('S1');
    line.checkpoint('S2');
    line.sighted(1);
    line.checkpoint('S3');
    line.acknowledge(0);
    expect(line.release()).toEqual(['S1', 'S2']);
    line.acknowledge(1);
    expect(line.release()).toEqual(['S3']);
    for (const value of ['S4', 'S5', 'S6', 'S7', 'S8']) line.checkpoint(value);
    expect(line.release()).toEqual(['S4', 'S6', 'S8']);
    for (let n = 9; n < 1_000; n++) line.checkpoint(`S${n}`);
    const given = line.release();
    expect(given.length).toBeLessThanOrEqual(3);
    expect(given.at(-1)).toBe('S999');
  });

  it('holds a bounded number when a tap sends a STATE after every record', () => {
    const line = createCheckpoints<number>({ coalesce: true, maxBuffered: 16 });
    for (let person = 0; person < 1000; person++) {
      line.sighted(person);
      line.checkpoint(person);
      expect(line.buffered).toBeLessThanOrEqual(16);
    }
    for (let person = 0; person < 1000; person++) line.acknowledge(person);
    const given = line.release();
    expect(given.length).toBeLessThanOrEqual(3);
    expect(given.at(-1)).toBe(999);
  });

  type Step = { sighted: number } | 'checkpoint' | { acknowledge: number } | 'release';
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ sighted: fc.nat(12) }) },
    { weight: 2, arbitrary: fc.constant('checkpoint' as const) },
    { weight: 4, arbitrary: fc.record({ acknowledge: fc.nat(12) }) },
    { weight: 2, arbitrary: fc.constant('release' as const) },
  );

  it.each([false, true])(
    'never releases early, always in order, and the last one in the end (coalesce: %s)',
    (coalesce) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
          const line = createCheckpoints<number>({ coalesce, maxBuffered: 4 });
          // The plain model: people sighted before each checkpoint, without those done since the last sighting.
          const open = new Set<number>();
          const before: Set<number>[] = [];
          const given: number[] = [];
          const take = () => {
            for (const one of line.release()) {
              for (const person of before[one] as Set<number>) expect(open.has(person)).toBe(false);
              given.push(one);
            }
            const late = before.findIndex((set, at) => set.size === 0 && at > (given.at(-1) ?? -1));
            if (!coalesce) expect(late === -1 || before.slice(0, late).some((set) => set.size > 0)).toBe(true);
          };
          for (const one of steps) {
            if (one === 'checkpoint') line.checkpoint(before.push(new Set(open)) - 1);
            else if (one === 'release') take();
            else if ('sighted' in one) {
              line.sighted(one.sighted);
              open.add(one.sighted);
            } else {
              line.acknowledge(one.acknowledge);
              open.delete(one.acknowledge);
              for (const set of before) set.delete(one.acknowledge);
            }
          }
          for (const person of open) {
            line.acknowledge(person);
            for (const set of before) set.delete(person);
          }
          open.clear();
          take();
          expect(given).toEqual([...given].sort((a, b) => a - b));
          expect(given.at(-1)).toBe(before.length === 0 ? undefined : before.length - 1);
          if (!coalesce) expect(given).toEqual(before.map((_, at) => at));
          expect(line.buffered).toBe(0);
        }),
      );
    },
  );
});
