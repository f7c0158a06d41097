import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastDue } from './cron-times.ts';
import { findSchedules } from './find-schedules.ts';
import { runChecks } from './finding.ts';
import { type LastRun, scheduleCheck } from './schedule-check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (day: string) => Date.parse(`${day}Z`);
/** A Monday. */
const now = at('2026-03-09T12:00');

describe('a schedule was last due', () => {
  it.each([
    ['0 3 * * *', 'UTC', '2026-03-09T03:00'],
    ['0 13 * * *', 'UTC', '2026-03-08T13:00'],
    ['0 3 * * *', 'America/New_York', '2026-03-09T07:00'],
    ['30 2 * * 2-6', 'UTC', '2026-03-07T02:30'],
    ['0 3 * * 7', 'UTC', '2026-03-08T03:00'],
    ['*/20 * * * *', 'UTC', '2026-03-09T12:00'],
    ['5,50 8/2 * * *', 'UTC', '2026-03-09T10:50'],
    ['0 3 8 * 5', 'UTC', '2026-03-08T03:00'],
    ['@daily', 'UTC', '2026-03-09T00:00'],
  ])('%s in %s', (times, zone, due) => {
    expect(new Date(lastDue(times, zone, now) ?? 0).toISOString()).toBe(`${due}:00.000Z`);
  });

  it.each(['0 3 1 1 *', '@reboot', '0 3 * * MON', 'H 3 * * *', '0 3 * *'])('%s: not judged', (times) => {
    expect(lastDue(times, 'UTC', now)).toBeUndefined();
  });
});

const put = (path: string, text: string, writtenAt = '2026-01-01T00:00') => {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  utimesSync(whole, at(writtenAt) / 1000, at(writtenAt) / 1000);
};
const config = () => join(folder, 'work', 'config.json');
const places = (table = '') => ({ etc: join(folder, 'etc'), units: join(folder, 'units'), crontab: () => table });
const found = (table?: string) =>
  findSchedules(config(), places(table)).map(({ by, times, zone }) => [by, times, zone]);

describe('schedules that start a configuration', () => {
  it('in crontab and /etc/cron.d: the line of the run, not the monitor’s, and none of another folder', () => {
    put('etc/cron.d/other', '0 1 * * * root /srv/other/sync.sh\n');
    expect(found()).toEqual([]);
    expect(found(`#0 1 * * * ${folder}/work/sync.sh\n0 2 * * * ${folder}/work/sync.sh\n`)).toEqual([
      ['cron', '0 2 * * *', undefined],
    ]);
    put('etc/cron.d/mine', `CONFIG=${config()}\n0 9 * * * me target-together status\n30 4 * * * me /usr/bin/sync.sh\n`);
    expect(found()).toEqual([['cron', '30 4 * * *', undefined]]);
  });

  it('as units of systemd, also of one instance, in place only once enabled', () => {
    put('units/x.service', `ExecStart="${folder}/work/sync.sh"\n`);
    put('units/x.timer', 'OnCalendar=*-*-* 03:15:00 Europe/Paris\n');
    expect(findSchedules(config(), places())).toMatchObject([
      { by: 'systemd', times: '15 3 * * *', zone: 'Europe/Paris', missing: 'systemctl --user enable --now x.timer' },
    ]);
    put('units/timers.target.wants/x.timer', '');
    expect(findSchedules(config(), places())[0]).not.toHaveProperty('missing');
    rmSync(join(folder, 'units'), { recursive: true });
    put('etc/systemd/system/u@.service', `ExecStart=/usr/bin/sync.sh\nLoadCredential=c:${folder}/work/%i.json\n`);
    put('etc/systemd/system/u@.timer', 'OnCalendar=daily\n');
    put('etc/systemd/system/timers.target.wants/u@config.timer', '');
    expect(found()).toEqual([['systemd', '@daily', undefined]]);
  });

  it.each([
    ['Meltano', 'meltano.yml', 'schedules:\n- name: n\n  interval: "@daily"\n  job: tap-ukg-pro\n', '@daily', 'UTC'],
    [
      'GitHub Actions',
      '.github/workflows/n.yml',
      'on:\n  schedule:\n    - cron: "0 3 * * *"\nrun: tap-ukg-pro',
      '0 3 * * *',
      'UTC',
    ],
    [
      'Kubernetes',
      'kubernetes/c.yaml',
      'kind: CronJob\nname: ukg-to-together\n  schedule: "0 3 * * *"\n  timeZone: Europe/Paris\n',
      '0 3 * * *',
      'Europe/Paris',
    ],
    [
      'Dagster',
      'dagster/definitions.py',
      'cron_schedule=os.environ.get("SYNC_CRON", "0 3 * * *"),\n# ukg_to_together',
      '0 3 * * *',
      undefined,
    ],
    [
      'Airflow',
      'airflow/u.py',
      'schedule=os.environ.get("SYNC_CRON", "0 3 * * *"),\n# ukg_to_together',
      '0 3 * * *',
      undefined,
    ],
  ])('in a project of %s beside the settings', (by, path, text, times, zone) => {
    put(`work/${path}`, text);
    expect(found()).toEqual([[by, times, zone]]);
    put(`work/${path}`, text.replace(/tap-ukg-pro|ukg.to.together/, 'other'));
    expect(found()).toEqual([]);
  });
});

