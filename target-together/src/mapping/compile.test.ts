import type { ConnectorError } from '@ukg-together/kit/error';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mapped } from '../model/person.ts';
import { requiredFields } from '../model/user-fields.ts';
import { Leaver, User } from '../model/user-schema.ts';
import { type CompiledMapping, checkMapping, compileMapping } from './compile.ts';
import type { MappingOptions } from './rules/mapping-options.ts';
import { presets } from './rules/presets.ts';

const properties = (names: string) =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, { type: ['string', 'null'] }]),
  );

/** A stream of people with short names, mapped by the user's rules alone. */
const schema = {
  type: 'object' as const,
  properties: {
    ...properties('id mail first last status boss title city state country start flag extra costCenter gender birth'),
    nested: { type: 'object' as const, properties: { value: { type: 'string' as const } } },
    list: { type: 'array' as const, items: { type: 'string' as const } },
    count: { type: 'integer' as const },
  },
};
const base = { employeeId: 'id', email: 'mail', firstName: 'first', lastName: 'last', employeeStatusCode: 'status' };
const person = { id: '7', mail: 'ada@example.com', first: 'Ada', last: 'Byron', status: 'A' };

const compile = (fields: Record<string, unknown> = {}, more: Partial<MappingOptions> = {}): Promise<CompiledMapping> =>
  compileMapping({ mapping: { fields: { ...base, ...fields } }, schema, stream: 'people', ...more });
