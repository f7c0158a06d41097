/** Wrong settings, through the built executables: everything at once, nothing sent. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Ran, start } from '../support/pipe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function target(settings: object): Promise<Ran> {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  return start('target-together', ['--config', config], { input: '' });
}

it('lists the faults of the mapping beside those of other settings', async () => {
  const { code, stdout, stderr } = await target({
    client_id: 'c\n',
    api_key: 'k',
    batch_size: 0,
    guards: { max_vanishd: null },
    mapping: { fields: { emial: 'workEmail', title: { frm: 'title' } } },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const fault of [
    'organization_id: is required',
    'region: is required',
    'client_id: holds a character',
    'batch_size: must be at least 1',
    'guards: has unknown keys: "max_vanishd"',
    'mapping.fields.emial: ',
    'mapping.fields.title',
  ]) {
    expect(stderr).toContain(fault);
  }
  expect(stderr).not.toContain('is ignored');
});

it('lists a preset that does not exist beside them', async () => {
  const { stderr } = await target({ region: 'eu', mapping: { preset: 'bamboo' } });
  expect(stderr).toMatch(/client_id: is required[\s\S]*mapping\.preset: "bamboo" is none of/);
});
