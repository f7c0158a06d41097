import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Path } from './parse-path.ts';
import { compilePath, parsePath, pathTo } from './path.ts';
import { lookUp } from './schema-path.ts';

const read = (text: string, record: Record<string, unknown>): unknown => {
  const path = parsePath(text);
  if (typeof path === 'string') throw new Error(`${text} ${path}`);
  return compilePath(path, { exact: false })(record);
};

const record = {
  workEmail: 'ada@example.com',
  work: { title: 'Engineer', 'cost center': 'R&D' },
  '/work/title': { value: 'Writer' },
  'First Name': 'Ada',
  a: { '/': 1, 'x.y': 2 },
  emails: [
    { type: 'home', value: 'h@example.com' },
    { type: 'work', value: 'w@example.com', primary: true },
  ],
  statuses: { Items: [{ EffectiveEnd: '2020-01-01', code: 'T' }, { EffectiveEnd: null, code: 'A' }, { code: 'B' }] },
  nested: '{"level": {"name": "Senior"}}',
  broken: '{"level"',
  nothing: null,
};

describe('a path', () => {
  test.each([
    ['workEmail', 'ada@example.com'],
    ['work.title', 'Engineer'],
    ['work["cost center"]', 'R&D'],
    ['work.cost center', 'R&D'],
    ['First Name', 'Ada'],
    ['["/work/title"].value', 'Writer'],
    ["['/work/title'].value", 'Writer'],
    ['/work/title', { value: 'Writer' }],
    ['/emails/1/value', 'w@example.com'],
    ['/a/~1', 1],
    ['a["x.y"]', 2],
    ['emails[0].value', 'h@example.com'],
    ['emails[-1].value', 'w@example.com'],
    ['emails[type=work].value', 'w@example.com'],
    ['emails[type="work"].value', 'w@example.com'],
    ['emails[primary=true].value', 'w@example.com'],
    ['emails[*].value', ['h@example.com', 'w@example.com']],
    ['emails[].value', ['h@example.com', 'w@example.com']],
    ['emails[type=fax].value', undefined],
    ['statuses.Items[EffectiveEnd=null].code', 'A'],
    ['statuses.Items[EffectiveEnd=].code', 'A'],
    ['nested.level.name', 'Senior'],
    ['broken.level', undefined],
    ['nothing.at.all', null],
    ['workEmail.at', undefined],
    ['missing', undefined],
    ['emails[7].value', undefined],
  ])('%s', (text, wanted) => {
    expect(read(text, record)).toEqual(wanted);
  });

  test('finds columns that a cache has lower-cased or flattened', () => {
    expect(read('workEmail', { workemail: 'x' })).toBe('x');
    expect(read('work.title', { WORK: { TITLE: 'x' } })).toBe('x');
    expect(read('work.title', { work__title: 'x' })).toBe('x');
    expect(read('work.title', { 'work.title': 'x' })).toBe('x');
    expect(read('work.reportsTo.id', { work__reportsto__id: 'x' })).toBe('x');
  });

  test('the exact spelling comes before any other', () => {
    expect(read('id', { ID: 'no', id: 'yes' })).toBe('yes');
  });

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'work.constructor',
    'emails.length.constructor',
    'hasOwnProperty.call',
  ])('%s reads nothing that the record does not hold itself', (text) => {
    expect(read(text, record)).toBeUndefined();
  });

  test('an own key that is called like an inherited one is read', () => {
    expect(read('constructor', JSON.parse('{"constructor": "x"}'))).toBe('x');
    expect(read('__proto__', JSON.parse('{"__proto__": "x"}'))).toBe('x');
  });

  test.each([
    '',
    ' ',
    'a..b',
    '.a',
    'a.',
    'a[',
    'a[0',
    'a]b',
    'a[0]b',
    '$uppercase(x)',
    'a + b',
    'a = "b"',
    'x'.repeat(501),
  ])('%j is refused with a sentence', (text) => {
    expect(parsePath(text)).toBeTypeOf('string');
  });

  test('parsing never throws, and what parses reads without throwing', () => {
    const pieces = fc.constantFrom(
      'a',
      '.',
      '[',
      ']',
      '*',
      '0',
      '-1',
      '=',
      '"',
      "'",
      '/',
      '~',
      '\\',
      'x y',
      '[a=b]',
      '["k"]',
      '$',
      '(',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.object({ maxDepth: 3 }), (parts, value) => {
        const path = parsePath(parts.join(''));
        if (typeof path !== 'string') compilePath(path, { exact: false })(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a path and a SCHEMA', () => {
  const schema = {
    properties: {
      workEmail: { type: ['null', 'string'] },
      work: { type: 'object', properties: { title: { type: 'string' }, any: { type: 'object' } } },
      emails: {
        type: 'array',
        items: { type: 'object', properties: { type: { type: 'string' }, value: { type: 'string' } } },
      },
      union: { anyOf: [{ type: 'null' }, { type: 'object', properties: { id: { type: 'integer' } } }] },
      '/root/email': { type: 'object', properties: { value: { type: 'string' } } },
    },
  };
  const look = (text: string) => lookUp(schema as never, parsePath(text) as Path);

  test.each([
    ['workEmail', ['string']],
    ['WORKEMAIL', ['string']],
    ['work.title', ['string']],
    ['emails[0].value', ['string']],
    ['emails[type=work].value', ['string']],
    ['emails[*].value', ['string']],
    ['union.id', ['integer']],
    ['["/root/email"].value', ['string']],
  ])('%s is found', (text, types) => {
    const found = look(text);
    expect(found.status).toBe('found');
    expect(found.status === 'found' && [...found.types]).toEqual(types);
  });

  test('is open where the SCHEMA lists no property: a store without columns', () => {
    const open = { status: 'open' };
    for (const empty of [{ type: 'object' }, { type: 'object', properties: {} }, {}])
      expect(lookUp(empty as never, parsePath('id') as Path)).toEqual(open);
    const nested = { properties: { work: { type: 'object', properties: {} } } };
    expect(lookUp(nested as never, parsePath('work.email') as Path)).toEqual(open);
  });

  test('gives the spelling of the SCHEMA', () => {
    const found = look('Work.Title');
    expect(found.status === 'found' && compilePath(found.path, { exact: true })({ work: { title: 'x' } })).toBe('x');
  });

  test.each(['workMail', 'work.titel', 'emails[0].valeu', 'emails[kind=work].value', 'workEmail.at', 'workEmail[0]'])(
    '%s is missing',
    (text) => {
      expect(look(text).status).toBe('missing');
    },
  );

  test('where the SCHEMA says nothing, nothing is known', () => {
    expect(look('work.any.thing').status).toBe('open');
    expect(lookUp({}, parsePath('x') as Path).status).toBe('open');
  });
});

describe('a path that is made for keys', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      'a',
      ' a',
      'a ',
      'a.b',
      '/a',
      '~',
      'a"b',
      "a'b",
      'a\\',
      '\\"',
      'a]b',
      '[0]',
      '0',
      '*',
      'ä ö',
      '\n',
      '$',
      '-',
    ),
    fc.nat(9),
  );

  test('is read as those keys, whatever signs they have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(key, { maxLength: 3 }), (first, rest) => {
        const keys = [first, ...rest];
        const parsed = parsePath(pathTo(keys));
        expect(typeof parsed === 'string' ? parsed : parsed.steps).toEqual(
          keys.map((one) => (typeof one === 'number' ? { kind: 'index', index: one } : { kind: 'key', key: one })),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [['workEmail'], 'workEmail'],
    [['Job Title'], 'Job Title'],
    [['work', 'title'], 'work.title'],
    [['emails', 0, 'value'], 'emails[0].value'],
    [['Last Name '], '["Last Name "]'],
    [['a', 'b"c'], 'a["b\\"c"]'],
  ])('%j is written as people write it', (keys, path) => {
    expect(pathTo(keys)).toBe(path);
  });
});
