import { fewest } from '../model/text/shown-value.ts';

export interface Vocabulary {
  /** Field → hash (hex) → value: organisational values that several people share, so that a later run can name the old one. */
  readonly [field: string]: Readonly<Record<string, string>>;
}

/** Most values remembered for a field. */
const maxValues = 2000;

export function vocabularyOf(
  values: Iterable<{ readonly field: string; readonly value: string; readonly people: number }>,
  hash: (field: string, value: string) => string,
): Vocabulary {
  const found: Record<string, Record<string, string>> = {};
  for (const { field, value, people } of values) {
    if (people < fewest) continue;
    const known = (found[field] ??= {});
    if (Object.keys(known).length < maxValues) known[hash(field, value)] = value;
  }
  return found;
}
