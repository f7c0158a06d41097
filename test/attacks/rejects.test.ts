/** Records of people who were refused lie in the state folder: no longer than they are of use. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

const person = (employeeId: string, more: object = {}) => ({
  employeeId,
  firstName: 'Ada',
  lastName: `Last-${employeeId}`,
  emailAddress: `${employeeId}@example.com`,
  employeeStatusCode: 'A',
  ...more,
});
const good = [person('E1'), person('E2'), person('E3')];
/** Can't be mapped: there is no address. */
const bad = person('E9', { emailAddress: null, lastName: 'Canary' });

describe.each(protocols)('$name', (protocol) => {
  const file = () => join(house.folder, 'together', 'rejects.singer');
  const start = async (settings: object) => {
    house = await openHouse({ ukg: { people: 1 } });
    house.configure({}, settings);
    const { code, said } = await protocol.write(house, [...good, bad]);
    expect(code, said).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('Canary');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  };

  it('a reject goes with the complete read that no longer has the row, and not before', async () => {
    await start({ complete_reads: 'never' });
    await protocol.write(house, good);
    expect(readFileSync(file(), 'utf8')).toContain('Canary');
    house.configure({}, { complete_reads: 'always' });
    const { code, said } = await protocol.write(house, good);
    expect([code, existsSync(file())], said).toEqual([0, false]);
  });

  it('a reject that no run has met again goes after the retention', async () => {
    await start({ complete_reads: 'never', rejects_retention_days: 7 });
    const kept = readFileSync(file(), 'utf8');
    const aged = (days: number) =>
      kept.replace(/"at":"[^"]*"/, `"at":"${new Date(Date.now() - days * 86_400_000).toISOString()}"`);
    writeFileSync(file(), aged(6.9));
    await protocol.write(house, good);
    expect(existsSync(file())).toBe(true);
    writeFileSync(file(), aged(7.1));
    await protocol.write(house, good);
    expect(existsSync(file())).toBe(false);
  });
});
