/** deploy/: the script that all schedulers start, and the files of those that can't run here, through their own checkers. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, debianPackage, equal, folder, ok, root, run, tail, when, writeJson } from '../tools.ts';
import { withWorld } from '../world.ts';

const script = join(root, 'deploy', 'sync.sh');
const bin = join(root, 'node_modules', '.bin');

export const checks: readonly Check[] = [
  {
    name: 'deployments: sync.sh goes on from its state, and ends with the code of the half that failed',
    needs: [],
    run: () =>
      withWorld({ target: { batch_size: 5 } }, async (world) => {
        const STATE_DIR = join(world.folder, 'state');
        const options = { env: { CONFIG: world.config, STATE_DIR, PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
        const stopped = await run(script, [], {
          ...options,
          // To the script alone, as a container's init or systemd would do it: it must pass the signal on.
          onStart: (_kill, pid) =>
            when(
              'two requests',
              async () => world.posts() >= 2 || undefined,
              () => process.kill(pid, 'SIGTERM'),
            ),
        });
        equal(stopped.code, 143, `exit code after SIGTERM\n${tail(stopped)}`);
        const before = world.sent();
        assert(before < world.ukg.world.size, 'it was not stopped midway');
        const good = await run(script, [], options);
        equal(good.code, 0, `exit code\n${tail(good)}`);
        equal([world.held(), world.sent()], [world.ukg.world.size, world.ukg.world.size], 'users held and sent');
        world.forget();
        equal((await run(script, [], options)).code, 0, 'exit code of a quiet night');
        equal(world.posts(), 0, 'requests of a quiet night');
        const CONFIG = await writeJson(join(world.folder, 'wrong.json'), {
          'tap-ukg-pro': { ...world.tapSettings, password: 'wrong' },
          'target-together': world.targetSettings,
        });
        equal((await run(script, [], { env: { ...options.env, CONFIG } })).code, 6, 'exit code with a wrong password');
        world.limitKept();
        return `${before} people before SIGTERM, the other ${world.ukg.world.size - before} after it`;
      }),
  },
  {
    name: "deployments: the Kubernetes manifests fit Kubernetes' own schemas",
    needs: ['kubernetes'],
    run: async () => {
      const versions = ['1.31', '1.34', '1.37'];
      for (const version of versions)
        await ok(program('kubernetes', 'kubernetes-validate'), [
          '--strict',
          '--no-warn',
          '-k',
          version,
          join(root, 'deploy/kubernetes/cronjob.yaml'),
          join(root, 'deploy/airbyte/redis.yaml'),
        ]);
      return `Kubernetes ${versions.join(', ')}`;
    },
  },
  {
    name: 'deployments: systemd accepts the units, and finds the service well confined',
    needs: [],
    run: async () => {
      await debianPackage('systemd-analyze', 'systemd');
      const place = await folder('units');
      try {
        for (const unit of ['service', 'timer']) {
          const text = await readFile(join(root, `deploy/systemd/ukg-together@.${unit}`), 'utf8');
          // The verifier wants the program to be there.
          const name = join(place.path, `ukg-together@acme.${unit}`);
          await writeFile(name, text.replace('/usr/local/bin/sync.sh', script));
        }
        const verified = await run('systemd-analyze', [
          'verify',
          join(place.path, 'ukg-together@acme.service'),
          join(place.path, 'ukg-together@acme.timer'),
        ]);
        equal([verified.code, verified.stderr.trim()], [0, ''], 'systemd-analyze verify');
        const { stdout } = await ok('systemd-analyze', [
          'security',
          '--offline=true',
          '--threshold=20',
          join(place.path, 'ukg-together@acme.service'),
        ]);
        return /Overall exposure level[^:]*: \S+ \S+/.exec(stdout)?.[0];
      } finally {
        await place.dispose();
      }
    },
  },
  {
    name: 'deployments: the crontab starts the script with the settings that the script reads',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        const text = await readFile(join(root, 'deploy/cron/ukg-together'), 'utf8');
        const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        const jobs = lines
          .filter((line) => /^\d/.test(line))
          .map((line) => /^(?:\S+ ){5}ukg-together (.*)$/.exec(line)?.[1] ?? '');
        equal(jobs.length, 2, 'jobs with the user of their own');
        for (const line of lines.filter((item) => !/^\d/.test(item))) assert(/^[A-Z_]+=\S/.test(line), line);
        const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
        for (const job of jobs)
          await ok(
            '/bin/bash',
            [
              '-c',
              job.replace('/usr/local/bin/sync.sh', script).replace('/etc/ukg-together/config.json', world.config),
            ],
            {
              cleanEnv: true,
              env: {
                PATH,
                HOME: world.folder,
                CONFIG: world.config,
                STATE_DIR: join(world.folder, 'state'),
                LOGLEVEL: 'WARNING',
              },
            },
          );
        equal(world.held(), world.ukg.world.size, 'users that Together holds');
        return undefined;
      }),
  },
];
