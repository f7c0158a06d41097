/**
 * `npm run bench [-- FILTER]`: CPU and memory against a bare Node loop and against the same work on singer-sdk and Airbyte's
 * declarative source. Each pair runs in turn within one run; the figures are medians, and the median of the paired ratios.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { install, program } from '../test/runners/environments.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [filter = ''] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const option = (name: string, otherwise: number) =>
  Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const rounds = option('rounds', 5);
const people = option('people', 20_000);
const large = option('large', 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const bench = (name: string) => join(root, 'bench', name);

interface Figures {
  readonly code: number;
  readonly cpu: number;
  readonly mb: number;
  readonly wall: number;
}

async function measure(command: string): Promise<Figures> {
  const { stdout } = await promisify(execFile)('python3', [bench('measure.py'), command], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LOGLEVEL: 'WARNING',
      BENCH_FIELDS: join(folder, 'fields.json'),
    },
    maxBuffer: 1 << 26,
  });
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures;
  if (figures.code !== 0) throw new Error(`exit code ${figures.code}: ${command}`);
  return figures;
}

const median = (values: number[]) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** A and B in turn; the ratio is the median of the pairs' ratios. `limit` is what the ratio must not pass. */
async function pair(
  name: string,
  ours: string,
  other: string,
  label: string,
  limit?: number,
  times = rounds,
): Promise<void> {
  if (!name.includes(filter)) return;
  const [a, b]: [Figures[], Figures[]] = [[], []];
  await measure(ours);
  await measure(other);
  for (let round = 0; round < times; round++) {
    a.push(await measure(ours));
    b.push(await measure(other));
  }
  const ratio = median(a.map((figures, i) => figures.cpu / (b[i] as Figures).cpu));
  const verdict = limit === undefined ? '' : ratio <= limit ? `  within ${limit}` : `  ABOVE ${limit}`;
  if (limit !== undefined && ratio > limit) process.exitCode = 1;
  const of = (list: Figures[]) =>
    `${median(list.map((f) => f.cpu)).toFixed(3)} s, ${median(list.map((f) => f.mb)).toFixed(0)} MB`;
  console.log(`${name.padEnd(44)} ${ratio.toFixed(2)} × ${label}   (${of(a)} / ${of(b)})${verdict}`);
}

