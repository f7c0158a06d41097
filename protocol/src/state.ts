import { show } from '@ukg-together/kit/text/show';

/** Where a stream was left off, in the Singer SDK's shape; both protocols carry it. */
export interface Bookmark {
  replication_key?: string;
  replication_key_value?: string;
  [extra: string]: unknown;
}

export interface State {
  bookmarks: Record<string, Bookmark>;
}

/** Warns that `what` names only streams that are not read here. */
export const ofOtherStreams = (what: string, streams: Iterable<string>): string =>
  `${what} is of other streams (${[...streams].slice(0, 5).map(show).join(', ')}): nothing goes on from it, everything is read.`;