const map = async (
  fields: Record<string, unknown>,
  record: Record<string, unknown>,
  more: Partial<MappingOptions> = {},
): Promise<Mapped> => (await compile(fields, more)).map({ ...person, ...record });
const user = async (
  fields: Record<string, unknown>,
  record: Record<string, unknown>,
  more: Partial<MappingOptions> = {},
) => {
  const mapped = await map(fields, record, more);
  if (mapped.kind !== 'user') throw new Error(JSON.stringify(mapped));
  return mapped.user;
};
const faultsOf = async (fields: Record<string, unknown>, more: Partial<MappingOptions> = {}): Promise<string[]> =>
  (await checkMapping({ mapping: { fields: { ...base, ...fields } }, schema, stream: 'people', ...more })).faults.map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('rules', () => {
  test.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['a path', 'title', { title: ' Engineer ' }, 'Engineer'],
    ['the first filled of several', { from: ['title', 'extra'] }, { title: ' ', extra: 'Writer' }, 'Writer'],
    ['a constant', { const: 'Everybody' }, {}, 'Everybody'],
    ['a lookup', { from: 'title', lookup: { ENG: 'Engineer' } }, { title: 'ENG' }, 'Engineer'],
    ['a lookup without case for words', { from: 'title', lookup: { 'Full-Time': 'F' } }, { title: 'FULL-TIME' }, 'F'],
    [
      'a lookup with a default',
      { from: 'title', lookup: { ENG: 'Engineer' }, default: 'Other' },
      { title: 'X' },
      'Other',
    ],
    [
      'a lookup with a default inside',
      { from: 'title', lookup: { ENG: 'Engineer', default: 'Other' } },
      { title: 'X' },
      'Other',
    ],
    [
      'a lookup whose null passes on',
      { from: ['title', 'extra'], lookup: { Inactive: null, L: 'leave' } },
      { title: 'Inactive', extra: 'L' },
      'leave',
    ],
    ['an expression', { expression: "first & ' the ' & title" }, { title: 'Engineer' }, 'Ada the Engineer'],
    ['transforms in order', { from: 'title', transform: ['upper', 'collapse'] }, { title: 'a   b' }, 'A B'],
    [
      "a URL's last part",
      { from: 'title', transform: 'last_path_segment' },
      { title: 'https://api.example.com/people/17/?x=1' },
      '17',
    ],
    [
      'several joined',
      { from: ['title', 'extra', 'city'], join: ', ' },
      { title: 'A', extra: null, city: ' B ' },
      'A, B',
    ],
    ['a number as text', 'count', { count: 12 }, '12'],
    ['an entry of a list', 'list[0]', { list: ['x', 'y'] }, 'x'],
    ['the first filled of a list', 'list[*]', { list: ['', 'y'] }, 'y'],
  ])('%s', async (_name, rule, record, wanted) => {
    expect((await user({ title: rule }, record)).title).toBe(wanted);
  });

  test.each<[string, unknown, unknown, unknown]>([
    ['a day', 'start', '2019-01-01T00:00:00', '2019-01-01T00:00:00.000Z'],
    ['a day in another form', { from: 'start', format: 'DD.MM.YYYY' }, '31.01.2019', '2019-01-31T00:00:00.000Z'],
    ["BambooHR's empty day", 'start', '0000-00-00', undefined],
  ])('dates: %s', async (_name, rule, start, wanted) => {
    expect((await user({ lastHireDate: rule }, { start })).lastHireDate).toBe(wanted);
  });

  test('booleans by their own words', async () => {
    const rule = { from: 'flag', true_values: ['Remote'], false_values: ['Office'] };
    expect((await user({ remote: rule }, { flag: 'remote' })).remote).toBe(true);
    expect((await user({ remote: rule }, { flag: 'Office' })).remote).toBe(false);
    expect((await user({ remote: 'flag' }, { flag: 'N' })).remote).toBe(false);
  });

  test('country and subdivision, within the country that is sent or read', async () => {
    const both = { addressCountry: 'country', addressState: 'state' };
    expect(await user(both, { country: 'CAN', state: 'Ontario' })).toMatchObject({
      addressCountry: 'CA',
      addressState: 'ON',
    });
    expect(
      (await user({ addressState: { from: 'state', country_from: 'country' } }, { country: 'USA', state: 'new york' }))
        .addressState,
    ).toBe('NY');
    expect(await user(both, { country: 'USA', state: 'ON' })).not.toHaveProperty('addressState');
  });

  test('alternate addresses become a list without repeats', async () => {
    const mapped = await user(
      { alternateEmails: 'list' },
      { list: ['a@example.com', ' A@example.com ', '', 'b@example.com'] },
    );
    expect(mapped.alternateEmails).toEqual(['a@example.com', 'b@example.com']);
    expect((await user({ alternateEmails: 'extra' }, { extra: 'c@example.com' })).alternateEmails).toEqual([
      'c@example.com',
    ]);
  });

  test('custom fields keep their kind of value', async () => {
    const rules = { 'hrisFields.level': 'count', 'hrisFields.costCenter': 'costCenter', 'hrisFields.tags': 'list' };
    expect(await user(rules, { count: 3, costCenter: ' R&D ', list: ['a', 'b'] })).toMatchObject({
      'hrisFields.level': 3,
      'hrisFields.costCenter': 'R&D',
      'hrisFields.tags': ['a', 'b'],
    });
  });

  test('settings that arrive nested mean the same as flat ones', async () => {
    const nested = await compile({ hrisFields: { costCenter: 'costCenter', deep: { level: { from: 'count' } } } });
    const flat = await compile({ 'hrisFields.costCenter': 'costCenter', 'hrisFields.deep.level': 'count' });
    const short = await compile({}, { hrisFields: { costCenter: 'costCenter', deep: { level: 'count' } } });
    const prefixed = await compile(
      {},
      { hrisFields: { 'hrisFields.costCenter': 'costCenter', 'deep.level': 'count' } },
    );
    expect([nested.hash, short.hash, prefixed.hash]).toEqual([flat.hash, flat.hash, flat.hash]);
    expect(flat.fields).toContain('hrisFields.deep.level');
  });

  test('the user goes over the preset, and null removes a field', async () => {
    const options = { preset: 'bamboohr', stream: 'employees' };
    const mapping = await compileMapping({
      ...options,
      mapping: { fields: { title: { const: 'X' }, officeId: null } },
    });
    expect(mapping.fields).not.toContain('officeId');
    const mapped = await mapping.map({
      id: '1',
      status: 'Active',
      workEmail: 'a@example.com',
      firstName: 'A',
      lastName: 'B',
      jobTitle: 'Y',
      location: 'L',
    });
    expect(mapped.kind === 'user' && mapped.user.title).toBe('X');
  });

  test('an end date gives the status that the source does not have', async () => {
    const rule = { employeeStatusCode: { end_date: 'start' } };
    const now = { now: () => Date.UTC(2026, 4, 10, 12) };
    const status = async (start: string | null) => (await user(rule, { start }, now)).employeeStatusCode;
    expect([
      await status(null),
      await status('2026-05-09'),
      await status('2026-05-10'),
      await status('2027-01-01'),
    ]).toEqual(['A', 'T', 'A', 'A']);
    expect((await map(rule, { start: 'soon' }, now)).kind).toBe('invalid');
  });
});

