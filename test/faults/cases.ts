/** All cells of the matrix, by name. */
import { type Case, type Moment, moments, runWireCell } from './cell.ts';
import { clockCases } from './clock.ts';
import { diskCases } from './disk.ts';
import { ledgerCases } from './ledger.ts';
import { manyKills, processCases } from './process.ts';
import { proxyCases } from './proxies.ts';
import { tlsCases } from './tls.ts';
import { type Side, type WireFault, wireFaults } from './wire-faults.ts';

const sides: readonly Side[] = ['ukg', 'together'];

const wire: Case[] = wireFaults.flatMap((fault) =>
  (fault.sides ?? sides).flatMap((side) =>
    momentsOf(fault).map(
      (moment): Case => ({
        name: `${side}: ${fault.name}: ${moment}`,
        row: fault.name,
        column: `${side} ${moment}`,
        group: 'wire',
        run: () => runWireCell(fault, side, moment),
      }),
    ),
  ),
);

/** `guard`: nobody can know on a first run how many people there should be. */
function momentsOf(fault: WireFault): readonly Moment[] {
  if (fault.undetectable === 'guard') return ['next day'];
  return moments.filter((moment) => moment !== 'next day' || fault.increment);
}

export const cases: readonly Case[] = [
  ...wire,
  ...diskCases,
  ...ledgerCases,
  ...processCases,
  ...clockCases,
  ...tlsCases,
  ...proxyCases,
  ...manyKills,
];
