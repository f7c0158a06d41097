import { describe, expect, it } from 'vitest';
import { causeWords, createCauses, vocabularyOf } from './causes.ts';

const rename = { field: 'departmentName', fromKey: 'f1', from: 'Fin Ops', to: 'Finance Operations' };
const never = () => 0;

describe('causes', () => {
  it('tell many changes of one department as one', () => {
    const causes = createCauses();
    for (let i = 0; i < 71; i++) causes.change('change', [rename]);
    for (let i = 0; i < 12; i++)
      causes.change('change', [{ field: 'title', fromKey: `t${i}`, from: undefined, to: `T${i}` }]);
    const [first] = causes.result(never);
    expect(first).toEqual({
      action: 'change',
      field: 'departmentName',
      from: 'Fin Ops',
      to: 'Finance Operations',
      people: 71,
      of: 83,
    });
    expect(causeWords(causes.result(never), ['change'])).toBe(
      '71 of 83 share departmentName Fin Ops → Finance Operations',
    );
  });

  it('never hold a value that tells of a person, and none that fewer than three share', () => {
    const causes = createCauses();
    for (let i = 0; i < 5; i++)
      causes.change('change', [{ field: 'lastName', fromKey: 'x', from: 'Byron', to: 'Lovelace' }]);
    for (let i = 0; i < 2; i++) causes.change('change', [{ field: 'title', fromKey: 'y', from: 'CEO', to: 'Chair' }]);
    const found = JSON.stringify(causes.result(never));
    expect(found).not.toMatch(/Byron|Lovelace|CEO|Chair/);
    expect(causes.result(never)).toMatchObject([{ field: 'lastName', from: null, to: null, people: 5 }]);
  });

  it('name what leavers share only when not everybody has it', () => {
    const causes = createCauses();
    for (let i = 0; i < 10; i++)
      causes.person('leave', [
        ['addressCountry', 'CA'],
        ['departmentName', 'Closing'],
      ]);
    const usual = (_: string, value: string) => (value === 'CA' ? 0.9 : 0.05);
    expect(causes.result(usual)).toMatchObject([{ field: 'departmentName', to: 'Closing', people: 10, of: 10 }]);
  });

  it('remember only values that several people share', () => {
    const values = [
      { field: 'title', value: 'Clerk', people: 3 },
      { field: 'title', value: 'Only one', people: 1 },
    ];
    expect(vocabularyOf(values, (field, value) => `${field}:${value.length}`)).toEqual({
      title: { 'title:5': 'Clerk' },
    });
  });
});
