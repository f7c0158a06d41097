import { hrisPrefix, type UserField, type ValueType } from '../model/user-fields.ts';
import type { NamedRule } from './rules/rule.ts';
import type { SourceRead } from './source.ts';
import { listTypes } from './values/convert.ts';
import type { MappingFault } from './values/faults.ts';

/** Types that can never become what the field needs, by the SCHEMA alone. */
export function checkTypes(
  field: UserField,
  type: ValueType,
  named: NamedRule,
  sources: readonly SourceRead[],
  faults: MappingFault[],
): void {
  if (named.rule.expression !== undefined || named.rule.const !== undefined) return;
  for (const source of sources) {
    if (source.types.size === 0 || source.text.includes('[*]')) continue;
    const scalar = [...source.types].some((one) => one !== 'object' && one !== 'array');
    const list = source.types.has('array');
    if (!scalar && !list)
      faults.push({ path: named.path, message: `${source.text} is an object: point at one value inside it` });
    else if (!scalar && !listTypes.has(type) && !(type === 'any' && field.name.startsWith(hrisPrefix))) {
      faults.push({
        path: named.path,
        message: `${source.text} is a list: point at one value inside it, e.g. ${source.text}[0]`,
      });
    } else if (
      (type === 'date' || type === 'datetime') &&
      !source.types.has('string') &&
      named.rule.format === undefined
    ) {
      faults.push({
        path: named.path,
        message: `${source.text} is ${[...source.types].join(' or ')}, ${field.name} needs a date: say how it is written with format (excel for serial days, epoch_s or epoch_ms for a time since 1970)`,
      });
    }
  }
}
