import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenRecord, flattenSchema } from './flatten.ts';
import { parsePython } from './python.ts';
import { streamMapFor } from './stream-maps.ts';

const record = {
  a: 'x',
  b: 2,
  c: null,
  list: ['x', 'y', 'z'],
  flag: true,
  'd e': 'y',
  empty: '',
  mail: 'Ada.Byron@Example.com',
  work: { title: 'engineer', site: { id: 7 } },
  tags: { k: 'v' },
};
const names = { config: { limit: 3, nested: { x: 'deep' } }, stream: 'people', originalStream: 'employees' };
const evaluate = (text: string) => {
  const parsed = parsePython(text, names);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed.evaluate({ record, self: 'Before' });
};

describe('the Python of stream maps', () => {
  test.each<[string, unknown]>([
    ['a', 'x'],
    ["record['d e']", 'y'],
    ["_['a']", 'x'],
    ["record.get('nothing')", null],
    ["config['limit']", 3],
    ["a == 'x' and b > 1", true],
    ["a == 'x' and not (b > 1)", false],
    ["a != 'y' or c", true],
    ["a in ['x', 'y']", true],
    ["a in ('x', 'y')", true],
    ["a in ('x',)", true],
    ['1 < b <= 2 < 3', true],
    ['1 < b < 2 < 3', false],
    ['a # a comment', 'x'],
    ['\n  a\n', 'x'],
    ["'''it's'''", "it's"],
    ['1_000', 1000],
    ["a not in ['x', 'y']", false],
    ["'x' in a", true],
    ['c is None', true],
    ['a is not None', true],
    ["a + '-' + str(b)", 'x-2'],
    ["a.upper() if flag else 'no'", 'X'],
    ['empty or a', 'x'],
    ['c > 1', false],
    ['missing', null],
    ["' q '.strip()", 'q'],
    ['b + 1', 3],
    ['1.5', 1.5],
    ['True', true],
    ['work.title.title()', 'Engineer'],
    ["work['site']['id']", 7],
    ["record['work']['title'].capitalize()", 'Engineer'],
    ['record.work.site.id', 7],
    ["record.get('nothing', 'else')", 'else'],
    ["record.get('c', 'else')", null],
    ["work.get('title', 'none')", 'engineer'],
    ["config['nested']['x']", 'deep'],
    ["config.get('nothing', 1)", 1],
    ['self.lower()', 'before'],
    ['__stream_name__', 'people'],
    ['__original_stream_name__', 'employees'],
    ["mail.split('@')[0]", 'Ada.Byron'],
    ["mail.split('@')[-1].lower()", 'example.com'],
    ["mail.split('.', 1)", ['Ada', 'Byron@Example.com']],
    ["' a  b '.split()", ['a', 'b']],
    ["mail.replace('.', '-')", 'Ada-Byron@Example-com'],
    ["mail.startswith('Ada') and not mail.endswith('org')", true],
    ["'xxaxx'.strip('x')", 'a'],
    ["', '.join(list)", 'x, y, z'],
    ["'7'.zfill(3)", '007'],
    ["f'{a}-{b} {{}}'", 'x-2 {}'],
    ['f"{work[\'title\']}"', 'engineer'],
    ['list[0]', 'x'],
    ['list[-1]', 'z'],
    ['list[5]', null],
    ['list[:2]', ['x', 'y']],
    ['mail[:3]', 'Ada'],
    ['mail[4:]', 'Byron@Example.com'],
    ['b * 3 - 1', 5],
    ['7 // 2', 3],
    ['-7 % 3', 2],
    ['1 / 0', null],
    ['-b', -2],
    ['1 < b < 3', true],
    ['1 < b < 2', false],
    ['str(flag)', 'True'],
    ['str(c)', 'None'],
    ["int('12') + 1", 13],
    ["int('x')", null],
    ["float('1.5')", 1.5],
    ['bool(empty)', false],
    ['len(list)', 3],
    ["list == ['x', 'y', 'z']", true],
    ['flag == 1', true],
    ["'k' in tags", true],
    ["a.removeprefix('x') + 'q'", 'q'],
    ["'a\\nb'", 'a\nb'],
    ['c.lower()', null],
    ['c + a', null],
  ])('%s', (text, wanted) => {
    expect(evaluate(text)).toEqual(wanted);
  });

  test.each([
    '__import__("os")',
    'a.__class__',
    'open("x")',
    'lambda: 1',
    '(lambda x: x)(1)',
    'a ==',
    '[x for x in list]',
    'a; b',
    'exec("1")',
    "record['a",
    '('.repeat(200),
    `${'not '.repeat(300)}a`,
    `a${' or a'.repeat(2_000)}`,
    '1j',
    'a) + (b',
    'a := 1',
    'a[1, 2]',
    'a[::2]',
    "b'x'",
    "r'x'",
    'a @ b',
    '~b',
    'await a',
    'record.get(a)',
    'record.keys()',
    'a(1)(2)',
    'int(x=1)',
    'int(*list)',
    'record',
    '_',
    'a.__init__()',
    "a['x'].__class__",
    '__builtins__',
    'a.format(b)',
    "f'{b:10}'",
    "f'{a!r}'",
    'a ** 2',
    '[1, 2',
    'int(1, 2)',
    "{'a': 1}",
    'fake.name()',
    'md5(a)',
    'sha256(a)',
    'randint(5)',
    'datetime.date.today()',
    'json.dumps(work)',
  ])('%s is refused, never run', (text) => {
    expect(parsePython(text, names)).toBeTypeOf('string');
  });

  test('reading never throws, whatever is written', () => {
    const pieces = fc.constantFrom(
      'a',
      'record',
      '["a"]',
      '.get(',
      ')',
      '(',
      'and',
      'or',
      'not',
      'in',
      'is',
      '==',
      '+',
      '"x"',
      '1',
      'if',
      'else',
      'None',
      '[',
      ']',
      ',',
      '.upper()',
      '.split(',
      ':',
      '-',
      '*',
      "f'{a}'",
      'self',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const parsed = parsePython(parts.join(' '), names);
        if (typeof parsed !== 'string') parsed.evaluate({ record });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever a stream map does', () => {
  const big = { ...record, long: 'x'.repeat(9_000) };
  test.each([
    ['long + long', null],
    ["long.replace('x', long)", null],
    ['long.join([long, long])', null],
    ["f'{long}{long}'", null],
    ["'1'.zfill(1000000000)", null],
    [Array.from({ length: 200 }, () => 'long').join(' + '), null],
    ['constructor', null],
    ['record["__proto__"]', null],
    ['work.constructor', null],
    ["work['__proto__']", null],
    ["work.get('constructor')", null],
  ])('%.40s ends at once, in nothing', (text, wanted) => {
    const parsed = parsePython(text, names);
    if (typeof parsed === 'string') throw new Error(parsed);
    const started = performance.now();
    expect(parsed.evaluate({ record: big })).toBe(wanted);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('says which fields must be there, also inside f-strings; get() asks for none', () => {
    const parsed = parsePython("f'{a} {record.b}' + record.get('c', work['title']) + _['d e']", names);
    expect(typeof parsed === 'object' && parsed.reads).toEqual(['a', 'b', 'work', 'd e']);
  });
});

describe('stream maps', () => {
  const schema = { properties: { a: { type: 'string' as const }, b: { type: 'integer' as const } } };
  const mapFor = (maps: unknown, stream = 'people') => {
    const faults: { path: string; message: string }[] = [];
    return { map: streamMapFor(maps, {}, stream, schema, faults), faults };
  };

  test('names in a map may have stars', () => {
    expect(mapFor({ 'peo*': null }).map).toBeNull();
    expect(mapFor({ '*': null }).map).toBeNull();
    expect(mapFor({ 'x*': null }).map).toBeUndefined();
    expect(mapFor({ 'peopl?': null }).map).toBeNull();
    expect(mapFor({ '*e*p*e*': null }).map).toBeNull();
    expect(mapFor({ '*a*': null }, 'a'.repeat(10_000)).map).toBeNull();
    expect(mapFor({ [`${'*a'.repeat(100)}b`]: null }, 'a'.repeat(10_000)).map).toBeUndefined();
  });

  test('of several that fit the last one counts', () => {
    expect(mapFor({ '*': null, people: { a: 'a' } }).map?.stream).toBe('people');
    expect(mapFor({ people: { a: 'a' }, '*': null }).map).toBeNull();
  });

  test('an alias is a name or an expression over the name', () => {
    expect(mapFor({ people: { __alias__: 'employees' } }).map?.stream).toBe('employees');
    expect(mapFor({ people: { __alias__: 'my-employees' } }).map?.stream).toBe('my-employees');
    expect(mapFor({ '*': { __alias__: "'hr_' + __stream_name__" } }).map?.stream).toBe('hr_people');
    expect(
      mapFor({ people: { __alias__: 'x', a: '__stream_name__ + __original_stream_name__' } }).map?.shape({}),
    ).toEqual({ a: 'xpeople' });
  });

  test('__else__ null removes what is not named, fields and streams', () => {
    expect(mapFor({ people: { a: 'a', __else__: null } }).map?.shape({ a: 1, b: 2 })).toEqual({ a: 1 });
    expect(mapFor({ other: { a: 'a' }, __else__: '__NULL__' }).map).toBeNull();
  });

  test('a computed field keeps the type of a plain name and loses that of an expression', () => {
    const { map } = mapFor({ people: { c: 'b', d: 'str(b)' } });
    expect(map?.schema.properties).toMatchObject({ c: { type: 'integer' }, d: {} });
  });

  test.each<[unknown, RegExp]>([
    ['x', /must be an object/],
    [{ people: 5 }, /people must be an object, or null/],
    [{ people: { a: 5 } }, /people\.a must be an expression/],
    [{ people: { a: 'fake.name()' } }, /invents data/],
    [{ people: { __source__: 'other' } }, /people\.__source__ makes a second stream/],
    [{ aliases: { __source__: 'people' } }, /aliases\.__source__ makes a second stream/],
    [{ people: { c: 'self.lower()' } }, /people\.c names "c", which the stream does not have/],
    [{ people: { __filter__: 'self' } }, /__filter__ names "self"/],
    [{ people: { __future__: 'x' } }, /no operation/],
    [{ __future__: null }, /stream_maps\.__future__ is no operation/],
    [{ __else__: { a: 'a' } }, /__else__ can only be null/],
    [{ people: { __else__: 'a' } }, /people\.__else__ can only be null/],
    [{ people: { a: 'md5(a)' } }, /people\.a can't be used: md5 hashes values/],
    [{ people: { c: 'aa' } }, /names "aa", which the stream does not have.*did you mean "a"/],
  ])('%j is refused', (maps, wanted) => {
    expect(
      mapFor(maps)
        .faults.map(({ path, message }) => `${path} ${message}`)
        .join(),
    ).toMatch(wanted);
  });
});

describe('flattening', () => {
  const all = { maxDepth: null, separator: '__', maxKeyLength: null };
  const nested = { a: { b: { c: 1 }, list: [1] }, d: [2] };

  test('opens objects to the depth', () => {
    expect(flattenRecord(nested, all)).toEqual({ a__b__c: 1, a__list: '[1]', d: [2] });
    expect(flattenRecord(nested, { ...all, maxDepth: 1 })).toEqual({ a__b: '{"c":1}', a__list: '[1]', d: [2] });
    expect(flattenRecord(nested, { ...all, maxDepth: 0 })).toEqual(nested);
  });

  test('schema and record get the same keys', () => {
    const schema = {
      properties: {
        a: { properties: { b: { properties: { c: { type: 'integer' as const } } }, list: { type: 'array' as const } } },
        d: { type: 'array' as const },
      },
    };
    for (const maxDepth of [null, 0, 1, 2]) {
      const options = { ...all, maxDepth, maxKeyLength: 6 };
      expect(Object.keys(flattenSchema(schema, options).properties ?? {})).toEqual(
        Object.keys(flattenRecord(nested, options)),
      );
    }
  });
});
