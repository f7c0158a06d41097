/** The pip wheels: installed where no Node.js is to be found, they are the same programs. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { uv } from '../environments.ts';
import { assert, cache, equal, executable, fetched, ok, readJson, root, run, tail, when } from '../tools.ts';
import { withWorld } from '../world.ts';

export const wheelHome = join(cache, 'wheels');
/** A program of the wheels' own environment. */
export const wheelProgram = (name: string): string => join(wheelHome, 'bin', name);

let built: Promise<string[]> | undefined;
/** Builds the wheels once and installs them into an environment of their own. Returns the wheels' paths. */
export const wheels = (): Promise<string[]> => {
  built ??= (async () => {
    await fetched('npx', ['tsx', 'scripts/wheels.ts']);
    const folder = join(root, 'dist', 'wheels');
    const paths = (await readdir(folder)).map((name) => join(folder, name)).sort();
    equal(paths.length, 2, 'wheels');
    await rm(wheelHome, { recursive: true, force: true });
    await ok(uv, ['venv', '-q', '--no-python-downloads', '--python', 'python3', wheelHome]);
    await fetched(uv, ['pip', 'install', '-q', '--python', join(wheelHome, 'bin', 'python'), ...paths]);
    return paths;
  })();
  return built;
};

/** Nothing of this machine's Node.js. */
const bare = { cleanEnv: true, env: { PATH: '/nonexistent', HOME: '/nonexistent' } } as const;

export const checks: readonly Check[] = [
  {
    name: 'wheels: pip installs all four programs, and they start without any Node.js on PATH',
    needs: [],
    run: async () => {
      await wheels();
      const times: number[] = [];
      for (const name of ['tap-ukg-pro', 'source-ukg-pro', 'target-together', 'destination-together']) {
        assert(existsSync(wheelProgram(name)), `${name} is not installed`);
        const singer = !name.startsWith('source') && !name.startsWith('destination');
        const ran = await run(wheelProgram(name), [singer ? '--version' : 'spec'], bare);
        assert(ran.code === 0, tail(ran));
        times.push(ran.ms);
        const ours = await run(executable(name), [singer ? '--version' : 'spec']);
        equal(ran.stdout, ours.stdout, `output of ${name}`);
      }
      const { version } = await readJson<{ version: string }>(join(root, 'tap-ukg-pro', 'package.json'));
      for (const name of ['tap-ukg-pro', 'target-together']) {
        const module = await run(wheelProgram('python'), ['-m', name.replaceAll('-', '_'), '--version'], bare);
        equal([module.code, module.stdout], [0, `${name} v${version}\n`], `python -m for ${name}`);
      }
      const told = await ok(uv, ['pip', 'show', '--python', join(wheelHome, 'bin', 'python'), 'tap-ukg-pro']);
      assert(told.stdout.includes(`Version: ${version}`), told.stdout);
      return `start-up ${Math.round(Math.min(...times))} ms`;
    },
  },
  {
    name: 'wheels: pipes, exit codes and SIGTERM pass straight through',
    needs: [],
    run: async () => {
      await wheels();
      const usage = await run(wheelProgram('target-together'), ['--no-such-flag'], bare);
      equal(usage.code, 2, 'exit code of a wrong flag');
      await withWorld({}, async ({ config, held, ukg }) => {
        const { PATH } = process.env;
        await ok('bash', [
          '-o',
          'pipefail',
          '-c',
          `env -i PATH=/nonexistent ${wheelProgram('tap-ukg-pro')} --config ${config} | env -i PATH=/nonexistent ${wheelProgram('target-together')} --config ${config}`,
        ]);
        assert(PATH !== undefined && held() > 0 && held() <= ukg.world.size, `Together holds ${held()} users`);
      });
      const stopped = await run(wheelProgram('target-together'), ['--config', '/dev/stdin'], {
        ...bare,
        timeoutMs: 60_000,
      });
      assert(stopped.code === 2, tail(stopped));
      // A target that waits for its input: SIGTERM must reach Node, which is this very process.
      const waiting = await withWorld({}, async ({ config, folder }) =>
        run(
          'bash',
          ['-c', `sleep 280 | exec env -i PATH=/nonexistent ${wheelProgram('target-together')} --config ${config}`],
          {
            // Once its ledger is open, it reads. Twice, as Ctrl-C in Meltano sends it: the second must not turn the end into another one.
            onStart: (kill) =>
              when(
                'an open ledger',
                async () => existsSync(join(folder, 'ledger', 'ledger.log')) || undefined,
                () => {
                  kill('SIGTERM');
                  kill('SIGTERM');
                },
              ),
          },
        ),
      );
      equal(waiting.code, 143, `exit code after ${waiting.ms} ms\n${tail(waiting)}`);
      assert(waiting.ms < 200_000, `SIGTERM ended nothing: ${waiting.ms} ms`);
      return undefined;
    },
  },
];
