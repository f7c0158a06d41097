/**
 * The part of Python that stream maps are written in, so that a config made for the Singer SDK goes on working: names, literals,
 * f-strings, comparisons, `and` `or` `not` `in` `is`, arithmetic, `a if b else c`, `x["key"]`, `x.key`, `x[0]`, `x[1:3]`, `.get()` and
 * the methods and functions of `python-values.ts`. `@lezer/python` parses; each kind of node that is known becomes a closure, and any
 * other is refused, never run. There are no loops, and texts have a bound, so that an expression ends at once whatever is written.
 */

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import {
  add,
  arithmetic,
  callMethod,
  comparisons,
  functions,
  item,
  type Json,
  methods,
  slice,
  textOf,
  truthy,
} from './python-values.ts';

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

/** The expression that is being compiled. */
interface Compilation {
  readonly source: string;
  readonly names: PythonNames;
  readonly reads: Set<string>;
  readonly mayRead: Set<string>;
  depth: number;
}

class Refusal extends Error {}

const maxLength = 5_000;
const maxDepth = 250;
const strict = parser.configure({ strict: true });

/** Parses; a string answer is what is wrong with the text. */
export function parsePython(text: string, names: PythonNames): PythonExpression | string {
  if (text.length > maxLength) return `it is longer than ${maxLength} characters`;
  // Inside brackets, line breaks and blanks at the start mean nothing.
  const source = `(${text}\n)`;
  const compilation: Compilation = { source, names, reads: new Set(), mayRead: new Set(), depth: 0 };
  try {
    const brackets = strict.parse(source).topNode.firstChild?.firstChild;
    const inner = brackets && brackets.to === source.length ? childrenOf(brackets)[1] : undefined;
    if (brackets?.name !== 'ParenthesizedExpression' || !inner) return 'it is not one Python expression';
    const evaluate = compile(inner, compilation);
    const reads = [...compilation.reads];
    const plainName = inner.name === 'VariableName' && reads.length === 1 ? reads[0] : undefined;
    return { evaluate, reads, mayRead: [...reads, ...compilation.mayRead], plainName };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    if (error instanceof SyntaxError) return 'it is no complete Python expression';
    throw error;
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(child);
  return children;
}

const textAt = (node: SyntaxNode, { source }: Compilation): string => source.slice(node.from, node.to);

const refusalOf = (node: SyntaxNode, compilation: Compilation): Refusal =>
  new Refusal(`"${textAt(node, compilation).slice(0, 20).trim()}" is not understood`);

type Form = (children: SyntaxNode[], compilation: Compilation, node: SyntaxNode) => Evaluate;

function compile(node: SyntaxNode, compilation: Compilation): Evaluate {
  const form = Object.hasOwn(forms, node.name) ? forms[node.name] : undefined;
  if (!form) throw refusalOf(node, compilation);
  if (++compilation.depth > maxDepth) throw new Refusal('it is nested too deeply');
  const evaluate = form(childrenOf(node), compilation, node);
  compilation.depth--;
  return evaluate;
}

/** What stands between brackets and commas. */
const compileList = (children: readonly SyntaxNode[], compilation: Compilation): Evaluate[] =>
  children
    .slice(1, -1)
    .filter(({ name }) => name !== ',')
    .map((child) => compile(child, compilation));

const constant =
  (value: unknown): Evaluate =>
  () =>
    value;

const list: Form = (children, compilation) => {
  const items = compileList(children, compilation);
  return (scope) => items.map((one) => one(scope));
};

/** By lezer's name of a node. A node that is not here is refused. */
const forms: Record<string, Form> = {
  None: () => constant(null),
  Boolean: (_children, compilation, node) => constant(textAt(node, compilation) === 'True'),
  Number(_children, compilation, node) {
    const number = Number(textAt(node, compilation).replaceAll('_', ''));
    if (Number.isNaN(number)) throw refusalOf(node, compilation);
    return constant(number);
  },
  String: (_children, compilation, node) => constant(stringOf(node, compilation)),
  FormatString: formatString,
  VariableName: (_children, compilation, node) => variable(textAt(node, compilation), node, compilation),
  ParenthesizedExpression: ([, inner], compilation) => compile(inner as SyntaxNode, compilation),
  ArrayExpression: list,
  TupleExpression: list,
  UnaryExpression: unary,
  BinaryExpression: binary,
  ConditionalExpression(children, compilation) {
    const [yes, , condition, , no] = children as [SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode];
    const [test, value, otherwise] = [
      compile(condition, compilation),
      compile(yes, compilation),
      compile(no, compilation),
    ];
    return (scope) => (truthy(test(scope)) ? value(scope) : otherwise(scope));
  },
  MemberExpression: member,
  CallExpression: call,
};

function unary(children: SyntaxNode[], compilation: Compilation, node: SyntaxNode): Evaluate {
  const [sign, operand] = children as [SyntaxNode, SyntaxNode];
  const value = compile(operand, compilation);
  if (sign.name === 'not') return (scope) => !truthy(value(scope));
  if (textAt(sign, compilation) !== '-') throw refusalOf(node, compilation);
  return (scope) => {
    const number = value(scope);
    return typeof number === 'number' ? -number : null;
  };
}

/** Of one word or two: `+`, `not in`. */
const operatorOf = (children: readonly SyntaxNode[], compilation: Compilation): string =>
  children
    .slice(1, -1)
    .map((part) => textAt(part, compilation))
    .join(' ');

function binary(children: SyntaxNode[], compilation: Compilation, node: SyntaxNode): Evaluate {
  const operator = operatorOf(children, compilation);
  const [first, last] = [children[0], children.at(-1)] as [SyntaxNode, SyntaxNode];
  const [left, right] = [compile(first, compilation), compile(last, compilation)];
  if (operator === 'and' || operator === 'or') {
    return (scope) => {
      const value = left(scope);
      return truthy(value) === (operator === 'and') ? right(scope) : value;
    };
  }
  const test = comparisons[operator];
  if (test) {
    // `a < b < c` is `a < b and b < c`.
    if (!(first.name === 'BinaryExpression' && operatorOf(childrenOf(first), compilation) in comparisons))
      return (scope) => test(left(scope), right(scope));
    const middle = compile(first.lastChild as SyntaxNode, compilation);
    return (scope) => left(scope) === true && test(middle(scope), right(scope));
  }
  const operation = arithmetic[operator];
  if (!operation) throw refusalOf(node, compilation);
  return (scope) => operation(left(scope), right(scope));
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_all, sign: string) => escapes[sign] ?? sign);

