/**
 * `npx tsx bench/scaling.ts [--people=1000,10000,100000] [--tenants=12] [--write]`: what docs/scaling.md says, measured on the sandbox: requests,
 * time, memory and state by the size of a company; what a shared Redis is asked; how many companies a host gets through.
 * Needs redis-server. Times are of this machine; the sandbox runs beside the programs.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '@ukg-together/kit/clock';
import { playDay } from '@ukg-together/sandbox/life';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { redisLimiter } from '@ukg-together/transport/limiter/redis-limiter';
import { connectRedis } from '@ukg-together/transport/redis/client';
import { startRedis } from '../test/support/redis.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(process.env['TEST_BIN'] ?? join(root, 'node_modules', '.bin'), name);
const option = (name: string, otherwise: string) =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise;
const sizes = option('people', '1000,10000,100000').split(',').map(Number);
const tenants = Number(option('tenants', '12'));
const folder = mkdtempSync(join(tmpdir(), 'scaling-'));
const tables: string[][] = [];
const row = (...cells: (string | number)[]) => {
  const line = `| ${cells.join(' | ')} |`;
  console.log(line);
  tables.at(-1)?.push(line);
};
const head = (...cells: string[]) => {
  console.log('');
  tables.push([]);
  row(...cells);
  row(...cells.map(() => '---'));
};
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

interface House {
  readonly ukg: UkgServer;
  readonly together: TogetherServer;
  readonly config: string;
  readonly at: (name: string) => string;
  close(): Promise<void>;
}

async function openHouse(name: string, people: number, target: object = {}): Promise<House> {
  const ukg = await startUkg({ people, seed: 5 });
  const together = await startTogether({ intervalMs: 0 });
  mkdirSync(join(folder, name));
  const at = (file: string) => join(folder, name, file);
  const { username, password, customerApiKey } = ukg.credentials;
  const { organizationId, clientId, apiKey } = together.credentials;
  const settings = {
    'tap-ukg-pro': {
      base_url: ukg.url,
      username,
      password,
      customer_api_key: customerApiKey,
      time_zone: ukg.world.zone,
      // The second night of the measurement must not be a full read because of it.
      full_read_interval_hours: 100_000,
    },
    'target-together': {
      api_url: together.url,
      organization_id: organizationId,
      client_id: clientId,
      api_key: apiKey,
      state_dir: at('state'),
      min_interval_ms: 0,
      max_rejected_percent: 100,
      ...target,
    },
  };
  writeFileSync(at('config.json'), JSON.stringify(settings), { mode: 0o600 });
  writeFileSync(at('state.json'), '{}');
  return {
    ukg,
    together,
    config: at('config.json'),
    at,
    close: () => Promise.all([ukg.close(), together.close()]).then(() => {}),
  };
}

/** CPU seconds, peak MB, wall seconds of one command. */
async function measure(command: string): Promise<{ code: number; cpu: number; mb: number; wall: number }> {
  const { stdout } = await promisify(execFile)('python3', [join(root, 'bench', 'measure.py'), command], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOGLEVEL: 'ERROR' },
  });
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Awaited<ReturnType<typeof measure>>;
  if (figures.code !== 0) throw new Error(`exit code ${figures.code}: ${command}`);
  return figures;
}

const tap = ({ config, at }: House) => `${bin('tap-ukg-pro')} --config ${config} --state ${at('state.json')}`;
const target = ({ config, at }: House) =>
  `${bin('target-together')} --config ${config} --save-state ${at('state.json')} 2> ${at('stderr.txt')} > /dev/null`;
const sent = ({ together }: House) => together.journal.matching('/public/user').length;

/** One night, each half measured by itself. */
async function night(house: House) {
  house.ukg.journal.clear();
  house.together.journal.clear();
  const read = await measure(`${tap(house)} > ${house.at('messages')} 2> ${house.at('tap.txt')}`);
  const wrote = await measure(`${target(house)} < ${house.at('messages')}`);
  return { read, wrote, ukg: house.ukg.journal.entries.length, together: sent(house) };
}

const bytesOf = (path: string, fits: (name: string) => boolean) =>
  readdirSync(path)
    .filter(fits)
    .reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

async function bySize(): Promise<void> {
  head('people', 'night', 'UKG requests', 'Together requests', 'tap', 'target', 'state', 'audit log');
  for (const people of sizes) {
    const house = await openHouse(`size-${people}`, people);
    for (const name of ['first', 'nothing new', 'a day of changes']) {
      if (name === 'a day of changes') playDay(house.ukg.world, { changes: Math.ceil(people / 200) });
      const before = name === 'first' ? 0 : bytesOf(house.at('state'), (file) => file.startsWith('audit'));
      const { read, wrote, ukg, together } = await night(house);
      const audit = bytesOf(house.at('state'), (file) => file.startsWith('audit')) - before;
      const state = bytesOf(house.at('state'), (file) => file.startsWith('ledger') || file === 'runs.json');
      const half = (one: typeof read) => `${one.cpu.toFixed(1)} s CPU, ${one.mb.toFixed(0)} MB`;
      row(people, name, ukg, together, half(read), half(wrote), mb(state), `+ ${(audit / 1e3).toFixed(1)} kB`);
    }
    await house.close();
  }
}

