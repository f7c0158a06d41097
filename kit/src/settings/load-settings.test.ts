import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createRedactor } from '../log/redact.ts';
import { castText, parseDotEnv } from './env.ts';
import { loadSettings, SettingsError, type SettingsOptions } from './load-settings.ts';
import { settingsJsonSchema } from './to-json-schema.ts';

const schema = z.object({
  base_url: z.string(),
  password: z.string().min(8).meta({ secret: true }),
  page_size: z.number().int().min(1).max(500).default(200),
  region: z.enum(['eu', 'us']).optional(),
  verbose: z.boolean().default(false),
  company_ids: z.array(z.string()).optional(),
  resend_after_hours: z.number().nullable().default(24),
  state_dir: z.string().nullable().optional(),
  guards: z
    .object({ max_vanished: z.object({ count: z.number().default(10), percent: z.number().default(5) }).prefault({}) })
    .prefault({}),
  limiter: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('local') }),
      z.object({ type: z.literal('redis'), url: z.string().meta({ secret: true }) }),
    ])
    .default({ type: 'local' }),
  fields: z.record(z.string(), z.unknown()).default({}),
});
const json = settingsJsonSchema(schema);
const good = { base_url: 'https://x', password: 'hunter2222' };

let folder: string;
let warnings: string[];
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  warnings = [];
  notes = [];
});

async function file(name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  await chmod(path, 0o600);
  return path;
}

const load = (files: string[], options: Partial<SettingsOptions<z.infer<typeof schema>>> = {}) =>
  loadSettings({
    files,
    env: {},
    name: 'tap-ukg-pro',
    schema,
    json,
    folder,
    log: { warn: (message) => warnings.push(message), info: (message) => notes.push(message) },
    ...options,
  });

const from = async (value: unknown, options = {}) => load([await file('a.json', value)], options);

async function fault(value: unknown, options = {}): Promise<SettingsError> {
  const error: unknown = await from(value, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SettingsError);
  return error as SettingsError;
}

