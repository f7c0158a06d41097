/**
 * The part of Python that stream maps are written in, so that a config made for the Singer SDK goes on working: names, literals,
 * f-strings, comparisons, `and` `or` `not` `in` `is`, arithmetic, `a if b else c`, `x["key"]`, `x.key`, `x[0]`, `x[1:3]`, `.get()` and
 * the methods and functions of the tables below. Anything else is refused by name, never run. There are no loops, and texts have a
 * bound, so that an expression ends at once whatever is written.
 *
 * Where Python would stop the run (a text plus nothing, a key that is not there), the value is nothing (None).
 */

import { isDeepStrictEqual } from 'node:util';
import { lexical, maxTokens, Refusal, type Token } from './python-tokens.ts';
import { hasItem, isMap, type Json, points } from './python-values.ts';

/** What an expression sees. */
export interface Scope {
  readonly record: Json;
  /** The value that the property had before: `self`. */
  readonly self?: unknown;
}

type Evaluate = (scope: Scope) => unknown;

export interface PythonExpression {
  readonly evaluate: Evaluate;
  /** Fields of the record that it names; `self` is the property's own. */
  readonly reads: readonly string[];
  /** Those that it may find: also by `record.get("x")`. */
  readonly mayRead: readonly string[];
  /** The field, when the expression is nothing but its name. */
  readonly plainName: string | undefined;
}

/** Names with a value of their own. */
export interface PythonNames {
  /** The values of stream_map_config. */
  readonly config: Json;
  /** After and before the alias. */
  readonly stream: string;
  readonly originalStream: string;
}
const maxDepth = 50;
/** Nothing that Together takes is longer. */
const maxText = 10_000;

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_all, sign: string) => escapes[sign] ?? sign);

function tokens(text: string): Token[] {
  const found: Token[] = [];
  lexical.lastIndex = 0;
  const end = text.trimEnd().length;
  while (lexical.lastIndex < end) {
    const at = lexical.lastIndex;
    const match = lexical.exec(text);
    if (!match) throw new Refusal(`"${text.slice(at, at + 20).trim()}" is not understood`);
    const [, number, template, string, name, sign] = match;
    if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (string !== undefined)
      found.push({ kind: template === '' ? 'string' : 'template', text: unescaped(string.slice(1, -1)) });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else found.push({ kind: 'sign', text: sign as string });
    if (found.length > maxTokens) throw new Refusal('the expression is too long');
  }
  return [...found, { kind: 'end', text: '' }];
}

