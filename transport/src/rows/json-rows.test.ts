import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSplitter, type Row, type SplitterOptions } from './json-rows.ts';
import { createShorten } from './shorten.ts';

function split(bytes: Buffer, cuts: readonly number[] = [], options: SplitterOptions = {}): Row[] {
  const splitter = createSplitter(options);
  const rows: Row[] = [];
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    rows.push(...splitter.push(bytes.subarray(from, cut)));
    from = cut;
  }
  splitter.end();
  return rows;
}
const code = (value: string) => expect.objectContaining({ failure: { phase: 'answer', code: value } });

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('},{', '"},{"', '\\', '\\"', ']', '[{', '}'));
const value = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.dictionary(text, text, { maxKeys: 2 }), { maxLength: 3 }),
  fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
);
const rows = fc.array(fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 12 });

describe('createSplitter', () => {
  test('gives exactly the rows, wherever chunks end and however they are spaced', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(), { maxLength: 20 }), fc.constantFrom(0, 1, '\t'), (given, cuts, space) => {
        const json = JSON.stringify(given, null, space);
        expect(split(Buffer.from(json), cuts)).toEqual(JSON.parse(json));
      }),
      { numRuns: 400 },
    );
  });

  test('without fields that are dropped: every other field of every row is the same, and what is refused stays refused', () => {
    const isDropped = (key: string) => key.length % 2 === 1;
    const keys = fc.uniqueArray(text, { maxLength: 6 });
    const plain = fc.oneof(text, fc.double({ noNaN: true }), fc.integer(), fc.boolean(), fc.constant(null));
    const alike = keys.chain((names) =>
      fc
        .array(fc.tuple(...names.map(() => fc.oneof({ weight: 9, arbitrary: plain }, value))), { maxLength: 12 })
        .map((list) => list.map((values) => Object.fromEntries(values.map((one, i) => [names[i] as string, one])))),
    );
    const kept = (row: Row) => Object.fromEntries(Object.entries(row).filter(([key]) => !isDropped(key)));
    fc.assert(
      fc.property(
        fc.oneof(alike, rows),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(0, 1, '\t'),
        fc.option(fc.tuple(fc.nat(), text)),
        (given, cuts, space, broken) => {
          let json = JSON.stringify(given, null, space);
          if (broken) json = json.slice(0, broken[0] % json.length) + broken[1] + json.slice(broken[0] % json.length);
          const bytes = Buffer.from(json);
          const read = (options: SplitterOptions) => {
            try {
              return split(bytes, cuts, options).map((row) => [kept(row), row] as const);
            } catch (thrown) {
              return thrown;
            }
          };
          const [whole, short] = [read({}), read({ shorten: createShorten(isDropped) })];
          if (!Array.isArray(whole) || !Array.isArray(short)) {
            expect(short).toEqual(whole);
            return;
          }
          expect(short.map(([row]) => row)).toEqual(whole.map(([row]) => row));
          for (const [i, [, row]] of short.entries()) expect(whole[i]?.[1]).toMatchObject(row);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each([
    [',', ':'],
    [', ', ': '],
    [' ,\n ', '\t: '],
  ])('takes dropped fields out of rows that look alike, with %j between fields', (comma, colon) => {
    const row = (n: number) =>
      `{${[`"id"${colon}${n}`, `"note"${colon}"\\"},{\\u00e9 é"`, `"empty"${colon}null`, `"name"${colon}"Zo\\u00eb"`].join(comma)}}`;
    const shorten = createShorten((key) => key === 'note' || key === 'empty');
    const text = [1, 2, 3].map(row).join(comma);
    const bytes = (one: string) => Buffer.from(one).toString('latin1');
    expect(JSON.parse(`[${shorten(bytes(text))}]`)).toEqual([1, 2, 3].map((id) => ({ id, name: 'Zoë' })));
    expect(shorten(bytes(`${row(4)}${comma}{"id":5}`))).toContain('{"id":5}');
    expect(shorten('{"other":1,"note":2}')).toBe('{"other":1}');
  });

  test('pages that are read at once, or one after the other, never share their bytes', () => {
    const page = (name: string) => Buffer.from(JSON.stringify([{ name }, { name: name.repeat(30_000) }]));
    const [first, second] = [createSplitter(), createSplitter()];
    const half = 20_000;
    const found = [first.push(page('one').subarray(0, half)), second.push(page('two').subarray(0, half))];
    found[1]?.push(...second.push(page('two').subarray(half)));
    second.end();
    expect(split(page('three'))).toEqual(JSON.parse(page('three').toString()));
    found[0]?.push(...first.push(page('one').subarray(half)));
    first.end();
    expect(found).toEqual(['one', 'two'].map((name) => JSON.parse(page(name).toString()) as Row[]));
  });

  test('reads byte by byte', () => {
    const given = [{ a: '},{', b: [{ c: 1 }, { d: '\\"' }] }, {}, { é: '李' }];
    const bytes = Buffer.from(` \r\n${JSON.stringify(given)}\n`);
    expect(split(bytes, [...bytes.keys()])).toEqual(given);
  });

  test('an empty list is no row', () => {
    expect(split(Buffer.from('[]'))).toEqual([]);
    expect(split(Buffer.from(' [ \n ] '), [1, 2, 3])).toEqual([]);
  });

  test('drops a byte order mark, whole or cut', () => {
    const bytes = Buffer.from('\ufeff[{"a":1}]');
    expect(split(bytes)).toEqual([{ a: 1 }]);
    expect(split(bytes, [1, 2])).toEqual([{ a: 1 }]);
  });

  test.each([
    ['', 'EMPTY_ANSWER'],
    [' \n', 'EMPTY_ANSWER'],
    ['<!DOCTYPE html><html>', 'NOT_JSON'],
    ['{"error":"x"}', 'NOT_A_LIST'],
    ['"text"', 'NOT_JSON'],
    ['null', 'NOT_JSON'],
    ['[1,2]', 'NOT_ROWS'],
    ['[[1]]', 'NOT_ROWS'],
    ['[{"a":1},null]', 'NOT_ROWS'],
    ['[{"a":1},]', 'NOT_JSON'],
    ['[,{"a":1}]', 'NOT_ROWS'],
    ['[{"a":1}{"a":2}]', 'NOT_JSON'],
    ['[{"a":tru}]', 'NOT_JSON'],
    ['[{"a":1},{"a":2', 'TRUNCATED'],
    ['[{"a":1},', 'TRUNCATED'],
    ['[{"a":1}', 'TRUNCATED'],
    ['[', 'TRUNCATED'],
    ['[{"a":1}] x', 'TRAILING_DATA'],
    ['[][]', 'TRAILING_DATA'],
  ])('refuses %j as %s', (body, expected) => {
    expect(() => split(Buffer.from(body))).toThrow(code(expected));
    expect(() => split(Buffer.from(body), [...Buffer.from(body).keys()])).toThrow(code(expected));
  });

  test('text that is not UTF-8 is refused, never mangled', () => {
    const latin1 = Buffer.from('[{"name":"Zoë"},{"name":"Al"},{"list":[{"name":"José"}]}]', 'latin1');
    expect(() => split(latin1)).toThrow(code('NOT_UTF8'));
    expect(() => split(latin1, [...latin1.keys()])).toThrow(code('NOT_UTF8'));
  });

  test('one object is a row where the stream knows it as one, and nothing else', () => {
    const isRow = (row: Row) => row['id'] !== undefined;
    const text = '{"id":1,"a":[{"b":"},{"}]}';
    const every = (body: string) => [...Buffer.from(body).keys()];
    for (const cuts of [[], every(text)]) {
      expect(split(Buffer.from(text), cuts, { isRow })).toEqual([JSON.parse(text)]);
      expect(() => split(Buffer.from(text.slice(0, -1)), cuts, { isRow })).toThrow(code('TRUNCATED'));
    }
    for (const [body, expected] of [
      ['{"error":"x"}', 'NOT_A_LIST'],
      ['{}', 'NOT_A_LIST'],
      ['{"id":1},{"id":2}', 'TRAILING_DATA'],
      ['{"id":1}]', 'TRAILING_DATA'],
    ] as const) {
      expect(() => split(Buffer.from(body), [], { isRow })).toThrow(code(expected));
      expect(() => split(Buffer.from(body), every(body), { isRow })).toThrow(code(expected));
    }
  });

  test('a page cut anywhere is never taken for a whole one', () => {
    const whole = Buffer.from(JSON.stringify([{ a: 'x},{', b: [1, { c: 2 }] }, { a: 2 }, { a: 3 }]));
    for (let cut = 0; cut < whole.length; cut++) {
      expect(() => split(whole.subarray(0, cut))).toThrow(code(cut === 0 ? 'EMPTY_ANSWER' : 'TRUNCATED'));
    }
  });

  test('a row longer than allowed is refused before it fills the memory', () => {
    const bytes = Buffer.from(`[{"a":"${'x'.repeat(5000)}"}]`);
    expect(() => split(bytes, [100, 200, 2000], { maxRowBytes: 1000 })).toThrow(code('TOO_LONG'));
  });

  test('a row of a thousand chunks stays linear: nothing is walked or guessed twice', () => {
    const inner = Array.from({ length: 60_000 }, (_, i) => ({ n: i, s: '},{' }));
    const bytes = Buffer.from(JSON.stringify([{ inner }, { a: 1 }]));
    const cuts = Array.from({ length: 1000 }, (_, i) => Math.floor((bytes.length / 1000) * i));
    const started = performance.now();
    expect(split(bytes, cuts)).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('hostile depth is refused or read, never a crash', () => {
    const deep = 200_000;
    const bytes = Buffer.from(`[{"a":${'['.repeat(deep)}${']'.repeat(deep)}}]`);
    try {
      expect(split(bytes)).toHaveLength(1);
    } catch (thrown) {
      expect(thrown).toEqual(code('TOO_DEEP'));
    }
  });
});
