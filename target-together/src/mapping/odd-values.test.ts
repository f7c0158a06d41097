import { noDates } from '@ukg-together/kit/days/no-dates';
import { describe, expect, test } from 'vitest';
import type { Mapped } from '../model/person.ts';
import { compileMapping } from './compile.ts';
import { dateFormat } from './values/date-format.ts';
import { numberFormat } from './values/number-format.ts';

const person = {
  employeeId: '1',
  employeeStatusCode: 'A',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Byron',
};
const day = (text: string) => `${text}T00:00:00.000Z`;

/** One value of one field through a whole mapping. */
async function mapped(field: string, raw: unknown, rule: object = {}): Promise<Mapped> {
  const fields = {
    ...Object.fromEntries(Object.keys(person).map((name) => [name, name])),
    [field]: { from: 'x', ...rule },
  };
  const schema = { properties: Object.fromEntries([...Object.keys(person), 'x'].map((name) => [name, {}])) };
  const mapping = await compileMapping({ mapping: { fields }, schema, stream: 'people' });
  return await mapping.map({ ...person, x: raw });
}

interface Case {
  readonly field: string;
  readonly raw: unknown;
  readonly rule?: object;
  /** What is sent; undefined: nothing. */
  readonly sent?: unknown;
  /** Code of the fault, with the format that it proposes. */
  readonly fault?: string;
  readonly remark?: string;
  readonly reason: string;
}

const id = 'employeeId';
const ids: readonly Case[] = [
  { field: id, raw: '1001', sent: '1001', reason: 'an id' },
  { field: id, raw: '000001', sent: '000001', reason: 'zeros in front belong to it' },
  { field: id, raw: '1E5', sent: '1E5', reason: 'a spreadsheet writes a sign after the E: this may be an id' },
  { field: id, raw: 'N/A-7', sent: 'N/A-7', reason: 'a word inside an id' },
  { field: id, raw: '10.25', sent: '10.25', reason: 'a dot inside an id, with digits that say something' },
  { field: id, raw: '1.0000000000', fault: 'spreadsheet_number', reason: 'a number with its decimals' },
  { field: id, raw: ' 1001.0 ', fault: 'spreadsheet_number', reason: 'the same, with blanks around' },
  { field: id, raw: '1001,00', fault: 'spreadsheet_number', reason: 'the same, where decimals have a comma' },
  { field: id, raw: '1E+05', fault: 'spreadsheet_number', reason: 'in powers of ten' },
  { field: id, raw: '1.23457e+11', fault: 'spreadsheet_number', reason: 'in powers of ten, digits lost' },
  { field: id, raw: '#REF!', fault: 'spreadsheet_error', reason: 'a formula that points nowhere' },
  { field: id, raw: '#N/A', fault: 'spreadsheet_error', reason: 'a look-up that found nothing' },
  { field: id, raw: '######', fault: 'spreadsheet_error', reason: 'a column that is too narrow' },
  { field: id, raw: 'N/A', fault: 'placeholder_id', reason: 'a word for none' },
  { field: id, raw: 'null', fault: 'placeholder_id', reason: 'a word that a program wrote' },
  { field: id, raw: 'NaN', fault: 'placeholder_id', reason: 'the same, by pandas' },
  { field: id, raw: '-', fault: 'placeholder_id', reason: 'a dash for none' },
  { field: id, raw: true, fault: 'placeholder_id', reason: 'a column of yes and no' },
  { field: id, raw: '10\u200b01', fault: 'stray_characters', reason: 'nobody sees it, and it is another id' },
  { field: id, raw: '\u202d1001\u202c', fault: 'stray_characters', reason: 'copied with marks of direction' },
  { field: 'supervisorId', raw: '1001.0', fault: 'spreadsheet_number', reason: 'supervisors too' },
  { field: 'supervisorId', raw: '#N/A', fault: 'spreadsheet_error', reason: 'supervisors too' },
];

