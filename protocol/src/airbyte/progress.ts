/** What an Airbyte source has said of each of its streams: how it fares, its last state, and the records since. */
import type { Clock } from '@ukg-together/kit/clock';
import { isObject } from '@ukg-together/kit/lines/json';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import { type AirbyteMessage, writeThrough } from './message.ts';

export interface StreamProgress {
  status: 'new' | 'started' | 'running' | 'ended';
  /** Records since its last state. */
  records: number;
  bookmark: unknown;
  lastState: string | undefined;
  /** How many of its states said nothing new. */
  repeats: number;
}

/** A state must have content, also that of a stream without a cursor (the Python CDK writes the same). */
const noCursor = { __ab_no_cursor_state_message: true };

export type ProgressByStream = ReturnType<typeof trackProgress>;

export function trackProgress({ writer, clock }: { writer: LineWriter; clock: Clock }) {
  const streams = new Map<string, StreamProgress>();

  const of = (name: string): StreamProgress => {
    let found = streams.get(name);
    if (found === undefined) {
      found = { status: 'new', records: 0, bookmark: undefined, lastState: undefined, repeats: 0 };
      streams.set(name, found);
    }
    return found;
  };

  const writeStatus = (name: string, status: string, rateLimitedUntil?: number): Promise<void> =>
    writeThrough(writer, statusMessage(name, status, clock.now(), rateLimitedUntil));

  const moveTo = async (name: string, status: 'started' | 'running'): Promise<void> => {
    const progress = of(name);
    if (progress.status === 'new') {
      progress.status = 'started';
      await writeStatus(name, 'STARTED');
    }
    if (status === 'running' && progress.status === 'started') {
      progress.status = 'running';
      await writeStatus(name, 'RUNNING');
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

  return { of, moveTo, writeStatus, writeState, names: () => [...streams.keys()] };
}

function statusMessage(name: string, status: string, now: number, rateLimitedUntil?: number): AirbyteMessage {
  return {
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: now,
      stream_status: {
        stream_descriptor: { name },
        status,
        ...(rateLimitedUntil !== undefined && {
          reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: Math.round(rateLimitedUntil) } }],
        }),
      },
    },
  };
}
