/** Airbyte: the protocol line by line, a stand-in for the platform, PyAirbyte, Airbyte's standard tests, and its real sources. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Sync, type Synced, synchronise } from '../../support/platform.ts';
import type { Check } from '../check.ts';
import { pathOf, program } from '../environments.ts';
import { assert, equal, executable, here, jsonLines, ok, readJson, root, run, tail, writeJson } from '../tools.ts';
import { absent, piecemeal, type World, withWorld } from '../world.ts';

const source = executable('source-ukg-pro');
const destination = executable('destination-together');

interface Stream {
  name: string;
  source_defined_primary_key?: string[][];
  supported_sync_modes: string[];
}

/** Each half's settings in a file of its own, as the platform hands them over. */
async function settings(world: World): Promise<{ tap: string; target: string }> {
  return {
    tap: await writeJson(join(world.folder, 'source', 'config.json'), world.tapSettings),
    target: await writeJson(join(world.folder, 'destination', 'config.json'), world.targetSettings),
  };
}

/** A configured catalog of the streams that `discover` reports. The suffix is PyAirbyte's: nobody may rely on `.json`. */
async function catalog(world: World, command: readonly string[], wanted: (stream: Stream) => boolean): Promise<string> {
  const [program = '', ...args] = command;
  const { stdout } = await ok(program, args);
  const found = jsonLines(stdout).find((message) => message['type'] === 'CATALOG')?.['catalog'] as {
    streams: Stream[];
  };
  const path = join(world.folder, `catalog-${found.streams.filter(wanted).length}.txt`);
  return writeJson(path, {
    streams: found.streams.filter(wanted).map((stream) => ({
      stream,
      sync_mode: stream.supported_sync_modes.includes('incremental') ? 'incremental' : 'full_refresh',
      destination_sync_mode: 'append_dedup',
      primary_key: stream.source_defined_primary_key ?? [],
    })),
  });
}

const employees = async (world: World, tap: string) =>
  catalog(world, [source, 'discover', '--config', tap], ({ name }) => name === 'employees');

/** Held against the protocol's JSON Schema and its unwritten rules. */
async function validate(lines: string, ...args: string[]): Promise<void> {
  const ran = await run(program('airbyte', 'python'), [join(here, 'python', 'validate_lines.py'), ...args], {
    input: lines,
  });
  assert(ran.code === 0, ran.stdout + ran.stderr);
}

async function sync(world: World, options: Partial<Sync> = {}, states: Synced['states'] = []): Promise<Synced> {
  const { tap, target } = await settings(world);
  return synchronise({
    source: { executable: source, config: tap },
    destination: { executable: destination, config: target },
    catalog: await employees(world, tap),
    ...(states.length > 0 ? { state: await writeJson(join(world.folder, 'state.json'), states) } : {}),
    ...options,
  });
}

/** The lines, of which exactly one is the answer; logs may stand beside it. */
function only(lines: string, type: string): string {
  const found = jsonLines(lines).filter((message) => message['type'] !== 'LOG');
  equal(
    found.map((message) => message['type']),
    [type],
    'messages beside logs',
  );
  return lines;
}

function good(synced: Synced): void {
  const seen = { problems: synced.problems, errors: synced.errors };
  assert(synced.succeeded && synced.problems.length === 0, `${JSON.stringify(seen)}\n${synced.stderr.slice(-3000)}`);
}

/** The last line of a PyAirbyte step. */
async function step(...args: string[]): Promise<Record<string, unknown>> {
  const ran = await run(program('airbyte', 'python'), [join(here, 'python', 'pyairbyte_step.py'), ...args], {
    env: { PATH: pathOf('airbyte') },
    timeoutMs: 600_000,
  });
  const last = ran.stdout.trim().split('\n').at(-1) ?? '';
  assert(last.startsWith('{'), tail(ran));
  return JSON.parse(last) as Record<string, unknown>;
}

