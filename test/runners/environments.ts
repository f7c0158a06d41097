/**
 * The Python programs that the checks drive, each in an environment of its own under `.cache/runners/`, installed from a
 * locked list. An environment is made again only when its list or the Python version has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, fetched, here, ok } from './tools.ts';

const uvVersion = '0.13.9';

export const environments = [
  'singer',
  'classic',
  'jsonl',
  'meltano',
  'mapper',
  'airbyte',
  'faker',
  'dagster',
  'airflow',
  'kubernetes',
  'prefect',
  'dlt',
  'node',
  'moto',
  'openbao',
  'yamllint',
  'duckdb',
  'postgres',
] as const;
export type Environment = (typeof environments)[number];

/** A program of an environment. */
export const program = (environment: Environment, name: string): string => join(cache, environment, 'bin', name);

/** PATH that finds an environment's programs first. */
export const pathOf = (environment: Environment): string =>
  `${join(cache, environment, 'bin')}:${process.env['PATH'] ?? ''}`;

export const uv = join(cache, 'uv', 'bin', 'uv');

async function ensureUv(): Promise<void> {
  if (existsSync(uv)) return;
  await ok('python3', ['-m', 'venv', join(cache, 'uv')]);
  await fetched(join(cache, 'uv', 'bin', 'pip'), ['install', '-q', `uv==${uvVersion}`]);
}

/** Installs what is missing. `took` hears how many milliseconds each one took; 0 means that it was there. */
export async function install(
  wanted: readonly Environment[],
  took: (name: Environment, ms: number) => void,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  await ensureUv();
  const { stdout: python } = await ok('python3', ['--version']);
  for (const name of wanted) {
    const list = join(here, 'requirements', `${name}.txt`);
    const key = createHash('sha256')
      .update(python)
      .update(await readFile(list))
      .digest('hex');
    const home = join(cache, name);
    const stamp = join(home, '.key');
    if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === key) {
      took(name, 0);
      continue;
    }
    const started = performance.now();
    await rm(home, { recursive: true, force: true });
    await ok(uv, ['venv', '-q', '--no-python-downloads', '--python', 'python3', home]);
    await fetched(uv, ['pip', 'sync', '-q', '--python', join(home, 'bin', 'python'), list]);
    await writeFile(stamp, key);
    took(name, performance.now() - started);
  }
}
