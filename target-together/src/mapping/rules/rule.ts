/** The rules a mapping is made of: one schema for validation, for the editor's JSON Schema, and for the types. */

import { isObject } from '@ukg-together/kit/lines/json';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import * as z from 'zod';
import { fieldOf, hrisPrefix, userField, userFields, valueTypes } from '../../model/user-fields.ts';
import type { MappingFault } from '../values/faults.ts';
import { path, scalar, transformNames } from './rule-schema.ts';

const transform = z.enum(transformNames);

/** What a rule says for the three ways of being empty. */
const emptyPolicy = z.union([
  z.enum(['keep', 'clear']),
  scalar,
  z.array(z.string()),
  z.strictObject({ value: z.union([scalar, z.array(z.string())]) }),
]);

export const RuleObject = z
  .strictObject({
    from: z
      .union([path, z.array(path).min(1)])
      .optional()
      .meta({ description: 'A path in the source record, or several: the first filled one wins.' }),
    const: z
      .union([scalar, z.array(z.string())])
      .optional()
      .meta({ description: 'The same value for everybody.' }),
    expression: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .meta({ description: 'A JSONata expression over the source record, without regular expressions and $eval.' }),
    org_level: z.enum(['code', 'description']).optional().meta({
      description:
        "Of UKG's org level that is called department (or that department_org_level names): its code or its description.",
    }),
    join: z.string().optional().meta({
      description: 'Put all filled values of from together with this in between, instead of taking the first.',
    }),
    lookup: z
      .record(z.string(), z.union([scalar, z.null()]))
      .optional()
      .meta({
        description: 'Translates codes: {"Active": "A"}. null: this value says nothing, try the next path.',
      }),
    default: scalar.optional().meta({
      description: 'What lookup gives for a value that is not in its table. Without it such values are reported.',
    }),
    type: z
      .enum(valueTypes)
      .optional()
      .meta({ description: 'What to make of the value; default: the type of the Together field.' }),
    format: z
      .union([z.string().max(40), z.array(z.string().max(40)).min(1)])
      .optional()
      .meta({
        description:
          'How dates are written (YYYY, YY, MMMM, MMM, MM, M, DD, D, a time as H:mm:ss or h:mm:ss A, and the signs between, or iso, excel, excel_1904, odata, epoch_s, epoch_ms; several: the first that fits), or numbers: decimal_comma, decimal_point.',
      }),
    empty_dates: z.array(z.iso.date()).optional().meta({
      description:
        'Days that stand for no date, instead of the usual ones (year 1, 1900-01-01, 9999-12-31 and others); an empty list: none.',
    }),
    true_values: z.array(z.string()).min(1).optional().meta({ description: 'Words that mean true, without case.' }),
    false_values: z.array(z.string()).min(1).optional().meta({ description: 'Words that mean false, without case.' }),
    country_from: z
      .union([path, z.array(path).min(1)])
      .optional()
      .meta({
        description: 'For type subdivision: where the country is; default: what addressCountry is mapped from.',
      }),
    end_date: z
      .union([path, z.array(path).min(1)])
      .optional()
      .meta({
        description: 'For employeeStatusCode where from gives nothing: T once this date has passed, else A.',
      }),
    match: z.enum(['email', 'employeeNumber']).optional().meta({
      description:
        "For supervisorId: what names the manager, where it is not the manager's employeeId. email: the address that the manager is sent with; employeeNumber: the number in number_from, or an employeeId in another spelling (1001.0, 1 for 000001).",
    }),
    number_from: z
      .union([path, z.array(path).min(1)])
      .optional()
      .meta({
        description:
          "For match employeeNumber: where each person's own number is; default: employeeNumber, if the stream has it.",
      }),
    transform: z
      .union([transform, z.array(transform)])
      .optional()
      .meta({ description: 'Applied to text, in this order, after trimming.' }),
    if_empty: z
      .union([
        emptyPolicy,
        z.strictObject({ absent: emptyPolicy.optional(), null: emptyPolicy.optional(), blank: emptyPolicy.optional() }),
      ])
      .optional()
      .meta({
        description:
          'keep (default): leave the field out; clear: empty it in Together; anything else: send that. {"absent", "null", "blank"} set one each.',
      }),
    optional: z.boolean().optional().meta({ description: 'Paths may be missing from the SCHEMA without a fault.' }),
    sensitive: z.boolean().optional().meta({ description: 'Sent only when the field is listed in sensitive_fields.' }),
  })
  .meta({ title: 'Rule' });
export type RuleObject = z.infer<typeof RuleObject>;

const sources = ['from', 'const', 'expression', 'org_level', 'end_date'] as const;
const keywords = new Set(Object.keys(RuleObject.shape));

/** A rule with where it was said; the path is what faults name. */
export interface NamedRule {
  readonly field: string;
  readonly rule: RuleObject;
  readonly path: string;
  readonly origin: 'user' | 'preset';
}

