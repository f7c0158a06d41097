/** `rehearse` through the front door: a right mapping of each tap passes, and mutated ones are found. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presets } from '../../target-together/src/mapping/rules/presets.ts';
import { start } from '../support/pipe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const account = { region: 'us', organization_id: 'o', client_id: 'c', api_key: 'env:NO_SUCH_KEY' };

async function rehearse(settings: object, ...args: string[]) {
  const config = join(folder, 'target.json');
  writeFileSync(config, JSON.stringify({ ...account, ...settings }), { mode: 0o600 });
  return await start('target-together', ['rehearse', '--config', config, ...args]);
}

const statuses = { A: 'A', O: 'A', L: 'L', S: 'L', R: 'T', T: 'T' };
const without = (...codes: string[]) =>
  Object.fromEntries(Object.entries(statuses).filter(([code]) => !codes.includes(code)));
const status = (lookup: object, more: object = {}) => ({
  employeeStatusCode: { from: 'employeeStatusCode', lookup, ...more },
});
const fields = (rules: object) => ({ mapping: { preset: 'ukg-pro', fields: rules } });

/** Mistakes of a person who writes a mapping, each alone. */
const mutations: Record<string, object> = {
  'first and last name swapped': fields({ firstName: 'lastName', lastName: 'firstName' }),
  'first name twice': fields({ lastName: 'firstName' }),
  'the former name': fields({ lastName: 'formerName' }),
  'the private address': fields({ email: 'emailAddressAlternate' }),
  "the supervisor's address": fields({ email: 'supervisorEmailAddress' }),
  'leavers unknown': fields(status(without('T'))),
  'released people unknown': fields(status(without('R'))),
  'leave as active': fields(status({ ...statuses, L: 'A', S: 'A' })),
  'everybody active': fields(status({}, { default: 'A' })),
  'leavers as on leave': fields(status({ ...statuses, T: 'L', R: 'L' })),
  'original hire from last hire': fields({ originalHireDate: 'lastHireDate' }),
  'last hire from original hire': fields({ lastHireDate: 'originalHireDate' }),
  'date in job from seniority': fields({ dateInJob: 'dateOfSeniority' }),
  'supervisor by name': fields({ supervisorId: 'supervisorLastName' }),
  'no supervisor': fields({ supervisorId: null }),
  'no end date': fields({ dateOfTermination: null }),
  'department code and name swapped': fields({ departmentId: 'departmentName', departmentName: 'departmentCode' }),
  'the office as the department': fields({ departmentId: 'primaryWorkLocationCode' }),
  'a filter that leavers do not pass': { filters: [{ field: 'employeeStatusCode', not_in: ['T', 'R'] }] },
  'a filter that nobody passes': { filters: [{ field: 'companyId', in: ['NONE'] }] },
};

