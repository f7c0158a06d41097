import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, said } from '../error.ts';
import type { JsonSchema } from '../settings/json-schema.ts';
import { maskedSetting, writeBundle } from './bundle.ts';
import { watchDate } from './clock-check.ts';
import { findingLines, orFault, runChecks, skipped } from './finding.ts';
import { type Machine, machineChecks, type Surroundings } from './machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const half = { name: 'half', version: '1.2.3', engines: '^20.19.0 || ^22.12.0 || >=24.0.0' };
const machine: Machine = {
  node: '24.1.0',
  platform: 'linux',
  arch: 'x64',
  timeZone: 'Europe/Berlin',
  free: async () => 5e9,
};

async function look(about: Partial<Surroundings> = {}, changes: Partial<Machine> = {}) {
  const usual = {
    half,
    proxy: () => undefined,
    timeZone: 'UTC',
    otherZone: undefined,
    folder: { path: folder, own: true },
    warnings: [],
  };
  const surroundings = { ...usual, ...about };
  const { findings, error } = await runChecks(machineChecks(surroundings, { ...machine, ...changes }));
  return { of: (name: string) => findings.find(({ check }) => check === name), error };
}

describe('checks', () => {
  it('all run, and the first failure decides the exit code', async () => {
    const fail = (kind: 'credentials' | 'settings') => () => {
      throw new ConnectorError(kind, said`No.`, { hint: 'Do this.' });
    };
    const { findings, error } = await runChecks([
      ['settings', () => 'Good.'],
      ['ukg', fail('credentials')],
      ['together', fail('settings')],
      ['clock', () => skipped('Not asked.')],
    ]);
    expect(error?.exitCode).toBe(6);
    expect(findings.map(({ verdict }) => verdict)).toEqual(['ok', 'failed', 'failed', 'skipped']);
    expect(findingLines(findings)).toMatch(
      /^ok {3}settings .*\nFAIL ukg .*\n +Do this\.\n +See \S+#no\nFAIL together [\s\S]*skip clock .*Not asked\.\n +See \S+#doctor-clock\n$/,
    );
  });

  it('go on with settings at fault, and not with what is no setting’s fault', async () => {
    const thrown = (kind: 'settings' | 'unexpected') =>
      orFault(() => Promise.reject(new ConnectorError(kind, said`Wrong.`)));
    expect(await thrown('settings')).toMatchObject({ valid: {}, fault: { kind: 'settings' } });
    await expect(thrown('unexpected')).rejects.toThrow('Wrong.');
  });
});

describe('the machine', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['20.18.9', 'warning'],
    ['21.7.0', 'warning'],
    ['22.12.1', 'ok'],
    ['23.0.0', 'warning'],
    ['26.0.0', 'ok'],
  ])('has Node.js %s: %s', async (node, verdict) => {
    expect((await look({}, { node })).of('node')).toMatchObject({ verdict });
  });

  it('warns of another zone of the other half, and not of another name for the same', async () => {
    const other = (zone: string) => look({ timeZone: 'Europe/Paris', otherZone: { zone, half: 'tap-ukg-pro' } });
    expect((await other('America/New_York')).of('time zone')).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining('tap-ukg-pro has America/New_York'),
    });
    expect((await other('Europe/Berlin')).of('time zone')?.verdict).toBe('ok');
  });

  it('makes a finding of what was warned of while the settings were read', async () => {
    const warnings = ['Every user can read F: chmod 600 F', 'Setting x does not exist.'];
    expect((await look({ warnings })).of('settings files')).toMatchObject({
      verdict: 'warning',
      message: warnings.join('\n'),
      hint: expect.any(String),
    });
    expect((await look()).of('settings files')).toMatchObject({ verdict: 'ok' });
  });

  it('warns of a disk that is nearly full, also of a folder that is not there yet', async () => {
    const path = join(folder, 'not', 'yet');
    const asked: string[] = [];
    const free = async (at: string) => asked.push(at) && 199e6;
    const { of } = await look({ folder: { path, own: true } }, { free });
    expect(of('disk')).toMatchObject({ verdict: 'warning', message: `199 MB are free for ${path}.` });
    expect(asked).toEqual([folder]);
    expect(of('permissions')).toMatchObject({ verdict: 'ok', message: expect.stringContaining('not there yet') });
  });

  it('warns of a folder of its own that others can look into, with the command that closes it', async () => {
    chmodSync(folder, 0o755);
    expect((await look()).of('permissions')).toMatchObject({ verdict: 'warning', hint: `chmod 700 ${folder}` });
    expect((await look({ folder: { path: folder, own: false } })).of('permissions')?.verdict).toBe('ok');
  });

  it('names the proxy by host alone, and both time zones', async () => {
    const { of } = await look({ proxy: () => new URL('http://user:hunter2222@proxy.test:3128') });
    expect(of('proxy')?.message).toBe('Requests go through proxy.test:3128.');
    expect(of('time zone')?.message).toMatch(/UTC.*Europe\/Berlin/);
  });

  it('skips what needs a folder where none is known', async () => {
    const { of } = await look({ folder: 'Not known.' });
    expect([of('disk')?.verdict, of('permissions')?.verdict]).toEqual(['skipped', 'skipped']);
  });
});

