/**
 * Neutral events → the messages of an Airbyte source: records, one state for each stream with its count, and how each
 * stream fares (STARTED, RUNNING, COMPLETE or INCOMPLETE).
 */
import type { Clock } from '@ukg-together/kit/clock';
import { isObject } from '@ukg-together/kit/lines/json';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { Emit, RecordEvent, StateEvent, StatusEvent } from '../event.ts';
import { type AirbyteMessage, writeThrough } from './message.ts';

export interface AirbyteEncoder {
  readonly emit: Emit;
  /** The run failed: streams that have begun and not ended are INCOMPLETE. Whatever came after their last state is not committed. */
  abort(): Promise<void>;
}

interface StreamProgress {
  status: 'new' | 'started' | 'running' | 'ended';
  /** Records since its last state. */
  records: number;
  bookmark: unknown;
  lastState: string | undefined;
  /** How many of its states said nothing new. */
  repeats: number;
}

/** What a stream without a cursor is told by: a state must have content (the Python CDK writes the same). */
const noCursor = { __ab_no_cursor_state_message: true };

export function airbyteEncoder(deps: { writer: LineWriter; clock: Clock }): AirbyteEncoder {
  const { writer, clock } = deps;
  const streams = new Map<string, StreamProgress>();
  const prefixes = new Map<string, string>();
  let emitted: { time: string | undefined; tail: string } = { time: undefined, tail: '' };

  const progressOf = (name: string): StreamProgress => {
    let found = streams.get(name);
    if (found === undefined) {
      found = { status: 'new', records: 0, bookmark: undefined, lastState: undefined, repeats: 0 };
      streams.set(name, found);
    }
    return found;
  };

  const trace = (name: string, status: string, rateLimitedUntil?: number): AirbyteMessage => ({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: clock.now(),
      stream_status: {
        stream_descriptor: { name },
        status,
        ...(rateLimitedUntil !== undefined && {
          reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: Math.round(rateLimitedUntil) } }],
        }),
      },
    },
  });

  const moveTo = async (name: string, status: 'started' | 'running'): Promise<void> => {
    const progress = progressOf(name);
    if (progress.status === 'new') {
      progress.status = 'started';
      await writeThrough(writer, trace(name, 'STARTED'));
    }
    if (status === 'running' && progress.status === 'started') {
      progress.status = 'running';
      await writeThrough(writer, trace(name, 'RUNNING'));
    }
  };

  const writeState = async (name: string, progress: StreamProgress, mayRepeat: boolean): Promise<void> => {
    const bookmark =
      isObject(progress.bookmark) && Object.keys(progress.bookmark).length > 0 ? progress.bookmark : noCursor;
    let content: Record<string, unknown> = bookmark;
    if (JSON.stringify(content) === progress.lastState) {
      if (!mayRepeat || progress.records === 0) return;
      // Two equal states with records between them are one to the platform: the second must differ.
      progress.repeats++;
      content = { ...bookmark, __ab_sequence: progress.repeats };
    } else progress.lastState = JSON.stringify(content);
    const recordCount = progress.records;
    progress.records = 0;
    await writeThrough(writer, {
      type: 'STATE',
      state: {
        type: 'STREAM',
        stream: { stream_descriptor: { name }, stream_state: content },
        sourceStats: { recordCount },
      },
    });
  };

  const record = (event: RecordEvent): void | Promise<void> => {
    const progress = progressOf(event.stream);
    if (progress.status === 'new' || progress.status === 'started')
      return moveTo(event.stream, 'running').then(() => record(event));
    let prefix = prefixes.get(event.stream);
    if (prefix === undefined) {
      prefix = `{"type":"RECORD","record":{"stream":${JSON.stringify(event.stream)},"data":`;
      prefixes.set(event.stream, prefix);
    }
    if (emitted.tail === '' || emitted.time !== event.timeExtracted || event.timeExtracted === undefined) {
      const time = event.timeExtracted === undefined ? Number.NaN : Date.parse(event.timeExtracted);
      emitted = { time: event.timeExtracted, tail: `,"emitted_at":${Number.isNaN(time) ? clock.now() : time}}}` };
    }
    const data = JSON.stringify(event.record);
    // The platform drops a record without data, and its count would no longer agree.
    if (data === '{}') return undefined;
    progress.records++;
    return writer.write(prefix + data + emitted.tail);
  };

  const state = async ({ value, stream }: StateEvent): Promise<void> => {
    const bookmarks = isObject(value) && isObject(value['bookmarks']) ? value['bookmarks'] : {};
    for (const name of stream === undefined ? [...streams.keys()] : [stream]) {
      const progress = progressOf(name);
      const before = progress.bookmark;
      if (bookmarks[name] !== undefined) progress.bookmark = bookmarks[name];
      if (progress.status === 'new') continue;
      // After its end a stream has only news to tell, and no records to cover.
      if (progress.status === 'ended' && JSON.stringify(before) === JSON.stringify(progress.bookmark)) continue;
      await writeState(name, progress, false);
    }
  };

  const status = async (event: StatusEvent): Promise<void> => {
    const progress = progressOf(event.stream);
    if (progress.status === 'ended') return;
    if (event.status === 'started') return moveTo(event.stream, 'started');
    await moveTo(event.stream, 'started');
    if (event.status === 'running') {
      if (event.rateLimitedUntil === undefined) return moveTo(event.stream, 'running');
      // The next record says RUNNING again, without the reason: the wait is over.
      progress.status = 'started';
      return writeThrough(writer, trace(event.stream, 'RUNNING', event.rateLimitedUntil));
    }
    // A stream that ends well ends with a state, one without records too: the platform waits for it.
    if (event.status === 'complete' && (progress.records > 0 || progress.lastState === undefined)) {
      await writeState(event.stream, progress, true);
    }
    progress.status = 'ended';
    await writeThrough(writer, trace(event.stream, event.status.toUpperCase()));
  };

  return {
    emit: (event) => {
      switch (event.type) {
        case 'record':
          return record(event);
        case 'state':
          return state(event);
        case 'status':
          return status(event);
        case 'schema':
          return moveTo(event.stream, 'started');
        case 'activate_version':
          // Airbyte says it with COMPLETE.
          return undefined;
      }
    },
    abort: async () => {
      for (const [name, progress] of streams) {
        if (progress.status === 'started' || progress.status === 'running') {
          progress.status = 'ended';
          await writeThrough(writer, trace(name, 'INCOMPLETE'));
        }
      }
    },
  };
}
