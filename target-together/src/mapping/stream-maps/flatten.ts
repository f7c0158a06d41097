/** The SDK's flattening: nested objects become keys like `work__title`, to a depth. */

import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { propertiesOf, typesOf } from '../paths/schema-path.ts';

export interface FlattenOptions {
  /** How many levels below the top are opened; null: all. */
  readonly maxDepth: number | null;
  readonly separator: string;
  readonly maxKeyLength: number | null;
}

const defaultDepth = 20;

export function flattenRecord(record: Record<string, unknown>, options: FlattenOptions): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  const open = (node: Record<string, unknown>, above: readonly string[]): void => {
    for (const [key, value] of Object.entries(node)) {
      const names = [...above, key];
      if (isObject(value) && above.length < (options.maxDepth ?? defaultDepth)) open(value, names);
      // What lies deeper, and lists, stay as text of JSON: the SDK's way.
      else
        flat[join(names, options)] =
          typeof value === 'object' && value !== null && above.length > 0 ? JSON.stringify(value) : value;
    }
  };
  open(record, []);
  return flat;
}

export function flattenSchema(schema: JsonSchema, options: FlattenOptions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [names, inner] of leaves(schema, options))
    properties[join(names, options)] =
      names.length > 1 && [...typesOf(inner)].some((type) => type === 'object' || type === 'array')
        ? { type: ['string', 'null'] }
        : inner;
  return { ...schema, properties };
}

/** Flattened key → the names that it was made of. */
export const flattenedNames = (schema: JsonSchema, options: FlattenOptions): Map<string, readonly string[]> =>
  new Map([...leaves(schema, options)].map(([names]) => [join(names, options), names]));

function* leaves(
  node: JsonSchema,
  options: FlattenOptions,
  above: readonly string[] = [],
): Generator<[readonly string[], JsonSchema]> {
  for (const [key, inner] of Object.entries(propertiesOf(node) ?? {})) {
    const names = [...above, key];
    const nested = propertiesOf(inner) !== undefined && above.length < (options.maxDepth ?? defaultDepth);
    if (nested) yield* leaves(inner, options, names);
    else yield [names, inner];
  }
}

/** Too long a key is shortened from its beginning, part by part, as the SDK does it: to its capitals, else to three letters. */
function join(names: readonly string[], options: FlattenOptions): string {
  const parts = [...names];
  for (let at = 0; at < parts.length; at++) {
    if (options.maxKeyLength === null || parts.join(options.separator).length < options.maxKeyLength) break;
    const name = parts[at] as string;
    const capitals = name.replace(/(?:^|_)(.)/g, (_all, sign: string) => sign.toUpperCase()).replace(/[a-z]/g, '');
    parts[at] = (capitals.length > 1 ? capitals : name.slice(0, 3)).toLowerCase();
  }
  return parts.join(options.separator);
}