describe('loadSettings merges', () => {
  it('files, the later one winning, and fills in defaults', async () => {
    const settings = await load([
      await file('a.json', { ...good, page_size: 5 }),
      await file('b.json', { page_size: 6 }),
    ]);
    expect(settings).toMatchObject({
      ...good,
      page_size: 6,
      limiter: { type: 'local' },
      guards: { max_vanished: { count: 10, percent: 5 } },
    });
    expect(warnings).toEqual([]);
  });

  it('only its own section of a file that holds both halves', async () => {
    expect(await from({ 'tap-ukg-pro': good, 'target-together': { password: 1 } })).toMatchObject(good);
    const other = await fault({ 'target-together': good });
    expect(other.faults.map(({ path }) => path)).toEqual(['base_url', 'password']);
  });

  it('without the $schema that an editor reads, of the file and of a section', async () => {
    const $schema = 'https://example.com/settings.schema.json';
    expect(await from({ $schema, ...good })).not.toHaveProperty('$schema');
    expect(await from({ $schema, 'tap-ukg-pro': { $schema, ...good } })).not.toHaveProperty('$schema');
    expect(warnings).toEqual([]);
  });

  it('the environment over everything, wherever the word ENV stands, and only then', async () => {
    const path = await file('a.json', good);
    const env = {
      TAP_UKG_PRO_PAGE_SIZE: '7',
      TAP_UKG_PRO_VERBOSE: 'Yes',
      TAP_UKG_PRO_COMPANY_IDS: '["a","b"]',
      TAP_UKG_PRO_RESEND_AFTER_HOURS: 'null',
      TAP_UKG_PRO_GUARDS__MAX_VANISHED__COUNT: '3',
      TAP_UKG_PRO_GUARDS_MAX_VANISHED_PERCENT: '2.5',
      TAP_UKG_PRO_FIELDS: '{"a.b":"c"}',
      TAP_UKG_PRO_REGION: '',
      TAP_UKG_PRO__SELECT: '["x"]',
    };
    for (const files of [
      [path, 'ENV'],
      ['ENV', path],
    ]) {
      expect(await load(files, { env })).toMatchObject({
        page_size: 7,
        verbose: true,
        company_ids: ['a', 'b'],
        resend_after_hours: null,
        guards: { max_vanished: { count: 3, percent: 2.5 } },
        fields: { 'a.b': 'c' },
      });
    }
    expect((await load([path], { env })).page_size).toBe(200);
  });

  it('the .env of the working folder below the real environment, and none above it', async () => {
    const path = await file('.env', 'TAP_UKG_PRO_PAGE_SIZE=9\nTAP_UKG_PRO_BASE_URL="https://env"\n');
    const env = { TAP_UKG_PRO_PAGE_SIZE: '8', TAP_UKG_PRO_PASSWORD: good.password };
    const settings = await load(['ENV'], { env });
    expect(settings).toMatchObject({ base_url: 'https://env', page_size: 8 });
    expect(notes).toEqual([`Settings are read from ${path} too.`]);
    const inner = join(folder, 'a');
    await mkdir(inner);
    await expect(load(['ENV'], { folder: inner, env })).rejects.toThrow(/base_url: is required/);
  });

  it('relative paths from the folder of their settings file, at any spelling; from elsewhere they are faults', async () => {
    await writeFile(join(folder, 'pw'), 'hunter2222');
    const paths = { state_dir: () => true };
    const settings = { base_url: 'x', state_dir: 'state', limiter: { type: 'redis' }, 'limiter.url_file': 'pw' };
    for (const password of [{ password: 'file:pw' }, { password_file: './pw' }]) {
      expect(await load([await file('a.json', { ...settings, ...password })], { paths })).toMatchObject({
        password: 'hunter2222',
        state_dir: join(folder, 'state'),
        limiter: { url: 'hunter2222' },
      });
    }
    // Meltano's own: left as it is, for the schema to refuse.
    await mkdir(join(folder, '.meltano', 'run'), { recursive: true });
    const written = await file(join('.meltano', 'run', 'x.config.json'), { ...good, state_dir: 'state' });
    expect((await load([written], { paths })).state_dir).toBe('state');
    await file('.env', 'TAP_UKG_PRO_STATE_DIR=state\nTAP_UKG_PRO_PASSWORD_FILE=pw\nTAP_UKG_PRO_BASE_URL=x\n');
    expect(await load(['ENV'], { paths })).toMatchObject({
      password: 'hunter2222',
      state_dir: join(folder, 'state'),
    });
    await expect(load(['ENV'], { paths, env: { TAP_UKG_PRO_PASSWORD_FILE: './pw' } })).rejects.toThrow(
      /password: The secret file .\/pw is a relative path/,
    );
  });

  it('.env for references too, though no --config ENV asks for its settings', async () => {
    await file('.env', 'TAP_UKG_PRO_PAGE_SIZE=9\nUKG_PW=hunter2222\n');
    const path = await file('c.json', JSON.stringify({ ...good, password: 'env:UKG_PW' }));
    expect(await load([path], { env: {} })).toMatchObject({ password: 'hunter2222', page_size: 200 });
    expect(await load([path], { env: { UKG_PW: 'from outside' } })).toMatchObject({ password: 'from outside' });
  });

  it('null and empty text as unset, but null where it means something', async () => {
    const settings = await from({
      ...good,
      page_size: null,
      region: '',
      company_ids: null,
      resend_after_hours: null,
      fields: { keep: null },
    });
    expect(settings).toMatchObject({ page_size: 200, resend_after_hours: null, fields: { keep: null } });
    expect(settings).not.toHaveProperty('region');
  });

  it('dotted names as nested ones', async () => {
    expect(await from({ ...good, 'guards.max_vanished.count': 4, 'guards.max_vanished.percent': 1 })).toMatchObject({
      guards: { max_vanished: { count: 4, percent: 1 } },
    });
  });
});

