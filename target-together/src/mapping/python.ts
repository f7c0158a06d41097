/**
 * The part of Python that stream maps are usually written in, so that a config made for the Singer SDK goes on working:
 * names, literals, comparisons, `and` `or` `not` `in` `is`, `+`, `a if b else c`, `record["x"]`, `record.get("x")`, `config["x"]`,
 * `.lower()`, `.upper()`, `.strip()`, `str()`. Anything else is refused by name, never run.
 */

type Evaluate = (record: Record<string, unknown>) => unknown;

export interface PythonExpression {
  readonly evaluate: Evaluate;
  /** Fields of the record that it names. */
  readonly reads: readonly string[];
  /** The field, when the expression is nothing but its name. */
  readonly plainName: string | undefined;
}

const lexical =
  /\s*(?:(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(==|!=|<=|>=|[<>()[\],.+]))/y;

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'sign' | 'end';
  readonly text: string;
}

class Refusal extends Error {}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  lexical.lastIndex = 0;
  const end = text.trimEnd().length;
  while (lexical.lastIndex < end) {
    const at = lexical.lastIndex;
    const match = lexical.exec(text);
    if (!match) throw new Refusal(`"${text.slice(at, at + 20).trim()}" is not understood`);
    const [, number, string, name, sign] = match;
    if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (string !== undefined) found.push({ kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else found.push({ kind: 'sign', text: sign as string });
    if (found.length > 500) throw new Refusal('the expression is too long');
  }
  return [...found, { kind: 'end', text: '' }];
}

/** Parses; a string answer is what is wrong with the text. `config`: the values of stream_map_config. */
export function parsePython(text: string, config: Readonly<Record<string, unknown>>): PythonExpression | string {
  try {
    return parse(tokens(text), config);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function parse(list: Token[], config: Readonly<Record<string, unknown>>): PythonExpression {
  let at = 0;
  let depth = 0;
  const reads = new Set<string>();
  const peek = (): Token => list[at] as Token;
  const take = (): Token => list[at++] as Token;
  const is = (text: string) => peek().kind !== 'string' && peek().text === text;
  const eat = (text: string): boolean => is(text) && take() !== undefined;
  const expect = (text: string): void => {
    if (!eat(text)) throw new Refusal(`"${text}" is missing before "${peek().text || 'the end'}"`);
  };
  const field = (name: string): Evaluate => {
    reads.add(name);
    return (record) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null);
  };

  const expression = (): Evaluate => {
    if (++depth > 50) throw new Refusal('the expression is nested too deeply');
    const value = either();
    if (!eat('if')) {
      depth--;
      return value;
    }
    const condition = either();
    expect('else');
    const otherwise = expression();
    depth--;
    return (record) => (truthy(condition(record)) ? value(record) : otherwise(record));
  };
  const either = (): Evaluate => {
    let left = both();
    while (eat('or')) {
      const [a, b] = [left, both()];
      left = (record) => {
        const first = a(record);
        return truthy(first) ? first : b(record);
      };
    }
    return left;
  };
  const both = (): Evaluate => {
    let left = negation();
    while (eat('and')) {
      const [a, b] = [left, negation()];
      left = (record) => {
        const first = a(record);
        return truthy(first) ? b(record) : first;
      };
    }
    return left;
  };
  const negation = (): Evaluate => {
    if (!eat('not')) return comparison();
    if (++depth > 50) throw new Refusal('the expression is nested too deeply');
    const value = negation();
    depth--;
    return (record) => !truthy(value(record));
  };
  const comparison = (): Evaluate => {
    const left = sum();
    const compare = comparator();
    if (!compare) return left;
    const right = sum();
    if (comparator()) throw new Refusal('chained comparisons are not understood: use and');
    return (record) => compare(left(record), right(record));
  };
  const comparator = (): ((a: unknown, b: unknown) => boolean) | undefined => {
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
  const sum = (): Evaluate => {
    let left = postfix();
    while (eat('+')) {
      const [a, b] = [left, postfix()];
      left = (record) => add(a(record), b(record));
    }
    return left;
  };
  const postfix = (): Evaluate => {
    let value = primary();
    while (eat('.')) {
      const method = methods[take().text];
      if (!method) throw new Refusal(`the method "${list[at - 1]?.text}" is not understood`);
      expect('(');
      expect(')');
      const inner = value;
      value = (record) => {
        const text = inner(record);
        return typeof text === 'string' ? method(text) : null;
      };
    }
    return value;
  };
  const key = (): string => {
    const byGet = eat('.');
    if (byGet) expect('get');
    expect(byGet ? '(' : '[');
    if (peek().kind !== 'string') throw new Refusal('a key must be a text in quotes');
    const name = take().text;
    expect(byGet ? ')' : ']');
    return name;
  };
  const primary = (): Evaluate => {
    const token = take();
    if (token.kind === 'number') return constant(Number(token.text));
    if (token.kind === 'string') return constant(token.text);
    if (token.kind === 'sign' && token.text === '(') {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (token.kind === 'sign' && token.text === '[') return listOf();
    if (token.kind !== 'name') throw new Refusal(`"${token.text || 'the end'}" is not expected there`);
    if (Object.hasOwn(words, token.text)) return constant(words[token.text]);
    if (token.text === 'record' || token.text === '_') return field(key());
    if (token.text === 'config') {
      const name = key();
      return constant(Object.hasOwn(config, name) ? (config[name] ?? null) : null);
    }
    if (!is('(')) return field(token.text);
    if (token.text !== 'str') throw new Refusal(`the function "${token.text}" is not understood`);
    expect('(');
    const inner = expression();
    expect(')');
    return (record) => scalar(inner(record));
  };
  const listOf = (): Evaluate => {
    const items: Evaluate[] = [];
    while (!is(']')) {
      items.push(expression());
      if (!eat(',')) break;
    }
    expect(']');
    return (record) => items.map((item) => item(record));
  };

  const evaluate = expression();
  if (peek().kind !== 'end') throw new Refusal(`"${peek().text}" is not expected there`);
  const plainName = list.length === 2 && reads.size === 1 ? [...reads][0] : undefined;
  return { evaluate, reads: [...reads], plainName };
}

const words: Record<string, unknown> = { None: null, True: true, False: false };
const constant =
  (value: unknown): Evaluate =>
  () =>
    value;

const methods: Record<string, (text: string) => string> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  strip: (text) => text.trim(),
};

/** Python's: empty texts, lists and objects are false. */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

const same = (a: unknown, b: unknown): boolean => (a ?? null) === (b ?? null);
const contains = (a: unknown, b: unknown): boolean =>
  Array.isArray(b) ? b.some((item) => same(a, item)) : typeof b === 'string' && typeof a === 'string' && b.includes(a);
/** Where Python would stop with a TypeError (a number against nothing), the answer is no. */
const ordered = (test: (a: string | number, b: string | number) => boolean) => (a: unknown, b: unknown) =>
  (typeof a === 'string' && typeof b === 'string') || (typeof a === 'number' && typeof b === 'number')
    ? test(a, b)
    : false;

const compareBy: Record<string, (a: unknown, b: unknown) => boolean> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};

const scalar = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? 'None' : JSON.stringify(value);

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  return typeof a === 'string' && typeof b === 'string' && a.length + b.length < 10_000 ? a + b : null;
}
