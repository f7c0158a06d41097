/** Who stays out, and why: the setting `filters`, compiled once. The first filter that says no gives its name. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { compilePath, parsePath } from '../mapping/paths/path.ts';
import type { Filter } from '../settings/settings.ts';

export type PeopleFilter = (record: Record<string, unknown>) => string | undefined;

/** Throws a settings error for a field that is no path. Values are compared as text, without case and outer blanks. */
export function compileFilters(filters: readonly Filter[]): PeopleFilter | undefined {
  if (filters.length === 0) return undefined;
  const rules = filters.map((filter, at) => {
    const path = parsePath(filter.field);
    if (typeof path === 'string') {
      throw new ConnectorError('settings', said`filters[${at}].field ${path}.`);
    }
    const keep = filter.in !== undefined;
    const values = new Set((filter.in ?? filter.not_in ?? []).map(word));
    const read = compilePath(path, { exact: false });
    return {
      name: filter.name ?? filter.field,
      excludes: (record: Record<string, unknown>) => {
        const value = read(record);
        const found = Array.isArray(value) ? value.some((item) => values.has(word(item))) : values.has(word(value));
        return found !== keep;
      },
    };
  });
  return (record) => rules.find((rule) => rule.excludes(record))?.name;
}

function word(value: unknown): string {
  if (value === null || value === undefined) return '';
  // An object may have a toString of its own that is no function.
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim().toLowerCase();
}
