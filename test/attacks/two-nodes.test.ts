/** Two runs with one key, on two Node.js versions: the second must see the first one's lock. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** A run that waits for its input. */
function startRun(node: string, ...configs: string[]) {
  const flags = configs.flatMap((file) => ['--config', file]);
  const child = spawn(node, [realpathSync(bin('target-together')), ...flags], {
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
    let waiting = startRun(first.path, house.config);
    const other = join(house.folder, 'other.json');
    symlinkSync(house.folder, join(house.folder, 'link'));
    writeFileSync(other, JSON.stringify(settings(house.folder)));
    try {
      let met: { code: number | null; stderr: string };
      const deadline = Date.now() + 60_000;
      do {
        // Where the second run was quicker, the first one met its lock, and ended: it starts again.
        if (waiting.child.exitCode !== null) waiting = startRun(first.path, house.config);
        const run = startRun(second.path, house.config, other);
        run.child.stdin.end();
        met = await run.ended;
      } while (met.code !== 7 && Date.now() < deadline);
      expect(met).toMatchObject({ code: 7, stderr: expect.stringContaining(`Another run uses ${lock}`) });
    } finally {
      waiting.child.stdin.end();
      await waiting.ended;
    }
  });
});