/** Where the text between the quotation marks begins and ends. Marks before them other than f are refused. */
function betweenQuotes(node: SyntaxNode, compilation: Compilation): [number, number] {
  const opening = /^f?("""|'''|["'])/i.exec(textAt(node, compilation));
  if (!opening) throw refusalOf(node, compilation);
  return [node.from + opening[0].length, node.to - (opening[1] as string).length];
}

const stringOf = (node: SyntaxNode, compilation: Compilation): string =>
  unescaped(compilation.source.slice(...betweenQuotes(node, compilation)));

/** `f"{first} {last}"`, without formats. */
function formatString(children: SyntaxNode[], compilation: Compilation, node: SyntaxNode): Evaluate {
  let [at, end] = betweenQuotes(node, compilation);
  const parts: Evaluate[] = [];
  const addText = (to: number) =>
    parts.push(constant(unescaped(compilation.source.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}'))));
  for (const replacement of children.filter(({ name }) => name === 'FormatReplacement')) {
    const [, inner, closing] = childrenOf(replacement);
    if (closing?.name !== '}') throw new Refusal('a format in an f-string is not understood');
    addText(replacement.from);
    const value = compile(inner as SyntaxNode, compilation);
    parts.push((scope) => textOf(value(scope)));
    at = replacement.to;
  }
  addText(end);
  return (scope) => parts.reduce<unknown>((so, part) => add(so, part(scope)), '');
}

/** `x.key`, `x["key"]`, `x[0]`, `x[1:3]`. */
function member(children: SyntaxNode[], compilation: Compilation, node: SyntaxNode): Evaluate {
  const [object, sign, ...rest] = children as [SyntaxNode, SyntaxNode, ...SyntaxNode[]];
  const of = compile(object, compilation);
  if (sign.name === '.') {
    const name = propertyName(rest[0] as SyntaxNode, compilation);
    return (scope) => item(of(scope), name);
  }
  const inside = rest.slice(0, -1);
  const colon = inside.findIndex(({ name }) => name === ':');
  if (inside.length > (colon < 0 ? 1 : 3)) throw refusalOf(node, compilation);
  const at = (place: number) => (inside[place] ? compile(inside[place], compilation) : constant(undefined));
  if (colon < 0) {
    const key = at(0);
    return (scope) => item(of(scope), key(scope));
  }
  const [from, to] = [colon === 0 ? constant(undefined) : at(0), at(colon + 1)];
  return (scope) => slice(of(scope), from(scope), to(scope));
}

function propertyName(node: SyntaxNode, compilation: Compilation): string {
  const name = textAt(node, compilation);
  if (name.startsWith('_')) throw new Refusal(`"${name}" is not for expressions`);
  return name;
}

function call(children: SyntaxNode[], compilation: Compilation): Evaluate {
  const [callee, given] = children as [SyntaxNode, SyntaxNode];
  const [object, sign, property] = childrenOf(callee);
  if (callee.name === 'MemberExpression' && sign?.name === '.') {
    const of = compile(object as SyntaxNode, compilation);
    const name = propertyName(property as SyntaxNode, compilation);
    if (!Object.hasOwn(methods, name)) throw new Refusal(`the method "${name}" is not understood`);
    const values = compileList(childrenOf(given), compilation);
    return (scope) =>
      callMethod(
        name,
        of(scope),
        values.map((one) => one(scope)),
      );
  }
  const name = textAt(callee, compilation);
  if (Object.hasOwn(refused, name)) throw new Refusal(`${name} ${refused[name]}`);
  const operation = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!operation) throw new Refusal(`the function "${name.slice(0, 20)}" is not understood`);
  const [value, ...more] = compileList(childrenOf(given), compilation);
  if (!value || more.length > 0) throw new Refusal(`${name}() takes one value`);
  return (scope) => operation(value(scope));
}

function variable(name: string, node: SyntaxNode, compilation: Compilation): Evaluate {
  const { names, reads } = compilation;
  if (name === 'record' || name === '_') return wholeRecord(name, node, compilation);
  if (name === 'config') return constant(names.config);
  if (name === '__stream_name__') return constant(names.stream);
  if (name === '__original_stream_name__') return constant(names.originalStream);
  if (name.startsWith('__')) throw new Refusal(`"${name}" is not for expressions`);
  if (node.parent?.name === 'MemberExpression' && Object.hasOwn(refused, name))
    throw new Refusal(`${name} ${refused[name]}`);
  reads.add(name);
  if (name === 'self') return ({ self }) => self ?? null;
  return ({ record }) => item(record, name);
}

/** `record["x"]`, `record.x`, `record.get("x", …)`: the whole record is no value for a field. */
function wholeRecord(name: string, node: SyntaxNode, compilation: Compilation): Evaluate {
  const member = node.parent?.name === 'MemberExpression' ? node.parent : undefined;
  const [, sign, key] = member ? childrenOf(member) : [];
  const call = member?.parent?.name === 'CallExpression' ? member.parent : undefined;
  const [, argument] = call?.lastChild ? childrenOf(call.lastChild) : [];
  if (!call && key && sign?.name === '.') compilation.reads.add(textAt(key, compilation));
  else if (key?.name === 'String') compilation.reads.add(stringOf(key, compilation));
  // An expression that says get() expects that the field may be missing.
  else if (key && textAt(key, compilation) === 'get' && argument?.name === 'String')
    compilation.mayRead.add(stringOf(argument, compilation));
  else throw new Refusal(`"${name}" needs the name of a field in quotes`);
  return ({ record }) => record;
}

const changes = 'changes with every run, so that everybody would be sent again';
const hashes = 'hashes values: Together needs them as they are';

/** What the SDK has and this target has no use for. */
const refused: Record<string, string> = {
  fake: 'invents data: it has no place in a sync of real people',
  md5: hashes,
  sha256: hashes,
  rand: changes,
  randint: changes,
  datetime: 'is not understood: the mapping reads dates as they are written, see format',
  json: 'is not understood: paths of the mapping reach into JSON and into text of JSON',
};
