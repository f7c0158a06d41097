/** Every error names the place that explains it, once, through each executable; and the place is there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { start } from '../support/pipe.ts';

const page = readFileSync('docs/troubleshooting.md', 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'errors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cases: [program: string, args: string[], anchor: string][] = [
  ['tap-ukg-pro', ['--nonsense'], 'unknown-option'],
  ['tap-ukg-pro', ['--config', 'absent.json'], 'does-not-exist'],
  ['target-together', ['plam'], 'unknown-command'],
  ['target-together', ['--config', 'absent.json'], 'does-not-exist'],
  ['target-together', ['--config', 'wrong.json'], 'settings-are-wrong'],
  ['source-ukg-pro', ['read', '--catalog', 'wrong.json'], 'needs-file'],
  ['source-ukg-pro', ['read', '--config', 'wrong.json', '--catalog', 'wrong.json'], 'settings-are-wrong'],
  ['source-ukg-pro', ['check', '--config', 'absent.json'], 'does-not-exist'],
  [
    'destination-together',
    ['write', '--config', 'wrong.json', '--catalog', 'wrong.json'],
    'the-configured-catalog-has-no-list-streams',
  ],
  ['destination-together', ['check', '--config', 'absent.json'], 'does-not-exist'],
];

it.each(cases)('%s %j', async (program, args, anchor) => {
  writeFileSync(join(folder, 'wrong.json'), '{}', { mode: 0o600 });
  const { stdout, stderr } = await start(program, args, { cwd: folder, input: '' });
  const named = [...`${stdout}\n${stderr}`.matchAll(/See https:\/\/\S+?\/troubleshooting\.md#([\w-]+)/g)];
  expect(named.map(([, place]) => place)).toEqual([anchor]);
  expect(page).toContain(`<a id="${anchor}"></a>`);
});
