/**
 * The rows of one JSON array, as its bytes arrive: memory stays at a chunk and the longest row, whatever the page size.
 * The quick way hands JSON.parse everything up to the last `},{` at once: if that parses, it ended between two rows,
 * since no complete JSON text is the beginning of a longer one. Where it doesn't parse, because the `},{` stood inside
 * a row, bytes are walked one by one.
 */

import { AttemptError } from '../http/failure.ts';
import { createObjectWalker } from './object-end.ts';
import { pageFault } from './page-fault.ts';
import { append, type ReceivedBytes, receivedBytes, release, skipBlank, textOf } from './received-bytes.ts';
import type { Shorten } from './shorten.ts';

export type Row = Record<string, unknown>;

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
  /** Takes what comes behind the list, which is then no fault. */
  readonly behind?: (bytes: Buffer) => void;
  /** Takes fields out of rows before they are parsed. */
  readonly shorten?: Shorten;
}

type State = 'start' | 'single' | 'first' | 'row' | 'separator' | 'done';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const comma = 0x2c;
const boundary = Buffer.from('},{');
/** Wrong guesses in a row after which a page is only walked: its rows hold lists of objects. */
const maxMisses = 3;

/**
 * Throws AttemptError (retried by policy) with one of the codes EMPTY_ANSWER, NOT_JSON, NOT_UTF8, NOT_A_LIST, NOT_ROWS,
 * TRUNCATED, TOO_LONG, TOO_DEEP, TRAILING_DATA; never with any of the content. `maxRowBytes` (default 16 MiB) bounds the memory.
 */
export function createSplitter(options: SplitterOptions = {}): Splitter {
  const { maxRowBytes = 16 * 1024 * 1024, isRow, behind, shorten } = options;
  const received = receivedBytes();
  const walker = createObjectWalker();
  let state: State = 'start';
  let seenAnything = false;
  let misses = 0;

  function push(chunk: Buffer): Row[] {
    walker.moved(append(received, chunk));
    const rows: Row[] = [];
    let guessFrom = Math.max(received.at, received.length - chunk.length - boundary.length + 1);
    for (;;) {
      skipBlank(received);
      if (received.at >= received.length) break;
      const byte = received.bytes[received.at] as number;
      if (state === 'single') {
        if (!walk(rows)) break;
        if (!isRow?.(rows[0] as Row)) throw pageFault('NOT_A_LIST');
        state = 'done';
      } else if (state === 'row' || (state === 'first' && byte !== closeBracket)) {
        if (byte !== openBrace) throw pageFault(byte === closeBracket ? 'NOT_JSON' : 'NOT_ROWS');
        if (!guess(rows, guessFrom) && !walk(rows)) break;
        guessFrom = received.at;
        state = 'separator';
      } else if (state === 'start') {
        if (!start(byte)) break;
      } else if (state === 'done' && behind) {
        behind(Buffer.from(received.bytes.subarray(received.at, received.length)));
        received.at = received.length;
      } else {
        state = after(state, byte);
        received.at++;
      }
    }
    if (received.at >= received.length) received.at = received.length = 0;
    if (received.length - received.at > maxRowBytes) throw pageFault('TOO_LONG');
    return rows;
  }

  /** A byte order mark, then a list, or one object that is a row; false when more bytes are needed. */
  function start(byte: number): boolean {
    if (!seenAnything && byte === 0xef) {
      const { bytes, at, length } = received;
      if (length - at < 3) return false;
      if (bytes[at + 1] !== 0xbb || bytes[at + 2] !== 0xbf) throw pageFault('NOT_JSON');
      received.at += 3;
    } else if (byte === openBrace && isRow) {
      state = 'single';
    } else {
      if (byte !== openBracket) throw pageFault(byte === openBrace ? 'NOT_A_LIST' : 'NOT_JSON');
      received.at++;
      state = 'first';
    }
    seenAnything = true;
    return true;
  }

  /** Gives out everything up to the last `},{` after `from` in one parse; false when there is none or it lied. */
  function guess(rows: Row[], from: number): boolean {
    const end = misses >= maxMisses ? undefined : lastBoundary(received, from);
    if (end === undefined) return false;
    let many: unknown[];
    try {
      many = JSON.parse(`[${textOf(received, end, shorten)}]`) as unknown[];
    } catch (thrown) {
      if (thrown instanceof AttemptError) throw thrown;
      misses++;
      return false;
    }
    for (const row of many) rows.push(asRow(row));
    misses = 0;
    goTo(end);
    return true;
  }

  /** Walks on over the row that begins here and gives it out; false when more bytes are needed. */
  function walk(rows: Row[]): boolean {
    const end = walker.endOf(received);
    if (end === undefined) return false;
    rows.push(asRow(parse(textOf(received, end, shorten))));
    goTo(end);
    return true;
  }

  function goTo(end: number): void {
    received.at = end;
    walker.reset();
  }

  return {
    push,
    end() {
      if (state !== 'done')
        throw pageFault(seenAnything || received.length > received.at ? 'TRUNCATED' : 'EMPTY_ANSWER');
      release(received);
    },
  };
}

/** What a byte between rows, or after the last one, leads to. */
function after(state: State, byte: number): State {
  if (state === 'first') return 'done';
  if (state !== 'separator') throw pageFault('TRAILING_DATA');
  if (byte !== comma && byte !== closeBracket) throw pageFault('NOT_JSON');
  return byte === comma ? 'row' : 'done';
}

/** Behind the brace of the last `},{` after `from`. */
function lastBoundary({ bytes, at, length }: ReceivedBytes, from: number): number | undefined {
  const found = bytes.subarray(from, length).lastIndexOf(boundary);
  const end = from + found + 1;
  return found === -1 || end <= at ? undefined : end;
}

function asRow(value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw pageFault('NOT_ROWS');
  return value as Row;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // Nested too deeply the parser runs out of stack: the same refusal, not a crash.
    throw pageFault(thrown instanceof RangeError ? 'TOO_DEEP' : 'NOT_JSON');
  }
}
