/** deploy/: each scheduler that can run here runs both halves for two organizations; the others' files go through their own checkers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { type Environment, pathOf, program } from '../environments.ts';
import {
  assert,
  debianPackage,
  equal,
  folder,
  ok,
  readJson,
  root,
  run,
  sleep,
  tail,
  until,
  when,
  writeJson,
} from '../tools.ts';
import { type World, withWorld } from '../world.ts';

const script = join(root, 'deploy', 'sync.sh');
const bin = join(root, 'node_modules', '.bin');
const organizations = ['acme', 'bolt'];

interface Summary {
  started_at: string;
  finished_at: string;
  exit_code: number;
}

/** A settings file for each organization; both share one key, so that only a pool of one keeps the limit. */
async function organize(world: World): Promise<{ settings: string; env: Record<string, string> }> {
  const settings = join(world.folder, 'organizations');
  for (const name of organizations)
    await writeJson(join(settings, `${name}.json`), {
      'tap-ukg-pro': world.tapSettings,
      'target-together': { ...world.targetSettings, state_dir: join(world.folder, `ledger-${name}`) },
    });
  return { settings, env: { ORGANIZATIONS_DIR: settings, SYNC_SCRIPT: script } };
}

/** A long-lived process with its children; ended, all of them, before the check ends. */
function background(command: string, args: readonly string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, DO_NOT_TRACK: '1', SCARF_ANALYTICS: 'false', PYTHONWARNINGS: 'ignore', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid ?? 0), name);
    } catch {
      // Already gone.
    }
  };
  return {
    text: () => output.join(''),
    stop: async () => {
      signal('SIGTERM');
      await Promise.race([gone, sleep(10_000).then(() => signal('SIGKILL'))]);
      await gone;
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Both runs ended well, and the later one started after the earlier one had ended. */
function oneAfterTheOther(summaries: readonly Summary[]): void {
  equal(
    summaries.map((summary) => summary.exit_code),
    [0, 0],
    'exit codes',
  );
  const [first, second] = [...summaries].sort((a, b) => a.started_at.localeCompare(b.started_at));
  assert(
    first !== undefined && second !== undefined && second.started_at >= first.finished_at,
    JSON.stringify(summaries),
  );
}

/** Undefined while it is not there, or only in part. */
const summaryOf = async (path: string): Promise<Summary | undefined> =>
  existsSync(path) ? readJson<Summary>(path).catch(() => undefined) : undefined;

const env = (environment: Environment, more: Record<string, string>) => ({
  PATH: `${bin}:${pathOf(environment)}`,
  ...more,
});

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
    name: 'deployments: Dagster, every minute, two organizations as partitions, one at a time in the pool',
    needs: ['dagster'],
    run: () =>
      withWorld({ target: { batch_size: 20 } }, async (world) => {
        const { settings, env: own } = await organize(world);
        const DAGSTER_HOME = join(world.folder, 'dagster');
        await mkdir(DAGSTER_HOME);
        await cp(join(root, 'deploy/dagster/dagster.yaml'), join(DAGSTER_HOME, 'dagster.yaml'));
        const variables = env('dagster', { ...own, DAGSTER_HOME, SYNC_CRON: '* * * * *' });
        const file = join(root, 'deploy/dagster/definitions.py');
        let waited = false;
        const daemon = background(program('dagster', 'dagster-daemon'), ['run', '-f', file], variables);
        try {
          const summaries = await Promise.all(
            organizations.map((name) =>
              until(`${name} in Dagster`, 600_000, () => summaryOf(join(settings, name, 'summary.json'))),
            ),
          );
          oneAfterTheOther(summaries);
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          waited = /blocked by[^\n]*together_api/.test(daemon.text());
          world.limitKept();
        } finally {
          await daemon.stop();
        }
        // A guard or a wrong key needs a person: no retry, and the reason is in the run.
        await writeJson(join(settings, 'acme.json'), {
          'tap-ukg-pro': world.tapSettings,
          'target-together': { ...world.targetSettings, api_key: 'wrong', state_dir: join(world.folder, 'new') },
        });
        const failed = await run(
          program('dagster', 'dagster'),
          ['job', 'execute', '-f', file, '-j', 'ukg_to_together', '--tags', '{"dagster/partition":"acme"}'],
          { env: variables },
        );
        const said = failed.stdout + failed.stderr;
        assert(failed.code !== 0 && said.includes('acme: credentials or rights (exit code 6)'), tail(failed));
        assert(!said.includes('STEP_UP_FOR_RETRY'), 'a wrong key was tried again');
        return waited ? 'the second run waited for the pool' : 'no run had to wait for the pool';
      }),
  },
  {
    name: 'deployments: Airflow, two organizations as tasks, one at a time in the pool',
    needs: ['airflow'],
    run: () =>
      withWorld({ target: { batch_size: 20 } }, async (world) => {
        const { env: own } = await organize(world);
        const AIRFLOW_HOME = join(world.folder, 'airflow');
        await mkdir(join(AIRFLOW_HOME, 'dags'), { recursive: true });
        await cp(join(root, 'deploy/airflow/ukg_to_together.py'), join(AIRFLOW_HOME, 'dags/ukg_to_together.py'));
        const port = await freePort();
        const variables = env('airflow', {
          ...own,
          AIRFLOW_HOME,
          STATE_ROOT: join(world.folder, 'state'),
          AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
          AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
          AIRFLOW__CORE__PARALLELISM: '2',
          AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
          AIRFLOW__API__WORKERS: '1',
          AIRFLOW__API__HOST: '127.0.0.1',
          AIRFLOW__API__PORT: String(port),
          AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
        });
        const airflow = program('airflow', 'airflow');
        await ok(airflow, ['db', 'migrate'], { env: variables });
        await ok(airflow, ['pools', 'set', 'together_api', '1', 'One organization at a time'], { env: variables });
        const standalone = background(airflow, ['standalone'], variables);
        try {
          await until('a healthy Airflow', 600_000, async () => {
            const health = await fetch(`http://127.0.0.1:${port}/api/v2/monitor/health`).catch(() => undefined);
            const parts = Object.values(
              health?.ok ? ((await health.json()) as Record<string, { status: string | null }>) : {},
            );
            return parts.length > 0 && parts.every(({ status }) => status === 'healthy') ? true : undefined;
          });
          // Once unpaused, the night that has just passed is due at once.
          await until('the DAG in Airflow', 600_000, async () => {
            const unpaused = await run(airflow, ['dags', 'unpause', '-y', 'ukg_to_together'], { env: variables });
            return unpaused.code === 0 ? true : undefined;
          });
          const summaries = await Promise.all(
            organizations.map((name) =>
              until(`${name} in Airflow`, 600_000, () => summaryOf(join(world.folder, 'state', name, 'summary.json'))),
            ),
          );
          oneAfterTheOther(summaries);
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          world.limitKept();
        } catch (error) {
          throw new Error(`${String(error)}\n${standalone.text().split('\n').slice(-15).join('\n')}`);
        } finally {
          await standalone.stop();
        }
        return undefined;
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
