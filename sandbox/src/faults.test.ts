import { describe, expect, it } from 'vitest';
import { createFaults, type FaultRule } from './faults.ts';

const hits = (
  when: FaultRule['when'],
  requests: { method?: string; url?: string; sinceStart?: number }[],
): number[] => {
  const faults = createFaults([{ ...(when ? { when } : {}), do: { kind: 'empty' } }]);
  return requests.flatMap((request, at) =>
    faults.pick({ method: 'GET', url: '/x', sinceStart: 0, ...request }) ? [at + 1] : [],
  );
};
const many = (n: number) => Array.from({ length: n }, () => ({}));

describe('fault rules', () => {
  it('fire on the nth, every kth, after some, at most some times', () => {
    expect(hits({}, many(3))).toEqual([1, 2, 3]);
    expect(hits({ nth: 2 }, many(4))).toEqual([2]);
    expect(hits({ nth: [1, 4] }, many(4))).toEqual([1, 4]);
    expect(hits({ every: 3 }, many(7))).toEqual([3, 6]);
    expect(hits({ after: 2, times: 1 }, many(5))).toEqual([3]);
  });
  it('count only requests that fit path, method and time', () => {
    expect(
      hits({ path: 'page=2', nth: 1 }, [{ url: '/x?page=1' }, { url: '/x?page=2' }, { url: '/x?page=2' }]),
    ).toEqual([2]);
    expect(hits({ method: 'POST' }, [{ method: 'GET' }, { method: 'POST' }])).toEqual([2]);
    expect(hits({ from: 10, to: 20 }, [{ sinceStart: 9 }, { sinceStart: 15 }, { sinceStart: 21 }])).toEqual([2]);
  });
  it('draw the same lots for the same seed', () => {
    const when = { probability: 0.3, seed: 4 };
    expect(hits(when, many(50))).toEqual(hits(when, many(50)));
    expect(hits(when, many(400)).length).toBeGreaterThan(80);
  });
  it('let the first win while all of them count', () => {
    const faults = createFaults([
      { when: { nth: 1 }, do: { kind: 'empty' } },
      { when: { nth: 2 }, do: { kind: 'html' } },
    ]);
    const pick = () => faults.pick({ method: 'GET', url: '/', sinceStart: 0 })?.action.kind;
    expect([pick(), pick(), pick()]).toEqual(['empty', 'html', undefined]);
    expect(faults.fired()).toEqual([1, 1]);
  });
  it('can be added, removed and replaced', () => {
    const faults = createFaults();
    const remove = faults.add({ do: { kind: 'empty' } });
    remove();
    expect(faults.rules).toEqual([]);
    faults.set([{ do: { kind: 'bom' } }]);
    faults.clear();
    expect(faults.pick({ method: 'GET', url: '/', sinceStart: 0 })).toBeUndefined();
  });
});