const addresses: readonly Case[] = [
  { field: 'email', raw: 'ada@example.com', sent: 'ada@example.com', reason: 'an address' },
  {
    field: 'email',
    raw: 'ada\u200b@example.com\u2060',
    sent: 'ada@example.com',
    remark: 'format_characters',
    reason: 'zero-width characters are no part of it',
  },
  {
    field: 'email',
    raw: '\ufeffada@exam\u00adple.com',
    sent: 'ada@example.com',
    remark: 'format_characters',
    reason: 'nor a byte order mark, nor a soft hyphen',
  },
  { field: 'email', raw: '\u200b', fault: 'missing', remark: 'none', reason: 'nothing is left of it' },
  {
    field: 'alternateEmails',
    raw: ['b\u200d@example.com', 'c@example.com'],
    sent: ['b@example.com', 'c@example.com'],
    remark: 'format_characters',
    reason: 'in a list too',
  },
];

const dates: readonly Case[] = [
  ...['lastHireDate', 'dateOfTermination', 'originalHireDate', 'dateInJob'].flatMap((field) =>
    noDates.flatMap(({ from, to, reason }): Case[] =>
      [from, to, `${to}T00:00:00.000000Z`].map((raw) => ({ field, raw, remark: 'no_date', reason })),
    ),
  ),
  { field: 'lastHireDate', raw: '1901-01-02', sent: day('1901-01-02'), reason: 'the day after is one' },
  { field: 'lastHireDate', raw: '2099-12-30', sent: day('2099-12-30'), reason: 'the day before is one' },
  { field: 'lastHireDate', raw: '1970-01-01', sent: day('1970-01-01'), reason: 'a day on which people were hired' },
  {
    field: 'lastUpdated',
    raw: '9999-12-31T23:59:59.000Z',
    remark: 'no_date',
    reason: 'times too',
  },
  {
    field: 'dateOfTermination',
    raw: '31/12/9999',
    rule: { format: 'DD/MM/YYYY' },
    remark: 'no_date',
    reason: 'however it is written',
  },
  { field: 'lastHireDate', raw: 0, rule: { format: 'excel' }, remark: 'no_date', reason: "Excel's day 0" },
  {
    field: 'lastHireDate',
    raw: '1970-01-01',
    rule: { empty_dates: ['1970-01-01'] },
    remark: 'no_date',
    reason: 'a rule may name others',
  },
  {
    field: 'lastHireDate',
    raw: '1900-01-01',
    rule: { empty_dates: [] },
    sent: day('1900-01-01'),
    reason: 'or none',
  },
];

