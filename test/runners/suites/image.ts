/** The container images, built instruction by instruction into root file systems of their own and run as the platforms run them. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Check } from '../check.ts';
import { build, type Image, inside, put } from '../rootfs.ts';
import { assert, equal, executable, jsonLines, ok, readJson, root, tail } from '../tools.ts';
import { piecemeal, withWorld } from '../world.ts';
import { imageTest } from './airbyte.ts';

const dockerfile = join(root, 'airbyte', 'Dockerfile');
const built = new Map<string, Promise<Image>>();
let chain: Promise<unknown> = Promise.resolve();
/** One build after the other; the stages that they share are made once for each. */
function image(target: string): Promise<Image> {
  const made = built.get(target) ?? chain.then(() => build(dockerfile, target));
  chain = made.catch(() => undefined);
  built.set(target, made);
  return made;
}

/** As Airbyte's pod does it: the entrypoint from the environment, evaluated by the image's own shell. */
const asPod = (made: Image, command: string, options: Parameters<typeof inside>[2] = {}) =>
  inside(made, ['/bin/sh', '-c', `eval "$AIRBYTE_ENTRYPOINT ${command}"`], options);

const connectors = ['source-ukg-pro', 'destination-together'] as const;

export const checks: readonly Check[] = [
  ...connectors.map(
    (name): Check => ({
      name: `image: ${name} answers spec as uid 1000, without a network, through AIRBYTE_ENTRYPOINT`,
      needs: ['node'],
      run: async () => {
        const made = await image(name);
        equal(made.user, '1000:1000', 'user');
        equal(made.env['AIRBYTE_ENTRYPOINT'], made.entrypoint.join(' '), 'AIRBYTE_ENTRYPOINT');
        const metadata = parse(await readFile(join(root, 'airbyte', name, 'metadata.yaml'), 'utf8')) as {
          data: { dockerRepository: string; dockerImageTag: string };
        };
        const { version } = await readJson<{ version: string }>(join(root, 'package.json'));
        equal(
          [metadata.data.dockerImageTag, made.labels['io.airbyte.version'], made.labels['io.airbyte.name']],
          [version, version, metadata.data.dockerRepository],
          'version and name in metadata.yaml and labels',
        );
        const ran = await asPod(made, 'spec', { network: false });
        assert(ran.code === 0 && jsonLines(ran.stdout)[0]?.['type'] === 'SPEC', tail(ran));
        const ours = await ok(executable(name), ['spec']);
        equal(ran.stdout, ours.stdout, 'spec of the image and of the build');
        for (const tool of ['sh', 'mv', 'kill', 'sleep']) {
          const found = await inside(made, ['/bin/sh', '-c', `command -v ${tool}`]);
          assert(found.code === 0, `no ${tool} in the image`);
        }
        const writable = await inside(made, [
          '/bin/sh',
          '-c',
          'touch "$HOME/a" /tmp/a && rm "$HOME/a" /tmp/a && ! touch /a',
        ]);
        assert(writable.code === 0, tail(writable));
        const secrets = await inside({ ...made, user: '0:0' }, [
          '/bin/sh',
          '-c',
          'find / -xdev \\( -name node_modules -o -name config.json -o -name .env -o -name .npmrc -o -name npm \\) -not -path "/proc/*"',
        ]);
        equal(secrets.stdout, '', 'files that have no business in the image');
        const size = Number((await ok('du', ['-sm', made.folder])).stdout.split('\t')[0]);
        return `${size} MB on disk, ${Math.round(ran.ms)} ms for spec`;
      },
    }),
  ),
  {
    name: "image: Airbyte's standard tests pass on the source's image",
    needs: ['node', 'airbyte'],
    run: () =>
      withWorld({ ukg: { people: 40 }, tap: piecemeal }, async (world) =>
        imageTest(world, 'source-ukg-pro', await chrootCommand(await image('source-ukg-pro'))),
      ),
  },
  {
    name: "image: Airbyte's standard tests pass on the destination's image",
    needs: ['node', 'airbyte'],
    run: () =>
      // A folder that the image's user may make: its check tries.
      withWorld({ target: { state_dir: '/airbyte/ledger' } }, async (world) =>
        imageTest(world, 'destination-together', await chrootCommand(await image('destination-together'))),
      ),
  },
  {
    name: 'image: both connectors sync everyone from inside their images',
    needs: ['node'],
    run: () =>
      withWorld({ target: { state_dir: '/airbyte/ledger' } }, async (world) => {
        const [source, destination] = [await image('source-ukg-pro'), await image('destination-together')];
        await put(source, '/airbyte/config.json', JSON.stringify(world.tapSettings));
        await put(destination, '/airbyte/config.json', JSON.stringify(world.targetSettings));
        const discovered = await asPod(source, 'discover --config /airbyte/config.json');
        const found = jsonLines(discovered.stdout).find(({ type }) => type === 'CATALOG')?.['catalog'] as {
          streams: { name: string; source_defined_primary_key: unknown }[];
        };
        const catalog = JSON.stringify({
          streams: found.streams
            .filter(({ name }) => name === 'employees')
            .map((stream) => ({
              stream,
              sync_mode: 'full_refresh',
              destination_sync_mode: 'append_dedup',
              primary_key: stream.source_defined_primary_key,
            })),
        });
        await put(source, '/airbyte/catalog.json', catalog);
        await put(destination, '/airbyte/catalog.json', catalog);
        const read = await asPod(source, 'read --config /airbyte/config.json --catalog /airbyte/catalog.json');
        assert(read.code === 0, tail(read));
        const write = await asPod(destination, 'write --config /airbyte/config.json --catalog /airbyte/catalog.json', {
          input: read.stdout,
        });
        assert(write.code === 0, tail(write));
        equal(world.held(), world.ukg.world.size, 'users that Together holds');
        world.limitKept();
        return `${world.held()} people`;
      }),
  },
  {
    name: 'image: the sync image runs the pipe from its entrypoint, and again from its state',
    needs: ['node'],
    run: () =>
      withWorld({ target: { state_dir: '/state/ledger' } }, async (world) => {
        const made = await image('sync');
        await put(made, '/config.json', await readFile(world.config, 'utf8'));
        const first = await inside(made, made.entrypoint);
        assert(first.code === 0, tail(first));
        equal(world.held(), world.ukg.world.size, 'users that Together holds');
        await stat(join(made.folder, 'state', 'state.json'));
        world.forget();
        const second = await inside(made, made.entrypoint);
        assert(second.code === 0, tail(second));
        equal(world.posts(), 0, 'requests of the second run');
        return undefined;
      }),
  },
];

/** A command prefix that runs the image's entrypoint for the docker stand-in; files of this machine are seen under their own paths. */
async function chrootCommand(made: Image): Promise<string[]> {
  const { PATH = '', ...variables } = made.env;
  const environment = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const script = [
    `mount --bind /tmp '${made.folder}/tmp'`,
    `mount -t proc proc '${made.folder}/proc'`,
    `mount --rbind /dev '${made.folder}/dev'`,
    // The test writes the settings for itself alone, as root; the image reads them as uid 1000.
    // /tmp itself stays root's: a state below another user's folder is refused.
    'for file in "$@"; do [ -f "$file" ] || continue; chown 1000 "$file"; folder=$(dirname "$file"); [ "$folder" = /tmp ] || chown 1000 "$folder"; done',
    `exec chroot --userspec=${made.user} '${made.folder}' /usr/bin/env -i PATH='${PATH === '' ? '/usr/local/bin:/usr/bin:/bin' : PATH}' ${environment.map((item) => `'${item}'`).join(' ')} ${made.entrypoint.join(' ')} "$@"`,
  ].join('; ');
  return ['unshare', '--mount', 'sh', '-c', script, 'sh'];
}
