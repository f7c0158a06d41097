import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFields } from '../streams/define.ts';
import { createTimes } from '../time/time.ts';
import { newQualityCounts } from './data-quality.ts';
import { compileRecord, type RecordOptions } from './record.ts';

const times = await createTimes('UTC');
const fields = parseFields(
  'employeeId s, companyId s, nameSuffixCode=nameSufixCode s, hired d, dateTimeChanged t, hours n, level i, active b, more o, list a, ssn s!',
  new Set(['employeeId', 'companyId']),
  false,
);
function compile(options: Partial<RecordOptions> = {}) {
  const quality = newQualityCounts();
  const selected = new Set(fields.map(({ name }) => name).filter((name) => name !== 'ssn'));
  const toRecord = compileRecord({
    fields,
    selected,
    key: ['employeeId', 'companyId'],
    times,
    keepUnknown: false,
    quality,
    ...options,
  });
  return { toRecord, quality };
}
const empty = {
  employeeId: '',
  companyId: '',
  nameSuffixCode: null,
  hired: null,
  dateTimeChanged: null,
  hours: null,
  level: null,
  active: null,
  more: null,
  list: null,
};

describe('compileRecord', () => {
  test('a number that has lost digits is no code and no id', () => {
    const { toRecord, quality } = compile();
    const row = JSON.parse('{"employeeId":"E1","companyId":9007199254740993,"level":12345678901234567890,"hours":0.1}');
    expect(toRecord(row)).toEqual({ ...empty, employeeId: 'E1', hours: 0.1 });
    expect([...quality.unreadable]).toEqual([
      ['companyId', 1],
      ['level', 1],
    ]);
  });

  test('one spelling, trimmed, "" as null, days as days, instants in UTC', () => {
    const { toRecord } = compile();
    expect(
      toRecord({
        employeeID: ' E1 ',
        COMPANYID: 'C1',
        nameSufixCode: 'JR\u00a0',
        hired: '2021-09-20T00:00:00',
        datetimeChanged: '2023-03-29T11:43:28.9',
        hours: '40.5',
        level: 2.0,
        active: 'Y',
        more: { a: ' x ', b: { c: '' } },
        list: [' y '],
        ssn: '123',
      }),
    ).toEqual({
      ...empty,
      employeeId: 'E1',
      companyId: 'C1',
      nameSuffixCode: 'JR',
      hired: '2021-09-20',
      dateTimeChanged: '2023-03-29T11:43:28.900Z',
      hours: 40.5,
      level: 2,
      active: true,
      more: { a: 'x', b: { c: null } },
      list: ['y'],
    });
  });

  test('what is not selected is not in the record, whatever it is', () => {
    const { toRecord } = compile();
    expect(toRecord({ employeeId: 'E', ssn: '078-05-1120' })).not.toHaveProperty('ssn');
  });

  test('rows with other keys, orders and spellings in between are read alike', () => {
    const { toRecord } = compile();
    expect(toRecord({ companyId: 'C', employeeId: 'E' })).toEqual({ ...empty, employeeId: 'E', companyId: 'C' });
    expect(toRecord({ employeeId: 'E', hired: null, companyId: 'C' })).toEqual({
      ...empty,
      employeeId: 'E',
      companyId: 'C',
    });
    expect(toRecord({ employeeId: 'E' })).toEqual({ ...empty, employeeId: 'E' });
  });

  test('of two spellings of one field the filled one counts', () => {
    const { toRecord } = compile();
    expect(toRecord({ employeeID: 'E', employeeId: null, companyId: '', companyID: 'C' })).toMatchObject({
      employeeId: 'E',
      companyId: 'C',
    });
  });

  test('unknown keys are dropped and named, or kept when asked', () => {
    const dropping = compile();
    expect(dropping.toRecord({ employeeId: 'E', brandNew: 'x' })).not.toHaveProperty('brandNew');
    expect([...dropping.quality.unknownKeys]).toEqual(['brandNew']);
    const keeping = compile({ keepUnknown: true });
    expect(keeping.toRecord({ employeeId: 'E', brandNew: ' x ' })).toMatchObject({ brandNew: 'x' });
  });

  test('a row of whose key nothing is there is left out and counted', () => {
    const { toRecord, quality } = compile();
    expect(toRecord({ hired: '2020-01-01' })).toBeUndefined();
    expect(toRecord({ employeeId: '  ', companyId: null })).toBeUndefined();
    expect(quality.rowsWithoutKey).toBe(2);
  });

  test('what can not be read becomes null and is counted by field', () => {
    const { toRecord, quality } = compile();
    expect(toRecord({ employeeId: 'E', hired: 'soon', hours: 'many', level: 1.5, active: 'maybe' })).toEqual({
      ...empty,
      employeeId: 'E',
    });
    expect(Object.fromEntries(quality.unreadable)).toEqual({ hired: 1, hours: 1, level: 1, active: 1 });
  });

  test('blank padding is missing, not unreadable', () => {
    const { toRecord, quality } = compile();
    toRecord({ employeeId: 'E', hired: '   ', hours: ' ', active: ' ' });
    expect(quality.unreadable.size).toBe(0);
  });

  const hostile = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'employeeId',
        'hired',
        'hours',
        'level',
        'active',
        'more',
        'list',
        'dateTimeChanged',
        '__proto__',
        'constructor',
      ),
      fc.string(),
    ),
    fc.jsonValue(),
    { maxKeys: 8 },
  );
  test('any row fits the schema and never touches a prototype', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (row, keepUnknown) => {
        const parsed = JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
        const record = compile({ keepUnknown }).toRecord(parsed);
        expect(Object.getPrototypeOf(record ?? {})).toBe(Object.prototype);
        if (record === undefined) return;
        for (const name of ['nameSuffixCode', 'hired', 'dateTimeChanged']) {
          expect(record[name] === null || typeof record[name] === 'string').toBe(true);
        }
        expect(record['hours'] === null || typeof record['hours'] === 'number').toBe(true);
        expect(record['level'] === null || Number.isInteger(record['level'])).toBe(true);
        expect(record['active'] === null || typeof record['active'] === 'boolean').toBe(true);
        expect(record['list'] === null || Array.isArray(record['list'])).toBe(true);
        if (record['hired'] !== null) expect(record['hired']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
    );
  });
});
