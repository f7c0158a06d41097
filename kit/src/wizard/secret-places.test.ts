import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDotEnv } from '../settings/env.ts';
import { addLines } from './init-files.ts';
import { keepSecret, placeOf } from './secret-places.ts';
import { openSettingsFile } from './settings-file.ts';
import { wrapped } from './wrapped.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'places-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keep = (place: string, value: string, fromEnv = false) =>
  keepSecret(place, { variable: 'MY_KEY', value, fromEnv }, folder);

it.each(['plain', 'pass #1 "word"', "it's", 'a\\b$c', ' edges ', '"', '#'])(
  '.env gives %j back as it was',
  async (value) => {
    writeFileSync(join(folder, '.env'), '# mine\nOTHER=1\nMY_KEY=old\n');
    expect(keep('env', value)).toBe('env:MY_KEY');
    expect((await readDotEnv(folder)).variables).toEqual({ OTHER: '1', MY_KEY: value });
    if (process.platform !== 'win32') expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  },
);

it('a file of its own, for its owner alone', () => {
  expect(keep('files', 's3cret')).toBe('file:secrets/my_key');
  expect(readFileSync(join(folder, 'secrets', 'my_key'), 'utf8')).toBe('s3cret\n');
  if (process.platform !== 'win32') expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
});

it('a reference stays what it is, and a variable that is there is named', () => {
  expect(keep('env', 'vault://a/b#c')).toBe('vault://a/b#c');
  expect(keep('references', 's3cret', true)).toBe('env:MY_KEY');
  expect(() => keep('references', 's3cret')).toThrow('MY_KEY must be a reference');
});

it('the reference that the settings have tells where secrets are kept', () => {
  expect(placeOf(keep('env', 's3cret'), folder)).toBe('env');
  expect(placeOf(keep('files', 's3cret'), folder)).toBe('files');
  expect(placeOf('exec:secret-tool lookup service ukg-together account MY_KEY', folder)).toBe('keychain');
  for (const elsewhere of ['env:ANOTHER_KEY', 'vault://a/b#c', 'file:/run/secrets/key'])
    expect(placeOf(elsewhere, folder)).toBe('references');
  for (const nothing of [undefined, 's3cret', 7]) expect(placeOf(nothing, folder)).toBeUndefined();
});

it('a settings file is filled in beside what the other half writes', async () => {
  const path = join(folder, 'config.json');
  const mine = await openSettingsFile(path, 'target-together');
  await mine.set('region', 'eu');
  const other = await openSettingsFile(path, 'tap-ukg-pro');
  await other.set('username', 'reader');
  await mine.set('client_id', 'c');
  const whole = JSON.parse(readFileSync(path, 'utf8')) as object;
  expect(Object.keys(whole)).toEqual(['$schema', 'target-together', 'tap-ukg-pro']);
  expect(whole).toMatchObject({
    'target-together': { region: 'eu', client_id: 'c' },
    'tap-ukg-pro': { username: 'reader' },
  });
  writeFileSync(path, '{"region": "eu"}');
  await expect(openSettingsFile(path, 'target-together')).rejects.toThrow('outside of a section: region');
});

it('lines are added once', () => {
  const path = join(folder, '.gitignore');
  writeFileSync(path, 'dist');
  addLines(path, ['.env', 'dist']);
  addLines(path, ['.env']);
  expect(readFileSync(path, 'utf8')).toBe('dist\n.env\n');
});

it('text is broken at 80 columns', () => {
  const lines = wrapped('word '.repeat(40).trim(), 0, 4).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines[1]).toMatch(/^ {4}word/);
  expect(wrapped('x'.repeat(100))).toHaveLength(100);
});
