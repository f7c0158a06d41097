import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { shellWord } from '@ukg-together/kit/text/shell-word';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownTexts } from './runners/own-texts.ts';
import { type Machine, madeText, scheduleOf, scheduleSources } from './schedules.ts';

const machine: Machine = {
  folder: '/srv/to gether $1',
  config: 'config.json',
  user: 'ann',
  zone: 'Europe/Paris',
  path: '/opt/node/bin',
  state: '/home/ann/.local/state',
  tap: undefined,
  executables: { 'tap-ukg-pro': '/opt/node/bin/tap-ukg-pro', 'target-together': '/opt/node/bin/target-together' },
  sections: { 'tap-ukg-pro': {}, 'target-together': {} },
  catalog: undefined,
};
const source = (name: string) => readFileSync(new URL(`../../../../deploy/${name}`, import.meta.url), 'utf8');
const texts = { deploy: Object.fromEntries(scheduleSources.map((name) => [name, source(name)])), own: ownTexts };

describe.each(['cron', 'systemd', 'dagster', 'airflow', 'kubernetes', 'github'])('%s', (name) => {
  const { files = [], next } = scheduleOf(name) ?? {};

  it('finds in deploy/ all that it replaces', () => {
    for (const file of files.filter((one) => 'from' in one))
      for (const [old] of file.instead({ ...machine, tap: 'tap-x --config tap.json' }))
        expect(source(file.from)).toMatch(old);
  });

  it('leaves no place of another machine', () => {
    for (const file of files) {
      const made = madeText(file, texts, machine).replace(/^ *(#|""").*$/gm, '');
      expect(made).not.toMatch(
        /\/etc\/ukg-together|\/var\/lib\/ukg-together|\/usr\/local\/bin\/sync|%i|\bUKG_PASSWORD/,
      );
    }
    expect(next?.(machine)).not.toBe('');
  });
});

it('none makes no file', () => {
  for (const name of ['none', 'constructor']) expect(scheduleOf(name)).toBeUndefined();
});

it('the script is one that bash can read, in any folder and for any tap', () => {
  const [sync] = scheduleOf('cron')?.files ?? [];
  if (!sync) throw new Error('cron has no script');
  for (const tap of [undefined, 'tap-x --config tap.json']) {
    const made = madeText(sync, texts, { ...machine, tap });
    expect(made).toContain("cd '/srv/to gether $1' || exit 1");
    expect(made).toContain(
      tap ? 'exec tap-x --config tap.json --state "$state"' : 'exec tap-ukg-pro --config "$config" ${CATALOG:+',
    );
    if (process.platform !== 'win32') expect(spawnSync('bash', ['-n'], { input: made }).status).toBe(0);
  }
  expect([shellWord('a/b'), shellWord("it's")]).toEqual(['a/b', "'it'\\''s'"]);
});

/** All files of one schedule in a folder, made for it. */
function made(name: string, folder: string): void {
  for (const file of scheduleOf(name)?.files ?? []) {
    mkdirSync(dirname(join(folder, file.to)), { recursive: true });
    const mode = file.mode ?? 0o644;
    writeFileSync(join(folder, file.to), madeText(file, texts, { ...machine, folder, user: 'root' }), {
      mode,
    });
  }
}
const has = (command: string) => spawnSync(command, ['--version']).status === 0;

describe('what reads them every night takes them', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'made-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.skipIf(!has('systemd-analyze'))('systemd', () => {
    made('systemd', folder);
    const verify = (name: string) =>
      spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, name)], { encoding: 'utf8' });
    for (const name of ['ukg-together.service', 'ukg-together.timer']) {
      const { status, stderr } = verify(name);
      expect({ status, stderr: stderr.split('\n').filter((line) => line.includes(folder)) }).toEqual({
        status: 0,
        stderr: [],
      });
    }
    const unit = join(folder, 'ukg-together.service');
    writeFileSync(unit, readFileSync(unit, 'utf8').replace('Type=oneshot', 'Type=nightly'));
    expect(verify('ukg-together.service').stderr).toContain('nightly');
  });

  it.skipIf(!has('python3'))('Python, for Dagster and Airflow', () => {
    for (const [name, path] of [
      ['dagster', 'dagster/definitions.py'],
      ['airflow', 'airflow/ukg_to_together.py'],
    ] as const) {
      made(name, folder);
      const { status, stderr } = spawnSync('python3', ['-m', 'py_compile', join(folder, path)], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });
});
