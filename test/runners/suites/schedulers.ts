/**
 * deploy/dagster and deploy/airflow: on a new instance each runs both halves for two organizations that share one key, one at a
 * time from the very first run, though the first try of the first one fails and has to wait.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import type { Check } from '../check.ts';
import { type Environment, pathOf, program } from '../environments.ts';
import { assert, equal, here, ok, root, run, sleep, tail, until, writeJson } from '../tools.ts';
import { type World, withWorld } from '../world.ts';

const script = join(root, 'deploy', 'sync.sh');
const bin = join(root, 'node_modules', '.bin');
const organizations = ['acme', 'bolt'];
/** Longer than the time in which a scheduler starts what it may start. */
const retrySeconds = 20;

interface Note {
  readonly what: 'start' | 'end';
  readonly organization: string;
  /** Undefined at a start. */
  readonly code: number | undefined;
}

interface Organized {
  readonly settings: string;
  readonly env: Record<string, string>;
  /** When each run started and how it ended, in the order in which that happened. */
  notes(): Promise<Note[]>;
}

/** A settings file for each organization; both share one key, so that only the scheduler keeps the limit. */
async function organize(world: World): Promise<Organized> {
  const settings = join(world.folder, 'organizations');
  for (const name of organizations)
    await writeJson(join(settings, `${name}.json`), {
      'tap-ukg-pro': world.tapSettings,
      'target-together': { ...world.targetSettings, state_dir: join(world.folder, `ledger-${name}`) },
    });
  // The first request of the first run fails, and with it the run: an API that stays away for a moment.
  world.ukg.faults.set([{ when: { nth: 1 }, do: { kind: 'status', status: 503 } }]);
  const journal = join(world.folder, 'runs.log');
  const noted = join(world.folder, 'noted.sh');
  const lines = [
    '#!/bin/bash',
    'name=$(basename "$CONFIG" .json)',
    `echo "start $name" >> '${journal}'`,
    `'${script}' "$@"`,
    'code=$?',
    `echo "end $name $code" >> '${journal}'`,
    'exit $code',
  ];
  await writeFile(noted, lines.map((line) => `${line}\n`).join(''), { mode: 0o755 });
  return {
    settings,
    env: { ORGANIZATIONS_DIR: settings, SYNC_SCRIPT: noted, SYNC_RETRY_SECONDS: String(retrySeconds) },
    notes: async () =>
      (existsSync(journal) ? await readFile(journal, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [what, organization = '', code] = line.split(' ');
          return { what: what as Note['what'], organization, code: code === undefined ? undefined : Number(code) };
        }),
  };
}

/** Both organizations have ended well. */
const bothEnded = (notes: readonly Note[]): true | undefined =>
  organizations.every((name) => notes.some(({ organization, code }) => organization === name && code === 0))
    ? true
    : undefined;

/** Never two at once; the first one failed, the other one got the slot at once, and then the first one was tried again. */
function oneAfterTheOther(notes: readonly Note[]): void {
  const told = JSON.stringify(notes);
  for (const [at, { what, organization }] of notes.entries())
    assert(
      what === (at % 2 === 0 ? 'start' : 'end') && (at % 2 === 0 || notes[at - 1]?.organization === organization),
      `two at once: ${told}`,
    );
  const ends = notes.filter(({ what }) => what === 'end');
  equal(
    ends.map(({ code }) => code),
    ends.map((_, at) => (at === 0 ? 5 : 0)),
    'exit codes',
  );
  assert(ends[1]?.organization !== ends[0]?.organization, `what waited for its next try kept the slot: ${told}`);
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
    /** Adds what it last said to an error. */
    explain: (error: unknown) =>
      new Error(`${String(error)}\n${output.join('').split('\n').slice(-15).join('\n')}`, { cause: error }),
    stop: async () => {
      signal('SIGTERM');
      await Promise.race([gone, sleep(10_000).then(() => signal('SIGKILL'))]);
      await gone;
    },
  };
}

const env = (environment: Environment, more: Record<string, string>) => ({
  PATH: `${bin}:${pathOf(environment)}`,
  ...more,
});

interface DagsterRun {
  readonly status: string;
  readonly tags: Record<string, string>;
}

