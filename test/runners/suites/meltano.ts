/** Meltano itself: the example project, its state, its signals, its selection, a mapper, and the wheels as its plugins. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, cache, equal, folder, ok, type Ran, type RunOptions, root, run, tail, when } from '../tools.ts';
import { canary, markSensitive, threeRights, type World, withWorld } from '../world.ts';
import { wheels } from './wheels.ts';

interface Plugin {
  name: string;
  executable: string;
  pip_url?: string;
  mappings?: unknown;
  settings?: unknown[];
}
interface Project {
  plugins: { extractors: Plugin[]; loaders: Plugin[]; mappers: Plugin[] };
}

const hub = {
  extractors: join(root, 'meltano/hub/extractors/tap-ukg-pro/ukg-together.yml'),
  loaders: join(root, 'meltano/hub/loaders/target-together/ukg-together.yml'),
};

/** `tap-ukg-pro`'s settings as the environment variables that Meltano reads them from. */
const variables = (plugin: string, settings: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `${plugin}_${key}`.replaceAll('-', '_').toUpperCase(),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

interface Meltano {
  readonly folder: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  ok(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The bookmarks that Meltano keeps for the pair. */
  state(): Promise<Record<string, unknown>>;
}

/** The example project in a folder of its own, with the world's settings in the environment. */
async function withProject<T>(
  world: World,
  use: (meltano: Meltano) => Promise<T>,
  change: (project: Project) => void = () => undefined,
): Promise<T> {
  const place = await folder('meltano');
  try {
    const project = parse(await readFile(join(root, 'meltano/example/meltano.yml'), 'utf8')) as Project;
    for (const plugin of [...project.plugins.extractors, ...project.plugins.loaders])
      plugin.executable = join(root, 'node_modules', '.bin', plugin.name);
    for (const mapper of project.plugins.mappers) {
      mapper.executable = program('mapper', 'meltano-map-transform');
      delete mapper.pip_url;
    }
    change(project);
    await writeFile(join(place.path, 'meltano.yml'), stringify(project));
    const env = {
      ...variables('tap-ukg-pro', world.tapSettings),
      ...variables('target-together', world.targetSettings),
    };
    const call: Meltano['run'] = (args, options) =>
      run(program('meltano', 'meltano'), args, { cwd: place.path, ...options, env: { ...env, ...options?.env } });
    return await use({
      folder: place.path,
      run: call,
      ok: async (args, options) => {
        const ran = await call(args, options);
        assert(ran.code === 0, `meltano ${args.join(' ')} ended with ${ran.code}\n${tail(ran)}`);
        return ran;
      },
      state: async () => {
        const ran = await call(['state', 'get', 'dev:tap-ukg-pro-to-target-together']);
        return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
      },
    });
  } finally {
    await place.dispose();
  }
}

const sync = ['run', 'tap-ukg-pro', 'target-together'];
const users = (world: World) => [...world.together.users.values()] as Record<string, unknown>[];

/** What Meltano's JSON log says in a plugin's name. */
const said = (ran: Ran, plugin: string) =>
  `${ran.stdout}\n${ran.stderr}`
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((event) => event['producer'] === plugin || event['string_id'] === plugin);

async function addFromHub(meltano: Meltano): Promise<void> {
  for (const [name, type, ref] of [
    ['tap-ukg-pro', 'extractor', hub.extractors],
    ['target-together', 'loader', hub.loaders],
  ] as const) {
    await meltano.ok(['add', name, '--plugin-type', type, '--from-ref', ref, '--no-install']);
  }
}

/** Those that the README asks for. */
/** Reads what Meltano has selected; how many streams that were. */
async function readsNothingSensitive(meltano: Meltano, env: Record<string, string> = {}): Promise<number> {
  const ran = await meltano.ok(['invoke', 'tap-ukg-pro'], { env });
  assert(ran.stdout.includes('"RECORD"'), `no record came\n${tail(ran)}`);
  const at = `${ran.stdout}${ran.stderr}`.indexOf(canary);
  assert(at === -1, `a sensitive value was read, at ${at}`);
  return new Set(ran.stdout.match(/(?<="type":"SCHEMA","stream":")[^"]+/g)).size;
}

/** Interrupts a run in the middle of its delivery, then runs again: everyone is there once, and nobody twice. */
const interrupted = (run: (meltano: Meltano, world: World) => Promise<Ran>, code: number) =>
  withWorld({ target: { batch_size: 2 } }, (world) =>
    withProject(world, async (meltano) => {
      const ran = await run(meltano, world);
      equal(ran.code, code, `exit code of meltano\n${tail(ran)}`);
      const [sent, people] = [world.sent(), world.ukg.world.size];
      assert(sent > 0 && sent < people, `${sent} of ${people} people had been sent when it was stopped`);
      await meltano.ok(sync);
      equal(world.held(), people, 'users that Together holds');
      const again = world.sent() - people;
      assert(again <= 2, `${again} people were sent twice`);
      world.limitKept();
      return `${sent} of ${people} sent before, ${again} twice`;
    }),
  );

/** The rules of MeltanoHub's linter. */
const hubRules = `{extends: default, rules: {${[
  'braces: {forbid: non-empty}',
  'document-start: {present: false}',
  'indentation: {indent-sequences: false, spaces: 2}',
  'key-ordering: enable',
  'line-length: disable',
  'trailing-spaces: disable',
  'truthy: disable',
].join(', ')}}}`;

interface HubDefinition {
  readonly name: string;
  readonly variant: string;
  readonly repo: string;
  readonly logo_url: string;
  readonly settings: readonly { readonly label?: string }[];
}

export const checks: readonly Check[] = [
  {
    name: "meltano: definitions are what the settings say, and fit the Hub's and Meltano's schemas",
    needs: ['singer'],
    run: async () => {
      await ok('npx', ['tsx', 'scripts/generate.ts', '--check']);
      const project = join(root, 'meltano/example/meltano.yml');
      await ok(program('singer', 'python'), [
        join(root, 'test/runners/python/validate_hub.py'),
        `extractors=${hub.extractors}`,
        `loaders=${hub.loaders}`,
        `project=${project}`,
      ]);
      return undefined;
    },
  },
  {
    name: "meltano: the Hub definitions pass the Hub's checks of format, names, maintainers and labels, with their logos",
    needs: ['yamllint'],
    run: async () => {
      const folder = join(root, 'meltano/hub');
      await ok(program('yamllint', 'yamllint'), ['--strict', '-d', hubRules, folder]);
      const maintainers = parse(await readFile(join(folder, 'maintainers.yml'), 'utf8')) as Record<string, object>;
      for (const [kind, file] of Object.entries(hub)) {
        const definition = parse(await readFile(file, 'utf8')) as HubDefinition;
        equal(definition.name, basename(dirname(file)), 'the name, beside that of its folder');
        equal(basename(file), `${definition.variant}.yml`, 'the name of the file');
        assert(definition.variant in maintainers && definition.repo.startsWith('https://'), 'no maintainer');
        equal(dirname(definition.logo_url), `/assets/logos/${kind}`, 'the folder of the logo');
        await access(join(folder, 'logos', kind, basename(definition.logo_url)));
        const labels = definition.settings.map(({ label }) => label);
        equal(
          labels.filter((label, at) => !label || labels.indexOf(label) < at),
          [],
          'labels that are there twice',
        );
      }
    },
  },
  {
    name: 'meltano: run twice keeps the state, and the second run sends nothing',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          const first = await meltano.ok(sync);
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          const bookmarks = (await meltano.state())['singer_state'] ?? (await meltano.state());
          assert(JSON.stringify(bookmarks).includes('replication_key_value'), `state: ${JSON.stringify(bookmarks)}`);
          const whole = world.ukg.journal.entries.reduce((sum, entry) => sum + (entry.rows ?? 0), 0);
          world.forget();
          await meltano.ok(sync);
          equal(world.posts(), 0, 'requests of the second run');
          const part = world.ukg.journal.entries.reduce((sum, entry) => sum + (entry.rows ?? 0), 0);
          assert(part < whole, `the second run read ${part} rows, the first ${whole}`);
          world.forget();
          await meltano.ok([...sync, '--full-refresh']);
          equal(world.posts(), 0, 'requests of a full refresh');
          const played = world.ukg.world.playDay({ changes: 8, seed: 5 });
          await meltano.ok(sync);
          equal(world.posts(), 1, 'requests after a day of changes');
          world.limitKept();
          assert(!`${first.stdout}${first.stderr}`.includes('{"level"'), 'raw JSON logs reached the user');
          return `${played.length} changes in one request; full refresh sends nothing`;
        }),
      ),
  },
  {
    name: "meltano: renders the plugins' logs with their level, and metrics as metrics",
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          // Each half's last word about a wrong key is an error to Meltano, too: with the setting in it.
          for (const [plugin, setting] of [
            ['tap-ukg-pro', 'password'],
            ['target-together', 'api_key'],
          ] as const) {
            const bad = await meltano.run(['--log-format', 'json', ...sync], {
              env: variables(plugin, { [setting]: 'wrong-1' }),
            });
            const errors = said(bad, plugin).filter(({ level }) => level === 'error');
            assert(
              errors.some(({ event }) => String(event).includes(setting)),
              `no error of ${plugin} names ${setting}\n${tail(bad, 10)}`,
            );
          }
          const ran = await meltano.ok(['--log-format', 'json', ...sync]);
          const own = said(ran, 'tap-ukg-pro');
          assert(own.length > 0, `no line of the tap\n${tail(ran, 10)}`);
          assert(
            own.some((event) => JSON.stringify(event['metric_info'] ?? '').includes('record_count')),
            `no record_count metric\n${tail(ran, 10)}`,
          );
          const secret = String(world.tapSettings['password']);
          assert(!`${ran.stdout}${ran.stderr}`.includes(secret), 'the password is in the log');
          equal(own.filter(({ level }) => level === 'error').length, 0, 'errors of a successful run');
          return `${own.length} lines of the tap`;
        }),
      ),
  },
  {
    name: 'meltano: select rules decide what reaches Together',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          const listed = await meltano.ok(['select', 'tap-ukg-pro', '--list', '--all']);
          assert(listed.stdout.includes('originalHireDate'), tail(listed));
          await meltano.ok(sync, {
            env: { TAP_UKG_PRO__SELECT: JSON.stringify(['employees.*', '!employees.originalHireDate']) },
          });
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          equal(users(world).filter((user) => 'originalHireDate' in user).length, 0, 'users with the deselected field');
          assert(
            users(world).some((user) => 'lastHireDate' in user),
            'a selected field is missing',
          );
          return undefined;
        }),
      ),
  },
  {
    name: 'meltano: any selection pattern reads with three rights, and nothing sensitive',
    needs: ['meltano'],
    run: () =>
      withWorld({ ukg: { rights: threeRights } }, (world) => {
        markSensitive(world);
        return withProject(world, async (meltano) => {
          for (const select of [['employees.*'], ['*.*']]) {
            await readsNothingSensitive(meltano, { TAP_UKG_PRO__SELECT: JSON.stringify(select) });
          }
          await meltano.ok(sync, { env: { TAP_UKG_PRO__SELECT: JSON.stringify(['*.*']) } });
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          return undefined;
        });
      }),
  },
  {
    name: 'meltano: a project from the Hub definitions selects all, reads it with three rights, and nothing sensitive',
    needs: ['meltano'],
    run: () =>
      withWorld({ ukg: { rights: threeRights } }, (world) => {
        markSensitive(world);
        return withProject(
          world,
          async (meltano) => {
            await addFromHub(meltano);
            const file = join(meltano.folder, 'meltano.yml');
            const project = parse(await readFile(file, 'utf8')) as Project;
            for (const plugin of [...project.plugins.extractors, ...project.plugins.loaders])
              Object.assign(plugin, {
                executable: join(root, 'node_modules', '.bin', plugin.name),
                pip_url: undefined,
              });
            await writeFile(file, stringify(project));
            const streams = await readsNothingSensitive(meltano);
            assert(streams > 20, `only ${streams} streams were read`);
            return `${streams} streams`;
          },
          (project) => {
            project.plugins = { extractors: [], loaders: [], mappers: [] };
          },
        );
      }),
  },
  {
    name: 'meltano: a mapper stands between, and a dotted setting adds a custom field',
    needs: ['meltano', 'mapper'],
    run: () =>
      withWorld({ together: { hrisFields: ['managementArea'] } }, (world) =>
        withProject(world, async (meltano) => {
          await meltano.ok(['config', 'set', 'target-together', 'hris_fields.managementArea', 'managementArea']);
          await meltano.ok(['run', 'tap-ukg-pro', 'add-management-area', 'target-together']);
          equal(world.held(), world.ukg.world.size, 'users that Together holds');
          const filled = users(world).filter((user) => typeof user['hrisFields.managementArea'] === 'string').length;
          equal(filled, world.ukg.world.size, "users with the mapper's field");
          const state = JSON.stringify(await meltano.state().catch(() => ({})));
          assert(!state.includes('"type": "STATE"'), state);
          return `${filled} users with the field`;
        }),
      ),
  },
  {
    name: 'meltano: config test says yes to good settings and no to a wrong password',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          const good = await meltano.ok(['config', 'test', 'tap-ukg-pro']);
          assert(/valid/i.test(good.stdout + good.stderr), tail(good));
          const bad = await meltano.run(['config', 'test', 'tap-ukg-pro'], { env: { TAP_UKG_PRO_PASSWORD: 'wrong' } });
          assert(bad.code !== 0, 'a wrong password passed');
          const shown = bad.stdout + bad.stderr;
          assert(/invalid[\s\S]*password/i.test(shown) && !shown.includes('METRIC'), `no sentence\n${tail(bad)}`);
          return undefined;
        }),
      ),
  },
  {
    name: 'meltano: a failure of either half fails the run, and the reason is in the log',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          const tap = await meltano.run(sync, { env: { TAP_UKG_PRO_PASSWORD: 'wrong' } });
          assert(tap.code === 1 && /Extractor failed/i.test(tap.stdout + tap.stderr), tail(tap));
          const target = await meltano.run(sync, { env: { TARGET_TOGETHER_API_KEY: 'wrong' } });
          assert(target.code === 1 && /Loader failed/i.test(target.stdout + target.stderr), tail(target));
          equal(world.held(), 0, 'users that Together holds');
          assert(/api_key/.test(target.stdout + target.stderr), `no setting is named\n${tail(target)}`);
          for (const { stdout, stderr } of [tap, target])
            assert(
              !/traceback|╭|╰|\.mjs/i.test(stdout + stderr),
              `frames of a stack are shown\n${stderr.slice(-3000)}`,
            );
          return undefined;
        }),
      ),
  },
  {
    name: 'meltano: a guard names the variable that releases its plan, and the variable does',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(world, async (meltano) => {
          await meltano.ok(sync);
          for (let index = 0; index < world.ukg.world.size; index++) world.ukg.world.open(index).firstName = 'Zaphod';
          world.forget();
          const again = ['run', '--full-refresh', ...sync.slice(1)];
          const stopped = await meltano.run(again);
          const [, hash = ''] = /TARGET_TOGETHER_ACCEPT_PLAN=([0-9a-f]+)/.exec(stopped.stdout + stopped.stderr) ?? [];
          assert(stopped.code === 1 && hash !== '', `no variable is named\n${tail(stopped)}`);
          equal(world.posts(), 0, 'requests');
          await meltano.ok(again, { env: { TARGET_TOGETHER_ACCEPT_PLAN: hash } });
          equal(world.sent(), world.ukg.world.size, 'users sent');
          return undefined;
        }),
      ),
  },
  {
    name: 'meltano: SIGTERM ends with 143, and the next run goes on without sending anyone twice',
    needs: ['meltano'],
    run: () =>
      interrupted(
        (meltano, world) =>
          meltano.run(sync, {
            onStart: (kill) =>
              when(
                'three requests',
                async () => world.posts() >= 3 || undefined,
                () => kill('SIGTERM'),
              ),
          }),
        143,
      ),
  },
  {
    name: 'meltano: --timeout ends with 1, and the next run goes on without sending anyone twice',
    needs: ['meltano'],
    run: () =>
      interrupted(async (meltano, world) => {
        // Delivery takes half a minute. How long a start takes, the machine says: a longer time only if nothing was sent.
        const seconds = ['20', '40', '65'];
        let ran: Ran;
        do ran = await meltano.run([...sync, '--timeout', seconds.shift() ?? '']);
        while (world.sent() === 0 && seconds.length > 0);
        return ran;
      }, 1),
  },
  {
    name: 'meltano: add --from-ref takes the Hub definitions',
    needs: ['meltano'],
    run: () =>
      withWorld({}, (world) =>
        withProject(
          world,
          async (meltano) => {
            await addFromHub(meltano);
            const project = parse(await readFile(join(meltano.folder, 'meltano.yml'), 'utf8')) as Project;
            equal(project.plugins.extractors[0]?.pip_url, 'tap-ukg-pro', 'pip_url');
            const listed = await meltano.ok(['config', 'list', 'target-together', '--all']);
            assert(listed.stdout.includes('min_interval_ms'), tail(listed));
            return `${project.plugins.loaders[0]?.settings?.length ?? 0} settings of the target`;
          },
          (project) => {
            project.plugins = { extractors: [], loaders: [], mappers: [] };
          },
        ),
      ),
  },
  {
    name: 'meltano: installs both wheels by pip_url and runs them with no Node.js on PATH',
    needs: ['meltano'],
    run: async () => {
      const [tap, target] = await wheels();
      return withWorld({}, (world) =>
        withProject(
          world,
          async (meltano) => {
            const PATH = join(cache, 'meltano', 'bin');
            const install = { env: { PATH }, timeoutMs: 600_000 };
            // A registry has a hiccup now and then.
            if ((await meltano.run(['install'], install)).code !== 0) await meltano.ok(['install'], install);
            await meltano.ok(sync, { env: { PATH } });
            equal(world.held(), world.ukg.world.size, 'users that Together holds');
            world.limitKept();
            return undefined;
          },
          (project) => {
            for (const [plugin, wheel] of [
              [project.plugins.extractors[0], tap],
              [project.plugins.loaders[0], target],
            ] as const) {
              if (plugin === undefined || wheel === undefined) throw new Error('a plugin is missing');
              plugin.executable = plugin.name;
              plugin.pip_url = wheel;
            }
            project.plugins.mappers = [];
          },
        ),
      );
    },
  },
];
