/** Which org level is the department, by what a tenant calls it, from the tap's executable to Together. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 6, clean: true }, intervalMs: 0 });
  house.configure({}, { min_interval_ms: 0 });
});
afterEach(() => house.close());

const names = (): Set<unknown> =>
  new Set([...house.together.users.entries()].map(([, user]) => (user as Record<string, unknown>)['departmentId']));

it.each([
  ['Dept', 'by its name'],
  ['DEPARTMENTS ', 'by its name'],
  ['Department Name', 'by its name'],
  ['Abteilung', 'by its name'],
  ['Département', 'by its name'],
  ['Departamento', 'by its name'],
  ['Avdeling', 'by its name'],
  ['Region', 'since no level is called department'],
])('%s: the log says which level is the department, and why (%s)', async (called, why) => {
  const [singer] = protocols;
  const { orgLevels } = house.ukg.world.tables;
  const levels = [...new Set(orgLevels.filter((row) => row.levelDescription === 'Department').map((row) => row.level))];
  for (const row of orgLevels) if (row.levelDescription === 'Department') row.levelDescription = called;
  const night = await singer?.sync(house, { full: true });
  expect(night?.source.said).toContain(why);
  const isFound = why === 'by its name';
  if (isFound) expect(night?.source.said).toContain(`org level ${levels[0]} ("${called.trim()}")`);
  const level = isFound ? levels[0] : 1;
  expect(names().size).toBeGreaterThan(0);
  const codes = orgLevels.filter((row) => row.level === level).map((row) => row.code);
  for (const code of names()) if (code !== undefined) expect(codes).toContain(code);
});