const written: readonly Case[] = [
  { field: 'lastHireDate', raw: 45292, fault: 'date_format excel', reason: 'a serial day' },
  { field: 'lastHireDate', raw: '45292', fault: 'date_format excel', reason: 'as text' },
  { field: 'lastHireDate', raw: '45292.0', fault: 'date_format excel', reason: 'with its decimals' },
  {
    field: 'lastHireDate',
    raw: 45292,
    rule: { format: 'excel' },
    sent: day('2024-01-01'),
    reason: 'read by the format',
  },
  {
    field: 'lastHireDate',
    raw: '45292.75',
    rule: { format: 'excel' },
    sent: day('2024-01-01'),
    reason: 'with a time of day',
  },
  {
    field: 'lastUpdated',
    raw: '45292.75',
    rule: { format: 'excel' },
    sent: '2024-01-01T18:00:00.000Z',
    reason: 'an instant',
  },
  { field: 'lastHireDate', raw: '/Date(1704067200000)/', fault: 'date_format odata', reason: "OData's date" },
  {
    field: 'lastHireDate',
    raw: '/Date(1704067200000+0000)/',
    rule: { format: 'odata' },
    sent: day('2024-01-01'),
    reason: 'read by the format',
  },
  { field: 'lastHireDate', raw: '05-Jan-2024', fault: 'date_format D-MMM-YYYY', reason: "Oracle's date" },
  {
    field: 'lastHireDate',
    raw: '05-JAN-2024',
    rule: { format: 'D-MMM-YYYY' },
    sent: day('2024-01-05'),
    reason: 'in capitals',
  },
  { field: 'lastHireDate', raw: '05-JAN-24', fault: 'date_format D-MMM-YY', reason: "Oracle's date, as it comes" },
  {
    field: 'lastHireDate',
    raw: '05-JAN-24',
    rule: { format: 'D-MMM-YY' },
    sent: day('2024-01-05'),
    reason: 'in this century',
  },
  {
    field: 'lastHireDate',
    raw: '05-JAN-24 12.00.00.000000 AM',
    fault: 'date_format D-MMM-YY h.mm.ss.SSS A',
    reason: "Oracle's timestamp",
  },
  {
    field: 'lastHireDate',
    raw: '01/05/2024 12:00:00 AM',
    fault: 'date_format D/M/YYYY h:mm:ss A or M/D/YYYY h:mm:ss A',
    reason: ".NET's date, day or month first",
  },
  {
    field: 'lastHireDate',
    raw: '01/25/2024 12:00:00 AM',
    rule: { format: 'M/D/YYYY h:mm:ss A' },
    sent: day('2024-01-25'),
    reason: 'the day alone counts',
  },
  {
    field: 'lastUpdated',
    raw: '01/25/2024 5:30:00 PM',
    rule: { format: 'M/D/YYYY h:mm:ss A' },
    sent: '2024-01-25T17:30:00.000Z',
    reason: 'an instant of the afternoon',
  },
  { field: 'lastHireDate', raw: '25.01.2024 17:30', fault: 'date_format D.M.YYYY H:mm', reason: 'with a time' },
  { field: 'lastHireDate', raw: '01/05/24', fault: 'date_format D/M/YY or M/D/YY', reason: 'a year of two digits' },
  { field: 'lastHireDate', raw: '99/05/24', fault: 'date_format YY/M/D', reason: 'the year comes first' },
  { field: 'lastHireDate', raw: '45/45/2024', fault: 'not_a_date', reason: 'no day and no month' },
  {
    field: 'lastHireDate',
    raw: '2024-01-05 12:00:00 AM',
    fault: 'date_format YYYY-MM-DD h:mm:ss A',
    reason: 'with a clock of twelve hours',
  },
  { field: 'lastHireDate', raw: 'Jan 5, 2024', fault: 'date_format MMM D, YYYY', reason: 'an American date' },
  { field: 'lastHireDate', raw: '5 January 2024', fault: 'date_format D MMMM YYYY', reason: 'an English date' },
  { field: 'lastHireDate', raw: '20240105', fault: 'date_format YYYYMMDD', reason: "SAP's date" },
  { field: 'lastHireDate', raw: '1704067200', fault: 'date_format epoch_s', reason: 'seconds' },
  { field: 'lastHireDate', raw: '1704067200000', fault: 'date_format epoch_ms', reason: 'milliseconds' },
  {
    field: 'lastHireDate',
    raw: '31/12/2024',
    fault: 'date_format D/M/YYYY',
    reason: 'the day comes first: no month has 31',
  },
  { field: 'lastHireDate', raw: '12.31.2024', fault: 'date_format M.D.YYYY', reason: 'the month comes first' },
  {
    field: 'lastHireDate',
    raw: '01/02/2024',
    fault: 'date_format D/M/YYYY or M/D/YYYY',
    reason: "which of the two is the company's to say",
  },
  { field: 'lastHireDate', raw: '2024/1/5', fault: 'date_format YYYY/M/D', reason: 'a Japanese date' },
  { field: 'lastHireDate', raw: 'soon', fault: 'not_a_date', reason: 'no date at all' },
  {
    field: 'lastHireDate',
    raw: 'Jan 5, 2024',
    rule: { format: ['iso', 'excel', 'MMM D, YYYY'] },
    sent: day('2024-01-05'),
    reason: 'several ways in one column',
  },
  {
    field: 'lastHireDate',
    raw: '2024-01-01T22:00:00.000Z',
    rule: { format: ['excel', 'iso'] },
    sent: day('2024-01-01'),
    reason: 'ISO beside them',
  },
  {
    field: 'hrisFields.rate',
    raw: '1.234,56',
    rule: { type: 'number' },
    fault: 'number_format decimal_comma',
    reason: 'decimals behind a comma',
  },
  {
    field: 'hrisFields.rate',
    raw: '1 234,5',
    rule: { type: 'number', format: 'decimal_comma' },
    sent: 1234.5,
    reason: 'read by the format',
  },
  {
    field: 'hrisFields.rate',
    raw: '1,234.56',
    rule: { type: 'number' },
    fault: 'number_format decimal_point',
    reason: 'thousands between commas',
  },
  {
    field: 'hrisFields.rate',
    raw: '1,234.56',
    rule: { type: 'number', format: 'decimal_point' },
    sent: 1234.56,
    reason: 'read by the format',
  },
  {
    field: 'hrisFields.rate',
    raw: 'much',
    rule: { type: 'number' },
    fault: 'not_a_number',
    reason: 'no number at all',
  },
];

