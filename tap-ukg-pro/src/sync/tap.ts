/**
 * The core of the tap, for both protocols: for each selected stream its schema, its records, and at the end its
 * checkpoint. A stream that fails does not stop the others; what was finished stays finished.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { checkMachineClock } from '@ukg-together/kit/days/machine-clock';
import { asConnectorError, inStream } from '@ukg-together/kit/error';
import { isClosedPipe } from '@ukg-together/kit/lines/read-lines';
import { logError } from '@ukg-together/kit/log/failure';
import type { Logger } from '@ukg-together/kit/log/log';
import { counter, timed } from '@ukg-together/kit/log/metrics';
import { counted } from '@ukg-together/kit/text/show';
import type { Emit, RecordEvent } from '@ukg-together/protocol/event';
import type { State } from '@ukg-together/protocol/state';
import type { SelectedStream } from '@ukg-together/protocol/stream';
import type { Send } from '@ukg-together/transport/http/request';
import { createComparison, explainFailure, isWrongCredentials } from '../access/access-errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Spill } from '../employees/store/row-store.ts';
import type { Settings } from '../settings/settings.ts';
import type { UkgStream } from '../streams/define.ts';
import { streamsOf } from '../streams/employees.ts';
import { createTimes } from '../time/time.ts';
import { createUkgClient } from '../ukg/client.ts';
import { RefusedError } from '../ukg/page-errors.ts';
import { withoutAhead } from './bookmarks-ahead.ts';
import type { StreamFailure } from './failures.ts';
import { createShownSchema, schemaOf } from './shown-schema.ts';
import type { StreamContext, StreamEnd } from './stream-context.ts';
import { syncChanges } from './sync-changes.ts';
import { syncEmployees } from './sync-employees.ts';
import { syncStream } from './sync-stream.ts';
import { tenantOf } from './tenant.ts';

export interface TapDeps {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 ≤ x < 1, for backoffs. */
  readonly random: () => number;
  readonly emit: Emit;
  /** Aborted when the run shall end; its reason is thrown on. */
  readonly signal: AbortSignal;
  readonly openSpill: () => Spill;
}

export interface TapRun {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly selected: readonly SelectedStream[];
  readonly state: State;
  /** One record of each stream, or schemas only; no state is written. */
  readonly test?: 'records' | 'schema';
}

/**
 * Reads what is selected. Returns the streams that failed, for the caller to report at the end; throws only what ends the whole run,
 * after telling them.
 */
export async function runTap(deps: TapDeps, run: TapRun): Promise<readonly StreamFailure[]> {
  const failures: StreamFailure[] = [];
  try {
    await readSelected(deps, run, failures);
  } catch (thrown) {
    for (const { error } of failures) logError(deps.log, error);
    throw thrown;
  }
  return failures;
}