describe('loadSettings tells every fault at once, by path, without the value', () => {
  it('as sentences', async () => {
    const error = await fault({
      pasword: 'sup3rs3cret',
      page_size: 'many',
      region: 'mars',
      verbose: 1,
      company_ids: [7],
      guards: { max_vanished: { count: 'x' } },
    });
    expect(error).toMatchObject({ kind: 'settings', exitCode: 2 });
    expect(error.faults).toEqual([
      { path: 'base_url', message: 'is required' },
      { path: 'password', message: 'is required (you wrote "pasword")' },
      { path: 'page_size', message: 'must be a number' },
      { path: 'region', message: 'must be "eu" or "us"' },
      { path: 'verbose', message: 'must be true or false' },
      { path: 'company_ids[0]', message: 'must be text' },
      { path: 'guards.max_vanished.count', message: 'must be a number' },
    ]);
    expect(`${error.message}${error.stack}`).not.toMatch(/sup3rs3cret|mars|many/);
    expect(warnings).toEqual(['The unknown setting pasword is ignored (did you mean "password"?).']);
  });

  it('an unknown key of what takes no others once, as a fault and not as ignored', async () => {
    const closed = z.object({ guards: z.strictObject({ max_vanished: z.number().default(10) }).prefault({}) });
    const path = await file('a.json', { guards: { max_vanishd: 1 } });
    const loading = load([path], { schema: closed as never, json: settingsJsonSchema(closed) });
    await expect(loading).rejects.toMatchObject({
      faults: [{ path: 'guards', message: 'has unknown keys: "max_vanishd" (did you mean "max_vanished"?)' }],
    });
    expect(warnings).toEqual([]);
  });

  it('and beside them what only the caller sees, in what is right', async () => {
    const asked: unknown[] = [];
    const alsoWrong = async (valid: unknown) => {
      asked.push(valid);
      return [{ path: 'fields.title', message: 'is no path' }];
    };
    const { faults } = await fault({ ...good, page_size: 'x', fields: { title: '[' } }, { alsoWrong });
    expect(faults.map(({ path }) => path)).toEqual(['page_size', 'fields.title']);
    expect(asked).toEqual([{ ...good, fields: { title: '[' } }]);
    await from(good, { alsoWrong });
    expect(asked).toHaveLength(1);
  });

  it('and beside an unknown key, in what stands next to it', async () => {
    const closed = z.object({
      mapping: z.strictObject({ preset: z.string().optional(), fields: z.record(z.string(), z.unknown()).optional() }),
      filters: z.array(z.strictObject({ field: z.string() })).default([]),
    });
    const path = await file('a.json', { mapping: { presett: 'x', fields: { title: '[' } }, filters: [{ felid: 'x' }] });
    const asked: unknown[] = [];
    const alsoWrong = async (valid: unknown) => {
      asked.push(valid);
      return [];
    };
    const loading = load([path], { schema: closed as never, json: settingsJsonSchema(closed), alsoWrong });
    await expect(loading).rejects.toMatchObject({ kind: 'settings' });
    expect(asked).toEqual([{ mapping: { fields: { title: '[' } } }]);
  });

  it('bounds, whole numbers and the nearest alternative of a union', async () => {
    const { faults } = await fault({ ...good, password: 'short', page_size: 900, limiter: { type: 'redis' } });
    expect(faults).toEqual([
      { path: 'password', message: 'must have at least 8 characters' },
      { path: 'page_size', message: 'must be at most 500' },
      { path: 'limiter.url', message: 'is required' },
    ]);
    expect((await fault({ ...good, page_size: 1.5 })).faults[0]?.message).toBe('must be a whole number');
  });

  it('with what to do when nothing was given at all', async () => {
    await expect(load([])).rejects.toMatchObject({ hint: expect.stringContaining('--config FILE') as string });
    await expect(load([], { env: { TAP_UKG_PRO_PASSWORD: 'x' } })).rejects.toMatchObject({
      hint: expect.stringContaining('--config ENV') as string,
    });
  });

  it('a file that is missing, broken or no object', async () => {
    await expect(load([join(folder, 'none.json')])).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('does not exist') as string,
    });
    await expect(load([await file('a.json', '{"password": "hunter2222",\n "x" 1}')])).rejects.toMatchObject({
      message: expect.stringMatching(/a\.json is not valid JSON: look at line 2, column 6\.$/) as string,
    });
    await expect(load([await file('a.json', [])])).rejects.toThrow('no JSON object');
  });

  it('never anything but a ConnectorError, and never a value, whatever the file', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...Object.keys(schema.shape), '__proto__', 'guards.x.y'), fc.jsonValue()),
    );
    await fc.assert(
      fc.asyncProperty(value, async (settings) => {
        await from(settings).catch((error: unknown) =>
          expect(error).toMatchObject({ name: 'ConnectorError', kind: 'settings' }),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('loadSettings and secrets', () => {
  it('takes references to the environment, files and commands, and tells the redactor the values', async () => {
    const redactor = createRedactor();
    const path = await file('secret.txt', 'from-a-file\n');
    const options = {
      redactor,
      env: { MY_PASSWORD: 'from-the-env' },
      secrets: { exec: async () => 'from-a-command\n' },
    };
    const passwords: string[] = [];
    for (const password of ['env:MY_PASSWORD', `file:${path}`, 'exec:op read "op://vault/item"']) {
      passwords.push((await from({ ...good, password }, options)).password);
    }
    passwords.push((await from({ base_url: 'x', password_file: path }, options)).password);
    expect(passwords).toEqual(['from-the-env', 'from-a-file', 'from-a-command', 'from-a-file']);
    expect(redactor.text('from-the-env from-a-file from-a-command')).toBe('*** *** ***');
    expect(warnings).toEqual([]);
  });

  it('takes …_FILE from the environment', async () => {
    const path = await file('secret.txt', 'from-a-file');
    const settings = await load(['ENV'], { env: { TAP_UKG_PRO_BASE_URL: 'x', TAP_UKG_PRO_PASSWORD_FILE: path } });
    expect(settings.password).toBe('from-a-file');
  });

  it('resolves secrets deep inside, and other texts from the environment', async () => {
    const limiter = { type: 'redis', url: 'env:REDIS' };
    const settings = await from(
      { ...good, base_url: 'env:BASE', limiter },
      { env: { REDIS: 'redis://h', BASE: 'https://b' } },
    );
    expect(settings).toMatchObject({ base_url: 'https://b', limiter: { type: 'redis', url: 'redis://h' } });
  });

  it('tells an unresolved reference with the other faults', async () => {
    const { faults } = await fault({ password: 'env:NOWHERE' });
    expect(faults).toEqual([
      { path: 'password', message: 'The environment variable NOWHERE is not set.' },
      { path: 'base_url', message: 'is required' },
    ]);
    const redactor = createRedactor();
    await load([await file('a.json', { ...good, password: 'env:NOWHERE' })], { redactor }).catch(() => {});
    expect(redactor.text('env:NOWHERE')).toBe('env:NOWHERE');
  });

  it.skipIf(process.platform === 'win32')(
    'warns of plain secrets in a file that everybody can read, not of references',
    async () => {
      const path = await file('a.json', good);
      await chmod(path, 0o644);
      await load([path]);
      expect(warnings).toEqual([
        expect.stringMatching(/^Every user of this machine can read the secrets in .*\(password\): chmod 600/),
      ]);
      expect(warnings[0]).not.toContain(good.password);
      warnings = [];
      await writeFile(path, JSON.stringify({ ...good, password: 'env:PW' }));
      await load([path], { env: { PW: 'hunter2222' } });
      expect(warnings).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32')('warns of a file that everybody can change, whatever it holds', async () => {
    const path = await file('a.json', { ...good, password: 'env:PW' });
    await chmod(path, 0o602);
    await load([path], { env: { PW: 'hunter2222' } });
    expect(warnings).toEqual([expect.stringMatching(/^Every user of this machine can change /)]);
  });

  it.skipIf(process.platform === 'win32')('says nothing of the rights of files that a runner wrote', async () => {
    const run = join(folder, '.meltano', 'run');
    await mkdir(run, { recursive: true });
    const path = await file(join('.meltano', 'run', 'tap.config.json'), good);
    await chmod(path, 0o666);
    await load([path]);
    const own = await file('a.json', good);
    await chmod(own, 0o644);
    await load([own], { ofPlatform: true });
    expect(warnings).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('warns of a .env that everybody can read as well', async () => {
    const path = await file('.env', 'TAP_UKG_PRO_BASE_URL=x\nTAP_UKG_PRO_PASSWORD=hunter2222\n');
    await load(['ENV']);
    expect(warnings).toEqual([]);
    await chmod(path, 0o644);
    await load(['ENV']);
    expect(warnings).toEqual([expect.stringMatching(/secrets in .*\.env \(password\)/)]);
    warnings = [];
    await writeFile(path, 'TAP_UKG_PRO_BASE_URL=x\nTAP_UKG_PRO_PASSWORD=env:PW\nPW=hunter2222\n');
    await load(['ENV']);
    expect(warnings).toEqual([]);
  });
});

it('castText makes of a variable what the setting is', () => {
  const cast = (text: string, type: unknown) => castText(text, { type } as never);
  expect(cast('12', 'integer')).toBe(12);
  expect(cast('1e3', ['number', 'null'])).toBe(1000);
  expect(cast('null', ['number', 'null'])).toBe(null);
  expect(cast('off', 'boolean')).toBe(false);
  expect(cast('a, b', 'array')).toEqual(['a', 'b']);
  expect(cast('{"a":1}', 'object')).toEqual({ a: 1 });
  expect(cast('{broken', 'object')).toBe('{broken');
  expect(cast('007', 'string')).toBe('007');
  expect(cast('maybe', 'boolean')).toBe('maybe');
});

it('parseDotEnv reads quotes, comments, export and lines that go on', () => {
  expect(
    parseDotEnv(
      '\ufeff# c\nA=1 # one\nexport B = "two\\n\\"x\\" # no"\r\nC=\'a "b" \\n\'\nD=a#b\nE=\nF="l1\nl2"\nnot a line\nG=x=y',
    ),
  ).toEqual({ A: '1', B: 'two\n"x" # no', C: 'a "b" \\n', D: 'a#b', E: '', F: 'l1\nl2', G: 'x=y' });
});
