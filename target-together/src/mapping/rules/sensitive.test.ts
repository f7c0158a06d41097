import { describe, expect, it } from 'vitest';
import { readsSensitive } from './sensitive.ts';

describe('readsSensitive', () => {
  it.each([
    'dateOfBirth',
    'person.birth_date',
    'maritalStatusCode',
    'isSmoker',
    'okToRehire',
    'termReason',
    'terminationReasonDescription',
    'salaryOrHourly',
    'leaveReasonCode',
    'custom.gender.value',
  ])('knows %s', (path) => expect(readsSensitive(path)).toBe(true));

  it.each(['terminationDate', 'homeDepartment', 'payGroup', 'leaveStartDate', 'genderNeutralTitle'])(
    'lets %s pass',
    (path) => expect(readsSensitive(path)).toBe(false),
  );
});
