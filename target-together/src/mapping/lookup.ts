import type { UserField } from '../model/user-fields.ts';
import type { NamedRule, RuleObject } from './rules/rule.ts';
import { type Converted, type Converter, isProblem, type Shortcut } from './values/convert.ts';
import { faultOf, type MappingFault } from './values/faults.ts';
import { cleanText, fold, scalarText, showCode } from './values/text.ts';

/** Codes of one or two characters are taken as they are written; words without regard to case. */
const caseMatters = 2;

export function withLookup(
  rule: RuleObject,
  field: UserField,
  convert: Converter,
  sensitive: boolean,
  named: NamedRule,
  faults: MappingFault[],
): { convert: Converter; shortcut: Shortcut } {
  const table = new Map<string, Converted>();
  const fallback = rule.default ?? (rule.lookup as Record<string, unknown>).default;
  const converted = (value: unknown, key: string): Converted => {
    // null: this value says nothing, the next source may.
    const result = value === null || value === '' ? undefined : convert(value);
    if (isProblem(result)) faults.push({ path: `${named.path}.${key}`, message: faultOf(field.name, result).message });
    return result;
  };
  for (const [key, value] of Object.entries(rule.lookup ?? {})) {
    const result = converted(value, `lookup.${key}`);
    const word = cleanText(key);
    table.set(word, result);
    if (word.length > caseMatters && !table.has(fold(word))) table.set(fold(word), result);
  }
  const otherwise = fallback === undefined ? undefined : converted(fallback, 'default');
  const unknown = field.type === 'status' ? 'unknown_status' : 'unknown_code';
  const quick = new Map<string, string>();
  for (const [word, result] of table) if (typeof result === 'string') quick.set(word, result);
  const translate: Converter = (value, country) => {
    if (typeof value === 'object') return convert(value, country);
    const word = cleanText(scalarText(value));
    if (word === '') return undefined;
    if (table.has(word)) return table.get(word);
    const folded = fold(word);
    if (word.length > caseMatters && table.has(folded)) return table.get(folded);
    if (fallback !== undefined) return otherwise;
    return sensitive ? { problem: unknown } : { problem: unknown, value: showCode(word) };
  };
  return { convert: translate, shortcut: (text) => quick.get(text) };
}
