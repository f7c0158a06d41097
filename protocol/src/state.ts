/** Where a stream was left off, in the Singer SDK's shape; both protocols carry it. */
export interface Bookmark {
  replication_key?: string;
  replication_key_value?: string;
  [extra: string]: unknown;
}

export interface State {
  bookmarks: Record<string, Bookmark>;
}
