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

/** Batches of this many characters were the fastest into a pipe, and flat in memory. */
const batchChars = 128 * 1024;

/** Writes lines in batches and honours back-pressure. Never ends the process and never swallows a failure. */
export function lineWriter(output: NodeJS.WritableStream, { name = 'stdout' } = {}): LineWriter {
  let batch = '';
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
    batch = '';
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
  const send = () => {
    const text = batch;
    batch = '';
    unwritten++;
    full = !output.write(text, (error) => {
      unwritten--;
      if (error) fail(error);
      else if (unwritten === 0) wake();
    });
  };

  return {
    get closed() {
      return failure !== undefined;
    },
    write(line) {
      if (failure !== undefined) return Promise.reject(failure);
      batch += line;
      batch += '\n';
      if (batch.length < batchChars) return undefined;
      send();
      return full ? until(() => !full) : undefined;
    },
    flush() {
      if (failure !== undefined) return Promise.reject(failure);
      if (batch !== '') send();
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
