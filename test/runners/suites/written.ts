/** What `init --schedule NAME` leaves beside the settings, read by the very program that is to start it every night. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { pathOf, program } from '../environments.ts';
import { assert, equal, ok, type Ran, type RunOptions, root, tail } from '../tools.ts';
import { type World, withWorld } from '../world.ts';

const bin = join(root, 'node_modules', '.bin');

interface Written {
  readonly world: World;
  /** Runs a program in the folder of the settings, with nothing of them in its environment. */
  ok(command: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  path(name: string): string;
}

/** `init` with options alone, in a folder of its own; secrets go to .env. */
const withWritten = (schedule: string, use: (written: Written) => Promise<string | undefined>) =>
  withWorld({ together: { hrisFields: ['managementArea', 'tShirtSize'] } }, async (world) => {
    const { tapSettings: tap, targetSettings: target } = world;
    const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
    const place = { cwd: world.folder, env: { PATH, XDG_STATE_HOME: join(world.folder, 'xdg') } };
    const options = {
      'base-url': tap['base_url'],
      username: tap['username'],
      'time-zone': 'America/New_York',
      region: target['api_url'],
      'organization-id': target['organization_id'],
      'client-id': target['client_id'],
      schedule,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    await ok(join(bin, 'target-together'), ['init', '--yes', '--config', 'made.json', ...args], {
      ...place,
      env: {
        ...place.env,
        TAP_UKG_PRO_PASSWORD: String(tap['password']),
        TAP_UKG_PRO_CUSTOMER_API_KEY: String(tap['customer_api_key']),
        TARGET_TOGETHER_API_KEY: String(target['api_key']),
      },
    });
    world.forget();
    return await use({
      world,
      ok: (command, rest, more) => ok(command, rest, { ...place, ...more, env: { ...place.env, ...more?.env } }),
      path: (name) => join(world.folder, name),
    });
  });

/** DagBag has moved between releases of Airflow. */
const dagBag = `
import sys
try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag
bag = DagBag(sys.argv[1])
assert not bag.import_errors, bag.import_errors
print(sorted(bag.dags))
`;

export const checks: readonly Check[] = [
  {
    name: 'init: the Meltano project is configured, scheduled, and run with what .env has',
    needs: ['meltano'],
    run: () =>
      withWritten('meltano', async ({ world, ok: call, path }) => {
        const meltano = program('meltano', 'meltano');
        const text = await readFile(path('meltano.yml'), 'utf8');
        for (const key of ['password', 'customer_api_key'])
          assert(!text.includes(String(world.tapSettings[key])), `${key} is in meltano.yml`);
        assert(!text.includes(String(world.targetSettings['api_key'])), 'the key is in meltano.yml');
        const shown = await call(meltano, ['config', 'print', 'target-together']);
        assert(shown.stdout.includes(String(world.targetSettings['organization_id'])), tail(shown));
        const schedules = await call(meltano, ['schedule', 'list', '--format', 'json']);
        assert(schedules.stdout.includes('every-night'), tail(schedules));
        await call(meltano, ['schedule', 'run', 'every-night']);
        equal(world.held(), world.ukg.world.size, 'users that Together holds');
        world.limitKept();
        return `${world.sent()} people by the schedule's own command`;
      }),
  },
  {
    name: 'init: Dagster takes the definitions',
    needs: ['dagster'],
    run: () =>
      withWritten('dagster', async ({ ok: call }) => {
        const env = { PATH: `${bin}:${pathOf('dagster')}`, DO_NOT_TRACK: '1' };
        await call('mkdir', ['organizations']);
        await call(program('dagster', 'dagster'), ['definitions', 'validate', '-f', 'dagster/definitions.py'], { env });
        return undefined;
      }),
  },
  {
    name: "init: Airflow's DagBag takes the DAG",
    needs: ['airflow'],
    run: () =>
      withWritten('airflow', async ({ ok: call, path }) => {
        await call('mkdir', ['organizations']);
        await call('ln', ['-s', '../made.json', 'organizations/together.json']);
        const env = { AIRFLOW_HOME: path('home'), AIRFLOW__CORE__LOAD_EXAMPLES: 'False' };
        await call(program('airflow', 'airflow'), ['db', 'migrate'], { env });
        const ran = await call(program('airflow', 'python'), ['-c', dagBag, path('airflow')], { env });
        assert(ran.stdout.includes('ukg_to_together'), tail(ran));
        return undefined;
      }),
  },
  {
    name: "init: the CronJob fits Kubernetes' own schemas",
    needs: ['kubernetes'],
    run: () =>
      withWritten('kubernetes', async ({ ok: call }) => {
        const args = ['--strict', '--no-warn', '-k', '1.34', 'kubernetes/cronjob.yaml'];
        await call(program('kubernetes', 'kubernetes-validate'), args);
        return undefined;
      }),
  },
  {
    name: 'init: actionlint has nothing to say of the workflow',
    needs: [],
    run: () =>
      withWritten('github', async ({ ok: call, path }) => {
        const env = { HOME: process.env['HOME'] ?? '' };
        await call(join(root, 'scripts/workflows.sh'), [path('.github/workflows/nightly-sync.yml')], { env });
        return undefined;
      }),
  },
  {
    name: 'init: the crontab has a time of each day, a user and a command in every line',
    needs: ['airflow'],
    run: () =>
      withWritten('cron', async ({ ok: call, path }) => {
        const lines = (await readFile(path('ukg-together.cron'), 'utf8'))
          .split('\n')
          .filter((line) => line.trim() !== '' && !/^\s*(#|\w+\s*=)/.test(line));
        assert(lines.length > 0, 'no line starts anything');
        for (const line of lines) {
          const [, times, user, command] = /^((?:\S+\s+){4}\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
          assert(times !== undefined && user !== undefined && command !== undefined, line);
          await call(program('airflow', 'python'), [
            '-c',
            'import sys, croniter; croniter.croniter(sys.argv[1])',
            times,
          ]);
          await call('bash', ['-n', '-c', command]);
          // cron makes a line break of it.
          assert(!/(?<!\\)%/.test(command), line);
        }
        return `${lines.length} lines`;
      }),
  },
];