const texts: readonly Case[] = [
  { field: 'lastName', raw: 'O&#39;Neil', sent: 'O&#39;Neil', remark: 'html_entity', reason: 'HTML, sent as it came' },
  { field: 'title', raw: 'R&amp;D lead', sent: 'R&amp;D lead', remark: 'html_entity', reason: 'in a title too' },
  { field: 'lastName', raw: 'M&uuml;ller', sent: 'M&uuml;ller', remark: 'html_entity', reason: 'a letter by its name' },
  { field: 'title', raw: 'R&D', sent: 'R&D', reason: 'an ampersand is none' },
  { field: 'lastName', raw: 'MÃ¼ller', sent: 'MÃ¼ller', remark: 'encoded_twice', reason: 'Müller, encoded twice' },
  { field: 'lastName', raw: 'Ã\u0085se', sent: 'Ã se', remark: 'encoded_twice', reason: 'Åse, by Latin-1' },
  { field: 'lastName', raw: 'Oâ€™Neil', sent: 'Oâ€™Neil', remark: 'encoded_twice', reason: 'O’Neil, by Windows-1252' },
  { field: 'lastName', raw: 'Å kvorecký', sent: 'Å kvorecký', reason: 'a letter that may stand so' },
  { field: 'lastName', raw: '\u202eabc', sent: '\u202eabc', remark: 'direction_marks', reason: 'it is seen as cba' },
  { field: 'lastName', raw: 'می\u200cخواهم', sent: 'می\u200cخواهم', reason: 'a joiner that Persian needs' },
  { field: 'lastName', raw: 'São Tomé', sent: 'São Tomé', reason: 'letters that are meant' },
  { field: 'lastName', raw: 'André’s', sent: 'André’s', reason: 'a letter before a typographic sign' },
];

describe.each([
  ['an id', ids],
  ['an address', addresses],
  ['a day that stands for none', dates],
  ['a date or number that is written another way', written],
  ['a text', texts],
] as const)('%s', (_what, cases) => {
  test.each(cases)('$field $raw $rule: $reason', async ({ field, raw, rule, sent, fault, remark }) => {
    const result = await mapped(field, raw, rule);
    const faults = result.kind === 'invalid' ? result.faults : result.kind === 'user' ? result.notes : [];
    expect({
      sent: result.kind === 'user' ? result.user[field] : undefined,
      faults: faults.map(({ code, value }) => [code, value].filter(Boolean).join(' ')),
      remarks: result.kind === 'user' ? (result.remarks ?? []) : [],
    }).toEqual({
      sent,
      faults: fault === undefined ? [] : [fault],
      remarks:
        remark === undefined || remark === 'none'
          ? []
          : Array(result.kind === 'user' ? 1 : 0).fill({ field, code: remark }),
    });
    // Faults of ids tell by examples, which are values of this table.
    const told = field === id || field === 'supervisorId' ? [] : faults;
    for (const { message, fix } of told) expect(`${message} ${fix}`).not.toContain(String(raw));
  });
});