/** Commands that change something, so far. */
async function commandsOf(port: number): Promise<number> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), 'info', 'commandstats']);
  // Everything that takes turns, holds the lock or writes is one script; what a script calls inside does not cross the network.
  return Number(/^cmdstat_eval:calls=(\d+)/m.exec(stdout)?.[1] ?? 0);
}

async function shared(): Promise<void> {
  const redis = await startRedis();
  const people = 5000;
  const used = async () =>
    Number(
      /used_memory:(\d+)/.exec(
        (await promisify(execFile)('redis-cli', ['-p', String(redis.port), 'info', 'memory'])).stdout,
      )?.[1],
    );
  head('one organization through Redis', 'Together requests', 'Redis commands', 'for each request', 'Redis memory');
  for (const [name, pipes, more] of [
    ['limiter only, one pipe', 1, {}],
    ['limiter only, four pipes at once', 4, {}],
    ['limiter and state_dir "redis", one pipe', 1, { state_dir: 'redis', ledger_key: 'a key for measurements only' }],
  ] as const) {
    await promisify(execFile)('redis-cli', ['-p', String(redis.port), 'flushall']);
    await promisify(execFile)('redis-cli', ['-p', String(redis.port), 'config', 'resetstat']);
    const base = await used();
    const limiter = { type: 'redis', url: redis.url };
    const house = await openHouse(`redis-${pipes}-${Object.keys(more).length}`, people, {
      limiter,
      min_interval_ms: 200,
      batch_size: 250,
      ...more,
    });
    house.together.options.intervalMs = 200;
    await measure(`${tap(house)} > ${house.at('messages')} 2> ${house.at('tap.txt')}`);
    await Promise.all(
      Array.from({ length: pipes }, async (_, i) => {
        const state = 'state_dir' in more ? '' : `TARGET_TOGETHER_STATE_DIR=${house.at(`state-${i}`)}`;
        const command = `${state} ${bin('target-together')} --config ${house.config} --config ENV > /dev/null 2>> ${house.at('stderr.txt')}`;
        await measure(`${command} < ${house.at('messages')}`);
      }),
    );
    const [requests, commands] = [sent(house), await commandsOf(redis.port)];
    if (house.together.journal.violations().length > 0) throw new Error('the limit was broken');
    row(name, requests, commands, (commands / requests).toFixed(1), mb((await used()) - base));
    await house.close();
  }
  await turns(redis.url);
  await redis.stop();
}

let permits = '';

/** How many turns one Redis gives out in a second, all for different organizations. */
async function turns(url: string): Promise<void> {
  const client = await connectRedis({ url });
  const count = 4000;
  const limiters = Array.from({ length: count }, (_, i) =>
    redisLimiter({ redis: client, name: `turn-${i}`, clock: systemClock, intervalMs: 0 }),
  );
  // The first turn of a name waits out what a holder before a restart may need; the second is the usual one.
  await Promise.all(limiters.map((limiter) => limiter.run(async () => {})));
  const began = performance.now();
  await Promise.all(limiters.map((limiter) => limiter.run(async () => {})));
  const seconds = (performance.now() - began) / 1000;
  permits = `One Redis and one client: ${Math.round(count / seconds)} permits in a second`;
  console.log(`\n${permits}.`);
  await client.close();
}

async function onOneHost(): Promise<void> {
  const people = 1000;
  const houses = await Promise.all(Array.from({ length: tenants }, (_, i) => openHouse(`tenant-${i}`, people)));
  for (const house of houses) await night(house);
  head(
    `companies of ${people}, a quiet night`,
    'at once',
    'seconds in all',
    'companies in an hour',
    'peak memory of a process',
  );
  for (const atOnce of [1, 2, 4]) {
    const queue = [...houses];
    let peak = 0;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let house = queue.pop(); house; house = queue.pop()) {
          const figures = await measure(`${tap(house)} 2> ${house.at('tap.txt')} | ${target(house)}`);
          peak = Math.max(peak, figures.mb);
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    row(tenants, atOnce, seconds.toFixed(1), Math.round((tenants / seconds) * 3600), `${peak.toFixed(0)} MB`);
  }
  await Promise.all(houses.map((house) => house.close()));
}

/** Puts the tables in the place of those with the same heads. */
function writePage(): void {
  const file = join(root, 'docs', 'scaling.md');
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const table of tables) {
    const from = lines.indexOf(table[0] as string);
    if (from === -1) throw new Error(`docs/scaling.md has no table with this head: ${table[0]}`);
    const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
    lines.splice(from, length, ...table);
  }
  writeFileSync(file, lines.join('\n').replace(/One Redis and one client: \d+ permits in a second/, permits));
}

console.log(`${cpus().length} cores, Node ${process.versions.node}`);
try {
  await bySize();
  await shared();
  await onOneHost();
  if (process.argv.includes('--write')) writePage();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
