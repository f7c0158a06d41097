/** Looks a path up in a stream's SCHEMA: is it there, how is it spelled, of which type; else what may have been meant. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import type { Path, Step } from './parse-path.ts';
import { wholeKeys } from './path.ts';

export type Lookup =
  | { readonly status: 'found'; readonly path: Path; readonly types: ReadonlySet<string> }
  /** The schema says nothing about this place. */
  | { readonly status: 'open' }
  /** `at`: the part that isn't there; `known`: what is there instead. */
  | { readonly status: 'missing'; readonly at: string; readonly known: readonly string[] };

/** The types that a node allows, `null` aside; empty when it doesn't say. */
export function typesOf(node: JsonSchema): Set<string> {
  const types = new Set<string>();
  for (const variant of variants(node)) {
    for (const type of Array.isArray(variant.type) ? variant.type : variant.type ? [variant.type] : []) types.add(type);
    if (variant.properties) types.add('object');
    if (variant.items) types.add('array');
  }
  types.delete('null');
  return types;
}

/** A node and the alternatives inside it (`anyOf`, `oneOf`, `allOf`), one level of nesting after the other. */
function variants(node: JsonSchema, depth = 0): JsonSchema[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner =
    depth > 4
      ? []
      : ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (Array.isArray(node[word]) ? (node[word] as JsonSchema[]) : []));
  return [node, ...inner.flatMap((variant) => variants(variant, depth + 1))];
}

/** The properties of a node through all its alternatives; undefined when it doesn't list any (`{}` as taps of stores without columns write it). */
export function propertiesOf(node: JsonSchema): Record<string, JsonSchema> | undefined {
  const found = variants(node).filter(
    ({ properties }) => typeof properties === 'object' && properties !== null && Object.keys(properties).length > 0,
  );
  if (found.length === 0) return undefined;
  return Object.assign(
    Object.create(null) as Record<string, JsonSchema>,
    ...found.map((variant) => variant.properties),
  ) as Record<string, JsonSchema>;
}

const itemsOf = (node: JsonSchema): JsonSchema | undefined =>
  variants(node).find((variant) => typeof variant.items === 'object' && variant.items !== null)?.items;

/** The property's own spelling: exact first, then without case (a cache may have lower-cased every column). */
function spelling(properties: Record<string, JsonSchema>, key: string): string | undefined {
  if (Object.hasOwn(properties, key) || key in properties) return key;
  const folded = key.toLowerCase();
  return Object.keys(properties).find((name) => name.toLowerCase() === folded);
}

export function lookUp(schema: JsonSchema, path: Path): Lookup {
  const top = propertiesOf(schema);
  if (!top) return { status: 'open' };
  for (const key of wholeKeys(path)) {
    const name = spelling(top, key);
    if (name !== undefined) return found(path, [{ kind: 'key', key: name }], top[name] as JsonSchema);
  }
  let node: JsonSchema = schema;
  const steps: Step[] = [];
  for (const step of path.steps) {
    const next = enter(node, step);
    if (next === undefined) return { status: 'open' };
    if ('known' in next) {
      // A cache turns nested columns into text of JSON; then nothing can be checked before the run.
      const cached = typesOf(node).has('string') && Object.keys(top).some((name) => name.startsWith('_airbyte_'));
      return cached ? { status: 'open' } : { status: 'missing', at: next.at, known: next.known };
    }
    steps.push(...next.steps);
    node = next.node;
  }
  return found(path, steps, node);
}

function found(path: Path, steps: readonly Step[], node: JsonSchema): Lookup {
  return { status: 'found', path: { text: path.text, steps }, types: typesOf(node) };
}

type Entered = { steps: Step[]; node: JsonSchema } | { at: string; known: string[] } | undefined;

function enter(node: JsonSchema, step: Step): Entered {
  const types = typesOf(node);
  if (step.kind === 'key') return enterKey(node, step.key, types);
  if (types.size > 0 && !types.has('array'))
    return { at: `[${step.kind === 'index' ? step.index : '…'}] (it is no list)`, known: [] };
  const items = itemsOf(node);
  if (!items) return undefined;
  if (step.kind !== 'where') return { steps: [step], node: items };
  const inner: Step[] = [];
  let at = items;
  for (const part of step.path) {
    const next = enter(at, part);
    if (next === undefined) return { steps: [step], node: items };
    if ('known' in next) return next;
    inner.push(...next.steps);
    at = next.node;
  }
  return { steps: [{ ...step, path: inner }], node: items };
}

function enterKey(node: JsonSchema, key: string, types: Set<string>): Entered {
  const properties = propertiesOf(node);
  if (!properties) {
    const items = itemsOf(node);
    // A key after [*] means the key of each entry.
    if (items && types.has('array')) return enterKey(items, key, typesOf(items));
    if (types.size === 0 || types.has('object') || types.has('array')) return undefined;
    return { at: key, known: [] };
  }
  const name = spelling(properties, key);
  if (name !== undefined) return { steps: [{ kind: 'key', key: name }], node: properties[name] as JsonSchema };
  return { at: key, known: Object.keys(properties) };
}
