/** Which rules count: the preset's, with the user's over them, without what may not be sent. */
import { createHash } from 'node:crypto';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { fieldOf, hrisPrefix, userFields } from '../../model/user-fields.ts';
import type { MappingFault } from '../values/faults.ts';
import type { MappingOptions, Origins } from './mapping-options.ts';
import type { Preset } from './presets.ts';
import { checkField, flattenRules, type NamedRule, parseRule } from './rule.ts';
import { isListed, readsSensitive } from './sensitive.ts';

/** The preset's rules with the user's over them; null removes. */
export function effectiveRules(
  preset: Preset | undefined,
  options: MappingOptions,
  faults: MappingFault[],
): Map<string, NamedRule> {
  const rules = new Map<string, NamedRule>();
  for (const [field, given] of Object.entries(preset?.fields ?? {})) {
    const path = `preset ${preset?.name}: ${field}`;
    const rule = parseRule(given, path, faults);
    if (rule) rules.set(field, { field, rule, path, origin: 'preset' });
  }
  const fields = (options.mapping as { fields?: unknown } | null | undefined)?.fields;
  const said = new Map<string, string>();
  for (const { field, rule: given, path } of [
    ...flattenRules(fields, 'mapping.fields', faults),
    ...flattenRules(options.hrisFields, 'hris_fields', faults, 'hrisFields'),
  ]) {
    if (!checkField(field, path, faults)) continue;
    const folded = field.toLowerCase();
    const earlier = said.get(folded);
    if (earlier !== undefined) {
      faults.push({ path, message: `says ${field} a second time: ${earlier} does too; keep one` });
      continue;
    }
    said.set(folded, path);
    const rule = parseRule(given, path, faults);
    if (rule === null) rules.delete(field);
    else if (rule) rules.set(field, { field, rule, path, origin: 'user' });
  }
  return rules;
}

/** Sensitive by its field, by its rule, or by what it reads, whatever name that was given: a field is no way round for another. */
export function isSensitive({ field, rule }: NamedRule, origins: Origins, reads: readonly string[] = []): boolean {
  const from = rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from;
  const paths = [...from, ...reads];
  return (
    fieldOf(field)?.sensitive === true ||
    rule.sensitive === true ||
    [...paths, ...paths.flatMap(origins)].some(readsSensitive)
  );
}

export const sensitiveFault = ({ field, path }: NamedRule): MappingFault => ({
  path,
  message: `would send sensitive data as ${field}: add "${field}" to sensitive_fields, or remove the rule`,
});

/** Names in `sensitive_fields` that nothing answers to. */
export function checkListed(
  listed: readonly string[],
  rules: ReadonlyMap<string, NamedRule>,
  faults: MappingFault[],
  warnings: string[],
): void {
  const standard = userFields.filter((field) => field.sensitive).map((field) => field.name);
  const known = [...new Set([...standard, ...rules.keys()])];
  for (const [index, name] of listed.entries()) {
    if (!known.some((field) => isListed(field, [name]))) {
      faults.push({
        path: `sensitive_fields[${index}]`,
        message: `${show(name)} is neither dateOfBirth, gender nor a mapped custom field${didYouMean(name, [...standard, ...[...rules.keys()].filter((field) => field.startsWith(hrisPrefix))])}`,
      });
    } else if (standard.includes(name) && !rules.has(name)) {
      warnings.push(`${name} is listed in sensitive_fields, but nothing is mapped to it.`);
    }
  }
}

export function inWireOrder(rules: ReadonlyMap<string, NamedRule>): NamedRule[] {
  const order = new Map(userFields.map((field, index) => [field.name, index]));
  const place = (name: string) => order.get(name) ?? userFields.length;
  return [...rules.values()].sort((a, b) => place(a.field) - place(b.field) || (a.field < b.field ? -1 : 1));
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};

/** Key order aside, the same value gives the same hash. */
export const shortHash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest('hex')
    .slice(0, 12);

/** By field. */
export const hashesOf = (rules: ReadonlyMap<string, NamedRule>): Record<string, string> =>
  Object.fromEntries([...rules.values()].map(({ field, rule }) => [field, shortHash(rule)]));

/** Key order aside, the same rules give the same hash. */
export function hashOf(rules: ReadonlyMap<string, NamedRule>, options: MappingOptions): string {
  const said = [...rules.values()]
    .map(({ field, rule }) => [field, sorted(rule)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const text = JSON.stringify([
    said,
    options.departmentOrgLevel ?? null,
    options.timeZone ?? 'UTC',
    options.clearWith ?? 'null',
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
