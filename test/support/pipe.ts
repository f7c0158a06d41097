/** The pipe as users run it: two real processes, files for settings and state, both sandbox servers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineClock } from '@ukg-together/sandbox/server/http';
import { startTogether, type TogetherOptions, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgOptions, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { connect } from './feed.ts';
import type { Host } from './hosts.ts';

/** Executables of this build; TEST_BIN names a folder with others: a packed and installed release, a snapshot. */
export const bin = (name: string) =>
  join(process.env['TEST_BIN'] ?? fileURLToPath(new URL('../../node_modules/.bin', import.meta.url)), name);

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running extends Promise<Ran> {
  readonly child: ChildProcess;
}

/** Starts one executable; resolves when it has ended and both its streams are closed. */
export function start(
  name: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string; host?: Pick<Host, 'on'> } = {},
): Running {
  const [command, argv] = options.host?.on(bin(name), args) ?? [bin(name), args];
  const child = spawn(command, argv, {
    env: { ...cleanEnv(), ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {});
  if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
  return Object.assign(ended, { child });
}

/** Nothing of the caller's own settings may reach a program under test. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, TZ } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, LANG, TZ }).filter(([, value]) => value !== undefined),
  );
}

export interface House {
  readonly folder: string;
  readonly config: string;
  readonly state: string;
  readonly ukg: UkgServer;
  readonly together: TogetherServer;
  /** Writes the settings again, with these on top. */
  configure(tap?: object, target?: object): void;
  /** `tap | target --save-state`, with `--state` when there is one. */
  sync(options?: SyncOptions): Promise<{ tap: Ran; target: Ran; summary: Summary }>;
  startSync(options?: SyncOptions): { tap: Running; target: Running };
  close(): Promise<void>;
}

export interface SyncOptions {
  readonly tapArgs?: string[];
  readonly targetArgs?: string[];
  readonly tapEnv?: NodeJS.ProcessEnv;
  readonly targetEnv?: NodeJS.ProcessEnv;
}

/**
 * For `openHouse({ together: held.together })`: Together answers nothing until `release`, so that what is to happen while a run is
 * under way happens while it is, however busy the machine.
 */
export function hold(): { readonly together: TogetherOptions; release(): void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { together: { latencyMs: 1, clock: { ...machineClock, sleep: () => released } }, release };
}

/** The parts of `--summary` that the tests look at. */
export interface Summary {
  readonly outcomes: Record<string, number>;
  readonly people_read: number;
  readonly exit_code: number;
  readonly files: { readonly rejects: string | null };
  readonly [more: string]: unknown;
}

/** Both servers and an empty folder. The interval is short unless a test is about it: Together's sandbox enforces the one it is given. */
export async function openHouse(
  options: { ukg?: UkgOptions; together?: TogetherOptions; intervalMs?: number } = {},
): Promise<House> {
  const intervalMs = options.intervalMs ?? 100;
  const folder = mkdtempSync(join(tmpdir(), 'house-'));
  const ukg = await startUkg({ people: 300, seed: 7, ...options.ukg });
  const together = await startTogether({ intervalMs, ...options.together });
  const config = join(folder, 'config.json');
  const state = join(folder, 'state.json');
  const summary = join(folder, 'summary.json');

  const configure = (tap: object = {}, target: object = {}) =>
    writeFileSync(
      config,
      JSON.stringify({
        'tap-ukg-pro': {
          base_url: ukg.url,
          username: ukg.credentials.username,
          password: ukg.credentials.password,
          customer_api_key: ukg.credentials.customerApiKey,
          time_zone: ukg.world.zone,
          ...tap,
        },
        'target-together': {
          api_url: together.url,
          organization_id: together.credentials.organizationId,
          client_id: together.credentials.clientId,
          api_key: together.credentials.apiKey,
          state_dir: join(folder, 'together'),
          min_interval_ms: intervalMs,
          max_rejected_percent: 100,
          ...target,
        },
      }),
      { mode: 0o600 },
    );
  configure();

  const exists = () => {
    try {
      return readFileSync(state, 'utf8').trim() !== '';
    } catch {
      return false;
    }
  };

  const startSync: House['startSync'] = ({ tapArgs = [], targetArgs = [], tapEnv = {}, targetEnv = {} } = {}) => {
    const target = start(
      'target-together',
      ['--config', config, '--save-state', state, '--summary', summary, ...targetArgs],
      { env: targetEnv },
    );
    const tap = start('tap-ukg-pro', ['--config', config, ...(exists() ? ['--state', state] : []), ...tapArgs], {
      env: tapEnv,
    });
    connect(tap.child, target.child);
    return { tap, target };
  };

  return {
    folder,
    config,
    state,
    ukg,
    together,
    configure,
    startSync,
    async sync(syncOptions) {
      rmSync(summary, { force: true });
      const { tap, target } = startSync(syncOptions);
      const [tapRan, targetRan] = await Promise.all([tap, target]);
      let text = '{}';
      try {
        text = readFileSync(summary, 'utf8');
      } catch {
        // A run that failed early writes none; the test looks at its stderr.
      }
      return { tap: tapRan, target: targetRan, summary: JSON.parse(text) as Summary };
    },
    async close() {
      await Promise.all([ukg.close(), together.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where what Together holds differs from what the independent computation expects: employeeId and field names, no values. */
export function differences(
  together: TogetherServer,
  expected: ReadonlyMap<string, { notSent?: string; user: Record<string, string> }>,
): string[] {
  const found: string[] = [];
  for (const [id, person] of expected) {
    const held = together.users.get(id) as Record<string, unknown> | undefined;
    if (person.notSent) {
      if (held) found.push(`${id}: held, but should not have been sent (${person.notSent})`);
      continue;
    }
    if (!held) {
      found.push(`${id}: missing`);
      continue;
    }
    for (const field of new Set([...Object.keys(person.user), ...Object.keys(held)])) {
      if (held[field] !== person.user[field]) found.push(`${id}: ${field}`);
    }
  }
  for (const id of together.users.keys()) if (!expected.has(id)) found.push(`${id}: nobody expected`);
  return found;
}