async function fixture(count: number): Promise<{ base: string; stop: () => void }> {
  const child = spawn(process.execPath, [bench('fixture.mjs'), String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
  );
  return { base: `http://127.0.0.1:${port}`, stop: () => child.stdin.end() };
}

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

const tapSettings = (base: string) => ({ base_url: base, username: 'u', password: 'p', customer_api_key: 'KEY01' });
const targetSettings = (base: string, more: object = {}) => ({
  api_url: base,
  organization_id: 'o',
  client_id: 'c',
  api_key: 'k',
  min_interval_ms: 0,
  state_dir: null,
  ...more,
});

/** A catalog that selects one stream with all its fields. */
async function catalogOf(stream: string): Promise<string> {
  const { stdout } = await promisify(execFile)(bin('tap-ukg-pro'), ['--discover'], { maxBuffer: 1 << 28 });
  const catalog = JSON.parse(stdout) as {
    streams: { stream: string; metadata: { metadata: Record<string, unknown> }[] }[];
  };
  for (const entry of catalog.streams) {
    for (const item of entry.metadata) item.metadata['selected'] = entry.stream === stream;
  }
  return write(`${stream}.json`, catalog);
}

async function startUp(): Promise<void> {
  const bare = `${process.execPath} -e 0`;
  const times = Math.max(rounds, 15);
  for (const name of ['tap-ukg-pro', 'target-together', 'source-ukg-pro', 'destination-together']) {
    const airbyte = /^(source|destination)/.test(name);
    if (!airbyte)
      await pair(`start-up ${name} --version`, `${bin(name)} --version > /dev/null`, bare, 'node -e 0', 1.3, times);
    const about = airbyte ? 'spec' : '--about --format json';
    await pair(`start-up ${name} ${about}`, `${bin(name)} ${about} > /dev/null`, bare, 'node -e 0', 1.6, times);
  }
  await pair(
    'start-up tap-ukg-pro --discover',
    `${bin('tap-ukg-pro')} --discover > /dev/null`,
    bare,
    'node -e 0',
    1.6,
    times,
  );
}

async function tapRows(): Promise<void> {
  const { base, stop } = await fixture(people);
  const config = write('tap.json', tapSettings(base));
  const person = await catalogOf('person_details');
  const raw = `${bin('tap-ukg-pro')} --config ${config} --catalog ${person} > /dev/null`;
  await pair(
    'raw stream',
    raw,
    `node ${bench('floor-raw.mjs')} ${base} /personnel/v1/person-details person_details > /dev/null`,
    'bare loop',
    1.3,
  );
  await pair(
    'employees',
    `${bin('tap-ukg-pro')} --config ${config} > /dev/null`,
    `node ${bench('floor-employees.mjs')} ${base} > /dev/null`,
    'bare loop',
    1.5,
  );
  await pair(
    'raw stream (singer-sdk)',
    raw,
    `${program('singer', 'python')} ${bench('peers/sdk_tap.py')} --config ${write('peer.json', { base_url: base })} > /dev/null 2>&1`,
    'singer-sdk tap',
  );
  const manifest = write('airbyte.json', { base_url: base });
  const catalog = write('airbyte-catalog.json', {
    streams: [
      {
        stream: { name: 'person_details', json_schema: {}, supported_sync_modes: ['full_refresh'] },
        sync_mode: 'full_refresh',
        destination_sync_mode: 'append',
      },
    ],
  });
  await pair(
    'raw stream (Airbyte)',
    `${bin('source-ukg-pro')} read --config ${config} --catalog ${catalog} > /dev/null`,
    `${program('airbyte', 'source-declarative-manifest')} read --config ${manifest} --catalog ${catalog} --manifest-path ${bench('peers/manifest.yaml')} > /dev/null 2>&1`,
    'declarative source',
  );
  stop();
}

async function targetRows(): Promise<void> {
  const { base, stop } = await fixture(people);
  const input = join(folder, 'employees.singer');
  await measure(`${bin('tap-ukg-pro')} --config ${write('tap.json', tapSettings(base))} > ${input}`);
  const config = write('target.json', targetSettings(base));
  const ours = `${bin('target-together')} --config ${config} < ${input} > /dev/null`;
  await pair(
    'target: read, map, plan, post',
    ours,
    `node ${bench('floor-target.mjs')} ${base} < ${input}`,
    'bare loop',
    1.6,
  );
  const peer = write('peer.json', { api_url: base });
  await pair(
    'target (singer-sdk)',
    ours,
    `${program('singer', 'python')} ${bench('peers/sdk_target.py')} --config ${peer} < ${input} > /dev/null 2>&1`,
    'singer-sdk target',
  );
  await pair(
    'whole pipe',
    `${bin('tap-ukg-pro')} --config ${join(folder, 'tap.json')} | ${bin('target-together')} --config ${config} > /dev/null`,
    `node ${bench('floor-employees.mjs')} ${base} | node ${bench('floor-target.mjs')} ${base}`,
    'bare pipe',
  );
  stop();
}

async function memory(): Promise<void> {
  const sizes = [10_000, 100_000, large];
  const seen: Record<string, number[]> = {};
  for (const count of sizes) {
    const { base, stop } = await fixture(count);
    const config = write('tap.json', tapSettings(base));
    const person = await catalogOf('person_details');
    const input = join(folder, 'people.singer');
    const target = write(
      'target.json',
      targetSettings(base, { state_dir: join(folder, `state-${count}`), guards: {} }),
    );
    for (const [name, command] of [
      ['memory raw stream', `${bin('tap-ukg-pro')} --config ${config} --catalog ${person} > /dev/null`],
      ['memory employees', `${bin('tap-ukg-pro')} --config ${config} > ${input}`],
      ['memory target', `${bin('target-together')} --config ${target} < ${input} > /dev/null`],
    ] as const) {
      if (!name.includes(filter) && !(name === 'memory employees' && 'memory target'.includes(filter))) continue;
      const figures = await measure(command);
      (seen[name] ??= []).push(figures.mb);
      console.log(
        `${name.padEnd(28)} ${String(count).padStart(9)} people  ${figures.mb.toFixed(0).padStart(5)} MB  ${figures.cpu.toFixed(1).padStart(6)} s CPU  ${figures.wall.toFixed(1).padStart(6)} s`,
      );
    }
    rmSync(input, { force: true });
    stop();
  }
}

async function delivery(): Promise<void> {
  if (!'delivery'.includes(filter)) return;
  const count = 5000;
  const { base, stop } = await fixture(count);
  const input = join(folder, 'delivery.singer');
  await measure(`${bin('tap-ukg-pro')} --config ${write('tap.json', tapSettings(base))} > ${input}`);
  const intervalMs = 1000;
  const config = write('delivery.json', targetSettings(base, { min_interval_ms: intervalMs, batch_size: 250 }));
  const { wall } = await measure(`${bin('target-together')} --config ${config} < ${input} > /dev/null`);
  const batches = count / 250;
  console.log(
    `delivery of ${batches} batches: ${wall.toFixed(2)} s for ${(batches * intervalMs) / 1000} s of pauses (${((wall * 1000) / (batches * intervalMs)).toFixed(3)} ×, start-up, reading and answers included)`,
  );
  stop();
}

const { personFields } = (await import('./fields.mjs' as string)) as {
  personFields: (id: string) => Record<string, unknown>;
};
const kinds = { boolean: 'b', number: 'n' } as Record<string, string>;
write(
  'fields.json',
  Object.fromEntries(Object.entries(personFields('0')).map(([name, value]) => [name, kinds[typeof value] ?? 's'])),
);
await install(['singer', 'airbyte']);
console.log(`Node ${process.version}, ${rounds} rounds, ${people} people; CPU = user + system of the whole process\n`);
for (const part of [startUp, tapRows, targetRows, delivery, memory]) await part();
rmSync(folder, { recursive: true, force: true });
