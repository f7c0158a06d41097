/** What the five steps of a run are handed, in memory: for tests of one step, and for whole runs in `run.ts`. */

import { tmpdir } from 'node:os';
import type { Logger } from '@ukg-together/kit/log/log';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import type { Fault, TogetherUser } from '../model/person.ts';
import { type CollectDeps, type Read, startReading } from '../run/collect-step.ts';
import type { RunIdentity } from '../run/identity.ts';
import { type Asked, type ModeName, modeFor, type ProtocolName, protocols } from '../run/modes.ts';
import { type Planned, planFromRead } from '../run/plan-step.ts';
import { Settings } from '../settings/settings.ts';
import { ledgerKeys } from '../state/ledger/keys.ts';
import { openRunState } from '../state/run-state.ts';
import { memoryStore } from '../state/store/memory-store.ts';

export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  metric() {},
  progress() {},
  child: () => silent,
};

/** A log that keeps what it logs, by level. */
export function keptLog() {
  const lines: { readonly level: 'info' | 'warn' | 'error'; readonly message: string }[] = [];
  const keep = (level: 'info' | 'warn' | 'error') => (message: string) => void lines.push({ level, message });
  const log: Logger = { ...silent, info: keep('info'), warn: keep('warn'), error: keep('error') };
  return { log, lines };
}

export const parseSettings = (over: object = {}): Settings =>
  Settings.parse({ api_url: 'http://127.0.0.1:1', organization_id: 'o', client_id: 'c', api_key: 'k', ...over });

export interface IdentityOptions {
  readonly mode?: ModeName | undefined;
  readonly protocol?: ProtocolName | undefined;
  readonly asked?: Asked | undefined;
  readonly settings?: object | undefined;
  readonly accept?: string | undefined;
  readonly id?: string;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly state?: { readonly keeps: boolean; readonly known: number };
}

export const identityOf = (options: IdentityOptions = {}): RunIdentity => ({
  id: options.id ?? 'a run',
  startedAt: options.startedAt ?? Date.UTC(2026, 2, 31),
  mode: modeFor(options.mode ?? 'run', options.asked ?? {}, options.state ?? { keeps: true, known: 0 }),
  protocol: protocols[options.protocol ?? 'singer'],
  settings: parseSettings(options.settings),
  settingsHash: 's',
  about: {
    tool: { name: 'target-together', version: 'test', node: 'test' },
    destination: { host: 'test', region: null, organization_id: 'o' },
    packageHash: null,
  },
  accept: options.accept,
  only: options.asked?.only,
  files: { rejects: null, plan: null, report: null, audit: null, config: [] },
});

export const testKeys = ledgerKeys('a key for tests');

/** The state of a run in memory; `run` absent: only to look. */
export const openTestState = (files = new Map<string, Buffer>(), run?: { id: string; startedAt: number }) =>
  openRunState({
    store: memoryStore(files),
    keys: testKeys,
    destination: 'test',
    keeps: true,
    ...(run ? { run } : {}),
    warn() {},
  });

/** Maps the stream `employees`: a record is a user already; with `fault`, or without an address, it can't be mapped. */
export const testReading = (filter?: CollectDeps['filter']): CollectDeps => ({
  spillFolder: tmpdir(),
  openMapping: ({ stream }) => (stream === 'employees' ? { map: mapped } : undefined),
  presets: new Map(),
  filter,
});

function mapped(record: Record<string, unknown>) {
  const user = record as unknown as TogetherUser;
  if (record['fault'] === undefined && user.email !== undefined) return { kind: 'user' as const, user, notes: [] };
  const fault: Fault = { field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' };
  return { kind: 'invalid' as const, id: user.employeeId, faults: [fault] };
}

export interface StepOptions extends IdentityOptions {
  readonly log?: Logger;
  readonly whole?: boolean;
  readonly filter?: CollectDeps['filter'];
  readonly files?: Map<string, Buffer>;
}

/** Step 1 with these events. */
export async function readEvents(events: readonly ConnectorEvent[], options: StepOptions = {}) {
  const first = identityOf(options);
  const state = await openTestState(options.files, first.mode.writes ? first : undefined);
  const run = identityOf({ ...options, state });
  const log = options.log ?? silent;
  const reading = startReading(run, testReading(options.filter), { state, log });
  for (const [at, event] of events.entries()) {
    await reading.take(event, { number: at + 1, text: JSON.stringify(event) });
  }
  const read: Read = reading.end(options.whole ?? true);
  return { run, state, log, read };
}

/** Steps 1 and 2 with these events. */
export async function planEvents(events: readonly ConnectorEvent[], options: StepOptions = {}) {
  const collected = await readEvents(events, options);
  const { run, state, log, read } = collected;
  const planned: Planned = await planFromRead(() => 'm', undefined).plan(read, run, { state, log });
  return { ...collected, planned };
}
