/** Values of every JSON type, as text: an object of ours would lose `__proto__`. */
const texts = [
  'null',
  'true',
  'false',
  '0',
  '-1.5',
  '1e308',
  '12345678901234567890',
  '""',
  '"\\u0000\\ud800"',
  '"__proto__"',
  '[]',
  '[null,[1,[{}]]]',
  '["a","b"]',
  '{}',
  '{"a":{"b":[1]}}',
  '{"toString":1}',
  '[{"toString":null,"valueOf":{}}]',
  '{"__proto__":{"toString":1}}',
  '{"constructor":{"prototype":1},"hasOwnProperty":2}',
  '{"toJSON":1,"then":2,"length":-1,"split":3}',
];

/** `JSON.parse` makes `__proto__` an own key, and `JSON.stringify` writes it again. */
export const oddValues: readonly unknown[] = texts.map((text) => JSON.parse(text) as unknown);
