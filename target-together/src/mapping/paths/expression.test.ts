import { describe, expect, test } from 'vitest';
import { compileExpression } from './expression.ts';

const evaluate = async (text: string, record: Record<string, unknown> = {}): Promise<unknown> => {
  const compiled = await compileExpression(text);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.evaluate(record);
};

describe('an expression', () => {
  test.each([
    ["$lowercase(firstName & '.' & lastName) & '@example.com'", 'ada.byron@example.com'],
    ["status = 'Active' ? 'A' : 'T'", 'A'],
    ['jobs[primary=true].title', 'Engineer'],
    ["$substringBefore(code, '-')", 'ENG'],
    ['missing', undefined],
    ["$join(tags, '; ')", 'a; b'],
    ["$pad('7', -3, '0')", '007'],
  ])('%s', async (text, wanted) => {
    const record = {
      firstName: 'Ada',
      lastName: 'Byron',
      status: 'Active',
      jobs: [{ title: 'Intern' }, { title: 'Engineer', primary: true }],
      code: 'ENG-3',
      tags: ['a', 'b'],
    };
    expect(await evaluate(text, record)).toEqual(wanted);
  });

  test('tells which fields of the record it reads, and not the names inside filters', async () => {
    const compiled = await compileExpression("a.b & items[kind = 'x'].value & (c ? $uppercase(d) : e.`f g`)");
    expect(typeof compiled === 'object' && compiled.reads).toEqual(['a.b', 'items', 'c', 'd', 'e.f g']);
  });

  test.each([
    ['$match(name, /(a+)+$/)', /regular expression/],
    ['$replace(name, /x/, "")', /regular expression/],
    ['$eval("1+1")', /\$eval/],
    ['($e := $eval; $e("1"))', /\$eval/],
    ['$map([1], $eval)', /\$eval/],
    ['$now()', /changes with every run/],
    ['$random() > 0.5 ? "A" : "T"', /changes with every run/],
    ['$ ~> |a|{"b": 1}|', /transform/],
    ['a +', /no JSONata expression/],
    ['('.repeat(2_000), /no JSONata expression/],
    [`$formatNumber(1, "${'#,'.repeat(50_000)}0")`, /longer than 5000 characters/],
  ])('%s is refused before any record is read', async (text, reason) => {
    expect(await compileExpression(text)).toMatch(reason);
  });

  test.each([
    '($f := function($x) { $f($x) }; $f(1))',
    '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("xxxxxxxx", 40))',
    '[1..9999999]',
    '$reduce([1..60], function($a, $b) { $string($a) & $string($a) })',
    '$join($map([1..900], function($v) { $pad("x", 900) }))',
    '($f := function($n) { $n <= 1 ? 1 : $f($n - 1) + $f($n - 2) }; $f(40))',
    '$replace(long, "x", long)',
    '$sort([1..1000], function($l, $r) { $count([1..1000][$ > $l]) < $r })',
  ])('%s is stopped, quickly', async (text) => {
    const start = performance.now();
    const record = { long: 'x'.repeat(4_000), deep: JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) };
    await expect(evaluate(text, record)).rejects.toBeDefined();
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('a padding of a billion is cut to what a field may hold', async () => {
    expect(await evaluate('$length($pad("x", 1000000000))')).toBe(5000);
  });

  test.each([
    '$.constructor',
    '"".constructor',
    '__proto__',
    '$lookup($, "constructor")',
    '$lookup($, "__proto__")',
    '$$.constructor.constructor("return 1")()',
    'a.constructor.prototype',
    '$string.constructor',
    '$map.constructor("return process")()',
    'globalThis',
    'process.env',
    '$globalThis',
    '$process',
    '$keys($string)',
    'a.prototype',
  ])('%s reaches nothing outside the record', async (text) => {
    const result = await evaluate(text, { a: 'x' }).catch(() => undefined);
    expect(result).toBeUndefined();
  });

  test('a function never leaves it', async () => {
    expect(await evaluate('function($x) { $x }')).toBeUndefined();
    expect(await evaluate('$uppercase')).toBeUndefined();
  });

  test('the record is not changed by it', async () => {
    const record = { a: [3, 1, 2], b: { c: 1 } };
    const before = structuredClone(record);
    await evaluate('$sort(a) ~> $append(b) ~> $reverse', record);
    expect(record).toEqual(before);
  });
});