describe('the clock', () => {
  const at = Date.parse('2026-03-01T12:00:00Z');
  it.each([
    [60, 'ok', 'Within'],
    [61, 'warning', '61 s ahead of'],
    [-3600, 'warning', '3600 s behind'],
  ])('%d s from the server’s is %s', async (seconds, verdict, words) => {
    const answer = async () => ({ headers: { date: new Date(at - seconds * 1000).toUTCString() } });
    const watch = watchDate(answer, { now: () => at });
    await watch.send({});
    const { findings } = await runChecks([watch.check]);
    expect(findings[0]).toMatchObject({ verdict, message: expect.stringContaining(words) });
  });

  it('is skipped where no answer tells the time', async () => {
    const watch = watchDate(async () => ({ headers: {} }), { now: () => at });
    await watch.send({});
    expect((await runChecks([watch.check])).findings[0]?.verdict).toBe('skipped');
  });
});

describe('the file for support', () => {
  const json = {
    type: 'object',
    properties: {
      region: { type: 'string', enum: ['eu', 'us'] },
      key: { type: 'string', secret: true },
      client_id: { type: 'string' },
      tries: { type: 'integer' },
      anything: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      ids: { type: 'array', items: { type: 'string' } },
      fields: { type: 'object', additionalProperties: { type: 'string' } },
      guards: { type: 'object', properties: { max: { type: 'number' } } },
    },
  } as unknown as JsonSchema;
  const settings = {
    region: 'eu',
    key: 'canary-key',
    client_id: 'canary-client',
    tries: 3,
    anything: 4711,
    ids: ['canary-id'],
    fields: { 'canary-name': 'canary-column' },
    guards: { max: 5 },
    'canary-unknown': 'canary-value',
  };

  it('keeps of settings the switches, the numbers and the words that the schema lists', () => {
    expect(maskedSetting(settings, json)).toEqual({
      region: 'eu',
      key: '***',
      client_id: '(string)',
      tries: 3,
      anything: '(number)',
      ids: '(1 entry)',
      fields: { '(others)': 1 },
      guards: { max: 5 },
      '(others)': 1,
    });
  });

  it('holds no message, no text and no id, and is readable by its user alone', () => {
    const path = join(folder, 'support.json');
    const findings = [
      {
        check: 'together',
        verdict: 'failed',
        message: 'canary-host',
        hint: 'canary-hint',
        kind: 'credentials',
      } as const,
    ];
    const runs = [{ runId: 'canary-run', peopleRead: 12, guards: { 'canary-guard': 1 } }];
    writeBundle(path, { half, exitCode: 6, findings, settings, json, runs, now: 0 }, machine);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toMatch(/canary|4711/);
    expect(JSON.parse(text)).toMatchObject({
      versions: { half: '1.2.3', node: '24.1.0' },
      exit_code: 6,
      checks: [{ check: 'together', verdict: 'failed', kind: 'credentials' }],
      last_runs: [{ peopleRead: 12 }],
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
