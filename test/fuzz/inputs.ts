/** Inputs: JSON as no serializer writes it, and valid documents with a few wounds. */
import fc from 'fast-check';

/** JSON text of one value; `bad` ones are no JSON at all. Depths and lengths are drawn, so that they shrink. */
const odd: readonly string[] = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  '9007199254740993',
  '123456789012345678901234567890',
  '1e-400',
  '0.1000000000000000055511151231257827',
  '""',
  '" "',
  '"null"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u2028\\u2029"',
  '"\\u202e\\u0007\\u001b[31m"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"*"',
  '"^(a+)+$"',
  '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"',
  '"2026-02-30"',
  '"0000-00-00T99:99:99Z"',
  '"9999-12-31T23:59:59.999999999+14:00"',
  '"+275760-09-13"',
  '"https://user:pass@[::1]:99999/%ff?#"',
  '"../../../../etc/passwd"',
  '[]',
  '{}',
  '[[],{}]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2}',
  '{"":""}',
  '{"length":4294967295}',
  '{"toJSON":1,"then":2,"valueOf":3}',
  '{"$ref":"#"}',
  '{"type":"object","properties":null}',
  '{"type":["string","null",7],"pattern":"^(a+)+$","format":"regex"}',
];
const bad: readonly string[] = [
  '',
  'NaN',
  'undefined',
  "'single'",
  '{"a":}',
  '[1,]',
  '{,}',
  '"unfinished',
  '\u0000',
  '\ufeff{}',
  '/*c*/1',
  '01',
  '1.',
  '\\',
  '<html>',
];

const deep = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('[', '{"a":', '[{"b":', '"'), fc.boolean())
  .map(([power, open, closed]) => {
    const count = 2 ** power;
    if (open === '"') return `"${'x'.repeat(count * 8)}"`;
    const close = { '[': ']', '{"a":': '}', '[{"b":': '}]' }[open];
    return `${open.repeat(count)}${closed ? `1${close.repeat(count)}` : ''}`;
  });

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: fc.constantFrom(...bad) },
  { weight: 2, arbitrary: deep },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)) },
);

type Wound = readonly [
  'value' | 'key' | 'drop' | 'repeat' | 'cut' | 'flip' | 'insert' | 'line' | 'member',
  number,
  number,
  string,
];

const bytesInserted: readonly string[] = [
  '\u0000',
  '\u00ff',
  '\u00c0\u0080',
  '\u00ed\u00a0\u0080',
  '\u00ef\u00bb\u00bf',
  '\r\n',
  '\r',
  '\n',
  '\u00e2\u0080\u00a8',
  '{',
  '[',
  '"',
  ',',
  '\\',
  '\u0007',
];

const wound: fc.Arbitrary<Wound> = fc.tuple(
  fc.constantFrom(
    'value',
    'value',
    'value',
    'value',
    'member',
    'key',
    'drop',
    'repeat',
    'cut',
    'flip',
    'insert',
    'line',
  ),
  fc.nat(999_999),
  fc.nat(60),
  fc.oneof({ weight: 4, arbitrary: hostileText }, { weight: 1, arbitrary: fc.constantFrom(...bytesInserted) }),
);

const scalar = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*|true|false|null/g;
const key = /"(?:[^"\\]|\\.)*"(?=\s*:)/g;

/** Text as latin1: a byte is a character, so that any byte can be written. */
function hurt(text: string, [kind, where, size, other]: Wound): string {
  const at = text.length === 0 ? 0 : where % text.length;
  const bytes = Buffer.from(other, bytesInserted.includes(other) ? 'latin1' : 'utf8').toString('latin1');
  switch (kind) {
    case 'value':
    case 'key':
    case 'member': {
      const found = [...text.matchAll(kind === 'value' ? scalar : key)];
      const one = found[where % Math.max(1, found.length)];
      if (one === undefined) return text;
      const from = one.index;
      const to = from + one[0].length;
      if (kind === 'member') return `${text.slice(0, from)}${one[0]}:${bytes},${text.slice(from)}`;
      return text.slice(0, from) + bytes + text.slice(to);
    }
    case 'drop':
      return text.slice(0, at) + text.slice(at + size);
    case 'repeat':
      return text.slice(0, at) + text.slice(at, at + size).repeat(1 + (size % 4)) + text.slice(at);
    case 'cut':
      return text.slice(0, at);
    case 'flip': {
      const flipped = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << (size % 8)));
      return text.slice(0, at) + flipped + text.slice(at + 1);
    }
    case 'insert':
      return text.slice(0, at) + bytes + text.slice(at);
    case 'line': {
      const lines = text.split('\n');
      const line = lines[where % lines.length] ?? '';
      if (size % 3 === 0) lines.splice(where % lines.length, 1);
      else lines.splice(size % lines.length, 0, size % 3 === 1 ? line : bytes);
      return lines.join('\n');
    }
  }
}

/** Valid documents with none to six wounds. */
export function wounded(seeds: readonly (Buffer | string)[]): fc.Arbitrary<Buffer> {
  const texts = seeds.map((seed) => Buffer.from(seed as string).toString('latin1'));
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(wound, { maxLength: 6 }))
    .map(([text, wounds]) => Buffer.from(wounds.reduce(hurt, text).slice(0, 1 << 20), 'latin1'));
}

/** Mostly wounded documents, now and then a document of nothing but hostile values. */
export function hostile(seeds: readonly (Buffer | string)[]): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 9, arbitrary: wounded(seeds) },
    { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 4 }).map((texts) => Buffer.from(texts.join('\n'))) },
  );
}
