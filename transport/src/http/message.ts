/** What is sent and what comes back, for senders and for the fakes of tests. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Overrides the sender's timeout, milliseconds of waiting for the network in all. */
  readonly timeoutMs?: number;
  /** Asked when the connection stands, right before the first byte; what it throws is thrown, and nothing is sent. */
  readonly permit?: () => void;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a header sent twice is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed bytes as they arrive. Throws AttemptError when the answer is cut, corrupt or too slow. Read once. */
  readonly body: AsyncIterable<Buffer>;
  /** The whole body as UTF-8; AttemptError `TOO_LONG` above `maxBytes` (default 16 MiB). */
  text(maxBytes?: number): Promise<string>;
  /** Lets go of the body without reading it. */
  discard(): Promise<void>;
}

/** One attempt. Throws AttemptError when no answer came. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;
