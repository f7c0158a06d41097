import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldClass, showsValue } from '../model/fields/field-privacy.ts';
import { redactionLevels } from '../model/run-summary.ts';
import { redactCause, redactRow } from './redaction.ts';

const row = {
  id: '1',
  name: 'Ada Example',
  title: 'Clerk',
  department: 'Legal',
  date: '2026-03-30',
  reason: 'company: ZZ',
  changes: [
    { field: 'supervisorId', from: '2', to: '3' },
    { field: 'departmentName', from: 'Legal', to: 'People' },
    { field: 'lastName', from: 'Example', to: 'Sample' },
    { field: 'email', from: 'a@example.com', to: 'b@example.com' },
    { field: 'hrisFields.badge', from: 'x', to: 'y' },
    { field: 'dateOfBirth', from: '1990-01-01', to: '1990-01-02' },
    { field: 'hrisFields.union', from: 'yes', to: 'no', sensitive: true },
  ],
};

describe('redaction', () => {
  it.each([
    ['ids', ['supervisorId']],
    ['names', ['supervisorId', 'departmentName', 'lastName']],
    ['full', ['supervisorId', 'departmentName', 'lastName', 'email', 'hrisFields.badge']],
  ] as const)('at level %s shows the values of exactly %j', (level, fields) => {
    const shown = redactRow(row, level)
      .changes?.filter((c) => c.to !== undefined)
      .map((c) => c.field);
    expect(shown).toEqual(fields);
  });

  it('at level ids leaves of a person the id, the reason and which fields changed', () => {
    const { id, reason, changes, ...rest } = redactRow(row, 'ids');
    expect({ id, reason, changes: changes?.length, rest }).toEqual({
      id: '1',
      reason: 'company: ZZ',
      changes: 7,
      rest: {},
    });
  });

  it('never shows a sensitive field at any level, nor one that the settings call sensitive', () => {
    fc.assert(
      fc.property(fc.constantFrom(...redactionLevels), fc.string(), fc.string(), (level, field, value) => {
        const changes = [
          { field: 'dateOfBirth', from: value, to: value },
          { field: 'gender', from: value, to: value },
          { field, from: value, to: value, sensitive: true },
        ];
        for (const change of redactRow({ id: '1', changes }, level).changes ?? [])
          expect([change.from, change.to]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('takes an unknown field for personal', () => {
    expect(fieldClass('hrisFields.departmentName')).toBe('personal');
    expect(showsValue('hrisFields.anything', 'names')).toBe(false);
  });

  it('tells a shared pair of values of the organization, but not of one person, nor a personal one', () => {
    const cause = {
      action: 'change',
      field: 'departmentName',
      from: 'A',
      to: 'B',
      same: true,
      people: 3,
      of: 9,
    } as const;
    expect(redactCause(cause)).toEqual(cause);
    expect(redactCause({ ...cause, people: 2 })).toMatchObject({ from: null, to: null });
    expect(redactCause({ ...cause, field: 'lastName', people: 50 })).toMatchObject({ from: null, to: null });
  });
});