async function dagsterRuns(variables: Record<string, string>): Promise<DagsterRun[]> {
  const asked = [join(here, 'python', 'dagster_runs.py')];
  return JSON.parse((await ok(program('dagster', 'python'), asked, { env: variables })).stdout) as DagsterRun[];
}

/** The first night begins as soon as Dagster is up: in three quarters of a minute at the earliest; should that be missed, 6 minutes later. */
function soon(): string {
  const first = new Date(Date.now() + 105_000).getUTCMinutes();
  const minutes = Array.from({ length: 10 }, (_, at) => (first + 6 * at) % 60);
  return `${minutes.sort((a, b) => a - b).join(',')} * * * *`;
}

async function dagster(world: World): Promise<string> {
  const { settings, env: own, notes } = await organize(world);
  const DAGSTER_HOME = join(world.folder, 'dagster');
  await mkdir(DAGSTER_HOME);
  await cp(join(root, 'deploy/dagster/dagster.yaml'), join(DAGSTER_HOME, 'dagster.yaml'));
  const variables = env('dagster', { ...own, DAGSTER_HOME, SYNC_CRON: soon() });
  const file = join(root, 'deploy/dagster/definitions.py');
  const daemon = background(program('dagster', 'dagster-daemon'), ['run', '-f', file], variables);
  try {
    await until('both organizations in Dagster', 600_000, async () => bothEnded(await notes()));
    await until('the second try of the first run in Dagster', 600_000, async () =>
      (await dagsterRuns(variables)).some(
        ({ status, tags }) => status === 'SUCCESS' && tags['ukg_to_together/try'] === '2',
      )
        ? true
        : undefined,
    );
    world.limitKept();
  } catch (error) {
    throw daemon.explain(error);
  } finally {
    await daemon.stop();
  }
  const seen = await notes();
  // Where this took long, the next night has begun: what was under way when the daemon was stopped has no good end.
  oneAfterTheOther(seen.at(-1)?.what === 'start' || seen.at(-1)?.code !== 0 ? seen.slice(0, -1) : seen);
  equal(world.held(), world.ukg.world.size, 'users that Together holds');
  const counts = await ok(program('dagster', 'python'), [join(here, 'python', 'dagster_counts.py')], {
    env: variables,
  });
  const first = (JSON.parse(counts.stdout) as Record<string, number>[])[0];
  equal(first?.['people read'], world.ukg.world.size, `the first materialization's metadata: ${counts.stdout}`);
  // A guard or a wrong key needs a person: no further try, and the reason is in the run. A new ledger without the old bookmark
  // makes it a first night, which asks Together.
  await rm(join(settings, 'acme'), { recursive: true });
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
  const last = (await dagsterRuns(variables)).at(-1);
  equal([last?.status, last?.tags['ukg_to_together/again']], ['FAILURE', undefined], 'a run with a wrong key');
  return `${seen.filter(({ what }) => what === 'end').length} runs, never two at once; the first failed and waited outside`;
}

async function airflow(world: World): Promise<string> {
  const { env: own, notes } = await organize(world);
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
  const command = program('airflow', 'airflow');
  await ok(command, ['db', 'migrate'], { env: variables });
  await ok(command, ['pools', 'set', 'together_api', '1', 'One organization at a time'], { env: variables });
  const standalone = background(command, ['standalone'], variables);
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
      const unpaused = await run(command, ['dags', 'unpause', '-y', 'ukg_to_together'], { env: variables });
      return unpaused.code === 0 ? true : undefined;
    });
    await until('both organizations in Airflow', 600_000, async () => bothEnded(await notes()));
    oneAfterTheOther(await notes());
    equal(world.held(), world.ukg.world.size, 'users that Together holds');
    world.limitKept();
  } catch (error) {
    throw standalone.explain(error);
  } finally {
    await standalone.stop();
  }
  return 'three runs, never two at once; the first failed and waited outside';
}

/** No retry within a run: the scheduler is to try again. */
const settings = { tap: { max_retries: 0 }, target: { batch_size: 20 } };

export const checks: readonly Check[] = [
  {
    name: 'deployments: Dagster, a new instance, two organizations as partitions, one at a time',
    needs: ['dagster'],
    run: () => withWorld(settings, dagster),
  },
  {
    name: 'deployments: Airflow, a new instance, two organizations as tasks, one at a time in the pool',
    needs: ['airflow'],
    run: () => withWorld(settings, airflow),
  },
];
