/** Which of UKG's org levels is the department: what the source has found, or what the levels are called. */
import { type DepartmentLevel, departmentLevel, departmentText } from '@ukg-together/kit/text/department';
import { show } from '@ukg-together/kit/text/show';
import type { Path } from './paths/parse-path.ts';
import { compilePath, type Getter } from './paths/path.ts';
import { lookUp } from './paths/schema-path.ts';
import type { Context, SourceRead } from './source.ts';
import { scalarText } from './values/text.ts';

const levels = [1, 2, 3, 4] as const;
const levelNames = ['LevelName', 'LevelDescription', 'Name', 'Label'] as const;

/**
 * The department, as tap-ukg-pro has found it (`departmentCode`, `departmentName`); with `department_org_level`, or behind another
 * tap, from the org levels themselves. UKG's four levels mean what the customer says: the department is the one that is called so,
 * else level 1.
 */
export function departmentReads(take: 'code' | 'description', context: Context): SourceRead[] {
  const fixed = context.departmentOrgLevel;
  const types = new Set(['string']);
  const given = take === 'code' ? 'departmentCode' : 'departmentName';
  const found = fixed === undefined ? at(given, context) : undefined;
  if (found && context.schema)
    return [{ text: given, read: found, types, ...(given in (context.schema.properties ?? {}) ? { key: given } : {}) }];

  const suffix = take === 'code' ? 'Code' : 'Description';
  const places = levels.map((level) => at(`orgLevel${level}${suffix}`, context));
  if (places.every((place) => place === undefined)) return found ? [{ text: given, read: found, types }] : [];
  context.department ??= finder(context);
  const levelOf = context.department;
  const level: SourceRead = {
    text: `orgLevel${fixed ?? 'N'}${suffix}`,
    read: (record) => places[levelOf(record) - 1]?.(record),
    types,
  };
  return found ? [{ text: given, read: found, types }, level] : [level];
}

function at(key: string, context: Context): Getter | undefined {
  const path: Path = { text: key, steps: [{ kind: 'key', key }] };
  const looked = context.schema ? lookUp(context.schema, path) : ({ status: 'open' } as const);
  if (looked.status === 'missing') return undefined;
  context.reads.add(key);
  return compilePath(looked.status === 'found' ? looked.path : path, { exact: looked.status === 'found' });
}

/** Records of one source call their levels alike, so the names that came last are the answer for nearly all. */
function finder(context: Context): (record: Record<string, unknown>) => number {
  const getters = levels.map((level) => levelNames.map((name) => at(`orgLevel${level}${name}`, context)));
  let last: { key: string; found: DepartmentLevel } | undefined;
  return (record) => {
    const names = getters.map(
      (each) => each.map((getter) => scalarText(getter?.(record))).find((text) => text !== '') ?? '',
    );
    const key = names.join('\n');
    if (last?.key === key) return last.found.level;
    const found = departmentLevel(names, context.departmentOrgLevel);
    if (last === undefined) {
      const name = names[found.level - 1] ?? '';
      context.onDepartment?.(`the department is ${departmentText(found, name === '' ? 'it has no name' : show(name))}`);
    }
    last = { key, found };
    return found.level;
  };
}
