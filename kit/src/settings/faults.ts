/** What is wrong with a config, as one sentence for each setting, without ever repeating a value. */
import type { z } from 'zod';
import { isObject } from '../lines/json.ts';
import { didYouMean } from '../text/suggest.ts';
import type { JsonSchema } from './json-schema.ts';
import { declaredProperties, isClosed, isOpen } from './schema.ts';

/** A setting that is wrong: `guards.max_vanished.count`, and what is wrong with it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

export function faultsOf(issues: readonly Issue[], input: unknown, json: JsonSchema): Fault[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .map(({ issue, path }) => ({ path: pathText(path), message: sentence(issue, path, input, json) }));
}

/** A union reports the faults of the alternative that was nearest: the one that got furthest into the value. */
function flatten(issue: Issue, base: readonly PropertyKey[]): { issue: Issue; path: readonly PropertyKey[] }[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const ranked = issue.errors
    .filter((inner) => inner.length > 0)
    .sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  const best = ranked[0];
  if (best === undefined) return [{ issue, path }];
  if (depth(best) === 0 && ranked.length > 1) {
    const expected = ranked.flatMap((inner) =>
      inner.flatMap((one) => (one.code === 'invalid_type' ? typeName(one.expected) : [])),
    );
    if (expected.length === ranked.length) {
      return [{ issue: { ...issue, code: 'custom', message: `must be ${[...new Set(expected)].join(' or ')}` }, path }];
    }
  }
  return best.flatMap((inner) => flatten(inner, path));
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

function sentence(issue: Issue, path: readonly PropertyKey[], input: unknown, json: JsonSchema): string {
  if (issue.code !== 'custom' && issue.code !== 'unrecognized_keys' && valueAt(input, path) === undefined) {
    return `is required${misspelt(path, input, json)}`;
  }
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- Zod's other codes keep Zod's own words.
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return `must ${measure(issue.origin)} at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `must ${measure(issue.origin)} at most ${issue.maximum}${unit(issue.origin)}`;
    case 'unrecognized_keys':
      return unknownKeysSentence(issue.keys, namesAt(json, path));
    default:
      // Zod's own words and those of our refinements: neither holds the value.
      return issue.message.replace(/^Invalid input: /, '').replace(/^./, (first) => first.toLowerCase());
  }
}

function unknownKeysSentence(keys: readonly string[], known: readonly string[]): string {
  const told = keys.map(
    (key) => `${word.test(key) ? `"${key}"` : `one of ${key.length} characters`}${didYouMean(key, known)}`,
  );
  const guessed = keys.every((key) => didYouMean(key, known) !== '');
  return `has unknown keys: ${told.join(', ')}${guessed || known.length === 0 ? '' : `; it takes ${known.join(', ')}`}`;
}

function measure(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'have' : 'be';
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

/** A required setting that is missing while an unknown one looks like it. */
function misspelt(path: readonly PropertyKey[], input: unknown, json: JsonSchema): string {
  const parent = valueAt(input, path.slice(0, -1));
  if (!isObject(parent)) return '';
  const unknown = Object.keys(parent).filter((key) => !namesAt(json, path.slice(0, -1)).includes(key));
  const wanted = String(path.at(-1));
  const guess = unknown.find((key) => didYouMean(key, [wanted]) !== '');
  return guess === undefined ? '' : ` (you wrote "${guess}")`;
}

function namesAt(json: JsonSchema, path: readonly PropertyKey[]): string[] {
  let at: JsonSchema | undefined = json;
  for (const key of path) at = at && (typeof key === 'number' ? at.items : declaredProperties(at)?.[String(key)]);
  return Object.keys((at && declaredProperties(at)) ?? {});
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

export function pathText(path: readonly PropertyKey[]): string {
  return (
    path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`)).join('') ||
    '(config)'
  );
}

/** A name as settings have. Another one may be a value that a missing quotation mark or colon has made a name of. */
const word = /^[A-Za-z][\w.-]{0,63}$/;

/** Keys that no setting has. Not a fault: Meltano and Airbyte add some of their own. Names beginning with `_` are theirs. */
export function unknownKeys(value: unknown, json: JsonSchema, path: readonly string[] = []): string[] {
  const declared = declaredProperties(json);
  if (!isObject(value) || declared === undefined) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    const schema = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (schema !== undefined) return unknownKeys(inner, schema, here);
    if (isOpen(json) || isClosed(json) || key.startsWith('_')) return [];
    const meant = didYouMean(key, Object.keys(declared));
    if (word.test(key)) return [`The unknown setting ${pathText(here)} is ignored${meant}.`];
    const where = path.length > 0 ? ` in ${pathText(path)}` : '';
    return [
      `An unknown setting${where} is ignored${meant}; its name (${key.length} characters) is no word and not shown.`,
    ];
  });
}
