/** Two runs with one key, on two Node.js versions: the second must see the first one's lock. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bin, cleanEnv, type House, openHouse } from '../support/pipe.ts';
import { supportedNodes } from './support/nodes.ts';

const nodes = supportedNodes();
const pairs = nodes.flatMap((first) =>
  nodes.map((second) => ({ first, second, name: `${first.major} and ${second.major}` })),
);

let house: House | undefined;
afterEach(() => house?.close());

/** A run that waits for its input. `within`: a command that starts it. */
function startRun(node: string, configs: readonly string[], within: readonly string[] = []) {
  const flags = configs.flatMap((file) => ['--config', file]);
  const [command = node, ...args] = [...within, node, realpathSync(bin('target-together')), ...flags];
  const child = spawn(command, args, {
    env: cleanEnv(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece));
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, ended };
}

describe.each(pairs)('Node.js $name', ({ first, second }) => {
  it.each([
    {
      lock: 'this organization and client id',
      reason: 'one key, two state folders',
      other: (folder: string) => ({ state_dir: join(folder, 'other-state') }),
    },
    {
      lock: 'the state folder',
      reason: 'one state folder, two organizations',
      other: () => ({ organization_id: 'another' }),
    },
    {
      lock: 'the state folder',
      reason: 'one state folder by two names, two organizations',
      other: (folder: string) => ({ organization_id: 'another', state_dir: `${folder}/link//./together/` }),
    },
  ])('$reason: the second run ends with exit code 7', async ({ lock, other: settings }) => {
    house = await openHouse({ ukg: { people: 1 } });
    symlinkSync(house.folder, join(house.folder, 'link'));
    const met = await meet(house, first.path, second.path, settings(house.folder));
    expect(met).toMatchObject({ code: 7, stderr: expect.stringContaining(`Another run uses ${lock}`) });
  });
});

/** What becomes of a second run, with `settings` over those of the first, which waits. Tried until it ends with `code`, for a minute. */
async function meet(
  { folder, config }: House,
  first: string,
  second: string,
  settings: object,
  { code = 7, within }: { code?: number; within?: readonly string[] } = {},
): Promise<{ code: number | null; stderr: string }> {
  let waiting = startRun(first, [config]);
  const other = join(folder, 'other.json');
  writeFileSync(other, JSON.stringify(settings));
  try {
    let met: { code: number | null; stderr: string };
    const deadline = Date.now() + 60_000;
    do {
      // Where the second run was quicker, the first one met its lock, and ended: it starts again.
      if (waiting.child.exitCode !== null) waiting = startRun(first, [config]);
      const run = startRun(second, [config, other], within);
      run.child.stdin.end();
      met = await run.ended;
    } while (met.code !== code && Date.now() < deadline);
    return met;
  } finally {
    waiting.child.stdin.end();
    await waiting.ended;
  }
}

it.each([
  {
    what: 'the other name of this machine',
    settings: ({ together }: House) => ({ api_url: together.url.replace('127.0.0.1', 'localhost') }),
    met: { code: 7, stderr: expect.stringContaining('Another run uses this organization and client id') },
  },
  ...['client_id', 'organization_id'].map((name) => ({
    what: `${name} with a blank that the server drops`,
    settings: () => ({ [name]: 'x ' }),
    met: { code: 2, stderr: expect.stringContaining(`${name}: holds a character`) },
  })),
])('one key is one, by $what', async ({ settings, met }) => {
  house = await openHouse({ ukg: { people: 1 } });
  const other = { state_dir: join(house.folder, 'other-state'), ...settings(house) };
  expect(await meet(house, process.execPath, process.execPath, other, met)).toMatchObject(met);
});

// Only root mounts.
it.runIf(process.getuid?.() === 0)('one state folder is one, mounted in two places', async () => {
  house = await openHouse({ ukg: { people: 1 } });
  const places = ['together', 'mounted'].map((name) => join((house as House).folder, name));
  for (const place of places) mkdirSync(place, { mode: 0o700 });
  const within = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$1" && shift && exec "$@"', ...places];
  const settings = { organization_id: 'another', state_dir: places[1] };
  const met = await meet(house, process.execPath, process.execPath, settings, { within });
  expect(met).toMatchObject({ code: 7, stderr: expect.stringContaining('Another run uses the state folder') });
});