/** `airbyte-cdk image test` in a copy of the connector's folder. `images` says what stands for each image. */
export async function imageTest(
  world: World,
  name: 'source-ukg-pro' | 'destination-together',
  command: readonly string[],
): Promise<string> {
  const place = join(world.folder, 'connectors', name);
  await cp(join(root, 'airbyte', name), place, { recursive: true });
  // The CDK only tests images of languages that it knows; any of them means "run the image".
  const metadata = join(place, 'metadata.yaml');
  await writeFile(metadata, (await readFile(metadata, 'utf8')).replace('language:typescript', 'language:java'));
  const { tapSettings, targetSettings } = world;
  const isSource = name === 'source-ukg-pro';
  await writeJson(join(place, 'secrets', 'config.json'), isSource ? tapSettings : targetSettings);
  await writeJson(join(place, 'secrets', isSource ? 'wrong_password.json' : 'wrong_key.json'), {
    ...(isSource ? { ...tapSettings, password: 'wrong-password-1' } : { ...targetSettings, api_key: 'wrong-key-1' }),
  });
  await mkdir(join(place, 'build'), { recursive: true });
  const image = `ukg-together/${name}:dev`;
  const ran = await run(program('airbyte', 'airbyte-cdk'), ['image', 'test', '--image', image], {
    cwd: place,
    env: {
      PATH: `${join(here, 'python')}:${pathOf('airbyte')}`,
      SHIM_IMAGES: JSON.stringify({ [image]: command }),
      // Without it the CDK skips its read, and reports success.
      PYTEST_ADDOPTS: '--read-from-streams=all -rs',
    },
    timeoutMs: 600_000,
  });
  assert(ran.code === 0, tail(ran, 80));
  const [, passed = '0'] = /(\d+) passed/.exec(ran.stdout) ?? [];
  assert(Number(passed) === (isSource ? 6 : 4), tail(ran));
  return /\d+ passed.*?(?= in )/.exec(ran.stdout)?.[0] ?? '';
}

