/** A neighbour plants files where a run is started: settings, commands, packages. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bin, start } from '../support/pipe.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

let folder: string;
let inner: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'));
  inner = join(folder, 'inner');
  mkdirSync(inner);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ran = () => existsSync(join(folder, 'RAN'));
const command = () => `exec:touch ${join(folder, 'RAN')}`;

const install = (place: string, name: string) => {
  const at = join(place, 'node_modules', name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), '{"main":"index.js"}');
  writeFileSync(join(at, 'index.js'), `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'RAN'))}, '')`);
};

const halves = [
  {
    half: 'tap-ukg-pro',
    secret: 'TAP_UKG_PRO_PASSWORD',
    env: {
      TAP_UKG_PRO_BASE_URL: 'http://127.0.0.1:1',
      TAP_UKG_PRO_USERNAME: 'u',
      TAP_UKG_PRO_CUSTOMER_API_KEY: 'ABCDE',
      TAP_UKG_PRO_MAX_RETRIES: '0',
    },
  },
  {
    half: 'target-together',
    secret: 'TARGET_TOGETHER_API_KEY',
    env: {
      TARGET_TOGETHER_API_URL: 'http://127.0.0.1:1',
      TARGET_TOGETHER_ORGANIZATION_ID: 'o',
      TARGET_TOGETHER_CLIENT_ID: 'c',
      TARGET_TOGETHER_STATE_DIR: 'none',
    },
  },
];

describe.each(halves)('$half', ({ half, secret, env }) => {
  const run = (more: NodeJS.ProcessEnv = {}) =>
    start(half, ['--config', 'ENV'], { cwd: inner, env: { ...env, ...more }, input: '' });
  const plant = (path: string, value: string) => writeFileSync(path, `${secret}=${value}\n`, { mode: 0o600 });

  it('reads no .env of a folder above the one it is started in', async () => {
    plant(join(folder, '.env'), command());
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('is required') });
    expect(ran()).toBe(false);
  });

  it('runs no command out of a .env', async () => {
    plant(join(inner, '.env'), command());
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('is an exec: out of') });
    expect(ran()).toBe(false);
  });

  it('names the .env that it reads', async () => {
    plant(join(inner, '.env'), 'hunter2222');
    const { code, stderr } = await run();
    expect(stderr).toContain(`Settings are read from ${join(inner, '.env')} too.`);
    // The settings are whole: the tap's next step is a host that is not there, the target's an input without messages.
    expect(code).not.toBe(2);
  });

  it.each([
    { what: 'that others can write', spoil: () => chmodSync(join(inner, '.env'), 0o606) },
    { what: 'in a folder that others can write', spoil: () => chmodSync(inner, 0o1777) },
    {
      what: 'that is a pipe, which never ends, in a folder that others can write',
      spoil() {
        rmSync(join(inner, '.env'));
        execFileSync('mkfifo', [join(inner, '.env')]);
        chmodSync(inner, 0o1777);
      },
    },
    ...(isRoot
      ? [
          { what: 'of another user', spoil: () => chownSync(join(inner, '.env'), nobody, nobody) },
          {
            what: 'that another user’s link leads to',
            spoil() {
              renameSync(join(inner, '.env'), join(folder, 'mine'));
              symlinkSync(join(folder, 'mine'), join(inner, '.env'));
              lchownSync(join(inner, '.env'), nobody, nobody);
            },
          },
          { what: 'in a folder of another user', spoil: () => chownSync(inner, nobody, nobody) },
        ]
      : []),
  ])('refuses a .env $what', async ({ spoil }) => {
    plant(join(inner, '.env'), 'hunter2222');
    spoil();
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('.env is not read') });
  });

  describe('loads an optional package', () => {
    const aws = { name: '@aws-sdk/client-secrets-manager', env: { [secret]: 'aws+sm://hr/key' } };
    const telemetry = {
      name: '@opentelemetry/sdk-node',
      env: { [secret]: 'hunter2222', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    };

    it.each([aws, telemetry])('never from a folder above, or one that others can write: $name', async (asked) => {
      install(folder, asked.name);
      await run(asked.env);
      expect(ran()).toBe(false);
      install(inner, asked.name);
      chmodSync(inner, 0o777);
      await run(asked.env);
      expect(ran()).toBe(false);
    });

    const planted: { what: string; plant: (main: string) => string }[] = [
      {
        what: 'that asks for what a neighbour put above it',
        plant(main) {
          // As `debug` asks for supports-color, and goes on without.
          writeFileSync(main, `try { require('planted') } catch {}`);
          install(folder, 'planted');
          return join(folder, 'node_modules');
        },
      },
      { what: 'of a neighbour', plant: (main) => dirname(main) },
      { what: 'whose main file is a neighbour’s', plant: (main) => main },
      {
        what: 'that needs a file of a neighbour’s',
        plant(main) {
          mkdirSync(join(dirname(main), 'lib'));
          const part = join(dirname(main), 'lib', 'part.js');
          cpSync(main, part);
          writeFileSync(main, `require('./lib/part.js')`);
          return part;
        },
      },
      {
        what: 'that needs a package of a neighbour’s, by way of another one',
        plant(main) {
          install(inner, 'between');
          install(inner, 'planted');
          const modules = join(inner, 'node_modules');
          for (const [one, needs] of [
            [dirname(main), 'between'],
            [join(modules, 'between'), 'planted'],
          ] as const) {
            writeFileSync(
              join(one, 'package.json'),
              JSON.stringify({ main: 'index.js', dependencies: { [needs]: '1' } }),
            );
            writeFileSync(join(one, 'index.js'), `require('${needs}')`);
          }
          return join(modules, 'planted', 'index.js');
        },
      },
    ];
    it.each(isRoot ? planted : [])('$what: never', async ({ plant }) => {
      install(inner, aws.name);
      const place = plant(join(inner, 'node_modules', aws.name, 'index.js'));
      chownSync(place, nobody, nobody);
      expect(await run(aws.env)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not loaded') });
      expect(ran()).toBe(false);
      // One's own, but not one's own alone.
      chownSync(place, 0, 0);
      chmodSync(place, 0o777);
      expect(await run(aws.env)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not loaded') });
      expect(ran()).toBe(false);
    });

    it.each([aws, telemetry])(
      'from the folder it is started in, and the one that a variable names: $name',
      async (asked) => {
        install(inner, asked.name);
        await run(asked.env);
        expect(ran()).toBe(true);
        rmSync(join(folder, 'RAN'));
        const elsewhere = join(folder, 'elsewhere');
        mkdirSync(elsewhere);
        install(elsewhere, asked.name);
        rmSync(join(inner, 'node_modules'), { recursive: true });
        await run({ ...asked.env, UKG_TOGETHER_PACKAGES: elsewhere });
        expect(ran()).toBe(true);
      },
    );
  });
});

// Of a scaled-out target alone; the tap asks for none.
it('never a Redis client from a folder above the program', async () => {
  const app = join(folder, 'app', 'dist');
  cpSync(dirname(realpathSync(bin('target-together'))), app, { recursive: true });
  chmodSync(folder, 0o777);
  install(folder, 'ioredis');
  const [, target] = halves;
  const settings = {
    ...target?.env,
    TARGET_TOGETHER_LIMITER: '{"type":"redis","url":"redis://127.0.0.1:1"}',
    TARGET_TOGETHER_API_KEY: 'hunter2222',
  };
  const program = [join(app, 'target-together.mjs'), 'doctor', '--config', 'ENV'];
  const asked = { ...process.env, ...settings };
  const { stdout } = spawnSync(process.execPath, program, { cwd: inner, env: asked, encoding: 'utf8' });
  expect(stdout).toContain('ioredis');
  expect(ran()).toBe(false);
});

describe.each([
  {
    half: 'source-ukg-pro',
    key: 'password',
    settings: { base_url: 'http://127.0.0.1:1', username: 'u', customer_api_key: 'ABCDE', max_retries: 0 },
  },
  {
    half: 'destination-together',
    key: 'api_key',
    settings: { api_url: 'http://127.0.0.1:1', organization_id: 'o', client_id: 'c', state_dir: null },
  },
])('$half, whose settings somebody fills in elsewhere', ({ half, key, settings }) => {
  const check = (secret: object, env: NodeJS.ProcessEnv = {}) => {
    const config = join(inner, 'config.json');
    writeFileSync(config, JSON.stringify({ ...settings, ...secret }), { mode: 0o644 });
    return start(half, ['check', '--config', config], { env });
  };

  it('runs no command of theirs, unless a variable of the pod allows it', async () => {
    const { stdout } = await check({ [key]: command() });
    expect(stdout).toContain('"status":"FAILED"');
    expect(stdout).toContain('ALLOW_SECRET_EXEC');
    expect(ran()).toBe(false);
    await check({ [key]: command() }, { ALLOW_SECRET_EXEC: 'false', ALLOW_SECRET_FILE: 'true' });
    expect(ran()).toBe(false);
    await check({ [key]: command() }, { ALLOW_SECRET_EXEC: 'true' });
    expect(ran()).toBe(true);
  });

  it('reads no file of theirs, unless a variable of the pod allows it', async () => {
    const file = join(inner, 'secret');
    writeFileSync(file, 'hunter2222');
    for (const secret of [{ [key]: `file:${file}` }, { [`${key}_file`]: file }]) {
      expect((await check(secret, { ALLOW_SECRET_EXEC: 'true' })).stdout).toContain('ALLOW_SECRET_FILE');
      expect((await check(secret, { ALLOW_SECRET_FILE: 'true' })).stdout).not.toContain('ALLOW_SECRET_FILE');
    }
  });
});
