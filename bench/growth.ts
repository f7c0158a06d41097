/** How the target's CPU grows with changes, and what planning takes: by the count of people, beside another build, under two settings. */
import { join } from 'node:path';
import {
  bin,
  fixture,
  folder,
  isWanted,
  measure,
  otherBuild,
  pair,
  people,
  row,
  tapSettings,
  targetSettings,
  typical,
  write,
} from './support.ts';

const tap = bin('tap-ukg-pro');
const target = bin('target-together');
const perPerson = (cpu: number, count = people) => `${cpu.toFixed(2)} s, ${((cpu * 1e6) / count).toFixed(0)} µs each`;

/** Messages in which the first `count` people have another title. */
async function withTitles(input: string, title: string, count: number, output: string): Promise<void> {
  const text = `"jobTitle":"${title}"`.replaceAll('"', '\\"');
  const edit = `/"RECORD"/ && n++ < ${count} { sub(/"jobTitle":(null|"[^"]*")/, "${text}") } { print }`;
  await measure(`awk '${edit}' ${input} > ${output}`);
}

/** A second run that knows everybody, with so many of them changed. Each run starts from a copy of the first one's ledger. */
export async function growthWithChanges(): Promise<void> {
  if (!isWanted('growth with changes')) return;
  const { base, stop } = await fixture(people);
  const at = (name: string) => join(folder, name);
  const [input, changed, state] = [at('known.singer'), at('changed.singer'), at('state')];
  const guards = { max_changed: null, max_created: null };
  const config = write('target.json', targetSettings(base, { state_dir: state, guards }));
  await measure(`${tap} --config ${write('tap.json', tapSettings(base))} > ${input}`);
  await measure(`${target} --config ${config} < ${input} > /dev/null && mv ${state} ${state}.first`);
  for (const share of [0, 0.01, 0.1, 1]) {
    const count = Math.round(people * share);
    await withTitles(input, `Changed ${share}`, count, changed);
    const { cpu, mb } = await typical(
      `rm -rf ${state} && cp -r ${state}.first ${state} && ${target} --config ${config} < ${changed} > /dev/null`,
    );
    row(`growth with changes: ${count} of ${people}`, `target ${perPerson(cpu)}, ${mb.toFixed(0)} MB`);
  }
  stop();
}

const aPlan = (program: string, config: string, input: string) =>
  `${program} plan --config ${config} < ${input} > /dev/null 2> /dev/null`;

/**
 * `-- planning --people=100000`: plans of a tenth of the people and of all of them. `--other=FILE`: beside the `target-together` of another
 * build, which makes a ledger of its own. At the end one plan beside two of the same read, under settings that leave some out.
 */
export async function planning(): Promise<void> {
  if (!isWanted('planning')) return;
  for (const count of [people / 10, people]) await planningOf(count);
}

async function planningOf(count: number): Promise<void> {
  const { base, stop } = await fixture(count);
  const at = (name: string) => join(folder, `${count}-${name}`);
  const [input, changed] = [at('known.singer'), at('changed.singer')];
  await measure(`${tap} --config ${write('tap.json', tapSettings(base))} > ${input}`);
  await withTitles(input, 'Changed', Math.round(count / 20), changed);
  const guards = { max_changed: null, max_created: null };
  const configOf = (name: string, more: object) => write(name, targetSettings(base, { guards, ...more }));
  const none = configOf('none.json', {});
  const ours = configOf('ours.json', { state_dir: at('ours') });
  await measure(`${target} --config ${ours} < ${input} > /dev/null`);
  const other = otherBuild;
  const theirs = configOf('theirs.json', { state_dir: at('theirs') });
  if (other !== undefined) await measure(`${other} --config ${theirs} < ${input} > /dev/null`);
  const plans = [
    ['first', none, none, input],
    ['nothing new', ours, theirs, input],
    ['a twentieth changed', ours, theirs, changed],
  ] as const;
  for (const [what, config, otherConfig, messages] of plans) {
    const name = `planning: ${count} people, ${what}`;
    if (other === undefined) {
      const { cpu, mb } = await typical(aPlan(target, config, messages));
      row(name, `${perPerson(cpu, count)}, ${mb.toFixed(0)} MB`);
    } else {
      // Of fewer people the start of the process is most of it.
      const most = count === people ? 1.1 : undefined;
      await pair(name, aPlan(target, config, messages), aPlan(other, otherConfig, messages), 'the other build', most);
    }
  }
  const filters = [{ name: 'unit', field: 'orgLevel2Code', not_in: ['ORG6'] }];
  const next = configOf('next.json', { state_dir: at('ours'), filters });
  await pair(
    `planning: ${count} people, two settings`,
    aPlan(target, `${ours} --against ${next}`, changed),
    aPlan(target, ours, changed),
    'one plan',
    1.5,
  );
  stop();
}