/** Parses; a string answer is what is wrong with the text. */
export function parsePython(text: string, names: PythonNames): PythonExpression | string {
  const reads = new Set<string>();
  const mayRead = new Set<string>();
  try {
    const list = tokens(text);
    const evaluate = parse(list, names, { reads, mayRead }, 0);
    const plainName = list.length === 2 && reads.size === 1 ? [...reads][0] : undefined;
    return { evaluate, reads: [...reads], mayRead: [...reads, ...mayRead], plainName };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** What has been found to be read so far. */
interface Reads {
  readonly reads: Set<string>;
  readonly mayRead: Set<string>;
}

function parse(list: Token[], names: PythonNames, found: Reads, level: number): Evaluate {
  const { reads, mayRead } = found;
  let at = 0;
  let depth = level;
  const peek = (): Token => list[at] as Token;
  const take = (): Token => list[at++] as Token;
  const is = (text: string) => (peek().kind === 'name' || peek().kind === 'sign') && peek().text === text;
  const eat = (text: string): boolean => is(text) && take() !== undefined;
  const expect = (text: string): void => {
    if (!eat(text)) throw new Refusal(`"${text}" is missing before "${peek().text || 'the end'}"`);
  };
  const deeper = <T>(inner: () => T): T => {
    if (++depth > maxDepth) throw new Refusal('the expression is nested too deeply');
    const value = inner();
    depth--;
    return value;
  };

  const expression = (): Evaluate =>
    deeper(() => {
      const value = either();
      if (!eat('if')) return value;
      const condition = either();
      expect('else');
      const otherwise = expression();
      return (scope) => (truthy(condition(scope)) ? value(scope) : otherwise(scope));
    });
  const either = (): Evaluate => {
    let left = both();
    while (eat('or')) {
      const [a, b] = [left, both()];
      left = (scope) => {
        const first = a(scope);
        return truthy(first) ? first : b(scope);
      };
    }
    return left;
  };
  const both = (): Evaluate => {
    let left = negation();
    while (eat('and')) {
      const [a, b] = [left, negation()];
      left = (scope) => {
        const first = a(scope);
        return truthy(first) ? b(scope) : first;
      };
    }
    return left;
  };
  const negation = (): Evaluate => {
    if (!eat('not')) return comparison();
    const value = deeper(negation);
    return (scope) => !truthy(value(scope));
  };
  /** `a < b < c` is `a < b and b < c`. */
  const comparison = (): Evaluate => {
    const operands = [sum()];
    const tests: Test[] = [];
    for (let test = comparator(); test !== undefined; test = comparator()) {
      tests.push(test);
      operands.push(sum());
    }
    const [only] = operands as [Evaluate];
    if (tests.length === 0) return only;
    return (scope) => {
      let left = only(scope);
      return tests.every((test, index) => {
        const right = (operands[index + 1] as Evaluate)(scope);
        const holds = test(left, right);
        left = right;
        return holds;
      });
    };
  };
  const comparator = (): Test | undefined => {
    const sign = peek().kind === 'sign' ? compareBy[peek().text] : undefined;
    if (sign) {
      take();
      return sign;
    }
    if (eat('in')) return contains;
    if (is('not') && list[at + 1]?.text === 'in') {
      at += 2;
      return (a, b) => !contains(a, b);
    }
    if (!eat('is')) return undefined;
    return eat('not') ? (a, b) => !same(a, b) : same;
  };
  const operations = (next: () => Evaluate, signs: readonly string[]): Evaluate => {
    let left = next();
    while (peek().kind === 'sign' && signs.includes(peek().text)) {
      const operation = arithmetic[take().text] as (a: unknown, b: unknown) => unknown;
      const [a, b] = [left, next()];
      left = (scope) => operation(a(scope), b(scope));
    }
    return left;
  };
  const sum = (): Evaluate => operations(product, ['+', '-']);
  const product = (): Evaluate => operations(sign, ['*', '/', '//', '%']);
  const sign = (): Evaluate => {
    if (!eat('-')) return postfix();
    const value = deeper(sign);
    return (scope) => {
      const number = value(scope);
      return typeof number === 'number' ? -number : null;
    };
  };

  const postfix = (): Evaluate => {
    let value = primary();
    for (;;) {
      if (eat('.')) value = attribute(value);
      else if (eat('[')) value = subscript(value);
      else return value;
    }
  };
  const attribute = (of: Evaluate): Evaluate => {
    const { kind, text } = take();
    if (kind !== 'name') throw new Refusal(`"${text || 'the end'}" is not expected after a dot`);
    if (text.startsWith('_')) throw new Refusal(`"${text}" is not for expressions`);
    if (!eat('(')) return (scope) => item(of(scope), text);
    const given = sequence(')');
    if (text === 'get') {
      const [key, otherwise] = given;
      if (!key || given.length > 2) throw new Refusal('get() takes a key and perhaps a default');
      return (scope) => {
        const [container, name] = [of(scope), key(scope)];
        const found = item(container, name);
        return found !== null || hasItem(container, name) || !otherwise ? found : otherwise(scope);
      };
    }
    const method = Object.hasOwn(methods, text) ? methods[text] : undefined;
    if (!method) throw new Refusal(`the method "${text}" is not understood`);
    return (scope) => {
      const on = of(scope);
      return typeof on === 'string'
        ? method(
            on,
            given.map((one) => one(scope)),
          )
        : null;
    };
  };
  const subscript = (of: Evaluate): Evaluate => {
    const from = is(':') ? undefined : expression();
    if (!eat(':')) {
      expect(']');
      return (scope) => item(of(scope), (from as Evaluate)(scope));
    }
    const to = is(']') ? undefined : expression();
    expect(']');
    return (scope) => slice(of(scope), from?.(scope), to?.(scope));
  };
  /** Values between commas, up to the closing sign. */
  const sequence = (close: string): Evaluate[] => {
    const items: Evaluate[] = [];
    while (!is(close)) {
      items.push(expression());
      if (!eat(',')) break;
    }
    expect(close);
    return items;
  };

  const field = (name: string): Evaluate => {
    reads.add(name);
    return ({ record }) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null);
  };
  /** `record["x"]`, `record.x`, `record.get("x", …)`: the whole record is no value for a field. */
  const fieldOfRecord = (word: string): Evaluate => {
    const [first, second] = [list[at], list[at + 1]];
    if (first?.text === '[' && second?.kind === 'string' && list[at + 2]?.text === ']') {
      at += 3;
      return field(second.text);
    }
    // Whoever writes get() knows that the field may be missing.
    if (first?.text === '.' && second?.text === 'get' && list[at + 2]?.text === '(') {
      const name = list[at + 3];
      if (name?.kind !== 'string') throw new Refusal(`"${word}.get" needs the name of a field in quotes`);
      mayRead.add(name.text);
      return ({ record }) => record;
    }
    if (first?.text === '.' && second?.kind === 'name' && list[at + 2]?.text !== '(') {
      at += 2;
      return field(second.text);
    }
    throw new Refusal(`"${word}" needs the name of a field in quotes`);
  };
  const primary = (): Evaluate => {
    const token = take();
    if (token.kind === 'number') return constant(Number(token.text));
    if (token.kind === 'string') return constant(token.text);
    if (token.kind === 'template') return template(token.text, names, found, depth);
    if (token.kind === 'sign' && token.text === '(') {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (token.kind === 'sign' && token.text === '[') {
      const items = sequence(']');
      return (scope) => items.map((one) => one(scope));
    }
    if (token.kind !== 'name') throw new Refusal(`"${token.text || 'the end'}" is not expected there`);
    return named(token.text);
  };
  const named = (name: string): Evaluate => {
    if (Object.hasOwn(words, name)) return constant(words[name]);
    if (name === 'record' || name === '_') return fieldOfRecord(name);
    if (name === 'self') {
      reads.add(name);
      return ({ self }) => self ?? null;
    }
    if (name === 'config') return constant(names.config);
    if (name === '__stream_name__') return constant(names.stream);
    if (name === '__original_stream_name__') return constant(names.originalStream);
    const used = is('(') || is('.');
    if (used && Object.hasOwn(refused, name)) throw new Refusal(`${name} ${refused[name]}`);
    if (!eat('(')) {
      if (name.startsWith('__')) throw new Refusal(`"${name}" is not for expressions`);
      return field(name);
    }
    const call = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!call) throw new Refusal(`the function "${name}" is not understood`);
    const [of, ...more] = sequence(')');
    if (!of || more.length > 0) throw new Refusal(`${name}() takes one value`);
    return (scope) => call(of(scope));
  };

  const evaluate = expression();
  if (peek().kind !== 'end') throw new Refusal(`"${peek().text}" is not expected there`);
  return evaluate;
}

/** `f"{first} {last}"`, without formats. */
function template(text: string, names: PythonNames, found: Reads, depth: number): Evaluate {
  const parts: Evaluate[] = [];
  for (const [, plain, inner] of text.matchAll(/((?:[^{}]|\{\{|\}\})+)|\{([^{}]*)\}|./gs)) {
    if (plain !== undefined) parts.push(constant(plain.replaceAll('{{', '{').replaceAll('}}', '}')));
    else if (inner === undefined || /[!:]/.test(inner.replace(/\[[^\]]*\]/g, '')))
      throw new Refusal('a format in an f-string is not understood');
    else {
      const value = parse(tokens(inner), names, found, depth + 1);
      parts.push((scope) => scalar(value(scope)));
    }
  }
  return (scope) => parts.reduce<unknown>((so, part) => add(so, part(scope)), '');
}

