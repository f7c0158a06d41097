/** What the machine, its owner or its clock can do to a run. Each row is a function from a fresh house to a verdict. */

import type { House } from '../support/pipe.ts';
import { type Case, configureCell, openCellHouse, type Verdict } from './cell.ts';

/** A cell on the machine: opens a house, lets `run` do its worst, closes it. */
export function machineCase(
  row: string,
  column: string,
  run: (house: House) => Promise<Verdict>,
  options: { house?: Parameters<typeof openCellHouse>[0] } = {},
): Case {
  return {
    name: `machine: ${row}: ${column}`,
    row,
    column,
    group: 'machine',
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
