/** One field's way from record to user, as one closure. */

import type { Fault } from '../model/person.ts';
import { plainNumber } from '../model/reference.ts';
import type { UserField } from '../model/user-fields.ts';
import type { CompiledField, FieldSources, Shared } from './compiled-field.ts';
import { emptyPolicy } from './empty-values.ts';
import { checkTypes } from './field-types.ts';
import { withLookup } from './lookup.ts';
import { orEndDate, valueReader, withCountry } from './read-value.ts';
import type { NamedRule, RuleObject } from './rules/rule.ts';
import type { TransformName } from './rules/rule-schema.ts';
import { failed, type Read } from './source.ts';
import {
  type Converter,
  type ConvertOptions,
  converterFor,
  type FieldValue,
  isProblem,
  type Shortcut,
  shortcutFor,
} from './values/convert.ts';
import { dateFormat, isShortYear, namedDateFormats } from './values/date-format.ts';
import { faultOf, type MappingFault } from './values/faults.ts';
import { numberFormat, numberFormats } from './values/number-format.ts';

const transforms: Record<TransformName, (text: string) => string> = {
  trim: (text) => text.trim(),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  collapse: (text) => text.replace(/\s+/g, ' '),
  digits: (text) => text.replace(/\D+/g, ''),
  last_path_segment: (text) =>
    text
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? '',
};

export function compileField(
  field: UserField,
  named: NamedRule,
  from: FieldSources,
  shared: Shared,
  faults: MappingFault[],
): CompiledField {
  const { rule } = named;
  const type = rule.type ?? field.type;
  const sensitive = field.sensitive === true || rule.sensitive === true;
  const written = formatsOf(rule, field, named.path, faults);
  checkTypes(field, type, named, from.sources, faults);
  const transformed =
    rule.transform === undefined ? [] : typeof rule.transform === 'string' ? [rule.transform] : rule.transform;
  const writing = transformed.map((name) => transforms[name]);
  if (rule.match === 'employeeNumber') writing.push(plainNumber);
  const options: ConvertOptions = {
    zone: shared.zone,
    ...written,
    ...(rule.empty_dates ? { emptyDates: rule.empty_dates } : {}),
    remark: (code) => shared.remarks.push({ field: field.name, code }),
    ...(rule.true_values ? { trueValues: rule.true_values } : {}),
    ...(rule.false_values ? { falseValues: rule.false_values } : {}),
    ...(shared.countries ? { countries: shared.countries } : {}),
    ...(shared.subdivisions ? { subdivisions: shared.subdivisions } : {}),
    transforms: writing,
    sensitive,
  };
  const converter = converterFor(type, options);
  const lookup = rule.lookup && withLookup(rule, field, converter, sensitive, named, faults);
  const convert = lookup?.convert ?? converter;
  const guarded: Converter =
    rule.expression === undefined ? convert : (value, country) => (value === failed ? failed : convert(value, country));
  const read = valueReader(from.sources, guarded, rule, type, named, faults);
  const readValue = withCountry(
    from.endDates.length === 0 ? read : orEndDate(read, from, shared),
    from.countries,
    shared.countries,
  );
  const whenEmpty = emptyPolicy(rule, field, type, converter, named, shared.clearWith, faults);
  const parts = { field, named, sources: from.sources, readValue, whenEmpty };
  const plain = rule.join === undefined && rule.const === undefined && rule.expression === undefined;
  const shortcut = plain ? (lookup ? lookup.shortcut : shortcutFor(type, options)) : undefined;
  const full = inFull(parts, type === 'subdivision');
  return { ...parts, apply: shortcut ? withShortcut(parts, shortcut, full, from.endDates.length === 0) : full };
}

/** How dates or numbers are written, by the rule's `format`. */
function formatsOf(
  { format, type: own }: RuleObject,
  field: UserField,
  path: string,
  faults: MappingFault[],
): Pick<ConvertOptions, 'format' | 'readNumber'> {
  if (format === undefined) return {};
  if ((own ?? field.type) === 'number') {
    const readNumber = typeof format === 'string' ? numberFormat(format) : undefined;
    if (readNumber) return { readNumber };
    faults.push({ path: `${path}.format`, message: `of a number must be ${numberFormats.join(' or ')}` });
    return {};
  }
  if (field.name === 'dateOfBirth' && [format].flat().some(isShortYear)) {
    const message = 'has two digits for the year (YY), which tell no year of birth: 30 may be 1930 or 2030';
    faults.push({ path: `${path}.format`, message });
    return {};
  }
  const read = dateFormat(format);
  if (read) return { format: read };
  faults.push({
    path: `${path}.format`,
    message: `must be made of YYYY or YY, MMMM, MMM, MM or M, DD or D, perhaps a time (H:mm:ss, h:mm A) and signs between, or be ${namedDateFormats.join(', ')}`,
  });
  return {};
}

type FieldParts = Omit<CompiledField, 'apply'>;

/** `bySubdivision`: the person's country, which is mapped before, is asked for. */
const inFull =
  (parts: FieldParts, bySubdivision: boolean): CompiledField['apply'] =>
  (record, user, notes, results) => {
    const country = bySubdivision ? ((user['addressCountry'] || undefined) as string | undefined) : undefined;
    write(parts, parts.readValue(record, results, country), user, notes);
  };

/**
 * The first filled source, if it is a text that the shortcut takes; everything else in full. `emptyIsEmpty`: where no source holds
 * anything, nothing else stands in for it.
 */
function withShortcut(
  parts: FieldParts,
  shortcut: Shortcut,
  full: CompiledField['apply'],
  emptyIsEmpty: boolean,
): CompiledField['apply'] {
  const { name } = parts.field;
  const keys = parts.sources.map((source) => source.key);
  const reads = parts.sources.map((source) => source.read);
  const { length } = reads;
  return (record, user, notes, results) => {
    let empty: undefined | null;
    for (let at = 0; at < length; at++) {
      const key = keys[at];
      const raw = key === undefined ? (reads[at] as Read)(record, results) : record[key];
      if (raw === undefined) continue;
      if (raw === null) {
        empty = null;
        continue;
      }
      const value = typeof raw === 'string' ? shortcut(raw) : undefined;
      if (value === undefined) return full(record, user, notes, results);
      user[name] = value;
      return;
    }
    if (emptyIsEmpty) write(parts, empty, user, notes);
    else full(record, user, notes, results);
  };
}

/** The value, its stand-in or nothing into the user; a problem to the notes. */
function write(field: FieldParts, value: FieldValue, user: Record<string, unknown>, notes: Fault[]): void {
  const { name } = field.field;
  if (value === undefined || value === null || value === '') {
    const standIn = field.whenEmpty(value);
    if (standIn !== undefined) user[name] = standIn;
  } else if (isProblem(value)) notes.push(faultOf(name, value, field.sources[0]?.text));
  else user[name] = value;
}
