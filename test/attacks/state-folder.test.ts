/** A neighbour who owns the state folder, or can write to it, would decide what the next run sends. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 } });
});
afterEach(async () => {
  rmSync(`${house.folder}-link`, { force: true });
  await house.close();
});

const people = ['a', 'b'].map((id) => ({
  employeeId: id,
  firstName: 'Ada',
  lastName: 'Byron',
  emailAddress: `${id}@example.com`,
  employeeStatusCode: 'A',
}));
const folder = () => join(house.folder, 'together');
const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;

interface Spoilt {
  readonly what: string;
  readonly spoil: () => void;
}

const spoilt: readonly Spoilt[] = [
  { what: 'a folder that every user can write', spoil: () => chmodSync(folder(), 0o777) },
  { what: 'a key that every user can write', spoil: () => chmodSync(join(folder(), 'ledger.key'), 0o602) },
  { what: 'a ledger that every user can write', spoil: () => chmodSync(join(folder(), 'ledger.log'), 0o602) },
  {
    what: 'a link in the place of the rejects',
    spoil: () => symlinkSync(join(house.folder, 'elsewhere'), join(folder(), 'rejects.singer')),
  },
  {
    what: 'a link in the place of the key',
    spoil() {
      renameSync(join(folder(), 'ledger.key'), join(house.folder, 'key'));
      symlinkSync(join(house.folder, 'key'), join(folder(), 'ledger.key'));
    },
  },
  {
    what: 'a folder below one that every user can write',
    spoil: () => chmodSync(house.folder, 0o777),
  },
  {
    what: 'a link to a folder below one that every user can write',
    spoil() {
      mkdirSync(join(house.folder, 'open'));
      renameSync(folder(), join(house.folder, 'open', 'mine'));
      symlinkSync(join(house.folder, 'open', 'mine'), folder());
      chmodSync(join(house.folder, 'open'), 0o777);
    },
  },
  ...['runs.json', 'ledger.log', 'addresses.bin', 'rejects.singer'].map((name) => ({
    what: `a pipe in the place of ${name}`,
    spoil() {
      rmSync(join(folder(), name), { force: true });
      execFileSync('mkfifo', [join(folder(), name)]);
    },
  })),
  ...(isRoot
    ? [
        { what: 'a folder of another user', spoil: () => chownSync(folder(), nobody, nobody) },
        {
          what: 'rejects of another user',
          spoil() {
            writeFileSync(join(folder(), 'rejects.singer'), '');
            chownSync(join(folder(), 'rejects.singer'), nobody, nobody);
          },
        },
        { what: 'a key of another user', spoil: () => chownSync(join(folder(), 'ledger.key'), nobody, nobody) },
        {
          what: 'a folder that a group of others can write',
          spoil() {
            chownSync(folder(), 0, nobody);
            chmodSync(folder(), 0o770);
          },
        },
        { what: 'a folder below one of another user', spoil: () => chownSync(house.folder, nobody, nobody) },
        {
          what: 'a folder below one that a group of others can write',
          spoil() {
            chownSync(house.folder, 0, nobody);
            chmodSync(house.folder, 0o775);
          },
        },
        {
          what: 'a folder behind another user’s link on the way',
          spoil() {
            const link = `${house.folder}-link`;
            symlinkSync(house.folder, link);
            lchownSync(link, nobody, nobody);
            house.configure({}, { state_dir: join(link, 'together') });
          },
        },
        {
          what: 'another user’s link to a folder of one’s own',
          spoil() {
            renameSync(folder(), join(house.folder, 'mine'));
            symlinkSync(join(house.folder, 'mine'), folder());
            lchownSync(folder(), nobody, nobody);
          },
        },
      ]
    : []),
];

describe.each(protocols)('$name', (protocol) => {
  it.each(spoilt)('sends nothing from $what', async ({ spoil }) => {
    expect(await protocol.write(house, people)).toMatchObject({ code: 0 });
    spoil();
    const before = posts();
    const ran = await protocol.write(house, [{ ...people[0], firstName: 'Grace' }]);
    expect([ran.code, posts() - before], ran.said).toEqual([2, 0]);
    expect(ran.said).toMatch(/state_dir/);
  });
});

it.each([0o666, 0o602])('reads no key out of a file that every user can write: %o', async (mode) => {
  const key = join(house.folder, 'key');
  writeFileSync(key, 'a key of sixteen letters');
  house.configure({ password: `file:${key}` }, { ledger_key: `file:${key}` });
  const run = () => start('target-together', ['--dry-run', '--config', house.config], { input: '' });
  chmodSync(key, 0o644);
  expect((await run()).stderr).not.toContain('secret file');
  chmodSync(key, mode);
  for (const ran of [await run(), await start('tap-ukg-pro', ['--test', '--config', house.config])])
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('can be written by every user') });
});

it.each([
  { half: 'target-together', args: ['doctor'], says: 'FAIL state folder' },
  { half: 'destination-together', args: ['check'], says: '"status":"FAILED"' },
])(
  '$half $args tries to make the folder, and approves none that a run could not make',
  async ({ half, args, says }) => {
    const config = join(house.folder, 'check.json');
    const { 'target-together': target } = JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>;
    const check = (state_dir: string) => {
      writeFileSync(config, JSON.stringify({ ...target, state_dir }), { mode: 0o600 });
      return start(half, [...args, '--config', config]);
    };
    writeFileSync(join(house.folder, 'file'), '');
    // Where nobody makes folders, and where a file is in the way.
    for (const place of ['/proc/nowhere/state', join(house.folder, 'file', 'state')])
      expect((await check(place)).stdout, place).toContain(says);
    const fresh = join(house.folder, 'fresh', 'state');
    expect((await check(fresh)).stdout).not.toContain(says);
    expect(readdirSync(fresh)).toEqual([]);
    chmodSync(fresh, 0o777);
    expect((await check(fresh)).stdout).toContain(says);
  },
);

describe('a relative state_dir', () => {
  const run = async (cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
    await start('target-together', args, { cwd, env, input: '' });

  it('counts from the folder of the settings file, wherever the run starts', async () => {
    house.configure({}, { state_dir: 'kept' });
    const cwd = join(house.folder, 'elsewhere');
    mkdirSync(cwd);
    await run(cwd, ['--config', '../config.json']);
    expect([readdirSync(cwd), existsSync(join(house.folder, 'kept', 'audit.head'))]).toEqual([[], true]);
  });

  it('out of the environment or a platform’s file is a fault', async () => {
    const cwd = join(house.folder, 'elsewhere');
    mkdirSync(cwd);
    const said = await run(cwd, ['--config', house.config, '--config', 'ENV'], { TARGET_TOGETHER_STATE_DIR: 'kept' });
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining('state_dir: is a relative path') });
    house.configure({}, { state_dir: 'kept' });
    const written = await protocols[1]?.write(house, people);
    expect(written).toMatchObject({ code: 2, said: expect.stringContaining('state_dir: is a relative path') });
    expect(readdirSync(cwd)).toEqual([]);
  });
});
