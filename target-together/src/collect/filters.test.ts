import { describe, expect, it } from 'vitest';
import { compileFilters } from './filters.ts';

describe('filters', () => {
  it('give the name of the first one that takes a person out', () => {
    const filter = compileFilters([
      { name: 'company', field: 'companyId', in: ['A', 'B'] },
      { field: 'work.type', not_in: ['CON'] },
    ]);
    expect(filter?.({ companyId: 'a ', work: { type: 'REG' } })).toBeUndefined();
    expect(filter?.({ companyId: 'C', work: { type: 'CON' } })).toBe('company');
    expect(filter?.({ companyId: 'B', work: { type: 'con' } })).toBe('work.type');
  });

  it('take a missing value for an empty one: kept by not_in, taken out by in', () => {
    expect(compileFilters([{ field: 'x', not_in: ['1'] }])?.({})).toBeUndefined();
    expect(compileFilters([{ field: 'x', in: ['1'] }])?.({})).toBe('x');
    expect(compileFilters([{ field: 'x', in: [1, true] }])?.({ x: true })).toBeUndefined();
  });

  it('refuse a field that is no path, by its place', () => {
    expect(() => compileFilters([{ field: 'a..b', in: ['1'] }])).toThrow(/filters\[0\]\.field/);
  });

  it('cost nothing when there are none', () => {
    expect(compileFilters([])).toBeUndefined();
  });
});
