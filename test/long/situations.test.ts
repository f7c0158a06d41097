/** Situations of people who do this job, one row each with its reason; the tables are in situations/. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { play, type Situation } from '../support/situations.ts';
import { absence } from './situations/absence.ts';
import { evidence } from './situations/evidence.ts';
import { green } from './situations/green.ts';
import { guards } from './situations/guards.ts';
import { ids } from './situations/ids.ts';
import { presets } from './situations/presets.ts';
import { rows } from './situations/rows.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
});
afterEach(() => house.close());

const tables: Readonly<Record<string, readonly Situation[]>> = { absence, evidence, green, guards, ids, presets, rows };

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it.each(table.map((row) => [row.situation, row.reason, row] as const))('%s: %s', async (_what, _why, row) => {
    const found = await play(house, row);
    const { code, sent, status, gone = [], supervisors, ended, stderr, never, state, holds } = row.expect;
    expect(found.stderr).toMatch(stderr ?? /./);
    if (never) expect(found.stderr).not.toMatch(never);
    if (holds) expect(found.held).toMatchObject(holds);
    expect(found).toMatchObject({
      code,
      ...(sent ? { sent: [...sent] } : {}),
      ...(status ? { status } : {}),
      ...(supervisors ? { supervisors } : {}),
      ...(ended ? { ended } : {}),
      ...(state === undefined ? {} : { state }),
    });
    expect(Object.keys(found.status).filter((id) => gone.includes(id))).toEqual([]);
  });
});
