/** Both doctors on configurations that are half done, as people have them: every check is notified of, every fault has its fix, nothing leaks. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

const canary = 'c4n4ry';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 20 } });
  house.configure({}, { time_zone: house.ukg.world.zone });
});
afterEach(() => house.close());

type Half = 'tap-ukg-pro' | 'target-together';
type Settings = Record<Half, Record<string, unknown>>;

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong; `fails`, `warns`: the checks that say so, by half. */
interface Case {
  /** Instead of the settings file. */
  readonly text?: string;
  readonly change?: (settings: Settings) => void;
  readonly before?: () => void;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly fails?: Partial<Record<Half, readonly string[]>>;
  readonly warns?: Partial<Record<Half, readonly string[]>>;
}

const both = (...checks: string[]) => ({ 'tap-ukg-pro': checks, 'target-together': checks });
const without = (half: Half, name: string) => (settings: Settings) => {
  delete settings[half][name];
};
const sets = (half: Half, name: string, value: unknown) => (settings: Settings) => {
  settings[half][name] = value;
};

const cases: Record<string, Case> = {
  'nothing at all': { text: '{}', fails: both('settings') },
  'no JSON': { text: `{"${canary}": `, fails: both('settings') },
  'only the tap’s half': {
    change: (all) => void (all['target-together'] = {}),
    fails: { 'target-together': ['settings'] },
  },
  'only the target’s half': { change: (all) => void (all['tap-ukg-pro'] = {}), fails: { 'tap-ukg-pro': ['settings'] } },
  'a key of Together that is missing': {
    change: without('target-together', 'api_key'),
    fails: { 'target-together': ['settings'] },
  },
  'a secret that is a variable which is not set': {
    change: (all) => {
      all['tap-ukg-pro']['password'] = 'env:NOT_SET';
      all['target-together']['api_key'] = 'env:NOT_SET';
    },
    fails: both('settings'),
  },
  'a file of secrets that is not there': {
    change: sets('tap-ukg-pro', 'password', 'file:secrets/none'),
    fails: { 'tap-ukg-pro': ['settings'] },
  },
  'a wrong password, a wrong key': {
    change: (all) => {
      all['tap-ukg-pro']['password'] = canary;
      all['target-together']['api_key'] = canary;
    },
    fails: { 'tap-ukg-pro': ['ukg'], 'target-together': ['together'] },
  },
  'hosts that do not answer': {
    change: (all) => {
      all['tap-ukg-pro']['base_url'] = 'http://127.0.0.1:9';
      all['target-together']['api_url'] = 'http://127.0.0.1:9';
    },
    fails: { 'tap-ukg-pro': ['ukg'], 'target-together': ['together'] },
  },
  'a catalog that is broken': {
    before: () => writeFileSync(join(house.folder, 'catalog.json'), '{"streams": ['),
    args: ['--catalog', 'catalog.json'],
    fails: both('catalog'),
  },
  'a catalog that is not there': { args: ['--catalog', 'none.json'], fails: both('catalog') },
  'a catalog of no stream that is known': {
    before: () => writeFileSync(join(house.folder, 'catalog.json'), '{"streams": []}'),
    args: ['--catalog', 'catalog.json'],
    fails: both('catalog'),
  },
  'a state folder that is a file': {
    before: () => writeFileSync(house.state.replace('state.json', 'together'), ''),
    fails: { 'target-together': ['state folder', 'permissions'] },
  },
  'a time zone that does not exist': {
    change: (all) => {
      all['tap-ukg-pro']['time_zone'] = 'Eastern';
      all['target-together']['time_zone'] = 'Eastern';
    },
    fails: both('settings'),
  },
  'two time zones': { change: sets('target-together', 'time_zone', 'Europe/Berlin'), warns: both('time zone') },
  'settings that every user can read, and a name with a slip': {
    change: (all) => {
      all['tap-ukg-pro']['usernam'] = 'x';
      all['target-together']['regoin'] = 'x';
    },
    before: () => chmodSync(house.config, 0o644),
    warns: both('settings files'),
  },
  'a proxy that is none': {
    env: { HTTP_PROXY: 'not a proxy', HTTPS_PROXY: 'not a proxy' },
    fails: both('proxy'),
  },
  'a schedule that is written, and not in place': {
    before: () => writeFileSync(join(house.folder, 'ukg-together.cron'), ''),
    warns: both('schedules'),
  },
};

/** A command, an option, a setting, a variable or a file: something to act on. */
const fix = /--\w|chmod|chown|cp |init|docs\/|[a-z]+_[a-z_]+|[A-Z]+_[A-Z_]+|npm|timedatectl|Security >|comma|folder/;

describe.each(Object.entries(cases))('%s', (_, one) => {
  it.each(['tap-ukg-pro', 'target-together'] as const)('%s says it, and how to mend it', async (half) => {
    const settings = JSON.parse(readFileSync(house.config, 'utf8')) as Settings;
    one.change?.(settings);
    const secrets = ['password', 'customer_api_key', 'api_key'].flatMap((name) => [
      String(settings['tap-ukg-pro'][name] ?? canary),
      String(settings['target-together'][name] ?? canary),
    ]);
    writeFileSync(house.config, one.text ?? JSON.stringify(settings), { mode: 0o600 });
    one.before?.();
    const bundle = join(house.folder, 'support.json');
    const args = ['doctor', '--config', house.config, ...(one.args ?? []), '--json', '--bundle', bundle];
    const ran = await start(half, args, {
      cwd: house.folder,
      env: { XDG_STATE_HOME: join(house.folder, 'xdg'), ...one.env },
    });
    const { findings } = JSON.parse(ran.stdout) as { findings: Finding[] };
    const named = (verdict: string) => findings.filter((found) => found.verdict === verdict).map(({ check }) => check);
    expect(named('failed').sort(), ran.stdout).toEqual([...(one.fails?.[half] ?? [])].sort());
    expect(named('warning').filter((check) => check !== 'schedules' || one.warns?.[half]?.includes(check))).toEqual(
      one.warns?.[half] ?? [],
    );
    expect(ran.code === 0, ran.stdout).toBe((one.fails?.[half] ?? []).length === 0);
    for (const { check, verdict, message, hint } of findings) {
      expect(message, check).not.toBe('');
      if (verdict === 'failed' || verdict === 'warning') expect(`${check}: ${hint}`).toMatch(fix);
    }
    // However little is right, the machine is looked at.
    for (const check of [
      'settings',
      'versions',
      'node',
      'disk',
      'permissions',
      'settings files',
      'time zone',
      'schedules',
    ])
      expect(findings.map((found) => found.check)).toContain(check);
    expect(existsSync(bundle)).toBe(true);
    const kept = readFileSync(bundle, 'utf8');
    for (const secret of [...secrets.filter((text) => !/^\w+:/.test(text)), canary, house.folder]) {
      expect(kept).not.toContain(secret);
      if (secret !== house.folder) expect(`${ran.stdout}${ran.stderr}`).not.toContain(secret);
    }
  });
});
