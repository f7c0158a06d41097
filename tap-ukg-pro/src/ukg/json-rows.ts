/**
 * The rows of one JSON array, as its bytes arrive: memory stays at a chunk and the longest row, whatever the page size.
 * The quick way hands JSON.parse everything up to the last `},{` at once: if that parses, it ended between two rows,
 * since no complete JSON text is the beginning of a longer one. Where it doesn't parse, because the `},{` stood inside
 * a row, bytes are walked one by one.
 */

import { isUtf8 } from 'node:buffer';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Row } from './row.ts';

export interface Splitter {
  /** The rows that became complete. */
  push(chunk: Buffer): Row[];
  /** After the last chunk. Throws when the array was not closed. */
  end(): void;
}

export interface SplitterOptions {
  readonly maxRowBytes?: number;
  /** UKG's documents show some lists as one object: whether such an object is a row. Absent: it never is. */
  readonly isRow?: (row: Row) => boolean;
}

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const boundary = Buffer.from('},{');
/** Wrong guesses in a row after which a page is only walked: its rows hold lists of objects. */
const maxMisses = 3;

/**
 * The last page's buffer, for the next one. It lives longer than what V8 collects often: with one for each page, memory would grow
 * from page to page until the next full collection, which hardly ever comes.
 */
let spare: Buffer | undefined;
const mostSpare = 1 << 20;
const nothing = Buffer.alloc(0);

/**
 * Throws AttemptError (retried by policy) with one of the codes EMPTY_ANSWER, NOT_JSON, NOT_UTF8, NOT_A_LIST, NOT_ROWS,
 * TRUNCATED, TOO_LONG, TOO_DEEP, TRAILING_DATA; never with any of the content. `maxRowBytes` (default 16 MiB) bounds the memory.
 */
export function createSplitter({ maxRowBytes = 16 * 1024 * 1024, isRow }: SplitterOptions = {}): Splitter {
  // bytes[at, length) is what was received and not yet given out.
  let bytes = spare ?? Buffer.allocUnsafeSlow(64 * 1024);
  spare = undefined;
  let length = 0;
  let at = 0;
  let state: 'start' | 'single' | 'first' | 'row' | 'separator' | 'done' = 'start';
  let seenAnything = false;
  let misses = 0;
  // How far the row at `at` was walked, so that a long row is never walked twice.
  let walked = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;

  function append(chunk: Buffer): void {
    const kept = length - at;
    if (length + chunk.length > bytes.length) {
      const from = bytes;
      if (kept + chunk.length > bytes.length)
        bytes = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, kept + chunk.length));
      from.copy(bytes, 0, at, length);
      walked = Math.max(0, walked - at);
      at = 0;
      length = kept;
    }
    chunk.copy(bytes, length);
    length += chunk.length;
  }

  function push(chunk: Buffer): Row[] {
    append(chunk);
    const rows: Row[] = [];
    let guessFrom = Math.max(at, length - chunk.length - boundary.length + 1);
    for (;;) {
      skipBlank();
      if (at >= length) break;
      const byte = bytes[at] as number;
      if (state === 'single') {
        if (!walk(rows)) break;
        if (!isRow?.(rows[0] as Row)) throw fault('NOT_A_LIST');
        state = 'done';
      } else if (state === 'row' || (state === 'first' && byte !== closeBracket)) {
        if (byte !== openBrace) throw fault(byte === closeBracket ? 'NOT_JSON' : 'NOT_ROWS');
        if (!guess(rows, guessFrom) && !walk(rows)) break;
        guessFrom = at;
        state = 'separator';
      } else if (!step(byte)) break;
    }
    if (at >= length) {
      at = 0;
      length = 0;
    }
    if (length - at > maxRowBytes) throw fault('TOO_LONG');
    return rows;
  }

  /** Everything that is no row; false when more bytes are needed. */
  function step(byte: number): boolean {
    switch (state) {
      case 'start':
        if (!seenAnything && byte === 0xef) {
          if (length - at < 3) return false;
          if (bytes[at + 1] !== 0xbb || bytes[at + 2] !== 0xbf) throw fault('NOT_JSON');
          at += 3;
        } else {
          if (byte === openBrace && isRow) {
            state = 'single';
            return true;
          }
          if (byte !== openBracket) throw fault(byte === openBrace ? 'NOT_A_LIST' : 'NOT_JSON');
          at++;
          state = 'first';
        }
        seenAnything = true;
        return true;
      case 'first':
        state = 'done';
        break;
      case 'separator':
        if (byte !== comma && byte !== closeBracket) throw fault('NOT_JSON');
        state = byte === comma ? 'row' : 'done';
        break;
      case 'done':
      case 'single':
      case 'row':
        throw fault('TRAILING_DATA');
    }
    at++;
    return true;
  }

  /** Gives out everything from `at` to the last `},{` after `from` in one parse; false when there is none or it lied. */
  function guess(rows: Row[], from: number): boolean {
    if (misses >= maxMisses) return false;
    const found = bytes.subarray(from, length).lastIndexOf(boundary);
    const end = from + found + 1;
    if (found === -1 || end <= at) return false;
    let many: unknown[];
    try {
      many = JSON.parse(`[${textOf(end)}]`) as unknown[];
    } catch (thrown) {
      if (thrown instanceof AttemptError) throw thrown;
      misses++;
      return false;
    }
    for (const row of many) rows.push(asRow(row));
    misses = 0;
    forget(end);
    return true;
  }

  /** Walks on over the row at `at` and gives it out; false when more bytes are needed. */
  function walk(rows: Row[]): boolean {
    let here = Math.max(at, walked);
    const end = length;
    while (here < end) {
      const byte = bytes[here++] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) depth++;
      else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) {
        rows.push(asRow(parse(textOf(here))));
        forget(here);
        return true;
      }
    }
    walked = here;
    return false;
  }

  /** The bytes from `at` as text. Decoding what is not UTF-8 would put U+FFFD into names, and nobody would be told. */
  function textOf(end: number): string {
    if (!isUtf8(bytes.subarray(at, end))) throw fault('NOT_UTF8');
    return bytes.toString('utf8', at, end);
  }

  function forget(end: number): void {
    at = end;
    walked = 0;
    depth = 0;
    inString = false;
    escaped = false;
  }

  function skipBlank(): void {
    while (at < length) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      at++;
    }
  }

  return {
    push,
    end() {
      if (state !== 'done') throw fault(seenAnything || length > at ? 'TRUNCATED' : 'EMPTY_ANSWER');
      if (bytes.length <= mostSpare) spare = bytes;
      bytes = nothing;
    },
  };
}

function asRow(value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault('NOT_ROWS');
  return value as Row;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // Nested too deeply the parser runs out of stack: the same refusal, not a crash.
    throw fault(thrown instanceof RangeError ? 'TOO_DEEP' : 'NOT_JSON');
  }
}

function fault(code: string): AttemptError {
  return new AttemptError({ phase: 'answer', code });
}
