/** deploy/ for sites without a scheduler of their own, and for those that have GitHub Actions, Prefect or dlt: each is run as its page says. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Check } from '../check.ts';
import { pathOf, program } from '../environments.ts';
import { assert, equal, ok, root, run, tail, when, writeJson } from '../tools.ts';
import { type World, withWorld } from '../world.ts';

const bin = join(root, 'node_modules', '.bin');
const PATH = `${bin}:${join(root, 'deploy')}:${process.env['PATH'] ?? ''}`;

/** Every hour instead of every night, in seconds: two runs, the second with nothing to send, then a stop. */
async function repeating(world: World): Promise<string> {
  // The first request fails: exit code 5, which is tried again after a pause.
  world.ukg.faults.set([{ when: { nth: 1 }, do: { kind: 'status', status: 503 } }]);
  const STATE_DIR = join(world.folder, 'state');
  let stderr = '';
  const ended = () => [...stderr.matchAll(/^sync: exit code (\d+)$/gm)].map(([, code]) => Number(code));
  const ran = await run(join(root, 'deploy/repeat.sh'), [], {
    env: { CONFIG: world.config, STATE_DIR, PATH, SYNC_EVERY: '2', SYNC_RETRY_SECONDS: '1' },
    onStderr: (text) => void (stderr += text),
    onStart: (_kill, pid) =>
      when(
        'three runs',
        async () => ended().length >= 3 || undefined,
        () => process.kill(pid, 'SIGTERM'),
      ),
  });
  equal(ran.code, 143, `exit code after SIGTERM\n${tail(ran)}`);
  equal(ended().slice(0, 3), [5, 0, 0], 'exit codes of the runs');
  equal(world.sent(), world.ukg.world.size, 'users sent');
  world.limitKept();
  return 'exit codes 5, 0, 0; each person was sent once';
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

/** The steps of the workflow that run commands, in its order, on the state that its cache would carry over. */
async function workflow(world: World): Promise<string> {
  const { jobs } = parse(await readFile(join(root, 'deploy/github/nightly-sync.yml'), 'utf8')) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  const place = join(world.folder, 'checkout');
  await mkdir(place);
  // What the workflow's npm install brings.
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'));
  await writeJson(join(place, 'config.json'), {
    'tap-ukg-pro': { ...world.tapSettings, password: 'env:UKG_PASSWORD' },
    'target-together': {
      ...world.targetSettings,
      api_key: 'env:TOGETHER_API_KEY',
      ledger_key: 'env:LEDGER_KEY',
      state_dir: undefined,
    },
  });
  const output = join(world.folder, 'output');
  const env = {
    PATH,
    GITHUB_OUTPUT: output,
    XDG_STATE_HOME: join(place, 'state'),
    UKG_PASSWORD: String(world.tapSettings['password']),
    TOGETHER_API_KEY: String(world.targetSettings['api_key']),
    LEDGER_KEY: 'a key for tests that is long enough',
  };
  const job = async (name: string): Promise<string> => {
    await writeFile(output, '');
    for (const { run: script } of jobs[name]?.steps ?? []) {
      if (script === undefined || script.startsWith('npm install')) continue;
      // As Actions runs a step without a shell of its own.
      const ran = await run('bash', ['-e', '-c', script], { cwd: place, env });
      equal(ran.code, 0, `a step of ${name}\n${tail(ran)}`);
    }
    return await readFile(output, 'utf8');
  };
  equal(await job('plan'), 'something=yes\n', 'the first night');
  equal(world.posts(), 0, 'requests before the approval');
  await job('apply');
  equal(world.held(), world.ukg.world.size, 'users that Together holds');
  equal(await job('plan'), '', 'the second night');
  world.limitKept();
  return 'plan, approval, apply; a second night with nothing to send';
}

async function prefect(world: World): Promise<string> {
  const organizations = join(world.folder, 'organizations');
  await mkdir(organizations);
  await writeJson(join(organizations, 'acme.json'), {
    'tap-ukg-pro': world.tapSettings,
    'target-together': world.targetSettings,
  });
  world.ukg.faults.set([{ when: { nth: 1 }, do: { kind: 'status', status: 503 } }]);
  const env = {
    PATH: `${bin}:${pathOf('prefect')}`,
    ORGANIZATIONS_DIR: organizations,
    SYNC_RETRY_SECONDS: '2',
    PREFECT_HOME: join(world.folder, 'prefect'),
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    // Its server needs half a minute on a busy machine.
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: '240',
  };
  const flow = [join(root, 'deploy/prefect/flow.py'), 'now'];
  const good = await run(program('prefect', 'python'), flow, { env });
  equal(good.code, 0, `the flow\n${tail(good)}`);
  equal(world.held(), world.ukg.world.size, 'users that Together holds');
  world.limitKept();
  await writeJson(join(organizations, 'acme.json'), {
    'tap-ukg-pro': { ...world.tapSettings, password: 'wrong' },
    'target-together': world.targetSettings,
  });
  const failed = await run(program('prefect', 'python'), flow, { env });
  assert(failed.code !== 0 && (failed.stdout + failed.stderr).includes('acme: exit code 6'), tail(failed));
  return 'tried again after exit code 5; a wrong password fails the flow at once';
}

async function dlt(world: World): Promise<string> {
  const fields = {
    employeeId: 'employee_id',
    email: 'email',
    firstName: 'first_name',
    lastName: 'last_name',
    employeeStatusCode: 'status',
  };
  const SETTINGS = await writeJson(join(world.folder, 'target.json'), {
    ...world.targetSettings,
    mapping: { stream: 'people', fields },
  });
  const env = {
    SETTINGS,
    PATH: `${bin}:${pathOf('dlt')}`,
    DLT_DATA_DIR: join(world.folder, 'dlt'),
    RUNTIME__DLTHUB_TELEMETRY: 'false',
  };
  const pipeline = [join(root, 'deploy/dlt/people_to_together.py')];
  const loaded = await run(program('dlt', 'python'), pipeline, { env, cwd: world.folder });
  equal(loaded.code, 0, `the load\n${tail(loaded)}`);
  equal(world.held(), 2, 'users that Together holds');
  assert(loaded.stderr.includes('2 people, complete'), `a replacing load is a complete read\n${tail(loaded)}`);
  world.limitKept();
  return 'two people, a complete read';
}

export const checks: readonly Check[] = [
  {
    name: 'deployments: repeat.sh syncs again and again, tries once more what may pass, and stops at SIGTERM',
    needs: [],
    run: () => withWorld({ tap: { max_retries: 0 } }, repeating),
  },
  {
    name: "deployments: the compose file fits Compose's own schema",
    needs: ['kubernetes'],
    run: async () => {
      const args = ['--builtin-schema', 'vendor.compose-spec', join(root, 'deploy/compose/compose.yaml')];
      await ok(program('kubernetes', 'check-jsonschema'), args);
      return undefined;
    },
  },
  {
    name: 'deployments: GitHub Actions, a plan, then its apply after the approval',
    needs: [],
    run: () => withWorld({}, workflow),
  },
  {
    name: 'deployments: Prefect, a flow that is tried again where that may help',
    needs: ['prefect'],
    run: () => withWorld({ tap: { max_retries: 0 } }, prefect),
  },
  {
    name: 'deployments: dlt, a load that replaces its table is a complete read of people',
    needs: ['dlt'],
    run: () => withWorld({}, dlt),
  },
];
