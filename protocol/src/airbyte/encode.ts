/**
 * Neutral events → the messages of an Airbyte source: records, one state for each stream with its count, and how each
 * stream fares (STARTED, RUNNING, COMPLETE or INCOMPLETE).
 */
import type { Clock } from '@ukg-together/kit/clock';
import { isObject } from '@ukg-together/kit/lines/json';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { Emit, RecordEvent, StateEvent, StatusEvent } from '../event.ts';
import { type ProgressByStream, trackProgress } from './progress.ts';

export interface AirbyteEncoder {
  readonly emit: Emit;
  /** The run failed: streams that have begun and not ended are INCOMPLETE. Whatever came after their last state is not committed. */
  abort(): Promise<void>;
}

interface EncoderDeps {
  readonly writer: LineWriter;
  readonly clock: Clock;
}

export function airbyteEncoder(deps: EncoderDeps): AirbyteEncoder {
  const streams = trackProgress(deps);
  const writeRecord = recordWriter(deps, streams);
  return {
    emit: (event) => {
      switch (event.type) {
        case 'record':
          return writeRecord(event);
        case 'state':
          return writeStates(streams, event);
        case 'status':
          return writeStatus(streams, event);
        case 'schema':
          return streams.moveTo(event.stream, 'started');
        case 'activate_version':
          // Airbyte says it with COMPLETE.
          return undefined;
      }
    },
    abort: async () => {
      for (const name of streams.names()) {
        const progress = streams.of(name);
        if (progress.status === 'started' || progress.status === 'running') {
          progress.status = 'ended';
          await streams.writeStatus(name, 'INCOMPLETE');
        }
      }
    },
  };
}

/** Records are written as text: the message around them is the same for a whole stream. */
function recordWriter(
  { writer, clock }: EncoderDeps,
  streams: ProgressByStream,
): (event: RecordEvent) => void | Promise<void> {
  const prefixes = new Map<string, string>();
  let emitted: { time: string | undefined; tail: string } = { time: undefined, tail: '' };
  const writeRecord = (event: RecordEvent): void | Promise<void> => {
    const progress = streams.of(event.stream);
    if (progress.status === 'new' || progress.status === 'started')
      return streams.moveTo(event.stream, 'running').then(() => writeRecord(event));
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
  return writeRecord;
}

async function writeStates(streams: ProgressByStream, { value, stream }: StateEvent): Promise<void> {
  const bookmarks = isObject(value) && isObject(value['bookmarks']) ? value['bookmarks'] : {};
  for (const name of stream === undefined ? streams.names() : [stream]) {
    const progress = streams.of(name);
    const before = progress.bookmark;
    if (bookmarks[name] !== undefined) progress.bookmark = bookmarks[name];
    if (progress.status === 'new') continue;
    // After its end a stream has only news to report, and no records to cover.
    if (progress.status === 'ended' && JSON.stringify(before) === JSON.stringify(progress.bookmark)) continue;
    await streams.writeState(name, progress, false);
  }
}

async function writeStatus(streams: ProgressByStream, event: StatusEvent): Promise<void> {
  const progress = streams.of(event.stream);
  if (progress.status === 'ended') return;
  if (event.status === 'started') return streams.moveTo(event.stream, 'started');
  await streams.moveTo(event.stream, 'started');
  if (event.status === 'running') {
    if (event.rateLimitedUntil === undefined) return streams.moveTo(event.stream, 'running');
    // The next record says RUNNING again, without the reason: the wait is over.
    progress.status = 'started';
    return streams.writeStatus(event.stream, 'RUNNING', event.rateLimitedUntil);
  }
  // A stream that ends well ends with a state, one without records too: the platform waits for it.
  if (event.status === 'complete' && (progress.records > 0 || progress.lastState === undefined)) {
    await streams.writeState(event.stream, progress, true);
  }
  progress.status = 'ended';
  await streams.writeStatus(event.stream, event.status.toUpperCase());
}
