/** Ours beside the same work on other frameworks and in a bare Node loop, in turn; and how ours grows. See results.ts. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { install, program } from '../test/runners/environments.ts';
import { type Compared, flat, type Grown, type Results, type Work } from './results.ts';
import {
  bench,
  bin,
  catalogOf,
  type Figures,
  fixture,
  folder,
  large,
  measure,
  median,
  people,
  rounds,
  tapSettings,
  targetSettings,
  typical,
  write,
} from './support.ts';

const names = JSON.parse(readFileSync(bench('employees.json'), 'utf8')) as string[];
const tap = bin('tap-ukg-pro');
const target = bin('target-together');
const python = program('singer', 'python');
const input = join(folder, 'people.singer');

type Other = Pick<Compared, 'program' | 'leavesOut' | 'most'> & { readonly command: string };

/** It takes a quarter of an hour: what it is at. */
const announce = (what: string) => console.error(`${Math.round(performance.now() / 1000)} s: ${what}`);

/** Every program once in each round, so that all of them meet the same minutes of the machine. */
async function compare(work: string, count: number, ours: string, others: readonly Other[]): Promise<Work> {
  announce(work);
  const commands = [ours, ...others.map(({ command }) => command)];
  const runs: Figures[][] = commands.map(() => []);
  for (const command of commands) await measure(command);
  for (let round = 0; round < rounds; round++)
    for (const [i, command] of commands.entries()) runs[i]?.push(await measure(command));
  const figures = (i: number) => ({
    cpu: rounded(median((runs[i] ?? []).map(({ cpu }) => cpu))),
    mb: Math.round(median((runs[i] ?? []).map(({ mb }) => mb))),
  });
  const ratio = (i: number) =>
    rounded(median((runs[0] ?? []).map(({ cpu }, round) => cpu / (runs[i]?.[round]?.cpu ?? 0))));
  return {
    work,
    people: count,
    ...figures(0),
    others: others.map(({ program: name, leavesOut, most }, i) => ({
      program: name,
      ...figures(i + 1),
      ratio: ratio(i + 1),
      ...(most === undefined ? {} : { most }),
      leavesOut,
    })),
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** The records of a tap's output by person: programs that give other records are not compared. */
async function recordsOf(command: string): Promise<string[]> {
  const file = join(folder, 'records.singer');
  await measure(`${command} > ${file}`);
  const messages = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return messages
    .map((line) => JSON.parse(line) as { type: string; record: Record<string, unknown> })
    .filter(({ type }) => type === 'RECORD')
    .map(({ record }) => JSON.stringify(names.map((name) => record[name] ?? null)));
}

async function sameRecords(ours: string, others: readonly string[]): Promise<void> {
  const wanted = (await recordsOf(ours)).sort().join('\n');
  for (const other of others)
    if ((await recordsOf(other)).sort().join('\n') !== wanted) throw new Error(`other records than ours: ${other}`);
}

const quiet = (command: string) => `${command} > /dev/null 2>&1`;
const tuned = 'env BENCH_TUNED=1';

/** The programs that read `employees` of a server. */
async function readersOf(base: string) {
  const sdk = `${python} ${bench('peers/sdk_employees.py')} --config ${write('peer.json', { base_url: base })}`;
  const config = write('tap.json', tapSettings(base, { page_size: 1000 }));
  return {
    ours: `${tap} --config ${config} --catalog ${await catalogOf('employees', { names })}`,
    sdk,
    sdkTuned: `${tuned} ${sdk}`,
    loop: `node ${bench('floor-employees.mjs')} ${base}`,
  };
}

/** `employees`, sending it, and both in a pipe. */
async function halves(): Promise<Work[]> {
  const few = await fixture(2500);
  const { ours, ...others } = await readersOf(few.base);
  await sameRecords(ours, Object.values(others));
  few.stop();
  const { base, stop } = await fixture(people);
  const read = await readersOf(base);
  const sdkTarget = `${python} ${bench('peers/sdk_target.py')} --config ${write('sdk-target.json', { api_url: base, validate_records: false })}`;
  const floor = `node ${bench('floor-target.mjs')} ${base}`;
  const send = `${target} --config ${write('target.json', targetSettings(base))}`;
  const joined =
    'several employments, filters, bookmarks, increments, retries, unknown fields, memory beyond one machine';
  const reading = await compare('reading employees', people, quiet(read.ours), [
    { program: 'singer-sdk, tuned', command: quiet(read.sdkTuned), most: 0.5, leavesOut: `${joined}, types, blanks` },
    { program: 'singer-sdk', command: quiet(read.sdk), leavesOut: joined },
    { program: 'bare loop', command: quiet(read.loop), leavesOut: `${joined}, types, blanks, log` },
  ]);
  const sent = 'guards, plan, ledger, rejects, retries, rate limit, report, checks of each value';
  await measure(`${read.ours} > ${input} 2> /dev/null`);
  const sending = await compare('sending', people, quiet(`${send} < ${input}`), [
    { program: 'singer-sdk, tuned', command: quiet(`${tuned} ${sdkTarget} < ${input}`), leavesOut: sent },
    { program: 'singer-sdk', command: quiet(`${sdkTarget} < ${input}`), leavesOut: sent },
    { program: 'bare loop', command: quiet(`${floor} < ${input}`), most: 1.6, leavesOut: `${sent}, log` },
  ]);
  rmSync(input);
  const pipe = (a: string, b: string) => `(${a} 2> /dev/null | ${b} > /dev/null 2>&1)`;
  const leavesOut = 'both of the above';
  const whole = await compare('the whole pipe', people, pipe(read.ours, send), [
    { program: 'singer-sdk, tuned', command: pipe(read.sdkTuned, `${tuned} ${sdkTarget}`), most: 0.45, leavesOut },
    { program: 'singer-sdk', command: pipe(read.sdk, sdkTarget), leavesOut },
    { program: 'bare loop', command: pipe(read.loop, floor), leavesOut },
  ]);
  stop();
  return [reading, sending, whole];
}

/** Airbyte's source takes twenty times as long as ours: a quarter of the people tells as much. */
async function oneWebService(): Promise<Work> {
  const count = Math.ceil(people / 4);
  const { base, stop } = await fixture(count);
  const peer = write('peer.json', { base_url: base });
  const read = `--config ${write('tap-raw.json', tapSettings(base))} --catalog ${await catalogOf('person_details')}`;
  const airbyte = write('airbyte-catalog.json', {
    streams: [
      {
        stream: { name: 'person_details', json_schema: {}, supported_sync_modes: ['full_refresh'] },
        sync_mode: 'full_refresh',
        destination_sync_mode: 'append',
      },
    ],
  });
  const declarative = `${program('airbyte', 'source-declarative-manifest')} read --config ${peer} --catalog ${airbyte}`;
  const leavesOut = 'page ends that lie, retries by status, unknown fields, days and instants';
  const loop = `node ${bench('floor-raw.mjs')} ${base} /personnel/v1/person-details person_details`;
  const work = await compare('reading one web service, all 94 fields', count, quiet(`${tap} ${read}`), [
    {
      program: 'singer-sdk',
      command: quiet(`${python} ${bench('peers/sdk_tap.py')} --config ${peer}`),
      leavesOut,
    },
    {
      program: "Airbyte's declarative source",
      command: quiet(`${declarative} --manifest-path ${bench('peers/manifest.yaml')}`),
      leavesOut,
    },
    { program: 'bare loop', command: quiet(loop), most: 1.3, leavesOut: `${leavesOut}, types, log` },
  ]);
  stop();
  return work;
}

async function growth(): Promise<Grown[]> {
  const rows: Grown[] = [];
  const add = (what: string, size: number, count: number, { cpu, mb }: Figures, most?: number) =>
    rows.push({
      what,
      size,
      people: count,
      cpu: rounded(cpu),
      mb: Math.round(mb),
      ...(most === undefined ? {} : { most }),
    });
  for (const count of [large / 100, large / 10, large]) {
    announce(`${count} people`);
    const { base, stop } = await fixture(count);
    const config = write('tap.json', tapSettings(base));
    const state = join(folder, `state-${count}`);
    const settings = targetSettings(base, { state_dir: state, guards: { max_relinked: null } });
    const send = quiet(`${target} --config ${write('target.json', settings)} < ${input}`);
    const most = count === 1_000_000 ? 300 : undefined;
    const raw = quiet(`${tap} --config ${config} --catalog ${await catalogOf('person_details')}`);
    add(flat, count, count, await measure(raw));
    add('employees', count, count, await measure(`${tap} --config ${config} > ${input} 2> /dev/null`), most);
    add('target, first run', count, count, await measure(send), most);
    add('target, nothing new', count, count, await measure(send), most);
    rmSync(input);
    rmSync(state, { recursive: true });
    stop();
  }
  const { base, stop } = await fixture(people);
  for (const fields of [5, 20, 94]) {
    const catalog = await catalogOf('person_details', { fields });
    const command = quiet(`${tap} --config ${write('tap.json', tapSettings(base))} --catalog ${catalog}`);
    add('fields selected of 94', fields, people, await typical(command));
  }
  for (const size of [100, 1000, 10_000]) {
    const config = write('tap.json', tapSettings(base, { page_size: size }));
    add('rows on a page', size, people, await typical(quiet(`${tap} --config ${config}`)));
  }
  stop();
  return rows;
}

export async function performanceResults(): Promise<Results> {
  await install(['singer', 'airbyte'], () => undefined);
  return {
    day: new Date().toISOString().slice(0, 10),
    node: execFileSync('node', ['--version'], { encoding: 'utf8' }).trim(),
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? '?'}`,
    people,
    rounds,
    works: [...(await halves()), await oneWebService()],
    growth: await growth(),
  };
}
