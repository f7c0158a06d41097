/**
 * The packed tarballs, installed in an empty folder as a user does, and driven against the sandbox under each supported Node.js.
 * The processes run where this repository's folder is empty: nothing of it can help them.
 */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
import { ok, run } from './run-command.ts';

export const majors = ['20', '22', '24'];
/** What npm needs to find its registry. */
const forNpm = /^npm_config_(registry|cafile|https?_proxy|proxy|noproxy|userconfig|globalconfig)$/;
const executables = ['tap-ukg-pro', 'source-ukg-pro', 'target-together', 'destination-together'];

/** Runs a program of the installed packages. */
type Use = (command: string, args: readonly string[]) => ReturnType<typeof run>;

/** Installs both and runs everything once under one major version of Node.js. */
export async function installedUnder(root: string, tarballs: readonly string[], major: string): Promise<string> {
  const said = await ok(join(root, 'scripts', 'with-node.sh'), [major, 'node', '-p', 'process.execPath']);
  const folder = await mkdtemp(join(tmpdir(), 'installed-'));
  try {
    await mkdir(join(folder, 'node'));
    await copyFile(said.trim().split('\n').at(-1) ?? '', join(folder, 'node', 'node'));
    await writeFile(join(folder, 'package.json'), '{"private":true}\n');
    const path = `${join(folder, 'node')}:${process.env['PATH']}`;
    // Proxies and certificates of this machine, but nothing of the `npm run` that this may be part of.
    const mine = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD)/.test(name) || forNpm.test(name));
    const env = { ...Object.fromEntries(mine), PATH: path };
    await ok('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts=false', ...tarballs], {
      cwd: folder,
      env,
    });
    const packages = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
    if (packages.sort().join() !== 'tap-ukg-pro,target-together')
      throw new Error(`npm installed ${packages.join(', ')} instead of two packages.`);
    const hide = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
    const inner = 'mount -t tmpfs none "$0" && exec "$@"';
    const use: Use = (command, args) =>
      run('unshare', [...hide, '--', 'sh', '-c', inner, root, command, ...args], {
        cwd: folder,
        env: { NO_COLOR: '1', HOME: folder, PATH: `${join(folder, 'node_modules', '.bin')}:${path}` },
      });
    if ((await use('ls', [root])).stdout !== '') throw new Error(`${root} could not be hidden.`);
    for (const name of executables) await answers(name, use);
    return await pipe(folder, use);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What every runner asks first. */
async function answers(name: string, use: Use): Promise<void> {
  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await use(name, args);
    if (code === 0) return stdout;
    throw new Error(`${name} ${args.join(' ')} ended with ${code}: ${stderr.slice(-500)}`);
  };
  const airbyte = name.startsWith('source') || name.startsWith('destination');
  const said = await ask('--version');
  if (!/^[\w-]+ v\d+\.\d+\.\d+\n$/.test(said)) throw new Error(`${name} --version: ${said}`);
  if ((await ask('--help')).length < 100) throw new Error(`${name} --help says next to nothing`);
  if (airbyte) {
    if ((JSON.parse(await ask('spec')) as { type?: string }).type !== 'SPEC') throw new Error(`${name} spec`);
  } else if ((JSON.parse(await ask('--about', '--format', 'json')) as { name?: string }).name !== name) {
    throw new Error(`${name} --about is about something else`);
  }
}

/** Two nights at a company: everybody, then no one. */
async function pipe(folder: string, use: Use): Promise<string> {
  const ukg = await startUkg({ people: 200, seed: 7 });
  const together = await startTogether({ intervalMs: 100 });
  try {
    const { username, password, customerApiKey } = ukg.credentials;
    const { organizationId, clientId, apiKey } = together.credentials;
    const settings = {
      'tap-ukg-pro': {
        base_url: ukg.url,
        username,
        password,
        customer_api_key: customerApiKey,
        time_zone: ukg.world.zone,
      },
      'target-together': {
        api_url: together.url,
        organization_id: organizationId,
        client_id: clientId,
        api_key: apiKey,
        state_dir: join(folder, 'state'),
        min_interval_ms: 100,
        max_rejected_percent: 100,
      },
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
    await writeFile(join(folder, 'state.json'), '{}');
    for (const night of [1, 2]) {
      const command =
        'set -o pipefail; tap-ukg-pro --config config.json --state state.json ' +
        `| target-together --config config.json --save-state state.json --summary summary-${night}.json`;
      const ran = await use('bash', ['-c', command]);
      if (ran.code !== 0) throw new Error(`The pipe ended with ${ran.code}:\n${ran.stderr.slice(-2000)}`);
    }
    const outcomes = async (night: number) => {
      const text = await readFile(join(folder, `summary-${night}.json`), 'utf8');
      return (JSON.parse(text) as { outcomes: Record<string, number> }).outcomes;
    };
    const [first, second] = [await outcomes(1), await outcomes(2)];
    const held = together.users.size;
    if (held < 150 || first['created'] !== held)
      throw new Error(`Together holds ${held}, ${first['created']} were created.`);
    if (second['created'] !== 0 || second['updated'] !== 0)
      throw new Error(`The second night sent ${JSON.stringify(second)}.`);
    const broken = together.journal.violations();
    if (broken.length > 0) throw new Error(`Limits broken: ${broken.length}`);
    return `${held} people arrived, the second night sent no one`;
  } finally {
    await Promise.all([ukg.close(), together.close()]);
  }
}
