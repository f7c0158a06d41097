/**
 * Fields that nobody asked for are taken out of the text of rows before it is parsed: most of a wide row is never made. Rows of a page have
 * the same keys in the same order, so one regular expression, made from the first row, takes a row apart several times faster than parsing
 * it. It knows plain values only, and what it does not match from the start stays as it is: the parser judges every text as before.
 */
import { isAscii } from 'node:buffer';

/**
 * Rows one after the other, without the fields that are dropped; those that look different from the first ones stay whole. Each character
 * is a byte (latin1): a text with a single letter beyond would take twice the memory and time.
 */
export type Shorten = (rows: string) => string;

const blank = String.raw`[ \t\n\r]*`;
const string = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"`;
const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const value = `(?:${string}|null|true|false|${number})`;

/** Looks taken in one read; a web service whose rows look different each time is parsed whole. */
const maxLooks = 16;
/** Wider rows are none of UKG's, and their expression would be slow to make. */
const maxFields = 400;
/** A replacement text knows no more groups; one of them is what stands behind the row. */
const maxRuns = 98;
/** Less than this share of the fields is not worth it. */
const leastDropped = 0.25;

interface Shape {
  readonly row: RegExp;
  readonly kept: string;
}

export function createShorten(isDropped: (key: string) => boolean): Shorten {
  let shape: Shape | undefined;
  let looks = 0;

  function without(rows: string): string {
    const short = shape ? rows.replace(shape.row, shape.kept) : rows;
    if (short.length < rows.length || looks >= maxLooks) return short;
    looks++;
    shape = shapeOf(rows, isDropped);
    return shape ? rows.replace(shape.row, shape.kept) : rows;
  }

  return (rows) => {
    try {
      return without(rows);
    } catch {
      // A text so odd that the expression runs out of room.
      return rows;
    }
  };
}

/** What the first row looks like; undefined where it holds lists or objects, or too little would be dropped. */
function shapeOf(rows: string, isDropped: (key: string) => boolean): Shape | undefined {
  const fields = fieldsOf(rows);
  if (fields === undefined) return undefined;
  const dropped = fields.map(({ key }) => isAscii(Buffer.from(key)) && isDropped(key));
  if (dropped.filter(Boolean).length < fields.length * leastDropped) return undefined;
  let row = String.raw`\{`;
  let runs = 0;
  for (const [i, { before }] of fields.entries()) {
    const starts = !dropped[i] && (i === 0 || dropped[i - 1]);
    if (starts) runs++;
    row += `${i > 0 ? ',' : ''}${starts ? '(' : ''}${literal(before)}${value}${blank}`;
    if (!dropped[i] && dropped[i + 1] !== false) row += ')';
  }
  if (runs > maxRuns) return undefined;
  const kept = Array.from({ length: runs }, (_, i) => `$${i + 1}`).join(',');
  return { row: new RegExp(String.raw`${row}\}(${blank},${blank}|${blank}$)`, 'gy'), kept: `{${kept}}$${runs + 1}` };
}

/** The keys of the first row, each with its text up to the value. */
function fieldsOf(rows: string): { key: string; before: string }[] | undefined {
  const field = new RegExp(`(${blank}(${string})${blank}:${blank})${value}${blank}`, 'y');
  const fields: { key: string; before: string }[] = [];
  for (field.lastIndex = 1; fields.length < maxFields; field.lastIndex++) {
    const [, before, key] = field.exec(rows) ?? [];
    if (before === undefined || key === undefined) return undefined;
    fields.push({ key: JSON.parse(key) as string, before });
    if (rows[field.lastIndex] === '}') return fields;
    if (rows[field.lastIndex] !== ',') return undefined;
  }
  return undefined;
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
