import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Days in every form a source may write them, birthdays on a leap day and at the turn of the century included. */
const script = `
import { compileMapping } from './target-together/src/mapping/compile.ts';
const mapping = await compileMapping({ preset: 'ukg-pro', stream: 'employees', sensitiveFields: ['dateOfBirth'], timeZone: 'America/St_Johns' });
const forms = ['2019-01-01', '2019-01-01T00:00:00', '2019-01-01T00:00:00Z', '2019-01-01T00:00:00+14:00', '2019-01-01T00:00:00.000-11:00'];
const out = forms.map((lastHireDate) => mapping.map({
  employeeId: '1', employeeStatusCode: 'T', emailAddress: 'a@example.com', firstName: 'A', lastName: 'B',
  lastHireDate, dateOfBirth: '1900-02-28', dateOfTermination: '2024-02-29T00:00:00', dateTimeChanged: '2026-03-08T02:30:00',
}).user);
console.log(JSON.stringify(out));
`;

test('maps to the same bytes wherever the machine stands', async () => {
  const zones = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'America/St_Johns'];
  const runs = await Promise.all(
    zones.map(async (TZ) => {
      const args = ['--import', 'tsx', '--input-type=module', '-e', script];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, TZ } });
      return stdout;
    }),
  );
  expect(new Set(runs).size).toBe(1);
  for (const user of JSON.parse(runs[0] as string)) {
    expect(user).toMatchObject({
      lastHireDate: '2019-01-01T00:00:00.000Z',
      dateOfBirth: '1900-02-28T00:00:00.000Z',
      dateOfTermination: '2024-02-29T00:00:00.000Z',
      lastUpdated: '2026-03-08T06:00:00.000Z',
    });
  }
});
