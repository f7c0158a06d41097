/** What becomes of a field whose source has no value: absent, null and `""` each do what `if_empty` says. */
import type { UserField, ValueType } from '../model/user-fields.ts';
import type { NamedRule, RuleObject } from './rules/rule.ts';
import { type Converter, type Empty, isProblem, listTypes, type Value } from './values/convert.ts';
import { faultOf, type MappingFault } from './values/faults.ts';

/** Undefined: the field is left out, so that Together keeps what it has. */
export type WhenEmpty = (empty: Empty) => Value | null | undefined;

export function emptyPolicy(
  rule: RuleObject,
  field: UserField,
  type: ValueType,
  convert: Converter,
  named: NamedRule,
  clearWith: 'null' | 'empty',
  faults: MappingFault[],
): WhenEmpty {
  const at = `${named.path}.if_empty`;
  // UNVERIFIED: whether null or "" empties a field in Together; settable by clear_with. A list is emptied by an empty one.
  const cleared = listTypes.has(type) && clearWith === 'empty' ? [] : clearWith === 'empty' ? '' : null;
  const resolve = (policy: unknown, where: string): Value | null | undefined => {
    if (policy === undefined || policy === 'keep') return undefined;
    if (policy === 'clear') {
      if (field.required)
        faults.push({ path: where, message: `${field.name} is required by Together and can't be cleared` });
      return cleared;
    }
    const literal = typeof policy === 'object' && policy !== null && 'value' in policy ? policy.value : policy;
    const value = convert(literal);
    if (isProblem(value)) faults.push({ path: where, message: faultOf(field.name, value).message });
    return isProblem(value) ? undefined : value;
  };
  const policy = rule.if_empty;
  const split = typeof policy === 'object' && !Array.isArray(policy) && !('value' in policy);
  const [absent, nothing, blank] = split
    ? [resolve(policy.absent, `${at}.absent`), resolve(policy.null, `${at}.null`), resolve(policy.blank, `${at}.blank`)]
    : (([value]) => [value, value, value] as const)([resolve(policy, at)]);
  return (empty) => (empty === undefined ? absent : empty === null ? nothing : blank);
}
