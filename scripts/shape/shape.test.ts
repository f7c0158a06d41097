import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { faultsOf } from './limits.ts';
import { measure } from './measure.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function shapeOf(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'shape-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'one/src', path)), { recursive: true });
    writeFileSync(join(root, 'one/src', path), text);
  }
  return measure(root, 'one');
}

const functionOf = (lines: number) => `export function long() {\n${'  work();\n'.repeat(lines - 2)}}\n`;
const interfaceOf = (name: string, members: number) =>
  `interface ${name} {\n${Array.from({ length: members }, (_, i) => `  m${i}: string;\n`).join('')}}\n`;
const folderOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`room/f${i}.ts`, 'export {};\n']));

describe('shape', () => {
  test('what is at the limit passes', () => {
    const shape = shapeOf({
      ...folderOf(13),
      'room/one.test.ts': functionOf(500),
      'generated/big.ts': functionOf(500),
      'a.ts': `import type { B } from './b.ts';\n${functionOf(100)}`,
      'b.ts': `export interface B {}\n${interfaceOf('RunOptions', 12)}${interfaceOf('Summary', 40)}`,
    });
    expect(faultsOf(shape)).toEqual([]);
    expect({ files: shape.files, longest: shape.lengths.at(-1) }).toEqual({
      files: 15,
      longest: { figure: 102, of: 'one/src/a.ts' },
    });
  });

  test('a folder of 14 files is named', () => {
    expect(faultsOf(shapeOf(folderOf(14)))).toEqual([
      'one/src/room holds 14 files, more than 13: make a folder for what belongs together.',
    ]);
  });

  test('a function of 101 lines is named by its line, whatever kind it is', () => {
    const body = `{\n${'  work();\n'.repeat(99)}}`;
    for (const text of [
      `export function long() ${body}`,
      `export const long = () => ${body};`,
      `export const one = { long() ${body} };`,
      `export class One { constructor() ${body} }`,
    ]) {
      expect(faultsOf(shapeOf({ 'a.ts': `\n${text}\n` }))).toEqual([
        'one/src/a.ts:2: a function of 101 lines, more than 100.',
      ]);
    }
  });

  test('thirteen members handed to a function are named, as an interface or as a type', () => {
    const type = interfaceOf('RunDeps', 13).replace('interface RunDeps', 'type RunDeps =');
    for (const text of [interfaceOf('RunDeps', 13), type]) {
      expect(faultsOf(shapeOf({ 'a.ts': text }))).toEqual([
        'one/src/a.ts RunDeps has 13 members, more than 12: hand on only what is used, or group it.',
      ]);
    }
  });

  test.each([
    ["import { b } from './b.ts';", 'an import'],
    ["import type { B } from './b.ts';", 'a type import'],
    ["export * from './b.ts';", 'a re-export'],
    ["type B = import('./b.ts').B;", 'an import type'],
    ["export const late = () => import('./b.ts');", 'an import on demand'],
  ])('a circle through %j (%s) is named', (line) => {
    const files = { 'a.ts': line, 'b.ts': "export { c } from './c.ts';", 'c.ts': "import { a } from './a.ts';" };
    expect(faultsOf(shapeOf(files))).toEqual([
      'Import each other (types count): one/src/a.ts ↔ one/src/b.ts ↔ one/src/c.ts.',
    ]);
  });
});
