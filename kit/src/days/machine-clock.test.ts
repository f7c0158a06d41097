import { expect, it } from 'vitest';
import { checkMachineClock } from './machine-clock.ts';

it('a clock before the first version is told, with the day that it says', () => {
  expect(() => checkMachineClock(Date.UTC(1971, 4, 2, 3))).toThrow(/says 1971-05-02/);
  expect(() => checkMachineClock(Date.UTC(2025, 11, 31, 23, 59, 59, 999))).toThrow(/says 2025-12-31/);
  expect(() => checkMachineClock(Date.UTC(2026, 0, 1))).not.toThrow();
});
