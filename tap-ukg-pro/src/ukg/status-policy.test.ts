import { verdict } from '@ukg-together/transport/retry/policy';
import { describe, expect, it } from 'vitest';
import { ukgPolicy } from './status-policy.ts';

describe("UKG's statuses", () => {
  it('take a server fault that nothing documents for a transient one, and no other unknown status', () => {
    for (const status of [505, 507, 520, 529, 599]) expect(verdict({ status }, ukgPolicy)).toBe('retry');
    for (const status of [202, 203, 302, 402, 451, 501, 600, 999]) expect(verdict({ status }, ukgPolicy)).toBe('fail');
  });

  it('take only 200 for success', () => {
    const statuses = Array.from({ length: 500 }, (_, i) => i + 100);
    expect(statuses.filter((status) => verdict({ status }, ukgPolicy) === 'success')).toEqual([200]);
  });
});
