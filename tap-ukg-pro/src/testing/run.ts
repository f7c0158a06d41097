/** Runs the core on a fake UKG and collects what it emits. */

import { type FakeClock, fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { selectStreams } from '@ukg-together/protocol/singer/catalog';
import type { State } from '@ukg-together/protocol/state';
import type { SelectedStream } from '@ukg-together/protocol/stream';
import type { Send } from '@ukg-together/transport/http/request';
import { buildCatalog } from '../catalog/catalog.ts';
import type { UkgRecord } from '../records/record.ts';
import { type Settings, settingsSchema } from '../settings/settings.ts';
import type { StreamFailure } from '../sync/failures.ts';
import { runTap, type TapRun } from '../sync/tap.ts';
import { memoryLog } from './log.ts';
import { memorySpill } from './spill.ts';

const parsed = new Map<string, Settings>();

/** Parsed once for each set of changes: a thousand runs of a property test have the same. */
export function fakeSettings(changes: Record<string, unknown> = {}): Settings {
  const key = JSON.stringify(changes);
  const known = parsed.get(key) ?? parseSettings(changes);
  parsed.set(key, known);
  return known;
}

const parseSettings = (changes: Record<string, unknown>): Settings =>
  settingsSchema.parse({
    base_url: 'https://service5.ultipro.com',
    username: 'reader',
    password: 'not-a-secret',
    customer_api_key: 'ABCDE',
    max_retries: 2,
    ...changes,
  });

const plainCatalog = buildCatalog();

export interface Ran {
  readonly events: readonly ConnectorEvent[];
  readonly records: readonly UkgRecord[];
  /** The last state written, or the given one. */
  readonly state: State;
  readonly failures: readonly StreamFailure[];
  readonly log: readonly string[];
  /** What ended the run before its time. */
  readonly thrown: unknown;
}

export interface RunOptions {
  readonly send: Send;
  readonly settings?: Record<string, unknown>;
  readonly state?: State;
  /** Stream names with fields, or 'all' for every field; default: the default selection. */
  readonly select?: Readonly<Record<string, readonly string[] | 'all'>>;
  readonly method?: 'FULL_TABLE' | 'INCREMENTAL';
  readonly clock?: FakeClock;
  readonly test?: TapRun['test'];
  /** The reader has gone when the tap logs that it waits for a quota. */
  readonly failOnWait?: boolean;
  /** Ends the run by throwing out of the n-th event, as a killed process would. */
  readonly dieAtEvent?: number;
}

export async function runFake(options: RunOptions): Promise<Ran> {
  const settings = fakeSettings(options.settings);
  const catalog =
    options.settings?.['custom_endpoints'] || options.settings?.['include_fields']
      ? buildCatalog(settings)
      : plainCatalog;
  const events: ConnectorEvent[] = [];
  const log = memoryLog();
  let state = options.state ?? { bookmarks: {} };
  let thrown: unknown;
  let failures: readonly StreamFailure[] = [];
  const controller = new AbortController();
  try {
    failures = await runTap(
      {
        send: options.send,
        clock: options.clock ?? fakeClock(),
        log,
        random: () => 0.5,
        signal: controller.signal,
        openSpill: memorySpill,
        emit(event) {
          if (events.length === options.dieAtEvent) {
            controller.abort(new Error('killed'));
            throw new Error('killed');
          }
          events.push(event);
          if (options.failOnWait && event.type === 'status' && event.rateLimitedUntil !== undefined)
            return Promise.reject(new Error('the reader is gone'));
          if (event.type === 'state') state = event.value as State;
          return undefined;
        },
      },
      {
        settings,
        catalog,
        selected: selection(catalog.definitions, options),
        state: structuredClone(state),
        ...(options.test ? { test: options.test } : {}),
      },
    );
  } catch (error) {
    thrown = error;
  }
  const records = events.flatMap((event) =>
    event.type === 'record' ? [JSON.parse(JSON.stringify(event.record)) as UkgRecord] : [],
  );
  return { events, records, state, failures, log: log.lines, thrown };
}

let byDefault: SelectedStream[] | undefined;

function selection(definitions: Parameters<typeof selectStreams>[0], { select, method }: RunOptions): SelectedStream[] {
  const chosen =
    select === undefined
      ? (byDefault ??= selectStreams(definitions, undefined))
      : definitions
          .filter(({ name }) => select[name] !== undefined)
          .map((definition): SelectedStream => {
            const names = select[definition.name] as readonly string[] | 'all';
            const automatic = new Set([...definition.keyProperties, definition.replicationKey]);
            const properties = Object.entries(definition.schema.properties ?? {}).filter(
              ([name]) => names === 'all' || automatic.has(name) || names.includes(name),
            );
            return {
              definition,
              schema: { ...definition.schema, properties: Object.fromEntries(properties) },
              replicationMethod: definition.replicationMethods[0] ?? 'FULL_TABLE',
              replicationKey: definition.replicationKey,
              keyProperties: definition.keyProperties,
            };
          });
  return method === undefined ? chosen : chosen.map((stream) => ({ ...stream, replicationMethod: method }));
}