/** What the SDK has and this target has no use for. */
const refused: Record<string, string> = {
  fake: 'invents data: it has no place in a sync of real people',
  md5: 'hashes values: Together needs them as they are',
  sha256: 'hashes values: Together needs them as they are',
  rand: 'changes with every run, so that everybody would be sent again',
  randint: 'changes with every run, so that everybody would be sent again',
  datetime: 'is not understood: the mapping reads dates as they are written, see format',
  json: 'is not understood: paths of the mapping reach into JSON and into text of JSON',
};

const words: Record<string, unknown> = { None: null, True: true, False: false };
const constant =
  (value: unknown): Evaluate =>
  () =>
    value;

/** `of[key]`: own keys of objects, places of lists and texts, counted from the end where negative. */
function item(of: unknown, key: unknown): unknown {
  if (isMap(of)) return hasItem(of, key) ? (of[String(key)] ?? null) : null;
  if (typeof key !== 'number' || (!Array.isArray(of) && typeof of !== 'string')) return null;
  return ((typeof of === 'string' ? points(of) : of).at(key) as unknown) ?? null;
}

function slice(of: unknown, from: unknown, to: unknown): unknown {
  const [a, b] = [from ?? undefined, to ?? undefined] as (number | undefined)[];
  if ([a, b].some((end) => end !== undefined && typeof end !== 'number')) return null;
  if (Array.isArray(of)) return of.slice(a, b);
  return typeof of === 'string' ? points(of).slice(a, b).join('') : null;
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const strip = (on: string, signs: unknown, start: boolean, end: boolean): string => {
  const off = asText(signs);
  const goes = (sign: string) => (off === undefined ? sign.trim() === '' : off.includes(sign));
  const all = points(on);
  let [from, to] = [0, all.length];
  while (start && from < to && goes(all[from] as string)) from++;
  while (end && to > from && goes(all[to - 1] as string)) to--;
  return all.slice(from, to).join('');
};
const capital = (word: string): string => {
  const [first = '', ...rest] = points(word);
  return first.toUpperCase() + rest.join('').toLowerCase();
};

/** Methods of texts. */
const methods: Record<string, (on: string, given: readonly unknown[]) => unknown> = {
  lower: (on) => on.toLowerCase(),
  upper: (on) => on.toUpperCase(),
  casefold: (on) => on.toLowerCase(),
  title: (on) => on.replace(/\p{L}+/gu, capital),
  capitalize: capital,
  strip: (on, [signs]) => strip(on, signs, true, true),
  lstrip: (on, [signs]) => strip(on, signs, true, false),
  rstrip: (on, [signs]) => strip(on, signs, false, true),
  startswith: (on, [start]) => on.startsWith(asText(start) ?? '\0'),
  endswith: (on, [end]) => on.endsWith(asText(end) ?? '\0'),
  removeprefix: (on, [start]) =>
    asText(start) && on.startsWith(start as string) ? on.slice((start as string).length) : on,
  removesuffix: (on, [end]) => (asText(end) && on.endsWith(end as string) ? on.slice(0, -(end as string).length) : on),
  replace(on, [from, to]) {
    if (!asText(from) || asText(to) === undefined) return null;
    const pieces = on.split(from as string);
    const length = on.length + (pieces.length - 1) * (to as string).length;
    return length < maxText ? pieces.join(to as string) : null;
  },
  split(on, [by, most]) {
    if (asText(by) === undefined) return on.split(/\s+/).filter((part) => part !== '');
    if (by === '') return null;
    const parts = on.split(by as string);
    if (typeof most !== 'number' || most < 0 || parts.length <= most + 1) return parts;
    return [...parts.slice(0, most), parts.slice(most).join(by as string)];
  },
  join: (on, [list]) =>
    Array.isArray(list) && list.every((part) => typeof part === 'string')
      ? list.reduce<unknown>((so, part, at) => add(at === 0 ? so : add(so, on), part), '')
      : null,
  zfill: (on, [width]) => (typeof width === 'number' && width < maxText ? on.padStart(width, '0') : null),
};

const functions: Record<string, (value: unknown) => unknown> = {
  str: (value) => scalar(value),
  bool: (value) => truthy(value),
  int(value) {
    if (typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value)) return null;
    const number = typeof value === 'object' ? Number.NaN : Math.trunc(Number(value));
    return Number.isSafeInteger(number) ? number : null;
  },
  float(value) {
    const number = typeof value === 'object' || value === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : null;
  },
  len(value) {
    if (typeof value === 'string') return points(value).length;
    return isMap(value) ? Object.keys(value).length : Array.isArray(value) ? value.length : null;
  },
};