test('every format that is proposed reads the value that it is proposed for', async () => {
  for (const { field, raw, rule, fault, reason } of written) {
    const format = fault?.split(' ').slice(1).join(' ');
    if (!format) continue;
    for (const one of format.split(' or ')) {
      const result = await mapped(field, raw, { ...rule, format: one });
      expect(result.kind === 'user' && result.user[field], reason).toBeTruthy();
    }
  }
  expect([dateFormat('D-MMM')?.('x'), dateFormat(['iso', 'never']), numberFormat('excel')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('what is remarked on a record is not told of the next one', async () => {
  const schema = { properties: Object.fromEntries(Object.keys(person).map((name) => [name, {}])) };
  const fields = Object.fromEntries(Object.keys(person).map((name) => [name, name]));
  const mapping = await compileMapping({ mapping: { fields }, schema, stream: 'people' });
  const first = await mapping.map({ ...person, lastName: 'O&#39;Neil' });
  expect(first).toMatchObject({ remarks: [{ field: 'lastName', code: 'html_entity' }] });
  expect(await mapping.map(person)).not.toHaveProperty('remarks');
  expect(first).toMatchObject({ remarks: [{ field: 'lastName', code: 'html_entity' }] });
});

test('explain says why a date is left out', async () => {
  const schema = { properties: { ...Object.fromEntries(Object.keys(person).map((name) => [name, {}])), hired: {} } };
  const fields = { ...Object.fromEntries(Object.keys(person).map((name) => [name, name])), lastHireDate: 'hired' };
  const mapping = await compileMapping({ mapping: { fields }, schema, stream: 'people' });
  const { steps } = await mapping.explain({ ...person, hired: '1900-01-01' });
  expect(steps.find(({ field }) => field === 'lastHireDate')).toMatchObject({ outcome: 'left_out', remark: 'no_date' });
});

describe('without a status the end date decides', () => {
  test.each([
    ['2026-11-21', '2020-01-01', 'T', 'it has passed'],
    ['2026-11-22', '2020-01-01', 'A', 'today is still a day of work'],
    ['2026-11-23', '2020-01-01', 'A', 'it lies ahead'],
    ['9999-12-31', '2020-01-01', 'A', 'it stands for none'],
    ['1900-01-01', '2020-01-01', 'A', 'it stands for none'],
    [null, '2020-01-01', 'A', 'there is none'],
    ['2019-12-31', '2020-01-01', 'A', 'it is that of an earlier employment'],
    ['2020-01-01', '2020-01-01', 'T', 'a single day'],
    ['2019-12-31', '1900-01-01', 'T', 'no hire is known'],
    ['2019-12-31', null, 'T', 'no hire is known'],
  ])('ends %s, hired %s: %s, since %s', async (end, hired, wanted, _reason) => {
    const { employeeStatusCode: _, ...rest } = person;
    const names = Object.keys(rest);
    const mapping = await compileMapping({
      mapping: {
        fields: {
          ...Object.fromEntries(names.map((name) => [name, name])),
          employeeStatusCode: { end_date: 'end' },
          lastHireDate: 'hired',
        },
      },
      schema: { properties: Object.fromEntries([...names, 'end', 'hired'].map((name) => [name, {}])) },
      stream: 'people',
      now: () => Date.UTC(2026, 10, 22, 12),
    });
    expect(await mapping.map({ ...rest, end, hired })).toMatchObject({ user: { employeeStatusCode: wanted } });
  });
});
