import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenRecord, flattenSchema } from './flatten.ts';
import { parsePython } from './python.ts';
import { streamMapFor } from './stream-maps.ts';

const record = { a: 'x', b: 2, c: null, list: ['x'], flag: true, 'd e': 'y', empty: '' };
const evaluate = (text: string) => {
  const parsed = parsePython(text, { limit: 3 });
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed.evaluate(record);
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
  ])('%s', (text, wanted) => {
    expect(evaluate(text)).toEqual(wanted);
  });

  test.each([
    '__import__("os")',
    'a.__class__',
    'open("x")',
    'lambda: 1',
    'a[0]',
    '(lambda x: x)(1)',
    'a ==',
    '[x for x in list]',
    'a; b',
    'exec("1")',
    "record['a",
    'a < b < c',
    '('.repeat(200),
    `${'not '.repeat(200)}a`,
    'record',
  ])('%s is refused, never run', (text) => {
    expect(parsePython(text, {})).toBeTypeOf('string');
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
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const parsed = parsePython(parts.join(' '), {});
        if (typeof parsed !== 'string') parsed.evaluate(record);
      }),
      { numRuns: 1_000 },
    );
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
    [{ people: { __source__: 'other' } }, /second stream/],
    [{ people: { __future__: 'x' } }, /no operation/],
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
