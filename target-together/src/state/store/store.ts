/** Where a run keeps what the next one needs: a folder, memory, or a server. Names are flat (`ledger.log`); bytes are opaque. */

export interface StateStore {
  /** For messages: the folder's path, or what stands for it. */
  readonly where: string;
  /** Whether it is a folder of this machine, readable by its owner only. */
  readonly folder?: boolean;
  /**
   * The whole of `name`, or `length` bytes (fewer at the end) from `offset`; undefined where there is none. `into`: memory that may take
   * them, for callers that read a long file piece by piece: V8 leaves buffers lying about until its next full collection.
   */
  read(name: string, offset?: number, length?: number, into?: Buffer): Promise<Buffer | undefined>;
  /** Bytes of `name`; undefined where there is none. */
  size(name: string): Promise<number | undefined>;
  /**
   * Adds `bytes` at `offset`, which must be the present size: otherwise another writer is at work, and nothing is written
   * (ConnectorError `locked`). `durable`: resolves only when the bytes survive a power cut.
   */
  append(name: string, bytes: Uint8Array, offset: number, durable: boolean): Promise<void>;
  /** Cuts `name` down to `size` bytes: the truncated end of an append that a crash interrupted. */
  truncate(name: string, size: number): Promise<void>;
  /** Puts `content` in the place of `name`, all or nothing, durable; only the owner may read it. */
  replace(name: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
  /** Bytes that still fit, where that can be known. */
  free(): Promise<number | undefined>;
  close(): Promise<void>;
}
