/**
 * Paths into a source record: `workEmail`, `work.title`, `emails[0].value`, `emails[type=work].value`, `emails[*].value`,
 * `["/work/title"].value`, and JSON Pointer (`/work/title`). Parsed and compiled once; read for every record.
 */

import { scalarText } from '../values/text.ts';
import { bracket, type Path, type Step, unquoted } from './parse-path.ts';

/** Reads one value out of a record; undefined when it isn't there. */
export type Getter = (record: Record<string, unknown>) => unknown;
const maxLength = 500;

/** Parses; a string answer is what is wrong with the text. */
export function parsePath(text: string): Path | string {
  if (text.trim() === '') return 'is empty';
  if (text.length > maxLength) return `is longer than ${maxLength} characters`;
  if (text.startsWith('/')) return { text, steps: pointerSteps(text) };
  const steps = parseSteps(text);
  return typeof steps === 'string' ? steps : { text, steps };
}

/** Read as it stands by `parsePath`: everything else goes into brackets and quotation marks. */
const plainKey = /^[\p{L}\p{N}_$](?:[\p{L}\p{N}_$ -]*[\p{L}\p{N}_$-])?$/u;

/** The other way round: the path that reads these keys one inside the other, whatever signs they have; a number is a place in a list. */
export const pathTo = (keys: readonly (string | number)[]): string =>
  keys
    .map((key, at) => {
      if (typeof key === 'number') return `[${key}]`;
      if (plainKey.test(key)) return at === 0 ? key : `.${key}`;
      return `["${key.replaceAll(/[\\"]/g, '\\$&')}"]`;
    })
    .join('');

/** RFC 6901. Numbers may mean a place in a list or a key: which one shows in the record. */
function pointerSteps(text: string): Step[] {
  return text
    .slice(1)
    .split('/')
    .map((part) => ({ kind: 'key', key: part.replaceAll('~1', '/').replaceAll('~0', '~') }));
}

function parseSteps(text: string): Step[] | string {
  const steps: Step[] = [];
  let rest = text.trim();
  while (rest !== '') {
    if (rest.startsWith('[')) {
      const match = bracket.exec(rest);
      if (!match)
        return `has a bracket that can't be read at "${rest.slice(0, 30)}": use [0], [*], ["key"] or [key=value]`;
      const step = bracketStep(match);
      if (typeof step === 'string') return step;
      steps.push(step);
      rest = rest.slice(match[0].length);
    } else {
      const name = /^[^.[\]]+/.exec(rest)?.[0];
      if (name === undefined) return 'has an empty part';
      if (/[(){}"'`&|<>?=+*,;]/.test(name)) {
        return `is not a path at "${name.slice(0, 30)}": put keys with such characters into ["…"], and formulas into {"expression": "…"}`;
      }
      steps.push({ kind: 'key', key: name.trim() });
      rest = rest.slice(name.length);
    }
    if (rest.startsWith('.')) {
      rest = rest.slice(1);
      if (rest === '' || rest.startsWith('.')) return 'has an empty part';
    } else if (rest !== '' && !rest.startsWith('[')) return 'needs a dot after a bracket';
  }
  return steps.length === 0 ? 'is empty' : steps;
}

function bracketStep(match: RegExpExecArray): Step | string {
  const [, index, all, double, single, left, rightDouble, rightSingle, right] = match;
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (left !== undefined) {
    const path = parseSteps(left.trim());
    const quoted = rightDouble ?? rightSingle;
    const equals = quoted === undefined ? (right ?? '').trim() : unquoted(quoted);
    return typeof path === 'string' ? path : { kind: 'where', path, equals: equals === '' ? 'null' : equals };
  }
  const key = double ?? single;
  return key === undefined && all !== undefined ? { kind: 'all' } : { kind: 'key', key: unquoted(key ?? '') };
}

/** Keys that every object seems to have; a record has them only as its own. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** `exact`: the schema vouches for the spelling, so that nothing else is tried. */
export function compilePath(path: Path, options: { exact: boolean }): Getter {
  const first = path.steps[0];
  if (options.exact && first?.kind === 'key' && !inherited.has(first.key)) {
    const key = first.key;
    if (path.steps.length === 1) return (record) => record[key];
    const rest = path.steps.slice(1).map((step) => stepper(step, true));
    return (record) => follow(record[key], rest);
  }
  const walk = path.steps.map((step) => stepper(step, options.exact));
  if (options.exact) return (record) => follow(record, walk);
  const whole = wholeKeys(path);
  const wholeSteps = whole.map((key) => stepper({ kind: 'key', key }, false));
  return (record) => {
    // A key that is spelled like the whole path (flattened columns, keys with slashes) comes first.
    for (const step of wholeSteps) {
      const value = step(record);
      if (value !== undefined) return value;
    }
    return follow(record, walk);
  };
}

/** How a nested path is spelled once something in between has flattened it. */
export function wholeKeys(path: Path): string[] {
  if (path.steps.length < 2 || path.steps.some((step) => step.kind !== 'key'))
    return path.text.startsWith('/') ? [path.text] : [];
  const keys = path.steps.map((step) => (step as { key: string }).key);
  const literal = path.text.startsWith('/') ? [path.text] : [keys.join('.')];
  return [...literal, keys.join('__')];
}

type Walk = (value: unknown) => unknown;

function follow(start: unknown, steps: readonly Walk[]): unknown {
  let value = start;
  for (const step of steps) {
    if (value === undefined || value === null) return value;
    value = step(value);
  }
  return value;
}

/** Caches hand nested values on as JSON text. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !(value.startsWith('{') || value.startsWith('['))) return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function stepper(step: Step, exact: boolean): Walk {
  switch (step.kind) {
    case 'key':
      return keyStep(step.key, exact);
    case 'index':
      return (value) => {
        const list = opened(value);
        return Array.isArray(list) ? list.at(step.index) : undefined;
      };
    case 'all':
      return (value) => {
        const list = opened(value);
        return Array.isArray(list) ? list : undefined;
      };
    case 'where': {
      const path = step.path.map((inner) => stepper(inner, exact));
      return (value) => {
        const list = opened(value);
        if (!Array.isArray(list)) return undefined;
        return list.find((item) => asWord(follow(item, path)) === step.equals);
      };
    }
  }
}

/** `null`, absent and `""` are one word in a predicate: `[until=null]` finds the entry without an end. */
function asWord(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return 'null';
  return typeof value === 'object' ? undefined : scalarText(value);
}

function keyStep(key: string, exact: boolean): Walk {
  let spelled = key;
  const index = /^\d+$/.test(key) ? Number(key) : undefined;
  const folded = key.toLowerCase();
  return function read(given: unknown): unknown {
    const value = opened(given);
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) {
      if (index !== undefined) return value[index];
      // After [*]: the key of each entry.
      const found = value.map(read).filter((item) => item !== undefined && item !== null);
      return found.length === 0 ? undefined : found.flat();
    }
    const node = value as Record<string, unknown>;
    if (Object.hasOwn(node, key)) return node[key];
    if (exact) return undefined;
    if (Object.hasOwn(node, spelled)) return node[spelled];
    for (const name of Object.keys(node)) {
      if (name.length === folded.length && name.toLowerCase() === folded) {
        spelled = name;
        return node[name];
      }
    }
    return undefined;
  };
}
