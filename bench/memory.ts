/** Peak memory at ten thousand, a hundred thousand and a million people. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  bin,
  catalogOf,
  type Figures,
  fixture,
  folder,
  isWanted,
  large,
  measure,
  row,
  tapSettings,
  targetSettings,
  write,
} from './support.ts';

const raw = 'memory raw stream';
const employees = 'memory employees';
const target = 'memory target';
/** A second run that knows everybody. */
const again = 'memory target, again';

export async function memory(): Promise<void> {
  if (![raw, employees, target, again].some(isWanted)) return;
  const flat: number[] = [];
  for (const count of [10_000, 100_000, large]) {
    const { base, stop } = await fixture(count);
    const last = count === large;
    const config = write('tap.json', tapSettings(base));
    const person = await catalogOf('person_details');
    const input = join(folder, 'people.singer');
    const state = join(folder, `state-${count}`);
    const settings = write('target.json', targetSettings(base, { state_dir: state }));
    const tell = (name: string, { mb, cpu, wall }: Figures, most?: number) =>
      row(`${name}, ${count} people`, `${mb.toFixed(0)} MB, ${cpu.toFixed(1)} s CPU, ${wall.toFixed(1)} s`, mb, most);

    if (isWanted(raw)) {
      const figures = await measure(`${bin('tap-ukg-pro')} --config ${config} --catalog ${person} > /dev/null`);
      flat.push(figures.mb);
      tell(raw, figures);
    }
    if ([employees, target, again].some(isWanted)) {
      const read = await measure(`${bin('tap-ukg-pro')} --config ${config} > ${input}`);
      if (isWanted(employees)) tell(employees, read, last ? 500 : undefined);
    }
    const send = `${bin('target-together')} --config ${settings} < ${input} > /dev/null`;
    for (const name of [target, again]) {
      if (isWanted(name) || isWanted(again)) tell(name, await measure(send), last ? 400 : undefined);
    }
    rmSync(input, { force: true });
    rmSync(state, { recursive: true, force: true });
    stop();
  }
  if (flat.length > 1) {
    const spread = Math.max(...flat) / Math.min(...flat);
    row('memory raw stream, largest to smallest', spread.toFixed(3), spread, 1.1 / 0.9);
  }
}
