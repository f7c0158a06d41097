/**
 * 64 bytes for each person, in chunks: a million people need 64 MB, and nothing is copied when more come (a column that grows by
 * copying leaves as much again behind for the garbage collector).
 */

/** Places in a row, in words of four bytes. `at`, `email` and `hash` take two, two and four. */
export const Column = {
  /** Where body, record and notes begin in the spill. */
  at: 0,
  /** Hash of the address. */
  email: 2,
  id: 4,
  supervisor: 5,
  bodyLength: 6,
  rawLength: 7,
  noteLength: 8,
  line: 9,
  flags: 10,
  fields: 11,
  hash: 12,
} as const;
/** In `flags`, beside the kind (two bits), the status (from 8) and the filter (from 16). */
export const Mark = {
  /** The row's key is the employeeId. */
  byId: 4,
  /** May only be patched, never created. */
  patchOnly: 8,
  /** The manager is named by address, or by number, and not found yet. */
  email: 16,
  employeeNumber: 32,
  /** The manager was found so. */
  linked: 64,
  /** Several people have what names the manager. */
  ambiguous: 128,
} as const;
type Word = 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;
type Double = 0 | 2;

const words = 16;
const chunkShift = 14;
const perChunk = 1 << chunkShift;
const inChunk = perChunk - 1;

export interface Rows {
  readonly size: number;
  /** A new row of zeros; returns its position. */
  add(): number;
  get(row: number, column: Word): number;
  set(row: number, column: Word, value: number): void;
  getDouble(row: number, column: Double): number;
  setDouble(row: number, column: Double, value: number): void;
  /** The 16 bytes themselves, not a copy. */
  hash(row: number): Uint8Array;
  setHash(row: number, bytes: Uint8Array): void;
  hasHash(row: number, bytes: Uint8Array): boolean;
}

export function createRows(): Rows {
  const ints: Int32Array[] = [];
  const doubles: Float64Array[] = [];
  const bytes: Uint8Array[] = [];
  let size = 0;

  const self: Rows = {
    get size() {
      return size;
    },
    add() {
      if (size >> chunkShift >= ints.length) {
        const buffer = new ArrayBuffer(perChunk * words * 4);
        ints.push(new Int32Array(buffer));
        doubles.push(new Float64Array(buffer));
        bytes.push(new Uint8Array(buffer));
      }
      return size++;
    },
    get: (row, column) => (ints[row >> chunkShift] as Int32Array)[(row & inChunk) * words + column] as number,
    set(row, column, value) {
      (ints[row >> chunkShift] as Int32Array)[(row & inChunk) * words + column] = value;
    },
    getDouble: (row, column) =>
      (doubles[row >> chunkShift] as Float64Array)[((row & inChunk) * words + column) >> 1] as number,
    setDouble(row, column, value) {
      (doubles[row >> chunkShift] as Float64Array)[((row & inChunk) * words + column) >> 1] = value;
    },
    hash(row) {
      const at = ((row & inChunk) * words + Column.hash) * 4;
      return (bytes[row >> chunkShift] as Uint8Array).subarray(at, at + 16);
    },
    setHash(row, hash) {
      (bytes[row >> chunkShift] as Uint8Array).set(hash, ((row & inChunk) * words + Column.hash) * 4);
    },
    hasHash(row, hash) {
      const mine = self.hash(row);
      for (let i = 0; i < 16; i++) if (mine[i] !== hash[i]) return false;
      return true;
    },
  };
  return self;
}
