import { expect, it } from 'vitest';
import { csvText } from './csv.ts';

it('quotes what CSV and what spreadsheets would take for their own', () => {
  expect(csvText([['a,b', 'say "no"', 3, '=1+1', '-5', '']])).toBe('"a,b","say ""no""",3,\'=1+1,\'-5,\n');
  for (const text of [' =1', '\u00a0@x', '＝1', '＋1', '－1', '＠x']) expect(csvText([[text]])).toBe(`'${text}\n`);
  expect(csvText([['\n=1']])).toBe('"\'\n=1"\n');
});
