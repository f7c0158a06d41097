/** The single values of a SCHEMA, with the path that reads each and the names it goes by. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { isLoaderColumn } from '../../settings/deletion-marks.ts';
import { parsePath, pathTo } from '../paths/path.ts';
import { lookUp, propertiesOf, typesOf } from '../paths/schema-path.ts';

export interface Leaf {
  readonly path: string;
  /** As `plain` makes them: its own, shorter forms of it, and those with the name of the object around it. The whole name first. */
  readonly names: readonly string[];
  readonly types: ReadonlySet<string>;
  readonly format: string | undefined;
  readonly depth: number;
  /** The names on the way to it and its own, plain. */
  readonly parts: readonly string[];
}

const maxLeaves = 5_000;
const maxDepth = 3;

/** What names are compared by: lower case, without accents and signs. */
export const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/** Without a note in brackets, a group before a colon, or a word for the person: "Email Address (Primary)", "Worker: First Name". */
function shorterNames(name: string): string[] {
  const withoutNote = name.replace(/[([{][^)\]}]*[)\]}]/g, ' ');
  const afterGroup = withoutNote.split(':').at(-1) ?? '';
  const own = plain(afterGroup);
  const ofPerson = own.replace(/^(employee|emp|worker|person|staff|associate|mitarbeiter)(?=\p{L}{4})/u, '');
  return [...new Set([plain(name), plain(withoutNote), own, ofPerson])].filter(Boolean);
}

/** Scalars to a depth where people's fields still lie; of a list of objects, those of its first entry. */
export function leavesOf(schema: JsonSchema): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: JsonSchema, keys: readonly (string | number)[], above: readonly string[]): void => {
    for (const [name, inner] of Object.entries(propertiesOf(node) ?? {})) {
      if (isLoaderColumn(name) || plain(name) === '' || found.length >= maxLeaves) continue;
      const here = [...keys, name];
      const own = plain(name);
      const types = typesOf(inner);
      if (propertiesOf(inner) && above.length < maxDepth) walk(inner, here, [...above, own]);
      else if (types.has('array') && inner.items && propertiesOf(inner.items) && above.length < maxDepth)
        walk(inner.items, [...here, 0], [...above, own]);
      else if (!types.has('array') && !types.has('object')) {
        const path = pathTo(here);
        if (!readsExactly(schema, path, here)) continue;
        const names = [
          ...shorterNames(name),
          ...(above.length > 0 ? [`${above.at(-1)}${own}`] : []),
          ...(own === 'value' || own === 'name' ? above.slice(-1) : []),
        ];
        found.push({ path, names, types, format: inner.format, depth: above.length, parts: [...above, own] });
      }
    }
  };
  walk(schema, [], []);
  return found;
}

/** Whether the path finds this place: a flat column that is spelled like the whole path comes first, and a path has a greatest length. */
function readsExactly(schema: JsonSchema, path: string, keys: readonly (string | number)[]): boolean {
  const parsed = parsePath(path);
  const looked = typeof parsed === 'string' ? undefined : lookUp(schema, parsed);
  if (looked?.status !== 'found' || looked.path.steps.length !== keys.length) return false;
  return looked.path.steps.every((step, at) =>
    step.kind === 'key' ? step.key === keys[at] : step.kind === 'index' && step.index === keys[at],
  );
}
