/** What the machine, its owner or its clock can do to a run. Each row is a function from a fresh house to a verdict. */

import type { House } from '../support/pipe.ts';
import { type Case, configureCell, openCellHouse, type Verdict } from './cell.ts';

/** A cell on the machine: opens a house, lets `run` do its worst, closes it. */
export function machineCase(
  row: string,
  column: string,
  run: (house: House) => Promise<Verdict>,
  options: { alone?: boolean; house?: Parameters<typeof openCellHouse>[0] } = {},
): Case {
  return {
    name: `machine: ${row}: ${column}`,
    row,
    column,
    group: 'machine',
    ...(options.alone ? { alone: true } : {}),
    run: async () => {
      const house = await openCellHouse(options.house);
      try {
        configureCell(house);
        return await run(house);
      } finally {
        await house.close();
      }
    },
  };
}

/** The first, undisturbed day: there is something to lose. */
export async function firstDay(house: House): Promise<void> {
  const { tap, target } = await house.sync();
  if (tap.code !== 0 || target.code !== 0) throw new Error(`The undisturbed first day failed: ${target.stderr}`);
  house.together.journal.clear();
  house.ukg.journal.clear();
}
