/** What `mapping suggest` proposes, `mapping check` accepts: for any header that a sheet, a view or a warehouse may have. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { bin, cleanEnv } from '../support/pipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'suggest-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = { api_url: 'http://127.0.0.1:1', organization_id: 'o', client_id: 'c', api_key: 'k'.repeat(12) };

function mapping(command: string, catalog: object, own: object = {}) {
  const at = (name: string, value: object) => {
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 });
    return join(folder, name);
  };
  const config = command === 'check' ? ['--config', at('config.json', { ...settings, ...own })] : ['--format', 'json'];
  return spawnSync(bin('target-together'), ['mapping', command, '--catalog', at('catalog.json', catalog), ...config], {
    env: cleanEnv(),
    encoding: 'utf8',
  });
}

/** Headers that mean something: the field they stand for is proposed, whatever signs are around the words. */
const words = [
  'Employee ID',
  'Work Email',
  'First Name',
  'Last Name',
  'Status',
  'Job Title',
  'Department',
  'Cost Center',
  'Team',
  'Région',
];
const signs = [
  ' ',
  '\t',
  '\u00a0',
  '\\',
  '"',
  "'",
  '`',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  '.',
  ':',
  '$',
  '/',
  '#',
  '*',
  '%',
  '@',
  '=',
  '?',
  'é',
  'ß',
  '日本',
  '🙂',
  '~1',
  '~0',
  '[0]',
  '..',
  '__',
  '',
];
const sign = fc.constantFrom(...signs);
const header = fc.tuple(fc.constantFrom(...words), sign, sign, sign).map(([word, before, within, after]) => {
  const [first = '', ...rest] = word.split(' ');
  return `${before}${[first, ...rest].join(within === '' ? ' ' : within)}${after}`;
});
const nonsense = fc.string({ unit: fc.constantFrom(...signs, 'a', 'B', '1'), maxLength: 6 });

it.each([1, 2, 3, 4, 5, 6])('proposals of random headers pass the check (seed %i)', (seed) => {
  const [headers = []] = fc.sample(fc.array(fc.oneof(header, nonsense), { minLength: 20, maxLength: 60 }), {
    seed,
    numRuns: 1,
  });
  const properties = Object.fromEntries(
    [...headers, ...words.slice(0, 5)].map((name) => [name, { type: ['null', 'string'] }]),
  );
  const catalog = {
    streams: [
      {
        tap_stream_id: 'sheet',
        stream: 'sheet',
        key_properties: [],
        schema: { type: 'object', properties },
        metadata: [],
      },
    ],
  };
  const suggested = mapping('suggest', catalog);
  expect(suggested.status, suggested.stderr).toBe(0);
  const { settings: proposed, custom } = JSON.parse(suggested.stdout) as { settings: object; custom: string[] };
  expect(Object.keys((proposed as { mapping: { fields: object } }).mapping.fields).length).toBeGreaterThan(4);
  const hris_fields = Object.fromEntries(custom.map((path, at) => [`custom${at}`, path]));
  const checked = mapping('check', catalog, { ...proposed, hris_fields });
  expect(checked.status, `${JSON.stringify(headers)}\n${checked.stdout}${checked.stderr}`).toBe(0);
});
