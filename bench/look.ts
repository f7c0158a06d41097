/** `verify` beside bare loops that parse the same list, and its memory; `plan --against` beside one plan. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  bench,
  bin,
  fixture,
  folder,
  isWanted,
  large,
  measure,
  pair,
  people,
  row,
  tapSettings,
  targetSettings,
  write,
} from './support.ts';

/** 100,000, where the command does not say otherwise. */
const compared = people * 5;
const verifying = 'verify: CPU';
const hashing = 'verify: CPU, beside hashes';
const flat = 'verify: memory';
/** Bytes a person: the ledger's index takes 56, the comparison 5; the rest are blocks of the ledger that wait for the next full collection. */
const mostPerPerson = 150;
const against = 'plan --against';

export async function look(): Promise<void> {
  if (isWanted(hashing)) await verifyRows();
  if (isWanted(flat)) await verifyMemory();
  if (isWanted(against)) await againstRow();
}

/** A company whose people Together has all accepted, and lists as they were sent. */
async function accepted(count: number) {
  const { base, stop } = await fixture(count, '0', 'list');
  const state = join(folder, 'look-state');
  const input = join(folder, 'look.singer');
  const config = write('look.json', targetSettings(base, { state_dir: state }));
  const target = `${bin('target-together')} --config ${config}`;
  await measure(`${bin('tap-ukg-pro')} --config ${write('look-tap.json', tapSettings(base))} > ${input}`);
  await measure(`${target} < ${input} > /dev/null`);
  const close = () => {
    stop();
    rmSync(state, { recursive: true });
    rmSync(input);
  };
  return { base, config, input, close };
}

async function verifyRows(): Promise<void> {
  const { base, config, close } = await accepted(compared);
  const verify = `${bin('target-together')} verify --config ${config} > /dev/null`;
  const floor = `node ${bench('floor-list.mjs')} ${base}`;
  await pair(verifying, verify, `${floor} > /dev/null`, 'bare loop', 1.3);
  await pair(hashing, verify, `${floor} hash > /dev/null`, 'bare loop with two hashes', 1.3);
  close();
}

async function verifyMemory(): Promise<void> {
  const peaks: number[] = [];
  const counts = [20_000, 100_000, large / 2] as const;
  for (const count of counts) {
    const { config, close } = await accepted(count);
    const { mb, cpu, wall } = await measure(`${bin('target-together')} verify --config ${config} > /dev/null`);
    row(`${flat}, ${count} people`, `${mb.toFixed(0)} MB, ${cpu.toFixed(1)} s CPU, ${wall.toFixed(1)} s`);
    peaks.push(mb);
    close();
  }
  const [smallest = 0, , largest = 0] = peaks;
  const perPerson = ((largest - smallest) * 2 ** 20) / (counts[2] - counts[0]);
  row(`${flat}, for each person more`, `${perPerson.toFixed(0)} bytes`, perPerson, mostPerPerson);
}

async function againstRow(): Promise<void> {
  const { base, config, input, close } = await accepted(compared);
  const next = write('look-next.json', {
    // Two mappings, by which a fifth of the people differ.
    ...targetSettings(base),
    mapping: { fields: { dateOfTermination: null, lastHireDate: null } },
  });
  const plan = `${bin('target-together')} plan --config ${config}`;
  await pair(
    against,
    `${plan} --against ${next} < ${input} > /dev/null`,
    `${plan} < ${input} > /dev/null`,
    'one plan',
    1.5,
  );
  close();
}