/** Python's: empty texts, lists and objects are false. */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

type Test = (a: unknown, b: unknown) => boolean;

/** True is 1 and False is 0. */
const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : (value ?? null));
const same: Test = (a, b) => isDeepStrictEqual(plain(a), plain(b));
const contains: Test = (a, b) => {
  if (Array.isArray(b)) return b.some((one) => same(a, one));
  if (isMap(b)) return hasItem(b, a);
  return typeof b === 'string' && typeof a === 'string' && b.includes(a);
};
/** Where Python would stop with a TypeError (a number against nothing), the answer is no. */
const ordered =
  (test: (a: string | number, b: string | number) => boolean): Test =>
  (a, b) =>
    (typeof a === 'string' && typeof b === 'string') || (typeof a === 'number' && typeof b === 'number')
      ? test(a, b)
      : false;

const compareBy: Record<string, Test> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};

function scalar(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null || value === undefined ? 'None' : JSON.stringify(value);
}

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length + b.length < maxText ? [...a, ...(b as unknown[])] : null;
  return typeof a === 'string' && typeof b === 'string' && a.length + b.length < maxText ? a + b : null;
}

/** Of two numbers, where the second is not 0 if it divides. */
const numeric =
  (work: (a: number, b: number) => number) =>
  (a: unknown, b: unknown): unknown => {
    const result = typeof a === 'number' && typeof b === 'number' ? work(a, b) : Number.NaN;
    return Number.isFinite(result) ? result : null;
  };

const arithmetic: Record<string, (a: unknown, b: unknown) => unknown> = {
  '+': add,
  '-': numeric((a, b) => a - b),
  '*': numeric((a, b) => a * b),
  '/': numeric((a, b) => a / b),
  '//': numeric((a, b) => Math.floor(a / b)),
  '%': numeric((a, b) => a - b * Math.floor(a / b)),
};
