/** JSON from strangers: no prototype tricks, no bottomless nesting, and faults by place, never by content. */
import { readFile } from 'node:fs/promises';
import { ConnectorError, errorCode, type Sentence, said } from '../error.ts';
import { codeText } from '../text/error-code.ts';

/** Deeper than any real document; shallow enough that no recursive walk, ours or V8's, runs out of stack. */
export const maxDepth = 256;

/**
 * Removes own `__proto__` keys at any depth, in place, and measures the nesting.
 * Iterative: the input may be a million levels deep. Returns false when it is nested deeper than `maxDepth`.
 */
export function makeSafe(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    const next: object[] = [];
    for (const node of level) {
      if (Array.isArray(node)) {
        for (const item of node as unknown[]) if (typeof item === 'object' && item !== null) next.push(item);
        continue;
      }
      if (Object.hasOwn(node, '__proto__')) Reflect.deleteProperty(node, '__proto__');
      for (const item of Object.values(node) as unknown[])
        if (typeof item === 'object' && item !== null) next.push(item);
    }
    level = next;
  }
  return true;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const nonNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * One line of JSON from a program that may be written in Python, whose json writes NaN and Infinity: these are read as null, and counted.
 * Throws JSON.parse's error for any other text that is no JSON.
 */
export function parseJsonLine(text: string): { readonly value: unknown; readonly nonNumbers: number } {
  try {
    return { value: JSON.parse(text) as unknown, nonNumbers: 0 };
  } catch (error) {
    const { text: json, nonNumbers } = asJson(text);
    if (nonNumbers === 0) throw error;
    return { value: JSON.parse(json) as unknown, nonNumbers };
  }
}

/** Such a line as JSON, for those that read the text again. */
export function asJson(text: string): { readonly text: string; readonly nonNumbers: number } {
  if (!text.includes('NaN') && !text.includes('Infinity')) return { text, nonNumbers: 0 };
  let nonNumbers = 0;
  const replaced = text.replace(nonNumber, (part) => {
    if (part.startsWith('"')) return part;
    nonNumbers++;
    return 'null';
  });
  return { text: replaced, nonNumbers };
}

const blank = /[ \t\r\n]*/y;
const scalar = /[^,:{}[\]\s"]+/y;

/** Behind the string that begins at `start`: its quotation mark has an even number of backslashes before it. */
function stringEnd(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charAt(end - 1 - backslashes) === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/**
 * The members of an object, each as it was written: members that are not read must not change on their way through, and JSON.parse rounds
 * numbers beyond 2^53. `json`: one object that JSON.parse takes. Of several members with one name, the last.
 */
export function memberTexts(json: string): Map<string, string> {
  let at = json.indexOf('{') + 1;
  const skip = (what: RegExp) => {
    what.lastIndex = at;
    if (what.test(json)) at = what.lastIndex;
  };
  const value = () => {
    let depth = 0;
    do {
      skip(blank);
      const sign = json.charAt(at);
      if (sign === '{' || sign === '[') depth++;
      if (sign === '}' || sign === ']') depth--;
      if (sign === '"') at = stringEnd(json, at);
      else if ('{}[],:'.includes(sign)) at++;
      else skip(scalar);
    } while (depth > 0);
  };
  const found = new Map<string, string>();
  for (;;) {
    skip(blank);
    if (at >= json.length || json.charAt(at) === '}') return found;
    if (json.charAt(at) === ',') {
      at++;
      continue;
    }
    const keyAt = at;
    at = stringEnd(json, at);
    const key = JSON.parse(json.slice(keyAt, at)) as string;
    skip(blank);
    at++;
    skip(blank);
    const from = at;
    value();
    found.set(key, json.slice(from, at));
  }
}

/** The text of one member; undefined without it. */
export const memberText = (json: string, name: string): string | undefined => memberTexts(json).get(name);

/** The text of a member whose parsed `value` would not be written again as it was; undefined where it would. */
export function textToKeep(json: string, name: string, value: unknown): string | undefined {
  const text = memberText(json, name);
  return text === JSON.stringify(value) ? undefined : text;
}

/**
 * Parses a whole document (settings, catalog, state). A fault is `settings`, described by `name`, line and column, never by content:
 * V8's own message would repeat it.
 */
export function parseJson(text: string, name: string): unknown {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const { line, column } = faultPlace(body);
    throw new ConnectorError('settings', said`${name} is not valid JSON: look at line ${line}, column ${column}.`, {
      hint: 'Usual causes: a comma too many or too few, a missing quotation mark, a comment.',
    });
  }
  if (!makeSafe(value)) throw new ConnectorError('settings', said`${name} is nested deeper than ${maxDepth} levels.`);
  return value;
}

/** Reads and parses a JSON file that a flag or a setting names. What is wrong with it is a sentence with its name, `settings`. */
export async function readJsonFile(path: string, what: string): Promise<unknown> {
  return parseJson(await readTextFile(path, what), `${what} ${path}`);
}

/** A file that can't be opened was named wrongly, by a flag or a setting. */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    const file = `${what} ${path}`;
    const faults: Record<string, Sentence> = {
      ENOENT: said`${file} does not exist.`,
      EACCES: said`${file} may not be read by this user.`,
      EISDIR: said`${file} is a folder.`,
    };
    throw new ConnectorError('settings', faults[code] ?? said`${file} can't be read: ${codeText(code)}.`);
  }
}

