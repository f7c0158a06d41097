/** What all parts of the benchmark share: measuring whole processes, comparing two of them in turn, the server, files, verdicts. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const option = (name: string, otherwise: number) =>
  Number(words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);

export const rounds = option('rounds', 5);
/** `--other=FILE`: an executable of another build. */
export const otherBuild = words.find((word) => word.startsWith('--other='))?.slice('--other='.length);
export const people = option('people', 40_000);
/** The largest company. */
export const large = option('large', 1_000_000);
export const folder = mkdtempSync(join(tmpdir(), 'bench-'));
export const bin = (name: string) => join(root, 'node_modules', '.bin', name);
export const bench = (name: string) => join(root, 'bench', name);
/** Whether a row is asked for. */
export const isWanted = (row: string) => wanted.some((word) => row.includes(word));
/** Without a word the benchmark is the table of docs/performance.md. */
export const isTable = wanted.length === 0;
export const median = (values: readonly number[]) =>
  values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

export interface Figures {
  readonly code: number;
  /** User and system seconds of the process and all its children. */
  readonly cpu: number;
  /** Peak of the largest process. */
  readonly mb: number;
  readonly wall: number;
}

/** Throws unless the command ends with exit code 0. */
export async function measure(command: string): Promise<Figures> {
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

/** The middle one of several runs, by CPU. */
export async function typical(command: string, times = rounds): Promise<Figures> {
  const runs: Figures[] = [];
  for (let round = 0; round < times; round++) runs.push(await measure(command));
  return runs.sort((a, b) => a.cpu - b.cpu)[Math.floor(times / 2)] as Figures;
}

/** A and B in turn; the ratio is the median of the pairs' ratios. `most` is what the ratio must not pass. */
export async function pair(
  name: string,
  ours: string,
  other: string,
  label: string,
  most?: number,
  times = rounds,
): Promise<void> {
  if (!isWanted(name)) return;
  const [a, b]: [Figures[], Figures[]] = [[], []];
  await measure(ours);
  await measure(other);
  for (let round = 0; round < times; round++) {
    a.push(await measure(ours));
    b.push(await measure(other));
  }
  const ratioOf = (of: (figures: Figures) => number) =>
    median(a.map((figures, i) => of(figures) / of(b[i] as Figures)));
  const ratio = ratioOf(({ cpu }) => cpu);
  const memory = ratioOf(({ mb }) => mb);
  const of = (list: Figures[]) =>
    `${median(list.map((f) => f.cpu)).toFixed(3)} s, ${median(list.map((f) => f.mb)).toFixed(0)} MB`;
  row(name, `${ratio.toFixed(2)} × ${label}, ${memory.toFixed(2)} × its memory   (${of(a)} / ${of(b)})`, ratio, most);
}

/** Prints a row; a figure above `most` makes the benchmark end with 1. */
export function row(name: string, text: string, figure?: number, most?: number): void {
  const verdict =
    most === undefined || figure === undefined ? '' : figure <= most ? `  within ${most}` : `  ABOVE ${most}`;
  if (verdict.includes('ABOVE')) process.exitCode = 1;
  console.log(`${name.padEnd(46)} ${text}${verdict}`);
}

/** A UKG and a Together that cost next to nothing; `options` as fixture.mjs takes them. */
export async function fixture(count: number, ...options: string[]): Promise<{ base: string; stop: () => void }> {
  const child = spawn(process.execPath, [bench('fixture.mjs'), String(count), ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
  );
  return { base: `http://127.0.0.1:${port}`, stop: () => child.stdin.end() };
}

export function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

export const tapSettings = (base: string, more: object = {}) => ({
  base_url: base,
  username: 'u',
  password: 'p',
  customer_api_key: 'KEY01',
  ...more,
});
export const targetSettings = (base: string, more: object = {}) => ({
  api_url: base,
  organization_id: 'o',
  client_id: 'c',
  api_key: 'k',
  min_interval_ms: 0,
  state_dir: null,
  ...more,
});

/** A catalog that selects one stream: its first `fields` fields, or those of `names`. */
export async function catalogOf(
  stream: string,
  { fields = Number.POSITIVE_INFINITY, names }: { fields?: number; names?: readonly string[] } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(bin('tap-ukg-pro'), ['--discover'], { maxBuffer: 1 << 28 });
  const catalog = JSON.parse(stdout) as {
    streams: { stream: string; metadata: { breadcrumb: string[]; metadata: Record<string, unknown> }[] }[];
  };
  for (const entry of catalog.streams) {
    let left = fields;
    const isField = (name = '') => (names ? names.includes(name) : left-- > 0);
    for (const { breadcrumb, metadata } of entry.metadata)
      metadata['selected'] = entry.stream === stream && (breadcrumb.length === 0 || isField(breadcrumb[1]));
  }
  return write(`${stream}-${fields}-${names?.length ?? 'all'}.json`, catalog);
}
