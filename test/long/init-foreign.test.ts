/** `init --tap` with the taps that have presets: what it asks, what it writes, and what it checks. Each tap is a program that prints its sample. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bin, type Ran, start } from '../support/pipe.ts';

const samples = fileURLToPath(new URL('../../target-together/src/mapping/samples/', import.meta.url));
const key = 'k3y-of-together';

let folder: string;
let together: TogetherServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'init-foreign-'));
  together = await startTogether({ credentials: { organizationId: 'org-1', clientId: 'client-1', apiKey: key } });
});
afterEach(async () => {
  await together.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A tap of that name, whose stdout is the sample; it has its settings file and nothing of ours. */
function tap(name: string, sample: string): string {
  const program = join(folder, 'bin', name);
  writeFileSync(join(folder, 'tap.json'), '{"api_key":"secret-of-the-tap"}', { mode: 0o600 });
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = --config ] && [ -f "$2" ] || exit 1\nexec cat '${samples}${sample}.singer'\n`,
    {
      mode: 0o755,
    },
  );
  return `${program} --config tap.json`;
}

const env = () => ({
  XDG_STATE_HOME: join(folder, 'xdg'),
  PATH: `${dirname(bin('target-together'))}:${process.env['PATH']}`,
});
const told = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`.replace(/\s+/g, ' ');
const posts = () => together.journal.matching().filter(({ method }) => method === 'POST').length;
const config = () =>
  JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, Record<string, unknown>>;

const init = (command: string, ...args: string[]) =>
  start(
    'target-together',
    [
      'init',
      '--yes',
      ...['--tap', command, '--time-zone', 'Europe/Paris', '--region', together.url],
      ...['--organization-id', 'org-1', '--client-id', 'client-1', ...args],
    ],
    { cwd: folder, env: { ...env(), TARGET_TOGETHER_API_KEY: key }, input: '' },
  );

/** The preset that each is read by, or what its records lack. */
const taps: Record<string, { tap: string; says: RegExp; code?: number }> = {
  'bamboohr-hris_report': { tap: 'tap-bamboohr', says: /preset bamboohr/ },
  'adp-workers': { tap: 'tap-adp', says: /preset adp/ },
  'hibob-employees': { tap: 'tap-hibob', says: /preset hibob/ },
  'personio-employee': { tap: 'tap-personio', says: /preset personio/ },
  'dayforce-employees': { tap: 'tap-dayforce', says: /preset dayforce/ },
  'workday-report': { tap: 'tap-workday', says: /preset workday-report/ },
  'zenefits-people': { tap: 'tap-zenefits', says: /preset zenefits/ },
  'ukg-ready-roster': { tap: 'tap-ukg-ready', says: /preset ukg-ready/ },
  'paylocity-employee_details': { tap: 'tap-paylocity', says: /email is required/, code: 2 },
};

describe.each(Object.entries(taps))('%s', (sample, { tap: name, says, code = 0 }) => {
  it('ends with a reviewed plan, or with what its records lack', async () => {
    const command = tap(name, sample);
    const ran = await init(command, '--schedule', 'cron');
    expect(told(ran)).toMatch(says);
    expect(ran.code, told(ran)).toBe(code);
    expect(posts()).toBe(0);
    // Its settings are its own: nothing of them is asked, read or written.
    expect(Object.keys(config()).filter((half) => half !== '$schema')).toEqual(['target-together']);
    for (const file of readdirSync(folder).filter((one) => !['tap.json', 'bin', 'xdg'].includes(one)))
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain('secret-of-the-tap');
    // Which streams and fields a foreign tap reads is its own affair.
    expect(existsSync(join(folder, 'catalog.json'))).toBe(false);
    expect(existsSync(join(folder, 'plan.json'))).toBe(code === 0);
    if (code !== 0) return;
    expect(readFileSync(join(folder, 'sync.sh'), 'utf8')).toContain(`exec ${command} --state "$state"`);
  });
});

it('asks for Together alone: seven questions where the tap shows nothing to propose', async () => {
  const command = tap('tap-bamboohr', 'bamboohr-hris_report');
  const lines = ['env', 'Europe/Paris', together.url, 'org-1', 'client-1', key, 'none'];
  const ran = await start('target-together', ['init', '--tap', command], {
    cwd: folder,
    env: env(),
    input: lines.map((line) => `${line}\n`).join(''),
  });
  expect(ran.code, told(ran)).toBe(0);
  expect(ran.stdout.match(/^\? /gm)).toHaveLength(lines.length);
  expect(ran.stdout).not.toMatch(/UKG Pro shows/);
});

it('names a tap that is not there, or fails, and keeps what was answered', async () => {
  const missing = await init('tap-nowhere --config tap.json');
  expect([missing.code, told(missing)]).toEqual([2, expect.stringContaining("tap-nowhere can't be started")]);
  expect(config()['target-together']).toMatchObject({ organization_id: 'org-1', time_zone: 'Europe/Paris' });
  const command = tap('tap-bamboohr', 'bamboohr-hris_report');
  const failing = await init(command.replace('tap.json', 'none.json'));
  expect([failing.code, told(failing)]).toEqual([5, expect.stringContaining('ended with 1')]);
  const good = await init(command);
  expect(good.code, told(good)).toBe(0);
});

it('leaves a script that reads the foreign tap every night', async () => {
  const command = tap('tap-bamboohr', 'bamboohr-hris_report');
  const made = await init(command, '--schedule', 'cron');
  expect(made.code, told(made)).toBe(0);
  await promisify(execFile)(join(folder, 'sync.sh'), { cwd: folder, env: env() }).catch((thrown: { code: number }) =>
    // People whom the sample has wrong on purpose are notified of by 4.
    expect(thrown.code).toBe(4),
  );
  expect(posts()).toBeGreaterThan(0);
});
