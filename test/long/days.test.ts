/** Days that fall due, through the front door: what Together is told before a last or first day, on it and after it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 } });
  house.configure({}, { mapping: { preset: 'ukg-pro', stream: 'employees' }, time_zone: 'UTC' });
});
afterEach(() => house.close());

const dayMs = 86_400_000;
const clock = pathToFileURL(fileURLToPath(new URL('../life/clock.mjs', import.meta.url))).href;
const day = (offset: number) => new Date(Date.now() + offset * dayMs).toISOString().slice(0, 10);

interface Person {
  readonly status: 'A' | 'L' | 'T';
  readonly start?: number;
  readonly end?: number;
}

const record = ({ status, start: first = -900, end }: Person) => ({
  employeeId: '7',
  employeeStatusCode: status,
  emailAddress: 'pat@example.com',
  firstName: 'Pat',
  lastName: 'Example',
  lastHireDate: day(first),
  ...(end === undefined ? {} : { dateOfTermination: day(end) }),
});

const other = { ...record({ status: 'A' }), employeeId: '8', emailAddress: 'kim@example.com', firstName: 'Kim' };

/** A complete read `after` days from now. */
async function night(person: Person, after: number, target: string[] = []) {
  const fields = Object.fromEntries(Object.keys(record({ status: 'A', end: 0 })).map((name) => [name, {}]));
  const lines = [
    { type: 'SCHEMA', stream: 'employees', key_properties: ['employeeId'], schema: { properties: fields } },
    ...[record(person), other].map((row) => ({ type: 'RECORD', stream: 'employees', record: row, version: 1 })),
    { type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 },
    { type: 'STATE', value: {} },
  ];
  house.together.journal.clear();
  const summary = join(house.folder, 'summary.json');
  const ran = await start('target-together', ['--config', house.config, '--summary', summary, ...target], {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    env: { NODE_OPTIONS: `--import ${clock}`, CLOCK_AHEAD_MS: String(after * dayMs) },
  });
  const held = house.together.users.get('7') as Record<string, unknown> | undefined;
  return { ran, status: held?.['employeeStatusCode'], end: held?.['dateOfTermination'] };
}

describe('a last day that lies ahead', () => {
  it('leaves the person as before through that day, and ends access the day after', async () => {
    await night({ status: 'A' }, 0);
    const told = await night({ status: 'T', end: 2 }, 0);
    expect(told).toMatchObject({ status: 'A', end: undefined, ran: { code: 0 } });
    expect(told.ran.stderr).toMatch(new RegExp(`1 leaves: 7 leaves, last day ${day(2)} \\(in 2 days\\)`));
    expect((await night({ status: 'T', end: 2 }, 2)).status).toBe('A');
    expect(await night({ status: 'T', end: 2 }, 3)).toMatchObject({
      status: 'T',
      end: expect.stringContaining(day(2)),
    });
  });

  it('is listed by calendar, and told as withdrawn when it is taken back', async () => {
    await night({ status: 'T', end: 9 }, 0);
    const listed = await start('target-together', ['calendar', '--config', house.config]);
    expect(listed.stdout).toContain(`${day(9)}  7  leaves, last day ${day(9)} (in 9 days)`);
    const soon = await start('target-together', ['calendar', '--config', house.config, '--days', '3']);
    expect(soon.stdout).toContain('No first or last day falls into these days.');
    const back = await night({ status: 'A' }, 1);
    expect(back.ran.stderr).toContain('withdrawn: 7 was to leave, and not any more');
    expect(back.status).toBe('A');
  });
});

describe('a first day that lies ahead', () => {
  it('keeps a new person out until then, by name of the reason', async () => {
    const before = await night({ status: 'A', start: 2 }, 0);
    expect(before).toMatchObject({ status: undefined, ran: { code: 0 } });
    expect(before.ran.stderr).toMatch(/starts later/);
    expect((await night({ status: 'A', start: 2 }, 1)).status).toBeUndefined();
    expect((await night({ status: 'A', start: 2 }, 2)).status).toBe('A');
  });

  it('keeps a leaver out who comes back later', async () => {
    await night({ status: 'T', end: -1 }, 0);
    expect(await night({ status: 'A', start: 5 }, 1)).toMatchObject({ status: 'T' });
  });
});

it('effective_dates.end: status sends what the source says', async () => {
  writeFileSync(join(house.folder, 'dates.json'), JSON.stringify({ effective_dates: { end: 'status' } }));
  await night({ status: 'A' }, 0);
  const ended = await night({ status: 'T', end: 30 }, 1, ['--config', join(house.folder, 'dates.json')]);
  expect(ended.status).toBe('T');
});
