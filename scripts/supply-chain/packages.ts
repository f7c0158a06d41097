/** The two packages that are published: packed, with the SBOM of what is in them, and looked at as a stranger would. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { thirdParties } from '../bundle/contents.mjs';
import { allows, type Manifest, shipped } from './dependencies.ts';
import { ok, run } from './run-command.ts';

export const published = ['tap-ukg-pro', 'target-together'];
const executables: Readonly<Record<string, readonly string[]>> = {
  'tap-ukg-pro': ['tap-ukg-pro', 'source-ukg-pro'],
  'target-together': ['target-together', 'destination-together'],
};

export interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly { readonly name: string; readonly group?: string; readonly version: string }[];
}

export const tool = (root: string, name: string) =>
  join(root, 'packaging', 'supply-chain', 'node_modules', '.bin', name);

/** The tools, by their own lock file; quick when they are there. */
export async function installTools(root: string): Promise<void> {
  const folder = join(root, 'packaging', 'supply-chain');
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
  const mark = join(folder, 'node_modules', '.installed-lock');
  if ((await readFile(mark, 'utf8').catch(() => '')) === lock) return;
  await ok('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: folder });
  await writeFile(mark, lock);
}

const bundleOf = async (root: string, name: string): Promise<Metafile> =>
  JSON.parse(await readFile(join(root, '.cache', 'bundle', `${name}.json`), 'utf8')) as Metafile;

/** Licences of what is bundled: on the list, and with a text that the notices can show. */
export async function bundledLicences(root: string, name: string): Promise<string> {
  const parties = thirdParties(await bundleOf(root, name), join(root, name));
  const faults = parties.flatMap(({ name: library, licence, text }) => [
    ...(allows(shipped, licence) ? [] : [`${library} is under ${licence}, which may not be shipped`]),
    ...(text === undefined ? [`${library} has no licence text for the notices`] : []),
  ]);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return `${parties.length} libraries: ${[...new Set(parties.map(({ licence }) => licence))].sort().join(', ')}`;
}

/** Writes `dist/sbom.cdx.json`, valid CycloneDX 1.6, the same bytes for the same bundles. */
export async function writeBom(root: string, name: string): Promise<string> {
  const file = join(root, name, 'dist', 'sbom.cdx.json');
  const args = ['--validate', '--output-reproducible', '--spec-version', '1.6', '--build-working-dir', name];
  await ok(tool(root, 'cyclonedx-esbuild'), [...args, '--output-file', file, `.cache/bundle/${name}.json`], {
    cwd: root,
  });
  const bom = JSON.parse(await readFile(file, 'utf8')) as Bom;
  const inBom = bom.components
    .map(({ group, name: of, version }) => `${group ? `${group}/` : ''}${of}@${version}`)
    .sort();
  const inBundle = thirdParties(await bundleOf(root, name), join(root, name)).map(
    (each) => `${each.name}@${each.version}`,
  );
  if (inBom.join() !== inBundle.sort().join())
    throw new Error(`The SBOM lists ${inBom.join(', ')}; the bundles contain ${inBundle.join(', ')}.`);
  if (bom.metadata.component.name !== name) throw new Error(`The SBOM is about ${bom.metadata.component.name}.`);
  return `CycloneDX 1.6, ${inBom.length} components`;
}

/** Packs both into `dist/packages/`; gives the tarball of each. */
export async function pack(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, 'dist', 'packages');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tarballs = new Map<string, string>();
  for (const name of published) {
    const said = await ok('npm', ['pack', '--json', '--workspace', name, '--pack-destination', folder], { cwd: root });
    const [packed] = Object.values(JSON.parse(said) as Record<string, { filename: string }>);
    if (packed === undefined) throw new Error(`npm pack said nothing of ${name}.`);
    tarballs.set(name, join(folder, packed.filename));
  }
  return tarballs;
}

/** Nothing of this machine, no secret and no source map may stand in what everybody downloads. */
export function leaks(file: string, text: string, forbidden: readonly string[]): string[] {
  const found = forbidden.filter((folder) => text.includes(`${folder}/`)).map((folder) => `${file} names ${folder}`);
  for (const [what, pattern] of [
    ['a home folder', /(?:\/home\/|\/Users\/|[A-Z]:\\Users\\)[A-Za-z0-9]/],
    ['a source map', /[#@] ?sourceMappingURL=[^'"`\s]/],
    ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----\n/],
    ['a token', /\b(?:npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16})\b/],
  ] as const) {
    if (pattern.test(text)) found.push(`${file} contains ${what}`);
  }
  return found;
}

