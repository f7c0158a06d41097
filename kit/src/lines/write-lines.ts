import { ConnectorError, errorCode, said } from '../error.ts';
import { codeText } from '../text/error-code.ts';

export interface LineWriter {
  /**
   * Takes one line without its end. Returns a promise only when the reader is behind: then wait for it before the next
   * write. The promise rejects when the reader has gone (see isClosedPipe) or writing failed.
   */
  write(line: string): void | Promise<void>;
  /** Resolves when all that was written has been handed to the operating system. */
  flush(): Promise<void>;
  /** Nothing can be written any more. */
  readonly closed: boolean;
}

/** Batches of this many bytes were the fastest into a pipe, and flat in memory. */
const batchBytes = 128 * 1024;
/** UTF-8 of one UTF-16 unit. */
const mostBytes = 3;
const newLine = 0x0a;

/** Writes lines in batches and honours back-pressure. Never ends the process and never swallows a failure. */
export function lineWriter(output: NodeJS.WritableStream, { name = 'stdout' } = {}): LineWriter {
  // Each line is encoded at once: of a long text put together from lines that takes several times longer.
  const batch = Buffer.allocUnsafeSlow(2 * batchBytes);
  let used = 0;
  let unwritten = 0;
  let full = false;
  let failure: ConnectorError | undefined;
  let waiters: { ready: () => boolean; resolve: () => void; reject: (error: Error) => void }[] = [];

  const wake = () => {
    const waiting = waiters;
    waiters = [];
    for (const waiter of waiting) {
      if (failure !== undefined) waiter.reject(failure);
      else if (waiter.ready()) waiter.resolve();
      else waiters.push(waiter);
    }
  };
  const fail = (error: unknown) => {
    failure ??= writeFailure(error, name);
    used = 0;
    wake();
  };
  // Waiting for 'drain' alone would never end when the reader is gone: the loop empties and node exits 0.
  output.on('error', fail);
  output.on('close', () => fail({ code: 'EPIPE' }));
  output.on('drain', () => {
    full = false;
    wake();
  });

  const until = (ready: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      waiters.push({ ready, resolve, reject });
      wake();
    });
  const send = (bytes: Buffer) => {
    unwritten++;
    full = !output.write(bytes, (error) => {
      unwritten--;
      if (error) fail(error);
      else if (unwritten === 0) wake();
    });
  };
  /** Sends what is batched, and `more`: as a copy, since nobody knows how long the stream keeps what it is given. */
  const sendBatch = (more = '') => {
    const bytes = Buffer.concat([batch.subarray(0, used), Buffer.from(more)]);
    used = 0;
    send(bytes);
  };

  return {
    get closed() {
      return failure !== undefined;
    },
    write(line) {
      if (failure !== undefined) return Promise.reject(failure);
      if (used + line.length * mostBytes + 1 > batch.length) sendBatch(`${line}\n`);
      else {
        used += batch.write(line, used);
        batch[used++] = newLine;
        if (used >= batchBytes) sendBatch();
      }
      return full ? until(() => !full) : undefined;
    },
    flush() {
      if (failure !== undefined) return Promise.reject(failure);
      if (used > 0) sendBatch();
      return unwritten === 0 ? Promise.resolve() : until(() => unwritten === 0);
    },
  };
}

function writeFailure(error: unknown, name: string): ConnectorError {
  const code = errorCode(error);
  const closed =
    code === 'EPIPE' ||
    code === 'ECONNRESET' ||
    code === 'ERR_STREAM_DESTROYED' ||
    code === 'ERR_STREAM_WRITE_AFTER_END';
  if (closed) {
    return new ConnectorError('unexpected', said`The reader of ${name} has ended before everything was written.`, {
      hint: 'Its own messages tell why.',
      cause: { closedPipe: true },
    });
  }
  return new ConnectorError('unexpected', said`Can't write to ${name}: ${codeText(code)}.`, { cause: error });
}