describe('faults of the mapping, before anything is read', () => {
  test('are all told at once, by path', async () => {
    const error = (await compile({
      titel: 'title',
      title: 'tittle',
      officeId: { from: 'city', typ: 'string' },
      lastHireDate: 'count',
      departmentId: 'nested',
      departmentName: { expression: '$eval("x")' },
      gender: 'gender',
      'hrisFields.email': 'mail',
      'hrisFields.': 'mail',
    }).catch((thrown: unknown) => thrown)) as ConnectorError;
    expect(error.kind).toBe('settings');
    const lines = error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    expect(lines).toEqual([
      expect.stringMatching(/^mapping\.fields\.titel Together has no field "titel" \(did you mean "title"\?/),
      expect.stringMatching(/^mapping\.fields\.officeId\.typ .*did you mean "type"\?/),
      expect.stringMatching(/^mapping\.fields\.hrisFields\.email .*standard field/),
      expect.stringMatching(/^mapping\.fields\.hrisFields\. .*can't be the key/),
      expect.stringMatching(/^mapping\.fields\.gender .*add "gender" to sensitive_fields/),
      expect.stringMatching(
        /^mapping\.fields\.title\.from stream "people" has no field "tittle" \(did you mean "title"\?/,
      ),
      expect.stringMatching(/^mapping\.fields\.departmentId .*is an object/),
      expect.stringMatching(/^mapping\.fields\.departmentName\.expression .*\$eval/),
      expect.stringMatching(/^mapping\.fields\.lastHireDate .*integer.*needs a date/),
    ]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a required field without a source', { email: null }, /mapping\.fields\.email is required/],
    ['one field said twice', { 'hrisFields.a': 'title', hrisFields: { a: 'city' } }, /a second time/],
    [
      'two fields that differ by case only',
      { 'hrisFields.costCenter': 'title', 'hrisFields.CostCenter': 'city' },
      /a second time/,
    ],
    ['two sources in one rule', { title: { from: 'title', const: 'x' } }, /only one of them/],
    ['no source in a rule', { title: { type: 'string' } }, /where the value comes from/],
    ['a default without a lookup', { title: { from: 'title', default: 'x' } }, /default belongs to a lookup/],
    ['an unknown type', { title: { from: 'title', type: 'text' } }, /title\.type must be one of string/],
    ['a path that is a formula', { title: 'first & last' }, /is not a path.*expression/],
    ['a field missing in an expression', { title: { expression: '$uppercase(tittle)' } }, /has no field "tittle"/],
    ['a constant that does not fit', { lastHireDate: { const: 'soon' } }, /lastHireDate\.const .*no calendar date/],
    [
      'a status table that ends nowhere',
      { employeeStatusCode: { from: 'status', lookup: { X: 'Z' } } },
      /lookup\.X .*status/,
    ],
    ['a required field that is cleared', { email: { from: 'mail', if_empty: 'clear' } }, /can't be cleared/],
    [
      'a stand-in that does not fit',
      { lastHireDate: { from: 'start', if_empty: 'never' } },
      /if_empty .*no calendar date/,
    ],
    ['a list for one value', { title: 'list' }, /is a list.*\[0\]/],
    ['a date format without a day', { lastHireDate: { from: 'start', format: 'YYYY' } }, /format must be made of/],
    ['a number for a rule', { title: 5 }, /must be a path, an object, or null/],
  ])('%s', async (_name, fields, wanted) => {
    expect((await faultsOf(fields)).join('\n')).toMatch(wanted);
  });

  test('a birth date whose year has two digits', async () => {
    const rule = { from: 'start', format: ['iso', 'D-MMM-YY'] };
    const faults = await faultsOf({ dateOfBirth: rule }, { sensitiveFields: ['dateOfBirth'] });
    expect(faults.join('\n')).toMatch(/dateOfBirth\.format .*30 may be 1930 or 2030/);
  });

  test('optional paths, and those of a preset, may be missing', async () => {
    expect(await faultsOf({ title: { from: ['tittle', 'title'], optional: true } })).toEqual([]);
  });

  test('without a SCHEMA only the form is judged', async () => {
    expect(await faultsOf({ title: 'anything' }, { schema: undefined })).toEqual([]);
  });

  test('no fault repeats a value or throws on hostile settings', async () => {
    const hostile = fc.object({
      maxDepth: 3,
      key: fc.constantFrom(
        'from',
        'const',
        'lookup',
        'type',
        'hrisFields',
        'title',
        '__proto__',
        'expression',
        'if_empty',
      ),
      values: [fc.string(), fc.integer(), fc.constant(null)],
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (fields) => {
        await checkMapping({ mapping: { fields }, hrisFields: fields, schema });
      }),
      { numRuns: 200 },
    );
  });
});

describe('sensitive fields', () => {
  test('are sent only when listed', async () => {
    const listed = { sensitiveFields: ['gender', 'dateOfBirth'] };
    expect(
      await user({ gender: 'gender', dateOfBirth: 'birth' }, { gender: 'F', birth: '1990-02-03' }, listed),
    ).toMatchObject({
      gender: 'F',
      dateOfBirth: '1990-02-03T00:00:00.000Z',
    });
  });

  test('of a preset stay out without a fault', async () => {
    const mapping = await compileMapping({ preset: 'ukg-pro', stream: 'employees' });
    expect(mapping.fields).not.toContain('gender');
    expect(mapping.notSent).toContainEqual({ field: 'gender', reason: expect.stringContaining('sensitive_fields') });
  });

  test('are not smuggled out in a custom field', async () => {
    expect(await faultsOf({ 'hrisFields.sex': 'gender' })).toEqual([
      expect.stringContaining('add "hrisFields.sex" to sensitive_fields'),
    ]);
    expect(await faultsOf({ 'hrisFields.sex': 'gender' }, { sensitiveFields: ['hrisFields.sex'] })).toEqual([]);
    expect(await faultsOf({ 'hrisFields.sex': 'gender' }, { sensitiveFields: ['sex'] })).toEqual([]);
    expect(await faultsOf({ 'hrisFields.band': { from: 'extra', sensitive: true } })).toHaveLength(1);
  });

  test('are not smuggled out by an expression or under a name of another field', async () => {
    expect(await faultsOf({ 'hrisFields.x': { expression: '$lowercase(gender)' } })).toEqual([
      expect.stringContaining('add "hrisFields.x" to sensitive_fields'),
    ]);
    expect(await faultsOf({ title: 'gender' })).toEqual([expect.stringContaining('add "title" to sensitive_fields')]);
    expect(await faultsOf({ title: 'gender' }, { sensitiveFields: ['title'] })).toEqual([]);
  });

  test('a name that is none is a fault, with what may have been meant', async () => {
    expect(await faultsOf({}, { sensitiveFields: ['dateOfBith'] })).toEqual([
      expect.stringContaining('did you mean "dateOfBirth"?'),
    ]);
  });

  test('their codes are not shown when they can not be translated', async () => {
    const mapped = await map(
      { gender: { from: 'gender', lookup: { M: 'M' } } },
      { gender: 'QQ' },
      { sensitiveFields: ['gender'] },
    );
    expect(JSON.stringify(mapped)).not.toContain('QQ');
  });
});

describe('faults of a record', () => {
  const names = (mapped: Mapped) =>
    (mapped.kind === 'invalid' ? mapped.faults : mapped.kind === 'user' ? mapped.notes : []).map(
      ({ field, code }) => `${field} ${code}`,
    );

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no e-mail address', { mail: null }, ['email missing']],
    ['an address without a domain', { mail: 'ada@localhost' }, ['email not_an_email']],
    ['two addresses in one', { mail: 'a@example.com;b@example.com' }, ['email not_an_email']],
    ['an unknown status', { status: 'X' }, ['employeeStatusCode unknown_status']],
    ['no status', { status: '' }, ['employeeStatusCode missing']],
    ['no id', { id: '  ' }, ['employeeId missing']],
    ['an id with a control character', { id: '0\u00007' }, ['employeeId stray_characters']],
    [
      'everything at once',
      { id: null, mail: 'x', first: '', last: null, status: 'a' },
      [
        'employeeId missing',
        'employeeStatusCode unknown_status',
        'email not_an_email',
        'firstName missing',
        'lastName missing',
      ],
    ],
  ])('%s makes the person invalid, with every fault', async (_name, record, wanted) => {
    const mapped = await map({}, record);
    expect(mapped.kind).toBe('invalid');
    expect(names(mapped)).toEqual(wanted);
  });

  test('a number beyond what JSON keeps exact is no id', async () => {
    const mapped = await map({ supervisorId: 'count' }, { count: 2 ** 53 });
    expect(mapped.kind).toBe('user');
    expect(names(mapped)).toEqual(['supervisorId imprecise_number']);
  });

  test('what is not required is left out and listed, and does not stop the person', async () => {
    const mapped = await map(
      { lastHireDate: 'start', addressCountry: 'country', remote: 'flag' },
      { start: '2019-02-30', country: 'Atlantis', flag: 'perhaps' },
    );
    expect(mapped.kind).toBe('user');
    expect(mapped.kind === 'user' && mapped.user).toEqual({
      employeeId: '7',
      employeeStatusCode: 'A',
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Byron',
    });
    expect(mapped.kind === 'user' && mapped.notes).toMatchObject([
      { field: 'addressCountry', code: 'unknown_country', value: 'Atlantis', source: 'country' },
      { field: 'lastHireDate', code: 'not_a_date' },
      { field: 'remote', code: 'not_a_boolean', value: 'perhaps' },
    ]);
  });

  test('a required field that is mapped to a number is there, zero or not', async () => {
    for (const count of [0, 1]) {
      const mapped = await map({ lastName: { from: 'count', type: 'number' } }, { count });
      expect(mapped).toMatchObject({ kind: 'user', user: { lastName: count }, notes: [] });
    }
  });

  test('a leaver whose address the HRIS has emptied is sent, as a patch only', async () => {
    const mapped = await map({}, { status: 'T', mail: null, first: null });
    expect(mapped).toMatchObject({
      kind: 'user',
      user: { employeeId: '7', employeeStatusCode: 'T', lastName: 'Byron' },
      patchOnly: [
        { field: 'email', code: 'missing' },
        { field: 'firstName', code: 'missing' },
      ],
    });
    expect(mapped.kind === 'user' && 'email' in mapped.user).toBe(false);
  });

  test('hold no personal value', async () => {
    const canaries = {
      mail: 'canary@secret',
      first: { canary: 1 },
      last: ['canary'],
      start: 'canary-date',
      country: 'canary.country@example.com 12345',
    };
    const mapped = await map({ lastHireDate: 'start', addressCountry: 'country' }, canaries, { schema: undefined });
    expect(mapped.kind).toBe('invalid');
    const { faults } = mapped as Extract<typeof mapped, { kind: 'invalid' }>;
    expect(JSON.stringify(faults)).not.toMatch(/canary(?!\.)/);
    expect(JSON.stringify(faults)).not.toContain('canary@');
  });

  test('an expression that fails on one record is a fault of that record', async () => {
    const mapped = await map({ title: { expression: '$number(title)', type: 'number' } }, { title: 'x' });
    expect(names(mapped)).toEqual(['title expression_failed']);
  });
});

describe('three ways of being empty', () => {
  const policies = fc.constantFrom<unknown>(undefined, 'keep', 'clear', 'Unknown', { value: 'clear' });
  const cells = fc.constantFrom<unknown>('absent', null, '', '   ', 'filled');

  test('absent, null and blank each do what if_empty says', async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        policies,
        policies,
        cells,
        fc.constantFrom('null' as const, 'empty' as const),
        async (absent, nothing, blank, cell, clearWith) => {
          const ifEmpty = {
            ...(absent === undefined ? {} : { absent }),
            ...(nothing === undefined ? {} : { null: nothing }),
            ...(blank === undefined ? {} : { blank }),
          };
          const mapped = await user(
            { title: { from: 'title', if_empty: ifEmpty } },
            cell === 'absent' ? {} : { title: cell },
            { clearWith },
          );
          const policy = cell === 'absent' ? absent : cell === null ? nothing : blank;
          if (cell === 'filled') expect(mapped.title).toBe('filled');
          else if (policy === undefined || policy === 'keep') expect(mapped).not.toHaveProperty('title');
          else if (policy === 'clear') expect(mapped.title).toBe(clearWith === 'null' ? null : '');
          else expect(mapped.title).toBe(policy === 'Unknown' ? 'Unknown' : 'clear');
        },
      ),
      { numRuns: 150 },
    );
  });

  test('an absent source value never writes a key unless clear or a value is set', async () => {
    const kept = await compileMapping({
      preset: 'ukg-pro',
      stream: 'employees',
      sensitiveFields: ['gender', 'dateOfBirth'],
      hrisFields: { a: 'x', b: { from: ['y', 'z'] }, c: { expression: 'w' } },
    });
    const sources = ['employeeId', 'employeeStatusCode', 'emailAddress', 'firstName', 'lastName'];
    const whole: Record<string, unknown> = {
      employeeId: '1',
      employeeStatusCode: 'A',
      emailAddress: 'a@example.com',
      firstName: 'A',
      lastName: 'B',
    };
    await fc.assert(
      fc.asyncProperty(fc.subarray(kept.reads.filter((name) => !sources.includes(name))), async (present) => {
        const record = {
          ...whole,
          ...Object.fromEntries(present.map((name) => [name, name.includes('ate') ? '2020-01-02' : 'CA'])),
        };
        const mapped = await kept.map(record);
        const blankened = await kept.map({
          ...record,
          ...Object.fromEntries(kept.reads.filter((name) => !(name in record)).map((name) => [name, null])),
        });
        if (mapped.kind !== 'user' || blankened.kind !== 'user') throw new Error('not mapped');
        expect(Object.keys(mapped.user).length).toBeLessThanOrEqual(5 + present.length * 2);
        for (const value of Object.values(mapped.user))
          expect(value === null || value === '' || value === undefined).toBe(false);
        expect(blankened.user).toEqual(mapped.user);
      }),
      { numRuns: 100 },
    );
  });

  test.each(presets.map(({ name }) => name))(
    'in the preset %s a field is written only where a path of its own rule is filled',
    async (name) => {
      const kept = await compileMapping({
        preset: name,
        stream: 'people',
        sensitiveFields: ['gender', 'dateOfBirth'],
        hrisFields: {
          a: 'x',
          b: { from: ['y', 'z.inner'] },
          c: { expression: 'w' },
          d: { from: ['v', 'y'], join: '-' },
        },
      });
      // A stream without a status has one by its end date.
      const always = new Set(['employeeStatusCode']);
      const value = fc.constantFrom<unknown>('absent', null, '', '  ', [], '2020-01-02', 'CA', 'Active', 7, true);
      let written = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(value, { minLength: kept.reads.length, maxLength: kept.reads.length }),
          async (values) => {
            const record = Object.fromEntries(
              kept.reads.map((key, at) => [key, values[at]] as const).filter(([, one]) => one !== 'absent'),
            );
            const { steps, mapped } = await kept.explain(record);
            const user = mapped.kind === 'invalid' ? undefined : mapped.user;
            for (const { field, read, value: sent } of steps) {
              if (always.has(field)) continue;
              const isFilled = read.some(
                ({ value: one }) => one !== undefined && one !== null && String(one).trim() !== '',
              );
              if (isFilled) continue;
              expect(sent, field).toBeUndefined();
              if (user) expect(Object.keys(user)).not.toContain(field);
              written++;
            }
          },
        ),
        { numRuns: 60 },
      );
      expect(written).toBeGreaterThan(0);
    },
  );

  test('a list is emptied by an empty list, or by null', async () => {
    const rule = { alternateEmails: { from: 'list', if_empty: 'clear' } };
    expect((await user(rule, { list: [] }, { clearWith: 'empty' })).alternateEmails).toEqual([]);
    expect((await user(rule, { list: [] }, { clearWith: 'null' })).alternateEmails).toBeNull();
  });
});

