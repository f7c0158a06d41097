import { describe, expect, it } from 'vitest';
import { isDue } from './due.ts';

const minute = 60_000;
const day = 1440 * minute;

describe('due once in a window', () => {
  it.each([
    { why: 'a day later', age: day, due: true },
    { why: 'the next night, 28 minutes earlier', age: day - 28 * minute, due: true },
    { why: 'earlier than that', age: day - 29 * minute, due: false },
    { why: 'an hour later', age: 60 * minute, due: false },
    { why: 'at the same moment', age: 0, due: false },
    { why: 'a clock that was ahead: not known', age: -1, due: true },
    { why: 'no time at all', age: Number.NaN, due: true },
    { why: 'a week, 28 minutes earlier', age: 7 * day - 28 * minute, windowMs: 7 * day, due: true },
    { why: 'an hour has less slack', age: 58 * minute, windowMs: 60 * minute, due: false },
    { why: 'every time', age: 0, windowMs: 0, due: true },
  ])('$why: $due', ({ age, windowMs = day, due }) => {
    expect(isDue(0, age, windowMs)).toBe(due);
  });
});