/** What is in a tarball: these files and no others, and nothing in them that should have stayed here. */
export async function contents(root: string, name: string, tarball: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    await ok('tar', ['-xzf', tarball, '-C', folder]);
    const files = (await readdir(join(folder, 'package'), { recursive: true, withFileTypes: true }))
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(join(folder, 'package').length + 1))
      .sort();
    const built = (executables[name] ?? []).map((each) => `dist/${each}.mjs`);
    const chunks = (await readdir(join(root, name, 'dist', 'chunks'))).map((each) => `dist/chunks/${each}`);
    const expected = [
      'LICENSE',
      'README.md',
      'package.json',
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/config.sample.json',
      'dist/sbom.cdx.json',
      ...built,
      ...chunks,
    ].sort();
    if (files.join() !== expected.join())
      throw new Error(`It holds ${files.join(', ')}; expected are ${expected.join(', ')}.`);
    const faults: string[] = [];
    // A home of one word is too likely a word of a mapping: HiBob's fields begin with /root/.
    const builder = [root.replace(/\/$/, ''), homedir()].filter((path) => path.lastIndexOf('/') > 0);
    let bytes = 0;
    for (const file of files) {
      const text = await readFile(join(folder, 'package', file), 'latin1');
      bytes += text.length;
      faults.push(...leaks(file, text, builder));
    }
    const manifest = JSON.parse(await readFile(join(folder, 'package', 'package.json'), 'utf8')) as Manifest & {
      repository?: { url?: string; directory?: string };
      publishConfig?: { provenance?: boolean; access?: string };
    };
    if (manifest.dependencies !== undefined) faults.push('package.json has dependencies');
    if (manifest.scripts !== undefined) faults.push('package.json has scripts');
    if (!manifest.repository?.url?.startsWith('git+https://') || manifest.repository.directory !== name)
      faults.push('package.json does not say from which repository and folder it is; provenance needs both');
    if (manifest.publishConfig?.provenance !== true || manifest.publishConfig.access !== 'public')
      faults.push('package.json: publishConfig does not ask for public access and provenance');
    const licence = await readFile(join(root, 'LICENSE'), 'utf8');
    if ((await readFile(join(folder, 'package', 'LICENSE'), 'utf8')) !== licence)
      faults.push('LICENSE is not the repository’s');
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The judges of package.json and of what importers would find; a warning is a fault. */
export async function lint(root: string, tarball: string): Promise<string> {
  await ok(tool(root, 'publint'), ['run', tarball, '--strict']);
  const said = await ok(tool(root, 'attw'), [tarball, '--format', 'json', '--no-color']);
  const { analysis } = JSON.parse(said) as { analysis: { types: unknown; problems?: readonly { kind: string }[] } };
  const problems = analysis.problems ?? [];
  if (problems.length > 0) throw new Error(`attw: ${problems.map(({ kind }) => kind).join(', ')}`);
  return 'publint, attw';
}

/** Two builds from two folders are the same bytes: who has the sources can check what was published. */
export async function sameBytes(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'rebuild-'));
  try {
    const listed = await ok('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
    for (const file of listed.split('\0').filter((each) => each !== '')) {
      await cp(join(root, file), join(copy, file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    await ok('cp', ['-a', join(root, 'node_modules'), join(copy, 'node_modules')]);
    await ok(process.execPath, ['scripts/build.mjs'], { cwd: copy });
    for (const name of published) {
      const files = await readdir(join(copy, name, 'dist'), { recursive: true, withFileTypes: true });
      for (const each of files.filter((one) => one.isFile())) {
        const file = relative(join(copy, name, 'dist'), join(each.parentPath, each.name));
        const { code } = await run('cmp', [join(root, name, 'dist', file), join(copy, name, 'dist', file)]);
        if (code !== 0) throw new Error(`${name}/dist/${file} differs when it is built in another folder.`);
      }
    }
    return 'built again in another folder: the same bytes';
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
