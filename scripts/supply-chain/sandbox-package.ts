/**
 * The sandbox as a package of its own, for people who write other taps and targets: plain JavaScript with types, no dependency.
 * `npx ukg-together-sandbox` starts both servers; the modules that tests import have the names they have here.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './packages.ts';
import { ok } from './run-command.ts';

export const sandboxName = 'ukg-together-sandbox';
const modules = ['ukg-server', 'together-server', 'expected', 'life', 'other-taps', 'faults'];

/** Compiles the sandbox into `sandbox/dist/npm` and packs it into `dist/packages/`; gives the tarball. */
export async function packSandbox(root: string): Promise<string> {
  const folder = join(root, 'sandbox', 'dist', 'npm');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await compile(root, folder);
  const { version, license, homepage, repository, bugs, engines } = JSON.parse(
    await readFile(join(root, 'target-together', 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  const manifest = {
    name: sandboxName,
    version,
    description:
      'UKG Pro and Together on 127.0.0.1 with invented people and faults on demand, for tests of taps and targets',
    license,
    type: 'module',
    keywords: ['ukg', 'ukg-pro', 'together', 'singer', 'airbyte', 'sandbox', 'simulator', 'testing'],
    homepage: String(homepage).replaceAll('target-together', 'sandbox'),
    bugs,
    repository: { ...(repository as object), directory: 'sandbox' },
    engines,
    bin: { [sandboxName]: 'dist/start.js' },
    exports: {
      ...Object.fromEntries(
        modules.map((name) => [`./${name}`, { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }]),
      ),
      './package.json': './package.json',
    },
    files: ['dist', 'README.md', 'LICENSE'],
    publishConfig: { access: 'public', provenance: true },
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ['sandbox/README.md', 'LICENSE'])
    await cp(join(root, file), join(folder, file.split('/').at(-1) ?? file));
  const packages = join(root, 'dist', 'packages');
  await mkdir(packages, { recursive: true });
  const said = await ok('npm', ['pack', '--json', '--pack-destination', packages], { cwd: folder });
  const [packed] = Object.values(JSON.parse(said) as Record<string, { filename: string }>);
  if (packed === undefined) throw new Error(`npm pack said nothing of ${sandboxName}.`);
  return join(packages, packed.filename);
}

async function compile(root: string, folder: string): Promise<void> {
  const source = join(root, 'sandbox', 'src');
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    outDir: join(folder, 'dist'),
    rootDir: source,
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  const exclude = [join(source, '**', '*.test.ts'), join(source, 'testing')];
  const settings = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [source], exclude };
  await writeFile(config, JSON.stringify(settings));
  await ok(join(root, 'node_modules', '.bin', 'tsc'), ['-p', config]);
  await rm(config);
  // The compiler rewrites the extensions of imports in JavaScript, not in declarations.
  for (const each of await readdir(join(folder, 'dist'), { recursive: true })) {
    if (!each.endsWith('.d.ts')) continue;
    const file = join(folder, 'dist', each);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
  }
}

/** Installs the tarball in an empty folder; its command and its modules are used as a stranger would. */
export async function sandboxWorks(root: string, tarball: string): Promise<string> {
  await ok(tool(root, 'publint'), ['run', tarball, '--strict']);
  await ok(tool(root, 'attw'), [tarball, '--profile', 'esm-only', '--no-color']);
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-package-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}\n');
    await ok('npm', ['install', '--no-audit', '--no-fund', '--silent', tarball], { cwd: folder });
    const help = await ok('npx', ['--no-install', sandboxName, '--help'], { cwd: folder });
    if (!help.includes('--together-port')) throw new Error(`--help says ${help}`);
    await writeFile(join(folder, 'try.mjs'), trial);
    return (await ok(process.execPath, ['try.mjs'], { cwd: folder })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const trial = `
import { startUkg } from 'ukg-together-sandbox/ukg-server';
import { startTogether } from 'ukg-together-sandbox/together-server';
import { expectedUsers } from 'ukg-together-sandbox/expected';
const ukg = await startUkg({ people: 30, seed: 3 });
const together = await startTogether({ intervalMs: 0 });
const { organizationId, clientId, apiKey } = together.credentials;
const headers = { 'organization-id': organizationId, 'client-id': clientId, 'api-key': apiKey, 'content-type': 'application/json' };
const users = [...expectedUsers(ukg.world).values()].slice(0, 5).map((each) => each.user ?? each);
const answer = await fetch(new URL('/public/user', together.url), { method: 'POST', headers, body: JSON.stringify(users) });
console.log(together.users.size, 'of', users.length, 'people arrived, status', answer.status);
await Promise.all([ukg.close(), together.close()]);
if (together.users.size === 0) process.exitCode = 1;
`;