async function readSelected(deps: TapDeps, run: TapRun, failures: StreamFailure[]): Promise<void> {
  const { log, clock, emit, signal } = deps;
  checkMachineClock(clock.now());
  const { settings } = run;
  const tenant = tenantOf(settings);
  const streams = run.catalog.definitions.map(({ name }) => name);
  const bookmarks = withoutAhead(tenant.own(run.state.bookmarks, streams), clock.now(), log);
  const client = createUkgClient({ ...deps, onWait }, settings);
  const times = await createTimes(settings.time_zone);
  const today = times.localDay(clock.now());
  const compare = createComparison(client);
  let current = '';
  const isOpen = ({ definition }: SelectedStream) => run.catalog.source(definition.name)?.open === true;
  // Sources of a joined stream wait on its behalf.
  const waitingFor = (stream: string) =>
    run.selected.some(({ definition }) => definition.name === stream) ? stream : current;

  for (const stream of run.selected) {
    const { name } = stream.definition;
    current = name;
    const streamLog = log.child(name);
    if (run.test === 'schema' || !isOpen(stream)) await emit(schemaOf(stream));
    if (run.test === 'schema') continue;
    await emit({ type: 'status', stream: name, status: 'started' });
    try {
      await timed({ logger: streamLog, clock }, 'sync_duration', {}, () => readStream(stream, streamLog));
      await emit({ type: 'status', stream: name, status: 'complete' });
    } catch (thrown) {
      if (signal.aborted || isClosedPipe(thrown)) throw thrown;
      const explained = await explainFailure(thrown, deniedSource(run, stream, thrown), compare, client);
      const error = inStream(asConnectorError(explained), name);
      await emit({ type: 'status', stream: name, status: 'incomplete' });
      if (isWrongCredentials(error)) throw error;
      failures.push({ stream: name, error });
    }
  }

  function onWait(stream: string, { untilMs, rateLimited }: { untilMs: number; rateLimited: boolean }): void {
    if (!rateLimited) return;
    // Nothing waits for this one; a reader that has gone is met again by the next record.
    const status = { stream: waitingFor(stream), status: 'running', rateLimitedUntil: untilMs } as const;
    Promise.resolve(emit({ type: 'status', ...status })).catch(() => {});
  }

  async function readStream(stream: SelectedStream, streamLog: Logger): Promise<void> {
    const { name } = stream.definition;
    const records = counter({ logger: streamLog, clock }, 'record_count');
    const startMs = clock.now();
    let total = 0;
    let running = false;
    let timeExtracted = new Date(startMs).toISOString();
    const sink = isOpen(stream) ? createShownSchema(schemaOf(stream), emit) : { take: emit, end: async () => {} };
    const context: StreamContext = {
      client,
      log: streamLog,
      times,
      settings,
      clock,
      stream,
      selectedFields: new Set(Object.keys(stream.schema.properties ?? {})),
      startMs,
      today,
      bookmark: bookmarks[name] ?? {},
      test: run.test === 'records',
      openSpill: deps.openSpill,
      beforeRows() {
        timeExtracted = new Date(clock.now()).toISOString();
        streamLog.progress(`${name}: ${counted(total, 'record')}`);
      },
      emitRecord(record, version) {
        records.add();
        total++;
        const event: RecordEvent =
          version === undefined
            ? { type: 'record', stream: name, record, timeExtracted }
            : { type: 'record', stream: name, record, timeExtracted, version };
        if (running) return sink.take(event);
        running = true;
        const wait = emit({ type: 'status', stream: name, status: 'running' });
        return wait ? wait.then(() => sink.take(event)) : sink.take(event);
      },
    };
    try {
      const end = await readerOf(stream, run.catalog)(context);
      await sink.end();
      if (context.test) return;
      if (end.complete && settings.emit_activate_version_messages) {
        await emit({ type: 'activate_version', stream: name, version: end.complete.version });
      }
      bookmarks[name] = tenant.mark(end.bookmark);
      await emit({ type: 'state', stream: name, value: structuredClone({ bookmarks }) });
      streamLog.info(`${name}: ${counted(total, 'record')}.`);
    } finally {
      records.close();
      streamLog.progress('');
    }
  }
}

/** The web service that a failure is about: of a joined stream's sources, the one that was asked. */
function deniedSource({ catalog, settings }: TapRun, stream: SelectedStream, thrown: unknown): UkgStream {
  const own = catalog.source(stream.definition.name);
  if (own) return own;
  const asked = thrown instanceof RefusedError ? thrown.stream : undefined;
  const sources = streamsOf(Object.keys(stream.schema.properties ?? {}), settings.home_company_source);
  return sources.find(({ name }) => name === asked) ?? (sources[0] as UkgStream);
}

type Reader = (context: StreamContext) => Promise<StreamEnd>;

function readerOf(stream: SelectedStream, catalog: Catalog): Reader {
  const source = catalog.source(stream.definition.name);
  if (source === undefined) return syncEmployees;
  return source.requests === 'changes'
    ? (context) => syncChanges(context, source)
    : (context) => syncStream(context, source);
}
