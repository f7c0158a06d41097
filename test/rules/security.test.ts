/** docs/security.md: each promise names a test that exists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const packages = ['protocol', 'kit', 'transport', 'tap-ukg-pro', 'target-together', 'sandbox', 'test', 'scripts'];

/** The text of every test file, with its quotes unescaped, as titles are compared with it. */
const sources = readdirSync(root, { withFileTypes: true })
  .filter((folder) => packages.includes(folder.name))
  .flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)),
  )
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules') && !file.endsWith('security.test.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'));

/** Rows of the page's tables: the promise, and what holds it. */
const rows = readFileSync(join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| promise'))
  .map((line) => line.slice(2, -2).split(' | ') as [promise: string, tests: string]);

const titled = (title: string) =>
  sources.some((text) => ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`)));

it('has a table', () => expect(rows.length).toBeGreaterThan(20));

describe.each(rows)('%s', (_promise, tests) => {
  it('is held by tests that exist', () => {
    const held = tests.split(' · ');
    for (const each of held) {
      const title = /^"(.*)"$/.exec(each)?.[1];
      const script = /^`npm run ([\w-]+)( -- [\w ]+)?`$/.exec(each)?.[1];
      if (title !== undefined) expect(titled(title), each).toBe(true);
      else expect(scripts, each).toHaveProperty([script ?? each]);
    }
  });
});
