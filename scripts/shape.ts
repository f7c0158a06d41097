/**
 * `npm run shape`: for each package the fullest folder, the median and the longest file, the longest function, the most members
 * handed to a function, and import circles. Ends with 1 where one is beyond the limits of shape/limits.ts.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './shape/limits.ts';
import { type Measured, measure } from './shape/measure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(root).filter((name) => existsSync(join(root, name, 'src')));
const most = (list: readonly Measured[]) =>
  list.reduce((a, b) => (b.figure > a.figure ? b : a), { figure: 0, of: '-' });

const faults: string[] = [];
for (const name of packages) {
  const shape = measure(root, name);
  const show = ({ figure, of }: Measured) => `${figure} (${of.replace(`${name}/src/`, '')})`;
  const median = shape.lengths[Math.floor(shape.lengths.length / 2)]?.figure ?? 0;
  console.log(
    [
      `${name}: ${shape.files} files, ${shape.lines} lines`,
      `fullest folder ${show(most(shape.folders))}`,
      `median file ${median}, longest ${show(most(shape.lengths))}`,
      `longest function ${show(most(shape.functions))}`,
      `most members handed ${show(most(shape.handed))}`,
      `circles ${shape.circles.length}`,
    ].join('\n  '),
  );
  faults.push(...faultsOf(shape));
}
if (faults.length > 0) {
  console.error(`\nBeyond the limits of scripts/shape/limits.ts:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  process.exitCode = 1;
}
