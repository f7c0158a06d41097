/** How the target's CPU grows with changes. */
import { join } from 'node:path';
import {
  bin,
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
const perPerson = (cpu: number) => `${cpu.toFixed(2)} s, ${((cpu * 1e6) / people).toFixed(0)} µs each`;

/** A second run that knows everybody, with so many of them changed. Each run starts from a copy of the first one's ledger. */
export async function growthWithChanges(): Promise<void> {
  if (!isWanted('growth with changes')) return;
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
    row(`growth with changes: ${count} of ${people}`, `target ${perPerson(cpu)}, ${mb.toFixed(0)} MB`);
  }
  stop();
}
