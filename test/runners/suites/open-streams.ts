/** Streams whose fields UKG does not document, through targets that make their columns from the SCHEMA message. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, debianPackage, equal, executable, jsonLines, ok, run, tail, until, writeJson } from '../tools.ts';
import { type World, withWorld } from '../world.ts';

/** The deductions and rates that are as open as these are not in the sandbox: nothing states what UKG answers. */
const streams = ['general_ledger', 'own_ledger'];
const tap = {
  include_fields: ['general_ledger.*'],
  custom_endpoints: [{ name: 'own_ledger', path: '/payroll/v2/general-ledger' }],
};

interface Read {
  /** A file of the tap's messages. */
  readonly file: string;
  /** Of each stream. */
  readonly rows: number;
  readonly columns: readonly string[];
}

async function readLedgers({ folder, config }: World): Promise<Read> {
  const discovered = await ok(executable('tap-ukg-pro'), ['--config', config, '--discover']);
  const catalog = JSON.parse(discovered.stdout) as {
    streams: { stream: string; metadata: { breadcrumb: string[]; metadata: object }[] }[];
  };
  const chosen = catalog.streams.filter(({ stream }) => streams.includes(stream));
  for (const { metadata } of chosen)
    for (const { breadcrumb, metadata: marks } of metadata)
      if (breadcrumb.length === 0) Object.assign(marks, { selected: true });
  const path = await writeJson(join(folder, 'ledgers.json'), { streams: chosen });
  const { stdout } = await ok(executable('tap-ukg-pro'), ['--config', config, '--catalog', path]);
  const file = join(folder, 'ledgers.singer');
  await writeFile(file, stdout);
  const records = jsonLines(stdout).filter(({ type, stream }) => type === 'RECORD' && stream === 'general_ledger');
  const columns = [...new Set(records.flatMap(({ record }) => Object.keys(record as object)))].sort();
  assert(records.length > 0 && columns.length > 5, `${records.length} rows of ${columns.join()}`);
  return { file, rows: records.length, columns };
}

const load = (target: string, config: string, { file }: Read) =>
  ok('sh', ['-c', `${target} --config ${config} < ${file}`]);

/** Column names as a target may fold them, without what it adds. */
const plain = (names: readonly string[]) =>
  names
    .filter((name) => !name.startsWith('_sdc_'))
    .map((name) => name.toLowerCase().replaceAll('_', ''))
    .sort();

const python = async (environment: 'singer' | 'duckdb' | 'postgres', script: string, ...args: string[]) =>
  JSON.parse((await ok(program(environment, 'python'), ['-c', script, ...args])).stdout) as {
    rows: number;
    columns: string[];
  };

function holds(found: { rows: number; columns: string[] }, read: Read): void {
  equal(found.rows, read.rows, 'rows');
  equal(plain(found.columns), plain(read.columns), 'columns');
}

/** A server of its own on loopback, as a user who is not root. */
async function withPostgres<T>(folder: string, use: (port: number) => Promise<T>): Promise<T> {
  await debianPackage('postgres', 'postgresql');
  const bin = (await ok('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -1'])).stdout.trim();
  const [home, port] = [join(folder, 'postgres'), await freePort()];
  await mkdir(home);
  await ok('chmod', ['711', folder]);
  await ok('chown', ['postgres', home]);
  const as = (command: string) => run('runuser', ['-u', 'postgres', '--', 'sh', '-c', command], { cwd: '/' });
  const made = await as(`${bin}/initdb -A trust -U postgres -D ${home}/data`);
  assert(made.code === 0, tail(made));
  const started = await as(
    `${bin}/pg_ctl -D ${home}/data -l ${home}/log -o "-p ${port} -c listen_addresses=127.0.0.1 -k ${home}" start`,
  );
  assert(started.code === 0, tail(started));
  try {
    await until('PostgreSQL', 30_000, async () =>
      (await as(`${bin}/pg_isready -h 127.0.0.1 -p ${port}`)).code === 0 ? true : undefined,
    );
    return await use(port);
  } finally {
    await as(`${bin}/pg_ctl -D ${home}/data -m immediate stop`);
  }
}

const check = (name: string, needs: Check['needs'], use: (world: World, read: Read) => Promise<void>): Check => ({
  name: `open streams: ${name} has every row and every field of streams that UKG does not describe`,
  needs,
  run: () =>
    withWorld({ tap }, async (world) => {
      const read = await readLedgers(world);
      await use(world, read);
      return `${read.rows} rows of ${read.columns.length} fields, twice`;
    }),
});

export const checks: readonly Check[] = [
  check('target-csv', ['singer'], async ({ folder }, read) => {
    const output = join(folder, 'csv');
    await mkdir(output);
    await load(program('singer', 'target-csv'), await writeJson(join(folder, 'c.json'), { output_path: output }), read);
    const files = (await readdir(output)).filter((name) => name.endsWith('.csv'));
    equal(files.length, streams.length, 'files');
    for (const file of files) {
      const script =
        'import csv,json,sys; r=list(csv.DictReader(open(sys.argv[1]))); print(json.dumps({"rows": len(r), "columns": list(r[0])}))';
      holds(await python('singer', script, join(output, file)), read);
    }
  }),
  check('target-duckdb', ['duckdb'], async ({ folder }, read) => {
    const path = join(folder, 'ledgers.duckdb');
    const config = await writeJson(join(folder, 'd.json'), {
      filepath: path,
      path,
      default_target_schema: 'main',
      primary_key_required: false,
      hard_delete: true,
    });
    await load(program('duckdb', 'target-duckdb'), config, read);
    for (const stream of streams) {
      const script =
        'import duckdb,json,sys; c=duckdb.connect(sys.argv[1]).execute("select * from "+sys.argv[2]); print(json.dumps({"columns": [d[0] for d in c.description], "rows": len(c.fetchall())}))';
      holds(await python('duckdb', script, path, stream), read);
    }
  }),
  check('target-postgres', ['postgres'], async ({ folder }, read) => {
    await withPostgres(folder, async (port) => {
      const config = await writeJson(join(folder, 'p.json'), {
        host: '127.0.0.1',
        port,
        user: 'postgres',
        password: 'none',
        database: 'postgres',
        default_target_schema: 'public',
      });
      await load(program('postgres', 'target-postgres'), config, read);
      for (const stream of streams) {
        const script =
          'import json,psycopg,sys; c=psycopg.connect(host="127.0.0.1",port=int(sys.argv[1]),user="postgres",dbname="postgres").execute("select * from public."+sys.argv[2]); print(json.dumps({"columns": [d.name for d in c.description], "rows": len(c.fetchall())}))';
        holds(await python('postgres', script, String(port), stream), read);
      }
    });
  }),
];
