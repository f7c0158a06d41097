/**
 * Bytes ⇄ lines. Framing is exactly `\n`: node:readline splits at U+2028 and at a lone `\r` too, both of which may
 * stand inside a JSON line (https://github.com/nodejs/node/issues/62785).
 */
import { isUtf8 } from 'node:buffer';
import { ConnectorError, said } from '../error.ts';
import { textOfUtf8 } from '../text/utf8.ts';

export interface Line {
  /** 1-based; blank lines count. */
  readonly number: number;
  /** Without the line's end. */
  readonly text: string;
  /** Set on a last line that ends without `\n`: its writer may have been cut off. */
  readonly unterminated?: true;
}

export interface ReadOptions {
  /** A longer line is refused: it would have to be held in memory whole. */
  readonly maxLineBytes?: number;
  /** What is being read, for error sentences; default `stdin`. */
  readonly name?: string;
}

export const defaultMaxLineBytes = 64 * 1024 * 1024;

/**
 * One array of lines per chunk, blank lines skipped, `\r\n` and byte order marks tolerated. A chunk need hold only until the
 * next one is asked for.
 * Throws ConnectorError 'input' with the line's number, after all lines before it have been handed over.
 */
export async function* readLines(
  input: AsyncIterable<Buffer | string>,
  { maxLineBytes = defaultMaxLineBytes, name = 'stdin' }: ReadOptions = {},
): AsyncGenerator<Line[]> {
  let number = 0;
  // A long line stays a list of pieces until it ends: concatenating at each chunk would cost its length squared.
  let pieces: Buffer[] = [];
  let held = 0;

  const addText = (lines: Line[], line: string, last: boolean): void => {
    let text = line;
    if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    if (text.charCodeAt(text.length - 1) === 13) text = text.slice(0, -1);
    if (text.length === 0 || (text.charCodeAt(0) <= 32 && /^[ \t\r]*$/.test(text))) return;
    lines.push(last ? { number, text, unterminated: true } : { number, text });
  };
  const add = (lines: Line[], bytes: Buffer, last = false): ConnectorError | undefined => {
    number++;
    if (bytes.length > maxLineBytes) return tooLong(name, number, maxLineBytes);
    if (!isUtf8(bytes)) return notUtf8(name, number);
    addText(lines, textOfUtf8(bytes), last);
    return undefined;
  };
  /** Whole lines that came together: decoded at once, which costs a fraction of decoding each. */
  const addAll = (lines: Line[], bytes: Buffer): ConnectorError | undefined => {
    if (bytes.length > maxLineBytes || !isUtf8(bytes)) {
      let fault: ConnectorError | undefined;
      for (let start = 0; start < bytes.length && fault === undefined; ) {
        const end = bytes.indexOf(10, start);
        fault = add(lines, bytes.subarray(start, end));
        start = end + 1;
      }
      return fault;
    }
    const text = textOfUtf8(bytes);
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      number++;
      addText(lines, text.slice(start, end), false);
      start = end + 1;
    }
    return undefined;
  };

  for await (const received of input) {
    const chunk = typeof received === 'string' ? Buffer.from(received) : received;
    const lines: Line[] = [];
    let fault: ConnectorError | undefined;
    let start = 0;
    if (held > 0) {
      const end = chunk.indexOf(10);
      if (end !== -1) {
        pieces.push(chunk.subarray(0, end));
        fault = add(lines, Buffer.concat(pieces));
        pieces = [];
        held = 0;
        start = end + 1;
      }
    }
    const end = held > 0 ? 0 : chunk.lastIndexOf(10) + 1;
    if (end > start && fault === undefined) fault = addAll(lines, chunk.subarray(start, end));
    start = Math.max(start, end);
    if (fault === undefined && start < chunk.length) {
      pieces.push(Buffer.from(chunk.subarray(start)));
      held += chunk.length - start;
      if (held > maxLineBytes) fault = tooLong(name, number + 1, maxLineBytes);
    }
    if (lines.length > 0) yield lines;
    if (fault !== undefined) throw fault;
  }
  if (held === 0) return;
  const lines: Line[] = [];
  const fault = add(lines, Buffer.concat(pieces), true);
  if (lines.length > 0) yield lines;
  if (fault !== undefined) throw fault;
}

function tooLong(name: string, line: number, limit: number): ConnectorError {
  return new ConnectorError('input', said`Line ${line} of ${name} is longer than ${limit} bytes.`, {
    hint: 'A message of that size is no record of a person: look at what writes to this pipe.',
  });
}

function notUtf8(name: string, line: number): ConnectorError {
  return new ConnectorError('input', said`Line ${line} of ${name} is not valid UTF-8.`, {
    hint: 'Singer and Airbyte messages are UTF-8: look at the encoding that the program before the pipe writes in.',
  });
}

/** Whether a run ended because its reader did: exit with the error's code, but print nothing, the reader's own fault counts. */
export function isClosedPipe(thrown: unknown): boolean {
  return (
    thrown instanceof ConnectorError && (thrown.cause as { closedPipe?: unknown } | undefined)?.closedPipe === true
  );
}