describe('the check', () => {
  const look = async (last: LastRun | undefined, table = '') => {
    const input = { configs: ['ENV', config()], clock: { now: () => now }, lastRun: () => last };
    const machine = { node: '', platform: '', arch: '', timeZone: 'UTC', free: async () => 0 };
    return (await runChecks([scheduleCheck(input, places(table), machine)])).findings[0];
  };
  const ended = (day: string) => ({ finishedAt: at(day), isUnderWay: false });
  const table = () => `0 3 * * * ${folder}/work/sync.sh\n`;

  it('warns where nothing starts it, unless something does elsewhere', async () => {
    expect(await look({ finishedAt: undefined, isUnderWay: false })).toMatchObject({
      verdict: 'warning',
      hint: expect.stringContaining(`target-together init --config ${config()} --schedule`),
    });
    expect(await look(ended('2026-03-08T03:00'))).toMatchObject({ verdict: 'warning' });
    expect(await look(ended('2026-03-09T03:00'))).toMatchObject({ verdict: 'ok' });
    expect(await look(undefined)).toMatchObject({ verdict: 'skipped' });
  });

  it('warns of a night that was left out, and not of one that goes on', async () => {
    expect(await look(ended('2026-03-08T03:20'), table())).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining('no run has ended since it was due at 2026-03-09T03:00:00.000Z'),
      hint: expect.stringContaining('journalctl'),
    });
    expect(await look(ended('2026-03-09T03:20'), table())).toMatchObject({ verdict: 'ok' });
    expect(await look({ ...ended('2026-03-08T03:20'), isUnderWay: true }, table())).toMatchObject({ verdict: 'ok' });
    expect(await look(undefined, table())).toMatchObject({ verdict: 'ok' });
  });

  it('warns of nothing that a schedule of this morning could have started', async () => {
    const file = `0 3 * * * me ${folder}/work/sync.sh\n`;
    put('etc/cron.d/mine', file);
    expect(await look(ended('2026-03-01T03:00'))).toMatchObject({ verdict: 'warning' });
    put('etc/cron.d/mine', file, '2026-03-09T09:00');
    expect(await look(ended('2026-03-01T03:00'))).toMatchObject({ verdict: 'ok' });
  });

  it('names the command that puts a written one in place', async () => {
    put('work/ukg-together.cron', '');
    expect(await look(ended('2026-03-09T03:00'))).toMatchObject({
      verdict: 'warning',
      hint: `sudo cp ${folder}/work/ukg-together.cron /etc/cron.d/ukg-together`,
    });
  });
});
