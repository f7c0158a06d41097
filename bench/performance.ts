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

/** Every program once in each round, so that all of them meet the same minutes of the machine. */
async function compare(work: string, ours: string, others: readonly Other[]): Promise<Work> {
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

async function comparisons(): Promise<Work[]> {
  const { base, stop } = await fixture(people);
  const config = write('tap.json', tapSettings(base, { page_size: 1000 }));
  const whole = write('tap-raw.json', tapSettings(base));
  const peer = write('peer.json', { base_url: base });
  const sdkTap = `${python} ${bench('peers/sdk_employees.py')} --config ${peer}`;
  const sdkTarget = `${python} ${bench('peers/sdk_target.py')} --config ${write('sdk-target.json', { api_url: base, validate_records: false })}`;
  const tuned = 'env BENCH_TUNED=1';
  const loop = `node ${bench('floor-employees.mjs')} ${base}`;
  const floor = `node ${bench('floor-target.mjs')} ${base}`;
  const employees = `${tap} --config ${config} --catalog ${await catalogOf('employees', { names })}`;
  const send = `${target} --config ${write('target.json', targetSettings(base))}`;
  await sameRecords(employees, [`${tuned} ${sdkTap}`, sdkTap, loop]);
  const joined =
    'several employments, filters, bookmarks, increments, retries, unknown fields, memory beyond one machine';
  const works = [
    await compare('reading employees', quiet(employees), [
      { program: 'singer-sdk, tuned', command: quiet(`${tuned} ${sdkTap}`), most: 0.5, leavesOut: joined },
      { program: 'singer-sdk', command: quiet(sdkTap), leavesOut: joined },
      { program: 'bare loop', command: quiet(loop), leavesOut: `${joined}, log` },
    ]),
  ];
  const raw = 'page ends that lie, retries by status, unknown fields, days and instants';
  const read = `--config ${whole} --catalog ${await catalogOf('person_details')}`;
  const airbyte = write('airbyte-catalog.json', {
    streams: [
      {
        stream: { name: 'person_details', json_schema: {}, supported_sync_modes: ['full_refresh'] },
        sync_mode: 'full_refresh',
        destination_sync_mode: 'append',
      },
    ],
  });
  works.push(
    await compare('reading one web service, all 94 fields', quiet(`${tap} ${read}`), [
      {
        program: 'singer-sdk',
        command: quiet(`${python} ${bench('peers/sdk_tap.py')} --config ${peer}`),
        leavesOut: raw,
      },
      {
        program: "Airbyte's declarative source",
        command: quiet(
          `${program('airbyte', 'source-declarative-manifest')} read --config ${peer} --catalog ${airbyte} --manifest-path ${bench('peers/manifest.yaml')}`,
        ),
        leavesOut: raw,
      },
      {
        program: 'bare loop',
        command: quiet(`node ${bench('floor-raw.mjs')} ${base} /personnel/v1/person-details person_details`),
        most: 1.3,
        leavesOut: `${raw}, types, log`,
      },
    ]),
  );
  const sent = 'guards, plan, ledger, rejects, retries, rate limit, report';
  await measure(`${employees} > ${input} 2> /dev/null`);
  works.push(
    await compare('sending', quiet(`${send} < ${input}`), [
      { program: 'singer-sdk, tuned', command: quiet(`${tuned} ${sdkTarget} < ${input}`), leavesOut: sent },
      { program: 'singer-sdk', command: quiet(`${sdkTarget} < ${input}`), leavesOut: sent },
      { program: 'bare loop', command: quiet(`${floor} < ${input}`), most: 1.6, leavesOut: `${sent}, log` },
    ]),
  );
  const pipe = (a: string, b: string) => `(${a} 2> /dev/null | ${b} > /dev/null 2>&1)`;
  works.push(
    await compare('the whole pipe', pipe(employees, send), [
      {
        program: 'singer-sdk, tuned',
        command: pipe(`${tuned} ${sdkTap}`, `${tuned} ${sdkTarget}`),
        most: 0.45,
        leavesOut: 'both of the above',
      },
      { program: 'singer-sdk', command: pipe(sdkTap, sdkTarget), leavesOut: 'both of the above' },
      { program: 'bare loop', command: pipe(loop, floor), leavesOut: 'both of the above' },
    ]),
  );
  rmSync(input);
  stop();
  return works;
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
    works: await comparisons(),
    growth: await growth(),
  };
}
