/** The first hour as a stranger has it: packed tarballs in an empty folder, a tenant that no one here has made, a person at a terminal. */
import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pack } from '../../scripts/supply-chain/packages.ts';
import { type ForeignTogether, startForeignTogether } from '../support/foreign/together.ts';
import { type ForeignUkg, startForeignUkg } from '../support/foreign/ukg.ts';
import { atTerminal } from '../support/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let ukg: ForeignUkg;
let together: ForeignTogether;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-hour-'));
  const tarballs = await pack(root);
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...tarballs.values()], { cwd: folder });
  ukg = await startForeignUkg();
  const [a, b, c, d, e] = ukg.people.filter(({ email, company }) => email !== null && company !== 'ZTEST');
  const user = (employeeId: string, email: string | null | undefined) => ({
    employeeId,
    email,
    firstName: 'X',
    lastName: 'Y',
    employeeStatusCode: 'A',
  });
  together = await startForeignTogether({
    users: [
      user(a?.id ?? '', a?.email),
      user(b?.id ?? '', b?.email),
      // By address only; one who gives up the address of another; and one that UKG does not know.
      user('OLD-1', c?.email),
      user(d?.id ?? '', e?.email),
      user('GUEST-7', 'guest@example.net'),
    ],
  });
});
afterAll(async () => {
  await Promise.all([ukg?.close(), together?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, 'node_modules', '.bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: join(folder, 'home'),
  TZ: 'Europe/Berlin',
  LANG: 'C.UTF-8',
});

const secrets = () => [ukg.account.password, ukg.account.customerKey, together.account.key];

it.skipIf(process.platform !== 'linux')('ends with a reviewed plan, and with files that run every night', async () => {
  const seen = new Set<string>();
  const look = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It has ended.
      }
    }
  }, 50);
  mkdirSync(join(folder, 'home'));
  const down = '\u001b[B';
  const ran = await atTerminal('npx --no-install target-together init', {
    cwd: folder,
    env: env(),
    knows: [
      ['kept?', ''],
      ['Any address', `${ukg.url.replace('http://', 'HTTP://')}/services/BIDataService`],
      ['User name', ukg.account.username],
      ['Its password', ukg.account.password],
      ['Customer API key', ukg.account.customerKey],
      // That of this machine stands there.
      ['Time zone', ''],
      ['Region', together.url],
      ['Organization id', together.account.organization],
      ['Client id', together.account.client],
      ['API key.', together.account.key],
      ['Which of these', 'all'],
      ['every night?', down],
    ],
  });
  clearInterval(look);
  expect(ran.code, ran.shown).toBe(0);
  expect(ran.answered.length).toBeLessThanOrEqual(12);
  const said = stripVTControlCharacters(ran.shown).replace(/\s+/g, ' ');
  for (const text of [
    'By companyCode: NOR 36, SUD 18, ZTEST 6.',
    'Department: org level 3 ("Department"), by its name.',
    'Custom fields of the company, and how filled they are: Badge / Ausweis 100 %, Jubilee 100 %, Mentoring cohort 75 %, Betriebsrat 50 %.',
    'Leave out companyCode ZTEST',
    'Send Mentoring cohort as the custom field mentoringCohort: filled for 75 %, 3 different values.',
    'Together lists 5 users',
    '1 more has the address of another record there',
    'under employeeId OLD-1',
    'in Together only, active there and in no record of this read (GUEST-7)',
    'target-together apply plan.json --config config.json',
  ])
    expect(said).toContain(text);
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<
    string,
    Record<string, unknown>
  >;
  expect(config['tap-ukg-pro']).toMatchObject({
    base_url: ukg.url,
    time_zone: 'Europe/Berlin',
    include_fields: ['employees.userDefinedFields'],
  });
  expect(config['target-together']).toMatchObject({
    hris_fields: { mentoringCohort: '/userDefinedFields/Mentoring cohort' },
    filters: expect.arrayContaining([{ name: 'companyCode ZTEST', field: 'companyCode', not_in: ['ZTEST'] }]),
  });
  const catalog = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8')) as {
    streams: { metadata: { breadcrumb: string[]; metadata: { selected: boolean } }[] }[];
  };
  const selected = catalog.streams[0]?.metadata.flatMap(({ breadcrumb, metadata }) =>
    metadata.selected ? breadcrumb.slice(1) : [],
  );
  expect(selected).toEqual(expect.arrayContaining(['userDefinedFields', 'companyCode', 'departmentName']));
  expect(selected).not.toContain('mailstop');
  const plan = readFileSync(join(folder, 'plan.json'), 'utf8');
  expect(plan).toContain('"hrisFields.mentoringCohort"');
  expect(existsSync(join(folder, 'plan.html'))).toBe(true);

  // Nothing was sent, and nothing too fast.
  expect(together.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  expect(together.tooFast()).toBe(0);

  // No secret on the screen, in a command line, or in a file but the one that was chosen.
  const lines = [...seen].join('\n');
  expect(lines).toContain('target-together');
  const holders = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    if (name.startsWith('node_modules') || !statSync(path).isFile()) return false;
    const text = readFileSync(path, 'utf8');
    return secrets().some((secret) => text.includes(secret) || text.includes(secret.replace(/["\\$]/g, '\\$&')));
  });
  expect(holders).toEqual(['.env']);
  for (const secret of secrets()) {
    expect(lines).not.toContain(secret);
    expect(ran.shown).not.toContain(secret);
  }

  // The script of the schedule, as cron starts it: from elsewhere, with hardly any environment.
  await promisify(execFile)(join(folder, 'sync.sh'), [], {
    cwd: '/',
    env: { HOME: env()['HOME'], PATH: '/usr/bin:/bin' },
  });
  expect(together.requests.filter((request) => request.startsWith('POST')).length).toBeGreaterThan(0);
  expect(together.tooFast()).toBe(0);
});