export const checks: readonly Check[] = [
  {
    name: 'airbyte: each line of spec, check, discover, read and write is what the protocol says',
    needs: ['airbyte'],
    run: () =>
      withWorld({ tap: piecemeal }, async (world) => {
        const { tap, target } = await settings(world);
        const all = await catalog(world, [source, 'discover', '--config', tap], ({ name }) => !absent.includes(name));
        for (const [program, config] of [
          [source, tap],
          [destination, target],
        ] as const) {
          await validate(only((await ok(program, ['spec'])).stdout, 'SPEC'));
          await validate(only((await ok(program, ['check', `--config=${config}`])).stdout, 'CONNECTION_STATUS'));
        }
        await validate(only((await ok(source, ['discover', '--config', tap])).stdout, 'CATALOG'));
        const taken = await ok(destination, ['discover', '--config', target]);
        await validate(only(taken.stdout, 'DESTINATION_CATALOG'), '--destination');
        const read = await ok(source, ['read', '--config', tap, '--catalog', all]);
        await validate(read.stdout, '--catalog', all);
        const one = await employees(world, tap);
        const lines = (await ok(source, ['read', '--config', tap, '--catalog', one])).stdout;
        const written = await ok(destination, ['write', '--config', target, '--catalog', one], { input: lines });
        await validate(written.stdout, '--destination');
        const states = (text: string) => jsonLines(text).filter(({ type }) => type === 'STATE').length;
        equal(states(written.stdout), states(lines), 'states given back');
        world.right();
        const streams = (await readJson<{ streams: unknown[] }>(all)).streams.length;
        return `${read.stdout.split('\n').length - 1} lines of ${streams} streams`;
      }),
  },
  {
    name: 'airbyte: wrong credentials are a FAILED check with exit code 0 and no secret in it',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        for (const [program, good, key] of [
          [source, world.tapSettings, 'password'],
          [destination, world.targetSettings, 'api_key'],
        ] as const) {
          const config = await writeJson(join(world.folder, 'wrong.json'), { ...good, [key]: 'wrong-secret-42' });
          const ran = await run(program, ['check', '--config', config]);
          const [status] = jsonLines(ran.stdout).filter((message) => message['type'] === 'CONNECTION_STATUS');
          const told = status?.['connectionStatus'] as { status: string; message: string };
          equal([ran.code, told.status], [0, 'FAILED'], `check of ${program}`);
          assert(told.message.length > 20, `a message that helps: ${told.message}`);
          assert(!(ran.stdout + ran.stderr).includes('wrong-secret-42'), 'the secret was printed');
        }
        return undefined;
      }),
  },
  {
    name: 'airbyte: the platform commits everyone, then nothing, then only what changed',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        const first = await sync(world, { supportsRefreshes: true });
        good(first);
        world.right();
        equal([first.committed, first.rejected], [first.read, 0], 'committed and rejected');
        world.forget();
        const second = await sync(world, {}, first.states);
        good(second);
        equal(world.posts(), 0, 'requests of the second sync');
        const played = world.ukg.world.playDay({ changes: 6, seed: 3 });
        const third = await sync(world, {}, second.states);
        good(third);
        equal(world.posts(), 1, 'requests of the third sync');
        assert(world.sent() <= played.length * 2, `${world.sent()} people sent for ${played.length} changes`);
        world.right();
        world.limitKept();
        return `${first.read}, ${second.read}, ${third.read} records; ${first.statesEchoed} states`;
      }),
  },
  {
    name: 'airbyte: people that Together refuses count as rejected, and the sums still hold',
    needs: [],
    run: () =>
      withWorld({ target: { max_rejected_percent: 50 } }, async (world) => {
        const [first, second] = [...world.ukg.world.people()];
        world.together.state.lock(first?.employeeId ?? '');
        world.together.state.remove(second?.employeeId ?? '');
        const synced = await sync(world);
        good(synced);
        equal(synced.rejected, 2, 'rejected');
        equal(synced.committed, synced.read - 2, 'committed');
        equal(world.held(), world.ukg.world.size - 2, 'users that Together holds');
        return `${synced.committed} committed, ${synced.rejected} rejected`;
      }),
  },
  {
    name: 'airbyte: a destination that fails midway keeps what was accepted, and the next sync resumes',
    needs: [],
    run: () =>
      withWorld({ target: { batch_size: 10 } }, async (world) => {
        world.together.faults.add({ when: { method: 'POST', after: 2 }, do: { kind: 'unauthorized' } });
        const failed = await sync(world);
        assert(!failed.succeeded && failed.destinationCode === 6, `exit code ${failed.destinationCode}`);
        assert(
          failed.errors.some((error) => error['failure_type'] === 'config_error'),
          JSON.stringify(failed.errors),
        );
        equal(failed.problems, [], 'problems');
        const before = world.held();
        assert(before > 0 && before < world.ukg.world.size, `${before} users held after the failure`);
        world.together.faults.clear();
        world.forget();
        const resumed = await sync(world, {}, failed.states);
        good(resumed);
        world.right();
        equal(world.sent(), world.ukg.world.size - before, 'people sent by the second sync');
        world.limitKept();
        return `${before} before the failure, ${world.sent()} after it`;
      }),
  },
  {
    name: 'airbyte: a source that fails says so, and its last states stay good',
    needs: [],
    run: () =>
      withWorld({ tap: { page_size: 20, max_retries: 1 } }, async (world) => {
        world.ukg.faults.add({ when: { after: 3 }, do: { kind: 'status', status: 500 } });
        const failed = await sync(world);
        assert(!failed.succeeded && failed.sourceCode === 5, `exit code ${failed.sourceCode}`);
        assert(
          failed.errors.some((error) => error['failure_type'] === 'transient_error'),
          JSON.stringify(failed.errors),
        );
        equal(failed.problems, [], 'problems');
        world.ukg.faults.clear();
        good(await sync(world, {}, failed.states));
        world.right();
        return undefined;
      }),
  },
  {
    name: "airbyte: Airbyte's standard tests pass for the source",
    needs: ['airbyte'],
    run: () =>
      withWorld({ ukg: { people: 40 }, tap: piecemeal }, (world) => imageTest(world, 'source-ukg-pro', [source])),
  },
  {
    name: "airbyte: Airbyte's standard tests pass for the destination",
    needs: ['airbyte'],
    run: () => withWorld({}, (world) => imageTest(world, 'destination-together', [destination])),
  },
  {
    name: 'airbyte: pyairbyte validate accepts both connectors',
    needs: ['airbyte'],
    run: () =>
      withWorld({}, async (world) => {
        const { tap, target } = await settings(world);
        for (const [program, config] of [
          [source, tap],
          [destination, target],
        ] as const)
          await ok(
            join(pathOf('airbyte').split(':')[0] ?? '', 'pyairbyte'),
            ['validate', `--connector=${program}`, `--config=${config}`],
            {
              env: { PATH: pathOf('airbyte') },
            },
          );
        return undefined;
      }),
  },
  {
    name: 'airbyte: PyAirbyte reads into DuckDB: everyone, nothing, the changes',
    needs: ['airbyte'],
    run: () =>
      withWorld({}, async (world) => {
        const { tap } = await settings(world);
        const cacheFile = join(world.folder, 'cache.duckdb');
        const people = world.ukg.world.size;
        const first = await step('read', source, tap, cacheFile);
        equal(
          [first['processed'], first['rows'], first['keys']],
          [people, { employees: people }, people],
          'first read',
        );
        const second = await step('read', source, tap, cacheFile);
        // The last days are read again, since UKG's filters know days only; nothing of it is new.
        assert(Number(second['processed']) <= 3, `the second read brought ${String(second['processed'])} records`);
        equal(
          [second['rows'], second['content']],
          [{ employees: people }, first['content']],
          'what the table holds after the second read',
        );
        world.ukg.world.play({ kind: 'join' });
        const someone = [...world.ukg.world.people()][3]?.employeeId ?? '';
        world.ukg.world.play({ kind: 'rename', employeeId: someone, lastName: 'Changed' });
        const third = await step('read', source, tap, cacheFile);
        equal([third['rows'], third['keys']], [{ employees: people + 1 }, people + 1], 'third read');
        assert((third['lastnames'] as string[]).includes('Changed'), 'the changed name did not arrive');
        assert(
          Number(third['processed']) >= 2 && Number(third['processed']) <= 5,
          `third read: ${JSON.stringify(third['processed'])} records`,
        );
        return `${String(first['processed'])}, ${String(second['processed'])}, ${String(third['processed'])} records`;
      }),
  },
  {
    name: 'airbyte: PyAirbyte reads streams that know no increments, though it asks for all of them as such',
    needs: ['airbyte'],
    run: () =>
      withWorld({}, async (world) => {
        const { tap } = await settings(world);
        const streams = ['org_levels', 'locations', 'person_details'];
        const read = await step('read', source, tap, join(world.folder, 'cache.duckdb'), ...streams);
        const rows = read['rows'] as Record<string, number>;
        equal(rows['person_details'], world.ukg.world.size, `people: ${JSON.stringify(read)}`);
        assert((rows['org_levels'] ?? 0) > 0 && (rows['locations'] ?? 0) > 0, JSON.stringify(rows));
        return JSON.stringify(rows);
      }),
  },
  {
    name: 'airbyte: PyAirbyte from source to destination, with a failure and a resume',
    needs: ['airbyte'],
    run: () =>
      withWorld({ target: { batch_size: 10 } }, async (world) => {
        const { tap, target } = await settings(world);
        const pair = ['write', source, tap, destination, target, join(world.folder, 'state.duckdb')];
        world.together.faults.add({ when: { method: 'POST', after: 2 }, do: { kind: 'unauthorized' } });
        const failed = await step(...pair);
        assert(failed['error'] !== undefined, `a failure passed: ${JSON.stringify(failed)}`);
        const before = world.held();
        assert(before > 0 && before < world.ukg.world.size, `${before} users held after the failure`);
        world.together.faults.clear();
        world.forget();
        const resumed = await step(...pair);
        assert(resumed['error'] === undefined, JSON.stringify(resumed));
        world.right();
        equal(world.sent(), world.ukg.world.size - before, 'people sent after the failure');
        world.forget();
        const again = await step(...pair);
        equal([again['error'], world.posts()], [undefined, 0], 'a third run');
        world.limitKept();
        return `${before} before the failure, the other ${world.ukg.world.size - before} after it`;
      }),
  },
  {
    name: 'airbyte: behind a DuckDB cache, lower-case names and _airbyte columns still make the right users',
    needs: ['airbyte'],
    run: () =>
      withWorld({}, async (world) => {
        const { tap, target } = await settings(world);
        const done = await step('cached', source, tap, destination, target, join(world.folder, 'cache.duckdb'));
        assert(done['error'] === undefined, JSON.stringify(done));
        world.right();
        world.limitKept();
        return undefined;
      }),
  },
  {
    name: 'airbyte: pyairbyte destination-smoke-test, 21 odd streams, succeeds and sends nobody',
    needs: ['airbyte'],
    run: () =>
      withWorld({ target: { unmapped_streams: 'ignore' } }, async (world) => {
        const { target } = await settings(world);
        const ran = await ok(
          join(pathOf('airbyte').split(':')[0] ?? '', 'pyairbyte'),
          ['destination-smoke-test', `--destination=${destination}`, `--config=${target}`],
          { env: { PATH: pathOf('airbyte') }, timeoutMs: 600_000 },
        );
        assert(/"success":\s*true/.test(ran.stdout + ran.stderr), tail(ran));
        equal(world.posts(), 0, 'requests');
        const [, delivered = '0'] = /"records_delivered":\s*(\d+)/.exec(ran.stdout + ran.stderr) ?? [];
        assert(Number(delivered) > 0, tail(ran));
        return `${delivered} records of streams that no mapping takes`;
      }),
  },
  {
    name: "airbyte: Airbyte's source-faker feeds the destination through a mapping",
    needs: ['faker'],
    run: () =>
      withWorld(
        {
          target: {
            mapping: {
              preset: 'none',
              stream: 'users',
              fields: {
                employeeId: 'id',
                firstName: { expression: "$split(name, ' ')[0]" },
                lastName: { expression: "$split(name, ' ')[-1]" },
                email: 'email',
                title: 'occupation',
                employeeStatusCode: { const: 'A' },
              },
            },
          },
        },
        async (world) => {
          const faker = program('faker', 'source-faker');
          const config = join(here, 'airbyte', 'faker.json');
          const { target } = await settings(world);
          const synced = await synchronise({
            source: { executable: faker, config },
            destination: { executable: destination, config: target },
            catalog: await catalog(world, [faker, 'discover', '--config', config], ({ name }) => name === 'users'),
          });
          good(synced);
          equal([synced.read, synced.committed, world.held()], [40, 40, 40], 'people read, committed and held');
          for (const user of world.together.users.values()) {
            const filled = ['firstName', 'lastName', 'email', 'title'].filter(
              (field) => typeof user[field] === 'string',
            );
            equal([filled.length, user['employeeStatusCode']], [4, 'A'], 'fields of a user');
          }
          return `${synced.committed} committed, ${synced.statesEchoed} of ${synced.statesSent} states`;
        },
      ),
  },
  {
    name: 'airbyte: a low-code UKG source feeds the destination, and again with its state',
    needs: ['airbyte'],
    run: () =>
      withWorld(
        {
          target: {
            mapping: {
              preset: 'none',
              stream: 'person_details',
              fields: {
                employeeId: 'employeeId',
                firstName: 'firstName',
                lastName: 'lastName',
                email: 'emailAddress',
                employeeStatusCode: { const: 'A' },
              },
            },
          },
        },
        async (world) => {
          const lowCode = program('airbyte', 'source-declarative-manifest');
          const manifest = await ok(program('airbyte', 'python'), [
            '-c',
            'import json,sys,yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))',
            join(here, 'airbyte', 'ukg-manifest.yaml'),
          ]);
          const config = await writeJson(join(world.folder, 'lowcode.json'), {
            ...world.tapSettings,
            __injected_declarative_manifest: JSON.parse(manifest.stdout) as unknown,
          });
          const { target } = await settings(world);
          const parts = {
            source: { executable: lowCode, config },
            destination: { executable: destination, config: target },
            catalog: await catalog(world, [lowCode, 'discover', '--config', config], () => true),
          };
          const synced = await synchronise(parts);
          good(synced);
          world.right(['firstName', 'lastName', 'email']);
          world.forget();
          const state = await writeJson(join(world.folder, 'state.json'), synced.states);
          good(await synchronise({ ...parts, state }));
          equal(world.posts(), 0, 'requests of the second sync');
          return `${synced.committed} committed`;
        },
      ),
  },
];