describe('any record', () => {
  const rules = {
    supervisorId: 'boss',
    title: { from: ['title', 'extra'] },
    officeAddress: { from: ['city', 'state', 'country'], join: ', ' },
    addressCountry: 'country',
    addressState: 'state',
    lastHireDate: 'start',
    lastUpdated: 'extra',
    remote: 'flag',
    alternateEmails: 'list',
    employeeTypeCode: { from: 'extra', lookup: { a: 'A', B: null }, default: 'X' },
    'hrisFields.n': 'count',
    'hrisFields.x': { from: 'costCenter', if_empty: 'clear' },
  };
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      ' A ',
      'T',
      'CA',
      'Ontario',
      '2020-02-30',
      '2020-02-29',
      '2020-02-29T01:02:03.004Z',
      'ada@example.com',
      'yes',
      'a',
      'B',
      '\u0000',
      '\ud800',
      '0000-00-00',
    ),
    fc.constant(null),
    fc.constant(undefined),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.array(fc.oneof(fc.string(), fc.constant(null)), { maxLength: 3 }),
    fc.object({ maxDepth: 1 }),
  );
  const record = fc.record(Object.fromEntries(Object.keys(schema.properties).map((key) => [key, value])), {
    requiredKeys: [],
  });

  test('becomes a valid user, a valid leaver, or faults: never anything else', async () => {
    const mapping = await compile(rules);
    const likely = fc.tuple(record, fc.boolean()).map(([given, whole]) => (whole ? { ...given, ...person } : given));
    fc.assert(
      fc.property(likely, (given) => {
        const mapped = mapping.map(given) as Mapped;
        if (mapped.kind === 'user') return (mapped.patchOnly ? Leaver : User).safeParse(mapped.user).success;
        return (
          mapped.kind === 'invalid' &&
          mapped.faults.length > 0 &&
          mapped.faults.every((fault) => fault.message !== '' && fault.fix !== '')
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('maps the same through the straight code, the loop, and the long way without a SCHEMA', async () => {
    const straight = await compile(rules);
    const dynamic = await compile(rules, { schema: undefined });
    const explained = await compile({ ...rules, middleName: { expression: 'nothing', optional: true } });
    await fc.assert(
      fc.asyncProperty(record, async (given) => {
        const merged = { ...person, ...given };
        const one = straight.map(merged);
        expect(dynamic.map(merged)).toEqual(one);
        const { steps, mapped } = await explained.explain(merged);
        expect(mapped).toEqual(one);
        const sent = Object.fromEntries(
          steps.filter((step) => 'value' in step).map((step) => [step.field, step.value]),
        );
        if (mapped.kind === 'user') expect(sent).toEqual(mapped.user);
      }),
      { numRuns: 300, examples: [[{ state: ' A ', country: [] }]] },
    );
  });

  test('with every column in lower case maps the same', async () => {
    const lower = Object.fromEntries(Object.entries(schema.properties).map(([key, node]) => [key.toLowerCase(), node]));
    const withExpression = { ...rules, middleName: { expression: '$uppercase(costCenter) & nothing', optional: true } };
    const cached = await compile(withExpression, {
      schema: { type: 'object', properties: { ...lower, _airbyte_raw_id: { type: 'string' } } },
    });
    const straight = await compile(withExpression);
    const given = { ...person, title: 'X', costCenter: 'C', country: 'CAN', state: 'ON', count: 3 };
    const lowered = Object.fromEntries(Object.entries(given).map(([key, one]) => [key.toLowerCase(), one]));
    expect(await cached.map({ ...lowered, _airbyte_raw_id: 'x' })).toEqual(await straight.map(given));
    expect(await straight.map(given)).toMatchObject({ user: { middleName: 'C' } });
  });
});

describe('the hash', () => {
  test('does not move with the order of keys, and does with any rule or option that changes a value', async () => {
    const hash = async (fields: Record<string, unknown>, more: Partial<MappingOptions> = {}) =>
      (await compile(fields, more)).hash;
    const one = await hash({ title: { from: 'title', if_empty: 'clear' }, officeId: 'city' });
    expect(await hash({ officeId: 'city', title: { if_empty: 'clear', from: 'title' } })).toBe(one);
    expect(await hash({ officeId: 'city', title: { if_empty: 'clear', from: 'title' } }, { schema: undefined })).toBe(
      one,
    );
    const others = await Promise.all([
      hash({ title: 'title', officeId: 'city' }),
      hash({ title: { from: 'title', if_empty: 'clear' }, officeId: 'state' }),
      hash({ title: { from: 'title', if_empty: 'clear' }, officeId: 'city' }, { clearWith: 'empty' }),
      hash({ title: { from: 'title', if_empty: 'clear' }, officeId: 'city' }, { timeZone: 'America/Toronto' }),
    ]);
    expect(new Set([one, ...others]).size).toBe(5);
  });
});

test('every required field is looked at', () => {
  expect(requiredFields).toEqual(['employeeId', 'employeeStatusCode', 'email', 'firstName', 'lastName']);
});