/**
 * Settings may arrive nested (`{"hrisFields": {"costCenter": …}}`, as Meltano does with dotted keys): gives them back flat.
 * Among custom fields, an object that says where a value comes from is a rule; any other is one more level of the key.
 */
export function flattenRules(
  fields: unknown,
  at: string,
  faults: MappingFault[],
  prefix = '',
): { field: string; rule: unknown; path: string }[] {
  if (fields === undefined || fields === null) return [];
  if (!isObject(fields)) {
    faults.push({ path: at, message: 'must be an object of Together fields and their rules' });
    return [];
  }
  const flat: { field: string; rule: unknown; path: string }[] = [];
  const walk = (node: Record<string, unknown>, above: string, where: string) => {
    for (const [key, value] of Object.entries(node)) {
      const custom = above === 'hrisFields' && key.startsWith(hrisPrefix) ? key.slice(hrisPrefix.length) : key;
      const field = above === '' ? custom : `${above}.${custom}`;
      const path = `${where}.${key}`;
      const level =
        field === 'hrisFields' ||
        (field.startsWith(hrisPrefix) && isObject(value) && !sources.some((word) => word in value));
      if (level && isObject(value) && field.length < 200) walk(value, field, path);
      else flat.push({ field, rule: value, path });
    }
  };
  walk(fields, prefix, at);
  return flat;
}

// UNVERIFIED: which characters a custom field's key may have is not documented; the guide's example is camelCase.
const hrisKey = /^[\p{L}\p{N}_$](?:[\p{L}\p{N}_$ .:/#&()-]{0,98}[\p{L}\p{N}_$)#])?$/u;

/** The Together field's name, checked; undefined when there is a fault. */
export function checkField(field: string, path: string, faults: MappingFault[]): boolean {
  if (field.startsWith(hrisPrefix)) {
    const key = field.slice(hrisPrefix.length);
    if (!hrisKey.test(key) || key === '__proto__') {
      faults.push({
        path,
        message: `${show(key)} can't be the key of a custom field: use the key that Together has set up, e.g. managementArea`,
      });
      return false;
    }
    if (userField.has(key)) {
      faults.push({
        path,
        message: `custom field ${show(key)} has the name of a standard field: map ${show(key)} itself, or have Together set up another key`,
      });
      return false;
    }
    return true;
  }
  if (fieldOf(field)) return true;
  const hint = didYouMean(
    field,
    userFields.map((known) => known.name),
  );
  faults.push({
    path,
    message: `Together has no field ${show(field)}${hint === '' ? `; a custom field is written hrisFields.${field}` : hint}`,
  });
  return false;
}

/** One rule: a path, an object, or null (the field is removed). */
export function parseRule(rule: unknown, path: string, faults: MappingFault[]): RuleObject | null | undefined {
  if (rule === null) return null;
  if (typeof rule === 'string') {
    if (rule.trim() !== '') return { from: rule };
    faults.push({ path, message: 'is empty: give a path, or null to remove the field' });
    return undefined;
  }
  if (!isObject(rule)) {
    faults.push({ path, message: 'must be a path, an object, or null; for a fixed value write {"const": …}' });
    return undefined;
  }
  const unknown = Object.keys(rule).filter((key) => !keywords.has(key));
  for (const key of unknown)
    faults.push({ path: `${path}.${key}`, message: `is no keyword of a rule${didYouMean(key, keywords)}` });
  const known = Object.fromEntries(
    Object.entries(rule).filter(([key, value]) => keywords.has(key) && value !== undefined),
  );
  const parsed = RuleObject.safeParse(known);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      faults.push({ path: [path, ...issue.path.map(String)].join('.'), message: sentenceOf(issue) });
    return undefined;
  }
  const problems = contradictions(parsed.data);
  for (const message of problems) faults.push({ path, message });
  return unknown.length + problems.length > 0 ? undefined : parsed.data;
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union') return 'has a form that is not allowed here';
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

function contradictions(rule: RuleObject): string[] {
  const said = (['from', 'const', 'expression', 'org_level'] as const).filter((key) => rule[key] !== undefined);
  const problems: string[] = [];
  if (said.length > 1) problems.push(`says ${said.join(' and ')}: only one of them can be the source`);
  if (said.length === 0 && rule.end_date === undefined)
    problems.push('says nothing about where the value comes from: use from, const or expression');
  if (rule.default !== undefined && !rule.lookup)
    problems.push('default belongs to a lookup; for empty values use if_empty');
  if (rule.number_from !== undefined && rule.match !== 'employeeNumber')
    problems.push('number_from belongs to match: "employeeNumber"');
  if (rule.join !== undefined && !Array.isArray(rule.from)) problems.push('join needs several paths in from');
  return problems;
}
