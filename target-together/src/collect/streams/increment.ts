/** Whether a source went on from a bookmark, as far as its STATE messages show. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { StateEvent } from '@ukg-together/protocol/event';

/** Keys of bookmarks that are no place to go on from. */
const noPlace = new Set(['version', 'initial_full_table_complete', 'replication_key']);

/**
 * `leading`: those before the first record. There the Singer SDK, and taps written like it, repeat the state that they were given.
 * `last`: the last ones. tap-ukg-pro says in its bookmark of employees what kind of read it was.
 */
export function isIncrement(stream: string, leading: readonly StateEvent[], last: readonly StateEvent[]): boolean {
  return (
    leading.some(({ value }) => isPlace(bookmarkOf(value, stream))) ||
    last.some(({ value }) => {
      const bookmark = bookmarkOf(value, stream);
      return isObject(bookmark) && bookmark['last_read'] === 'increment';
    })
  );
}

/** A bookmark of Singer's state, or the state of a stream in Airbyte. */
function bookmarkOf(value: unknown, stream: string): unknown {
  if (!isObject(value)) return undefined;
  if (isObject(value['bookmarks'])) return value['bookmarks'][stream];
  return isObject(value['stream']) ? value['stream']['stream_state'] : undefined;
}

const isPlace = (bookmark: unknown): boolean =>
  typeof bookmark === 'string'
    ? bookmark !== ''
    : isObject(bookmark) && Object.entries(bookmark).some(([key, value]) => !noPlace.has(key) && value !== null);
