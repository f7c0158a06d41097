import { expect, it } from 'vitest';
import { moduleDocs } from './api-docs.ts';

it('tells the module’s comment from that of its first declaration', () => {
  const own = '/** Adds. Twice. */\nexport function add(a: number, b: number): number { return a + b; }\n';
  expect(moduleDocs(own)).toEqual({ about: '', exports: [['add(a, b)', 'Adds.']] });
  expect(moduleDocs(`/** Sums. And more. */\n\n${own}`)).toEqual({ about: 'Sums.', exports: [['add(a, b)', 'Adds.']] });
  expect(moduleDocs(`/** Sums. */\nimport './other.ts';\n\n${own}`)).toEqual({
    about: 'Sums.',
    exports: [['add(a, b)', 'Adds.']],
  });
});

it('shows the shape of what has no docstring, and of a union whose members are explained', () => {
  const text = `
    export interface Clock { now(): number; readonly zone: string }
    /**
     * - \`a\`: the first.
     * - \`b\`: the second.
     */
    export type Kind = 'a' | 'b';
    export const twice = (x: number, { by = 2 } = {}): number => x * by;
    const hidden = 1;
    export class Fault extends Error { code = 1; }
  `;
  expect(moduleDocs(text).exports).toEqual([
    ['interface Clock', '`now`, `zone`'],
    ['type Kind', "`'a' | 'b'`"],
    ['twice(x, options)', '`(x: number, { by = 2 } = {}): number`'],
    ['class Fault', '`code`'],
  ]);
});

it('ends a sentence where the next one begins, not at every full stop', () => {
  const text = '/** Reads e.g. `a.b` or 1.5 s, over\n * two lines. Then stops. */\nexport const read = () => 1;\n';
  expect(moduleDocs(text).exports).toEqual([['read()', 'Reads e.g. `a.b` or 1.5 s, over two lines.']]);
});
