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

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
});
afterEach(() => house.close());

const tables: Readonly<Record<string, readonly Situation[]>> = { absence, evidence, green, guards, ids, presets };

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  it.each(rows.map((row) => [row.situation, row.reason, row] as const))('%s: %s', async (_what, _why, row) => {
    const found = await play(house, row);
    const { code, sent, status, gone = [], supervisors, ended, stderr, state } = row.expect;
    expect(found.stderr).toMatch(stderr ?? /./);
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
