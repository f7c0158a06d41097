/** CONTRIBUTING.md sends nobody to a file or a command that is gone. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const page = readFileSync(path('CONTRIBUTING.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(path('package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Every path that the page names, in code of a line or of a block; NAME stands for a file that is yet to be written. */
const paths = [...page.matchAll(/(?<![\w/.-])\.?[\w-]+\/[\w./-]*[\w/]/g)]
  .map(([found]) => found)
  .filter((found) => !found.includes('NAME') && !found.startsWith('application/'));

describe('CONTRIBUTING.md', () => {
  it('names paths that exist', () => {
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((each) => !existsSync(path(each)))).toEqual([]);
  });

  it('names commands that exist', () => {
    const named = [...page.matchAll(/npm run ([\w:-]+\w)/g)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('answers ten questions and more, each by a file', () => {
    const table = /## Where is[\s\S]*?\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
    const rows = table.split('\n').slice(2);
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const row of rows) expect(row).toMatch(/^\| .*\? \| .*`[\w-]+\/[\w./-]+\.ts`.* \|$/);
  });
});
