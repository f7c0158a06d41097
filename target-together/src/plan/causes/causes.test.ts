import { describe, expect, it } from 'vitest';
import { vocabularyOf } from '../../state/vocabulary.ts';
import { createCauses } from './causes.ts';
import { describeCause } from './text.ts';

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
      same: true,
      people: 71,
      of: 83,
    });
    expect(describeCause(causes.result(never), ['change'])).toBe(
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
    expect(causes.result(never)).toMatchObject([{ field: 'lastName', from: null, to: null, same: true, people: 5 }]);
  });

  it('cluster where only the hash of the old value is known', () => {
    const causes = createCauses();
    for (let i = 0; i < 6; i++)
      causes.change('change', [{ field: 'departmentName', fromKey: i < 4 ? 'a' : 'b', from: undefined, to: 'Sales' }]);
    expect(causes.result(never)).toMatchObject([{ from: null, to: 'Sales', same: true, people: 4, of: 6 }]);
    expect(describeCause(causes.result(never), ['change'])).toBe('4 of 6 share departmentName Sales');
  });

  it('tell that a personal field has one new value, and of the field alone where the values differ', () => {
    const causes = createCauses();
    const field = 'hrisFields.costCenter';
    for (let i = 0; i < 9; i++) causes.change('change', [{ field, fromKey: `${i}`, from: undefined, to: 'SECRET' }]);
    for (let i = 0; i < 8; i++)
      causes.change('rehire', [{ field: 'title', fromKey: undefined, from: undefined, to: `T${i}` }]);
    const found = causes.result(never);
    expect(found).toMatchObject([
      { field, from: null, to: null, same: true, people: 9 },
      { field: 'title', from: null, to: null, same: false, people: 8 },
    ]);
    expect(JSON.stringify(found)).not.toContain('SECRET');
    expect(describeCause(found, ['change'])).toBe(`9 of 9 share one new value of ${field}`);
    expect(describeCause(found, ['rehire'])).toBe('8 of 8 share a changed title');
  });

  it('tell the new value alone where people come from many old ones', () => {
    const causes = createCauses();
    for (let i = 0; i < 9; i++)
      causes.change('change', [{ field: 'officeId', fromKey: `${i % 3}`, from: `O${i % 3}`, to: 'AMS' }]);
    const found = causes.result(never);
    expect(found).toMatchObject([{ field: 'officeId', from: null, to: 'AMS', same: true, people: 9, of: 9 }]);
    expect(found).toHaveLength(1);
    expect(describeCause(found, ['change'])).toBe('9 of 9 share officeId AMS');
  });

  it('leave out what is one in a hundred of them', () => {
    const causes = createCauses();
    for (let i = 0; i < 400; i++)
      causes.change('change', [{ field: 'title', fromKey: `${i}`, from: undefined, to: i < 3 ? 'Rare' : 'Common' }]);
    expect(causes.result(never)).toMatchObject([{ to: 'Common', people: 397 }]);
  });

  it('tell a reorganization by the supervisors, whom a guard does not name', () => {
    const causes = createCauses();
    for (let i = 0; i < 5; i++)
      causes.change('change', [{ field: 'supervisorId', fromKey: 'hash', from: undefined, to: '20002' }]);
    const found = causes.result(never, (_, key) => (key === 'hash' ? '20001' : undefined));
    expect(found).toMatchObject([{ from: '20001', to: '20002', people: 5 }]);
    expect(describeCause(found, ['change'])).toBe('5 of 5 share one new value of supervisorId');
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
