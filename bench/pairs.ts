/** Start-up, raw streams, `employees`, target and pipe, each in turn with a bare Node loop and with the same work on other frameworks. */
import { join } from 'node:path';
import { install, program } from '../test/runners/environments.ts';
import {
  bench,
  bin,
  catalogOf,
  fixture,
  folder,
  isWanted,
  measure,
  pair,
  people,
  rounds,
  tapSettings,
  targetSettings,
  write,
} from './support.ts';

const others = [
  'raw stream (singer-sdk)',
  'raw stream (Airbyte)',
  'target (singer-sdk)',
  'target (singer-sdk, unvalidated)',
];

/** The other frameworks, where a row with them is asked for. */
export async function installOthers(): Promise<void> {
  if (others.some(isWanted)) await install(['singer', 'airbyte'], () => undefined);
}

export async function startUp(): Promise<void> {
  const bare = `${process.execPath} -e 0`;
  const times = Math.max(rounds, 15);
  const commands: [string, string, number][] = [
    ['tap-ukg-pro', '--version', 1.3],
    ['tap-ukg-pro', '--about --format json', 1.6],
    ['tap-ukg-pro', '--discover', 1.6],
    ['target-together', '--version', 1.3],
    ['target-together', '--about --format json', 1.6],
    ['source-ukg-pro', 'spec', 1.6],
    ['destination-together', 'spec', 1.6],
  ];
  for (const [name, words, most] of commands) {
    await pair(`start-up ${name} ${words}`, `${bin(name)} ${words} > /dev/null`, bare, 'node -e 0', most, times);
  }
}

export async function tapRows(): Promise<void> {
  const { base, stop } = await fixture(people);
  const config = write('tap.json', tapSettings(base));
  const raw = `${bin('tap-ukg-pro')} --config ${config} --catalog ${await catalogOf('person_details')} > /dev/null`;
  const floor = `node ${bench('floor-raw.mjs')} ${base} /personnel/v1/person-details person_details > /dev/null`;
  await pair('raw stream', raw, floor, 'bare loop', 1.3);
  const employees = `${bin('tap-ukg-pro')} --config ${config} > /dev/null`;
  await pair('employees', employees, `node ${bench('floor-employees.mjs')} ${base} > /dev/null`, 'bare loop', 1.5);

  const peer = write('peer.json', { base_url: base });
  const sdk = `${program('singer', 'python')} ${bench('peers/sdk_tap.py')} --config ${peer} > /dev/null 2>&1`;
  await pair('raw stream (singer-sdk)', raw, sdk, 'singer-sdk tap');
  await pair('bare loop (singer-sdk)', floor, sdk, 'singer-sdk tap');
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
    `${program('airbyte', 'source-declarative-manifest')} read --config ${peer} --catalog ${catalog} --manifest-path ${bench('peers/manifest.yaml')} > /dev/null 2>&1`,
    'declarative source',
  );
  stop();
}

export async function targetRows(): Promise<void> {
  const { base, stop } = await fixture(people);
  const tap = write('tap.json', tapSettings(base));
  const input = join(folder, 'employees.singer');
  await measure(`${bin('tap-ukg-pro')} --config ${tap} > ${input}`);
  const config = write('target.json', targetSettings(base));
  const ours = `${bin('target-together')} --config ${config} < ${input} > /dev/null`;
  const floor = `node ${bench('floor-target.mjs')} ${base}`;
  const planning = `${bin('target-together')} --config ${config} --dry-run < ${input} > /dev/null`;
  await pair('target: read, map, plan', planning, `${floor} < ${input}`, 'bare loop that posts', 1.6);
  await pair('target: read, map, plan, post', ours, `${floor} < ${input}`, 'bare loop', 1.6);
  for (const [name, more] of [
    ['target (singer-sdk)', {}],
    ['target (singer-sdk, unvalidated)', { validate_records: false }],
  ] as const) {
    const peer = write('sdk-target.json', { api_url: base, ...more });
    const sdk = `${program('singer', 'python')} ${bench('peers/sdk_target.py')} --config ${peer} < ${input} > /dev/null 2>&1`;
    await pair(name, ours, sdk, 'singer-sdk target');
  }
  await pair(
    'whole pipe',
    `${bin('tap-ukg-pro')} --config ${tap} | ${bin('target-together')} --config ${config} > /dev/null`,
    `node ${bench('floor-employees.mjs')} ${base} | ${floor}`,
    'bare pipe',
  );
  stop();
}