describe('rehearse', () => {
  it('finds at least 19 of 20 mutated mappings', async () => {
    const passed: string[] = [];
    for (const [name, settings] of Object.entries(mutations)) {
      const { code, stdout } = await rehearse(settings);
      expect([0, 2], `${name}: ${stdout}`).toContain(code);
      if (code === 0) passed.push(name);
    }
    expect(Object.keys(mutations)).toHaveLength(20);
    expect(passed.length, passed.join(', ')).toBeLessThanOrEqual(1);
  }, 900_000);

  it.each<[string, object, RegExp, string?]>([
    [
      'a slip in a filter',
      { filters: [{ field: 'companyCod', not_in: ['X'] }] },
      /filters\[0\]\.field .*did you mean "companyCode"/,
    ],
    ['a slip in a rule', fields({ title: 'jobTitel' }), /mapping\.fields\.title\.from .*did you mean "jobTitle"/],
    ['a slip in a custom field', { hris_fields: { site: 'primaryWorkLocationCod' } }, /primaryWorkLocationCode/],
    [
      'a slip in a filter over columns of another tap',
      { filters: [{ field: 'departement', in: ['X'] }] },
      /filters\[0\]\.field .*did you mean department\?/,
      'bamboohr',
    ],
  ])('tells of %s before it plays', async (_, settings, wanted, preset) => {
    const { code, stdout, stderr } = await rehearse(settings, ...(preset ? ['--preset', preset] : []));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(wanted);
  });

  it('goes by what the tap offers, where a catalog says that', async () => {
    const properties = Object.fromEntries(
      ['id', 'workEmail', 'jobTitle', 'status', 'firstName', 'lastName', 'departement', 'terminationDate'].map(
        (name) => [name, {}],
      ),
    );
    const catalog = join(folder, 'catalog.json');
    writeFileSync(catalog, JSON.stringify({ streams: [{ stream: 'employees', schema: { properties } }] }));
    const args = ['--preset', 'bamboohr', '--catalog', catalog];
    const slip = await rehearse({ filters: [{ field: 'department', in: ['X'] }] }, ...args);
    expect([slip.code, slip.stderr]).toEqual([2, expect.stringContaining('did you mean "departement"')]);
    const sound = await rehearse({ filters: [{ field: 'departement', in: ['X'] }] }, ...args);
    expect(sound.code, sound.stdout.slice(-400)).toBe(0);
  }, 120_000);

  it('finds the work address among the alternate ones, and takes the private one', async () => {
    const own = await rehearse(fields({ alternateEmails: 'emailAddress' }));
    expect([own.code, own.stdout]).toEqual([2, expect.stringContaining('found their own work address')]);
    const manager = await rehearse(fields({ alternateEmails: 'supervisorEmailAddress' }));
    expect([manager.code, manager.stdout]).toEqual([2, expect.stringMatching(/found the work address of \w+ \(/)]);
    const sound = await rehearse(fields({ alternateEmails: 'emailAddressAlternate' }));
    expect(sound.code, sound.stdout.slice(-400)).toBe(0);
  }, 240_000);

  it('finds a login name taken for the address, and a city for the state', async () => {
    const login = await rehearse(fields({ email: 'userName' }));
    expect([login.code, login.stdout]).toEqual([2, expect.stringMatching(/ODD +first-run/)]);
    const city = await rehearse(fields({ addressState: 'workLocationCity' }));
    expect([city.code, city.stdout]).toEqual([2, expect.stringMatching(/ODD .*addressState/s)]);
  }, 240_000);

  it('finds a time zone that is not that of the tap in the same file', async () => {
    const config = join(folder, 'config.json');
    const write = (zone: string) =>
      writeFileSync(
        config,
        JSON.stringify({
          'tap-ukg-pro': { time_zone: 'America/New_York' },
          'target-together': { ...account, time_zone: zone },
        }),
        { mode: 0o600 },
      );
    write('Europe/Berlin');
    const wrong = await start('target-together', ['rehearse', '--config', config]);
    expect([wrong.code, wrong.stdout]).toEqual([
      2,
      expect.stringContaining('time_zone: expected America/New_York, as tap-ukg-pro has it, found Europe/Berlin'),
    ]);
    write('America/Toronto');
    expect((await start('target-together', ['rehearse', '--config', config])).code).toBe(0);
  }, 240_000);

  it('tells of an unknown key of the mapping and of what stands beside it', async () => {
    const { code, stderr } = await rehearse({ mapping: { presett: 'ukg-pro', fields: { titel: 'jobTitle' } } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/mapping: has unknown keys: "presett"/);
    expect(stderr).toMatch(/mapping\.fields\.titel/);
  });

  const others = presets.filter(({ name }) => name !== 'ukg-pro').map(({ name }) => name);
  it.each(others)(
    'passes the preset %s with records of its tap',
    async (preset) => {
      const { code, stdout } = await rehearse({}, '--preset', preset);
      expect({ code, end: stdout.slice(-60) }).toEqual({ code: 0, end: expect.stringContaining('no mismatch') });
    },
    120_000,
  );

  it.each(['S', 'O'])(
    'finds a mapping that does not know the status %s',
    async (code) => {
      const { code: exit, stdout } = await rehearse(fields(status(without(code))));
      expect(exit, stdout).toBe(2);
    },
    120_000,
  );

  it('rehearses with records of the tap that Meltano runs', async () => {
    const env = { MELTANO_EXTRACTOR_NAMESPACE: 'tap_bamboohr', TARGET_TOGETHER_REGION: 'us' };
    const { code, stdout } = await start('target-together', ['rehearse', '--config', 'ENV'], {
      cwd: folder,
      env: {
        ...env,
        ...Object.fromEntries(
          ['organization_id', 'client_id', 'api_key'].map((key) => [`TARGET_TOGETHER_${key.toUpperCase()}`, 'x']),
        ),
      },
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('as the preset bamboohr reads them')]);
  }, 120_000);

  it('says what Together would hold, writes JUnit, and touches neither the state nor Together of the settings', async () => {
    const junit = join(folder, 'rehearsal.xml');
    const { code, stdout, stderr } = await rehearse(
      { state_dir: join(folder, 'state') },
      '--junit',
      junit,
      '--format',
      'json',
    );
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout) as {
      events: { name: string; days: { day: string; held: Record<string, unknown> }[] }[];
    };
    expect(told.events.length).toBeGreaterThanOrEqual(30);
    const leap = told.events.find(({ name }) => name === 'leap-day');
    const held = leap?.days.map(({ day, held: users }) => [day, Object.values(users)[0]]);
    expect(held).toMatchObject([
      ['2028-02-28', { employeeStatusCode: 'A' }],
      ['2028-02-29', { employeeStatusCode: 'A' }],
      ['2028-03-01', { employeeStatusCode: 'T', dateOfTermination: '2028-02-29T00:00:00.000Z' }],
    ]);
    expect(readFileSync(junit, 'utf8')).toContain(`tests="${told.events.length}" failures="0"`);
    expect(() => readFileSync(join(folder, 'state'))).toThrow(/ENOENT/);
  }, 120_000);
});
