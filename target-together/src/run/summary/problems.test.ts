import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectProblems, problemFault } from './problems.ts';

describe('collected problems', () => {
  const fault = (field: string, code: string) => ({ field, code, message: `${field} ${code}`, fix: 'mend it' });

  it('counts everybody in groups while the list is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom('email', 'title', 'officeId'), { minLength: 1, maxLength: 4 })),
        fc.nat(20),
        (fields, limit) => {
          const all = collectProblems(limit);
          fields.forEach((list, i) => {
            all.add({ id: `${i}`, kind: 'invalid', faults: list.map((field) => fault(field, 'missing')) });
          });
          const { problems, problems_omitted, problem_groups } = all.result();
          expect(problems.length + problems_omitted).toBe(fields.length);
          expect(problems.length).toBeLessThanOrEqual(limit);
          for (const field of ['email', 'title', 'officeId'])
            expect(problem_groups.find((g) => g.field === field)?.people ?? 0).toBe(
              fields.filter((list) => list.some((one) => one === field)).length,
            );
        },
      ),
    );
  });

  it('keeps apart what is said differently under one code, up to a number of groups', () => {
    const all = collectProblems();
    for (let i = 0; i < 500; i++)
      all.add({ id: `${i}`, kind: 'rejected', faults: [{ ...fault('user', 'http_400'), message: `reason ${i}` }] });
    const { problem_groups } = all.result();
    expect(problem_groups.length).toBe(201);
    expect(problem_groups[0]?.people).toBe(300);
    expect(problem_groups.reduce((sum, g) => sum + g.people, 0)).toBe(500);
  });

  it('keeps apart who was refused from who could not be sent, largest group first', () => {
    const all = collectProblems();
    all.add({ id: '1', kind: 'invalid', faults: [fault('email', 'missing')] });
    all.add({ id: '2', kind: 'rejected', faults: [fault('email', 'missing')] });
    all.add({ id: '3', kind: 'rejected', faults: [fault('email', 'missing')] });
    expect(all.result().problem_groups.map((g) => [g.kind, g.people])).toEqual([
      ['rejected', 2],
      ['invalid', 1],
    ]);
  });

  it('spells a fault of the mapping as the schema has it', () => {
    const spelled = problemFault({ ...fault('email', 'missing'), source: 'emailAddress' }, () => false);
    expect(spelled).toEqual({ ...fault('email', 'missing'), source: 'emailAddress' });
    expect(Object.keys(spelled)).not.toContain('value');
  });

  it('tells a code that few people share by its length and kind', () => {
    const code = {
      field: 'addressCountry',
      code: 'unknown_country',
      value: 'Byron',
      message: 'addressCountry is no ISO 3166 country: "Byron".',
      fix: 'Correct it.',
    };
    expect(problemFault(code, () => true)).toEqual(code);
    const hidden = problemFault(code, (field, value) => field !== 'addressCountry' || value !== 'Byron');
    expect(hidden).toEqual({
      ...code,
      value: '(5 letters, not shown)',
      message: 'addressCountry is no ISO 3166 country: not shown, since few people share it.',
    });
    expect(problemFault({ ...code, value: '(40 characters, not shown)' }, () => false).value).toBe(
      '(40 characters, not shown)',
    );
  });
});
