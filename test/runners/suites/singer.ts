/** Singer without a runner: the SDK's standard tests, singer-check-tap, real targets behind the tap, a real tap before the target. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, equal, executable, folder, here, jsonLines, ok, readJson, run, tail, writeJson } from '../tools.ts';
import { absent, piecemeal, withWorld } from '../world.ts';

const python = join(here, 'python');
const checker = program('classic', 'singer-check-tap');

/** `12 passed, 3 skipped` of a pytest run that must be green. */
async function pytest(file: string, env: Record<string, string>): Promise<string> {
  const ran = await run(
    program('singer', 'python'),
    ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-W', 'ignore', '--tb=short', join(python, file)],
    { cwd: python, env, timeoutMs: 600_000 },
  );
  const short = [
    ...new Set(ran.stdout.split('\n').map((line) => /^E {2}.*|^(FAILED|ERROR) .{0,300}/.exec(line)?.[0] ?? '')),
  ];
  assert(ran.code === 0, `${short.slice(0, 40).join('\n')}\n${tail(ran, 3)}`);
  return /\d+ passed.*?(?= in )/.exec(ran.stdout)?.[0] ?? 'no summary';
}

/** UKG names no field of it: its rows pass as they are, and the SDK's tests know no stream whose schema is open. */
const open = ['general_ledger'];

const everyField = { ...piecemeal, include_fields: [...piecemeal.include_fields, 'employees.*'] };

/** A shell pipe, since that is how people join the halves; both ends must be good. */
const pipe = (first: string, second: string) => ok('bash', ['-o', 'pipefail', '-c', `${first} | ${second}`]);

