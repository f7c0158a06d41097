/** How CPU grows with people, fields, changes and page size: twice as much should cost twice as much, never more. */
import { join } from 'node:path';
import {
  bin,
  catalogOf,
  fixture,
  folder,
  isWanted,
  measure,
  people,
  row,
  tapSettings,
  targetSettings,
  typical,
  write,
} from './support.ts';

const tap = bin('tap-ukg-pro');
const target = bin('target-together');
const perThousand = (cpu: number, count: number) => `${cpu.toFixed(2)} s, ${((cpu * 1e6) / count).toFixed(0)} µs each`;

export async function growth(): Promise<void> {
  if (isWanted('growth with people')) await withPeople();
  if (isWanted('growth with fields')) await withFields();
  if (isWanted('growth with page size')) await withPages();
  if (isWanted('growth with changes')) await withChanges();
}

async function withPeople(): Promise<void> {
  for (const count of [people / 4, people, people * 4]) {
    const { base, stop } = await fixture(count);
    const config = write('tap.json', tapSettings(base));
    const input = join(folder, 'growth.singer');
    const read = await typical(`${tap} --config ${config} > ${input}`);
    const sent = await typical(
      `${target} --config ${write('target.json', targetSettings(base))} < ${input} > /dev/null`,
    );
    row(
      `growth with people: ${count}`,
      `employees ${perThousand(read.cpu, count)}; target ${perThousand(sent.cpu, count)}`,
    );
    stop();
  }
}

async function withFields(): Promise<void> {
  const { base, stop } = await fixture(people);
  const config = write('tap.json', tapSettings(base));
  for (const fields of [5, 20, 94]) {
    const { cpu } = await typical(
      `${tap} --config ${config} --catalog ${await catalogOf('person_details', fields)} > /dev/null`,
    );
    row(`growth with fields: ${fields} of 94`, `raw stream ${perThousand(cpu, people)}`);
  }
  stop();
}

async function withPages(): Promise<void> {
  const { base, stop } = await fixture(people);
  const catalog = await catalogOf('person_details');
  for (const size of [100, 1000, 10_000]) {
    const config = write('tap.json', tapSettings(base, { page_size: size }));
    const { cpu, mb } = await typical(`${tap} --config ${config} --catalog ${catalog} > /dev/null`);
    row(`growth with page size: ${size}`, `raw stream ${perThousand(cpu, people)}, ${mb.toFixed(0)} MB`);
  }
  stop();
}

/** A second run that knows everybody, with so many of them changed. Each run starts from a copy of the first one's ledger. */
async function withChanges(): Promise<void> {
  const { base, stop } = await fixture(people);
  const [input, changed, state] = ['known.singer', 'changed.singer', 'state'].map((name) => join(folder, name));
  const guards = { max_changed: null, max_created: null };
  const config = write('target.json', targetSettings(base, { state_dir: state, guards }));
  await measure(`${tap} --config ${write('tap.json', tapSettings(base))} > ${input}`);
  await measure(`${target} --config ${config} < ${input} > /dev/null && mv ${state} ${state}.first`);
  for (const share of [0, 0.01, 0.1, 1]) {
    const count = Math.round(people * share);
    const title = `"jobTitle":"Changed ${share}"`;
    const edit = `/"RECORD"/ && n++ < ${count} { sub(/"jobTitle":(null|"[^"]*")/, "${title.replaceAll('"', '\\"')}") } { print }`;
    await measure(`awk '${edit}' ${input} > ${changed}`);
    const { cpu, mb } = await typical(
      `rm -rf ${state} && cp -r ${state}.first ${state} && ${target} --config ${config} < ${changed} > /dev/null`,
    );
    row(`growth with changes: ${count} of ${people}`, `target ${perThousand(cpu, people)}, ${mb.toFixed(0)} MB`);
  }
  stop();
}