const token = /[ \t\n\r]*(?:([{}[\]:,])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
/** A piece of a string, or its end. In one expression with the string around it, a missing end would take for ever to find. */
const piece = /[^"\\\p{Cc}]+|[\x7f-\x9f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|"/uy;

/** The place after a string whose first quotation mark is before `offset`; undefined where it is broken. */
function afterString(text: string, offset: number): number | undefined {
  piece.lastIndex = offset;
  for (let match = piece.exec(text); match; match = piece.exec(text)) if (match[0] === '"') return piece.lastIndex;
  return undefined;
}

/** Where JSON breaks, 1-based. Only called for text that JSON.parse has refused. */
export function faultPlace(text: string): { line: number; column: number } {
  const stack: string[] = [];
  let expect: 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'next' | 'end' = 'value';
  let offset = 0;
  for (;;) {
    token.lastIndex = offset;
    const match = token.exec(text);
    const [, mark, quote, scalar] = match ?? [];
    const end = quote === undefined ? token.lastIndex : afterString(text, token.lastIndex);
    const string = end === undefined ? undefined : quote;
    const close = mark === '}' || mark === ']';
    let fine = false;
    if (!match || end === undefined) fine = false;
    else if (expect === 'colon') fine = mark === ':';
    else if (expect === 'key' || expect === 'first-key')
      fine = string !== undefined || (expect === 'first-key' && mark === '}');
    else if (expect === 'next') fine = mark === ',' || (close && stack.at(-1) === mark);
    else if (expect === 'end') fine = false;
    else
      fine =
        string !== undefined ||
        scalar !== undefined ||
        mark === '{' ||
        mark === '[' ||
        (expect === 'first-value' && mark === ']');
    if (!fine || end === undefined) break;
    offset = end;
    if (mark === '{' || mark === '[') {
      stack.push(mark === '{' ? '}' : ']');
      expect = mark === '{' ? 'first-key' : 'first-value';
    } else if (mark === ',') expect = stack.at(-1) === '}' ? 'key' : 'value';
    else if (mark === ':') expect = 'value';
    else if (expect === 'key' || expect === 'first-key') {
      if (close) stack.pop();
      expect = close ? (stack.length > 0 ? 'next' : 'end') : 'colon';
    } else {
      if (close) stack.pop();
      expect = stack.length > 0 ? 'next' : 'end';
    }
  }
  while (offset < text.length && ' \t\n\r'.includes(text.charAt(offset))) offset++;
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