export const checks: readonly Check[] = [
  {
    name: "singer: the SDK's standard tap tests pass for every stream and field",
    needs: ['singer'],
    run: () =>
      withWorld({ ukg: { people: 40 }, tap: everyField }, async ({ folder: place, tapSettings }) => {
        const CONFIG = await writeJson(join(place, 'tap.json'), tapSettings);
        return pytest('test_tap.py', {
          TAP: executable('tap-ukg-pro'),
          CONFIG,
          WITHOUT: JSON.stringify([...absent, ...open]),
        });
      }),
  },
  {
    name: "singer: the SDK's standard target tests pass, and the one that the SDK leaves out",
    needs: ['singer'],
    run: () =>
      withWorld({}, async ({ folder: place, targetSettings, posts }) => {
        // Its streams are no people, and on purpose.
        const settings = { ...targetSettings, unmapped_streams: 'ignore' };
        const CONFIG = await writeJson(join(place, 'target.json'), settings);
        const summary = await pytest('test_target.py', { TARGET: executable('target-together'), CONFIG });
        equal(posts(), 0, 'requests for streams that are no people');
        return summary;
      }),
  },
  {
    name: 'singer: singer-check-tap passes twice, the second time from its own state',
    needs: ['classic'],
    run: () =>
      withWorld({}, async ({ folder: place, tapSettings }) => {
        const config = await writeJson(join(place, 'tap.json'), tapSettings);
        const state = join(place, 'state.json');
        const found: string[] = [];
        for (const flags of ['', ` --state ${state}`]) {
          // With --tap it starts the tap itself, and now and then prints a summary that its other thread has not made yet.
          const ran = await ok(
            'bash',
            [
              '-o',
              'pipefail',
              '-c',
              `${executable('tap-ukg-pro')} --config ${config}${flags} | tee lines | ${checker}`,
            ],
            { cwd: place },
          );
          assert(ran.stdout.includes('The output is valid.'), tail(ran));
          found.push(/\d+ record messages/.exec(ran.stdout)?.[0] ?? tail(ran));
          const states = jsonLines(await readFile(join(place, 'lines'), 'utf8')).filter(({ type }) => type === 'STATE');
          await writeJson(state, states.at(-1)?.['value']);
        }
        return found.join(', then ');
      }),
  },
  {
    name: 'singer: target-jsonl, on the oldest library, writes every row of the tap',
    needs: ['jsonl'],
    run: () =>
      withWorld({}, async ({ folder: place, config, ukg }) => {
        const target = await writeJson(join(place, 'jsonl.json'), {
          destination_path: place,
          do_timestamp_file: false,
        });
        const ran = await pipe(
          `${executable('tap-ukg-pro')} --config ${config}`,
          `${program('jsonl', 'target-jsonl')} --config ${target}`,
        );
        const rows = jsonLines(await readFile(join(place, 'employees.jsonl'), 'utf8'));
        equal(new Set(rows.map((row) => row['employeeId'])).size, ukg.world.size, 'people in the file');
        assert(jsonLines(ran.stdout).at(-1)?.['bookmarks'] !== undefined, 'no STATE came out of target-jsonl');
        return `${rows.length} rows`;
      }),
  },
  {
    name: 'singer: a target written on the SDK writes every row of the tap',
    needs: ['singer'],
    run: () =>
      withWorld({}, async ({ folder: place, config, ukg }) => {
        const target = await writeJson(join(place, 'csv.json'), { output_path: place });
        await pipe(
          `${executable('tap-ukg-pro')} --config ${config}`,
          `${program('singer', 'target-csv')} --config ${target}`,
        );
        const file = (await readdir(place)).find((name) => name.endsWith('.csv')) ?? '';
        const ids = (
          await ok(program('singer', 'python'), [
            '-c',
            'import csv,sys; print(len({row["employeeId"] for row in csv.DictReader(open(sys.argv[1]))}))',
            join(place, file),
          ])
        ).stdout.trim();
        equal(Number(ids), ukg.world.size, 'people in the file');
        return `${ids} people in ${file}`;
      }),
  },
  {
    name: 'singer: a tap written on the SDK feeds the target through a mapping of its own',
    needs: ['singer'],
    run: () =>
      withWorld(
        {
          target: {
            mapping: {
              preset: 'none',
              stream: 'people',
              fields: {
                employeeId: 'person_id',
                firstName: 'given',
                lastName: 'family',
                email: 'contact.work',
                supervisorId: 'boss',
                employeeStatusCode: { from: 'state', lookup: { working: 'A', gone: 'T' } },
              },
            },
          },
        },
        async ({ folder: place, config, together, held, limitKept }) => {
          const tap = await writeJson(join(place, 'people.json'), { people: 25 });
          const ran = await pipe(
            `${program('singer', 'python')} ${join(python, 'sdk_tap.py')} --config ${tap}`,
            `${executable('target-together')} --config ${config}`,
          );
          equal(held(), 25, 'users that Together holds');
          const leavers = [...together.users.values()].filter((user) => user['employeeStatusCode'] === 'T');
          equal(leavers.length, 2, 'leavers');
          assert(jsonLines(ran.stdout).at(-1)?.['bookmarks'] !== undefined, 'no STATE was printed');
          limitKept();
          return '25 people, 2 of them leavers';
        },
      ),
  },
  {
    name: 'singer: --about has the shape that the SDK prints',
    needs: ['singer'],
    run: async () => {
      const place = await folder('about');
      try {
        await writeJson(join(place.path, 'people.json'), {});
        const sdk = JSON.parse(
          (await ok(program('singer', 'python'), [join(python, 'sdk_tap.py'), '--about', '--format', 'json'])).stdout,
        ) as Record<string, unknown>;
        for (const name of ['tap-ukg-pro', 'target-together']) {
          const ours = JSON.parse((await ok(executable(name), ['--about', '--format', 'json'])).stdout) as typeof sdk;
          equal(Object.keys(ours).sort(), Object.keys(sdk).sort(), `keys of ${name} --about`);
          const { version } = await readJson<{ version: string }>(join(here, '..', '..', name, 'package.json'));
          equal(ours['version'], version, `version of ${name}`);
        }
      } finally {
        await place.dispose();
      }
      return undefined;
    },
  },
];
