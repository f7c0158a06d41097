import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberText, parseJson, parseJsonLine, readJsonFile } from './json.ts';

describe('a JSON file', () => {
  it('that can’t be opened or read is a wrong flag or setting', async () => {
    await expect(readJsonFile('/nowhere/catalog.json', 'The catalog')).rejects.toMatchObject({
      kind: 'settings',
      message: 'The catalog /nowhere/catalog.json does not exist.',
    });
    await expect(readJsonFile(import.meta.filename, 'The catalog')).rejects.toMatchObject({ kind: 'settings' });
  });

  it.each([
    ['{"a":1,}', 8],
    ['{"a":"b\\u00e9\\n","c":', 22],
    ['{"a":"\\x"}', 6],
    ['{"a" 1}', 6],
    ['["a\u007f", tru]', 8],
    [`{"a":"${'x'.repeat(2_000_000)}`, 6],
    [`{"a":"${'\\\\'.repeat(500_000)}\\"`, 6],
  ])('that is broken is told by place, however long what is broken: %.20s', (text, column) => {
    expect(() => parseJson(text, 'The state')).toThrow(`line 1, column ${column}.`);
  });
});

describe('the text of a member', () => {
  it.each([
    [
      '{"type": "STATE", "value": {"a": 1, "b": [ 12345678901234567890, 1.0 ]} }',
      '{"a": 1, "b": [ 12345678901234567890, 1.0 ]}',
    ],
    ['{"value":1e2,"type":"STATE"}', '1e2'],
    ['{"x":{"value":1},"value":"a \\\\\\" , } b"}', '"a \\\\\\" , } b"'],
    ['{"value":1,"val\\u0075e":[ ]}', '[ ]'],
    ['{"value" : null}', 'null'],
    ['{}', undefined],
    ['{"other":"value"}', undefined],
  ])('%s', (json, wanted) => {
    expect(() => JSON.parse(json)).not.toThrow();
    expect(memberText(json, 'value')).toBe(wanted);
  });

  it('is what JSON.parse makes the member of, whatever stands around it', () => {
    const spaced = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), spaced, (others, value, space) => {
        const json = JSON.stringify({ ...others, value, z: others }, undefined, space);
        expect(JSON.parse(memberText(json, 'value') ?? '')).toEqual(JSON.parse(json).value);
      }),
    );
  });

  it('of two million characters takes no longer than reading it', () => {
    const long = JSON.stringify({ value: '\\"'.repeat(500_000) });
    expect(memberText(long, 'value')).toBe(long.slice(9, -1));
  });
});

describe('a line of JSON', () => {
  it.each([
    ['{"a":NaN}', { a: null }, 1],
    ['{"a":[NaN,Infinity,-Infinity,1],"b":"NaN, \\"Infinity"}', { a: [null, null, null, 1], b: 'NaN, "Infinity' }, 3],
    ['{"NaN": NaN}', { NaN: null }, 1],
    ['{"a":"NaN"}', { a: 'NaN' }, 0],
  ])('%s is read, what Python writes beyond JSON as null', (text, value, nonNumbers) => {
    expect(parseJsonLine(text)).toEqual({ value, nonNumbers });
  });

  it.each(['{"a":', 'Starting NaN', '{"a":nan}', '{"a":"NaN"', 'NaN NaN', '{"a":NaNx}'])('%s is none', (text) => {
    expect(() => parseJsonLine(text)).toThrow(SyntaxError);
  });
});
