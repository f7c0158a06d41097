/** Bookmarks say nothing that lies ahead: a run that believed one would see no change until that day, and end green every night. */
import type { Logger } from '@ukg-together/kit/log/log';
import type { State } from '@ukg-together/protocol/state';

type Bookmarks = State['bookmarks'];

/** Without those that a clock wrote that has been put right since, or a hand: their streams are read from the start. */
export function withoutAhead(bookmarks: Bookmarks, nowMs: number, log: Logger): Bookmarks {
  return Object.fromEntries(
    Object.entries(bookmarks).map(([name, bookmark]) => {
      const { replication_key_value: value, ...rest } = bookmark;
      if (typeof value !== 'string' || !(Date.parse(value) > nowMs)) return [name, bookmark];
      log.warn(
        `${name}: the bookmark lies in the future of this clock, and is not used: the stream is read from the start.`,
      );
      return [name, rest];
    }),
  );
}
