/** What a field was at the source, before stream maps and flattening gave it another name. */

import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { parsePath } from '../paths/path.ts';
import type { Origins } from '../rules/mapping-options.ts';
import { type FlattenOptions, flattenedNames } from './flatten.ts';
import type { StreamMap } from './stream-maps.ts';

/** `schema`: after the map, before flattening. */
export function originsOf(
  map: StreamMap | undefined,
  schema: JsonSchema,
  flatten: FlattenOptions | undefined,
): Origins {
  // A path finds a field whatever the case of its letters.
  const lower = <T>(given: Iterable<readonly [string, T]>) =>
    new Map([...given].map(([key, value]) => [key.toLowerCase(), value]));
  const made = lower(map?.origins ?? []);
  const names = lower(flatten ? flattenedNames(schema, flatten) : []);
  return (path) => {
    const parsed = parsePath(path);
    const first = typeof parsed === 'string' ? undefined : parsed.steps[0];
    if (first?.kind !== 'key') return [];
    const key = first.key.toLowerCase();
    // Where the schema does not say what a key was made of, its end shows it.
    const flat = names.get(key) ?? (flatten ? [first.key.split(flatten.separator).at(-1) ?? ''] : []);
    return [...(made.get(key) ?? []), ...(made.get(flat[0]?.toLowerCase() ?? '') ?? []), flat.join('.')];
  };
}
