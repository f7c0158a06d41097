/** From a source value to a field's value, by type. Each converter is pure and made once for each field. */

import { isNoDate } from '@ukg-together/kit/days/no-dates';
import type { RemarkCode } from '../../model/person.ts';
import type { ValueType } from '../../model/user-fields.ts';
import { booleanTable, type CountryTable, falseTokens, type SubdivisionTable, trueTokens } from './codes.ts';
import { toDay, toInstant, type ZoneRule } from './dates.ts';
import { atSign, dotSign, hyphen, isNotInAddress } from './email.ts';
import type { Problem, ProblemCode } from './faults.ts';
import { remarkOn } from './remarks.ts';
import { spreadsheetFault } from './spreadsheet-ids.ts';
import {
  cleanText,
  fold,
  hasStrayCharacters,
  isPlainText,
  maxLength,
  showCode,
  withoutFormatCharacters,
} from './text.ts';
import { dateFormatOf, numberFormatOf } from './written.ts';

type Scalar = string | number | boolean;
export type Value = Scalar | string[];
/** Undefined means: nothing is left of the value, treat it as blank. */
export type Converted = Value | undefined | Problem;
/** `country`: the person's, for subdivisions. */
export type Converter = (value: unknown, country?: string) => Converted;

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface ConvertOptions {
  readonly zone: ZoneRule;
  /** Reads dates that are written another way. */
  readonly format?: (value: string) => string | undefined;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly countries?: CountryTable;
  readonly subdivisions?: SubdivisionTable;
  readonly transforms?: readonly ((value: string) => string)[];
  /** Reads numbers that are written another way. */
  readonly readNumber?: (text: string) => number | undefined;
  /** Days that stand for none, instead of those that usually do. */
  readonly emptyDates?: readonly string[];
  /** Takes what is odd about a value that is sent all the same. */
  readonly remark?: (code: RemarkCode) => void;
  /** Values of sensitive fields are never shown, not even codes. */
  readonly sensitive?: boolean;
}

const problem = (code: ProblemCode): Problem => ({ problem: code });

/** The one scalar as clean text; `""` is turned into undefined. */
function asText(value: unknown): string | undefined | Problem {
  if (typeof value === 'string') {
    if (value.length > maxLength) return problem('too_long');
    return cleanText(value) || undefined;
  }
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(value);
  return problem('not_text');
}

/** Identifiers often come as numbers; beyond 2^53 JSON has already lost digits. */
function numberText(value: number): string | Problem {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return problem('imprecise_number');
  const text = String(value);
  return Number.isFinite(value) && !text.includes('e') ? text : problem('imprecise_number');
}

/** One @, something before it, a domain with a dot and a top level of at least two; the rest only the mail server knows. */
export function isEmail(text: string): boolean {
  const { length } = text;
  let at = -1;
  let dot = -2;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === atSign) {
      if (at >= 0) return false;
      at = index;
    } else if (unit === dotSign) {
      if (dot === index - 1) return false;
      dot = index;
    } else if (unit < 0x80 ? isNotInAddress[unit] : /\s/.test(text.charAt(index))) return false;
  }
  if (at < 1 || at > 64 || dot < at + 2 || length - dot < 3 || length > 254) return false;
  const first = text.charCodeAt(at + 1);
  return text.charCodeAt(0) !== dotSign && text.charCodeAt(at - 1) !== dotSign && first !== dotSign && first !== hyphen;
}

function toEmail(text: string): string | Problem {
  const address = /^mailto:/i.test(text) ? text.slice(7) : text;
  return isEmail(address) ? address : problem('not_an_email');
}

/** Characters that no one sees are taken out of an address: with one of them it is no other address, but one that no server knows. */
const addressFrom =
  (convert: Converter, remark: (code: RemarkCode) => void): Converter =>
  (value) => {
    if (typeof value !== 'string') return convert(value);
    const visible = withoutFormatCharacters(value);
    if (visible !== value) remark('format_characters');
    return convert(visible);
  };

const plainNumber = (word: string): number | undefined =>
  /^-?\d{1,15}(\.\d{1,15})?$/.test(word) ? Number(word) : undefined;

/** With the format that would read it, where there is one; it is no value of a person. */
const writtenOtherwise = (code: ProblemCode, format: string | undefined, otherwise: ProblemCode): Problem =>
  format === undefined ? problem(otherwise) : { problem: code, value: format };

/** Each entry as text; a single value is a list of one. The fault of one entry is the fault of the list. */
function toList(value: unknown, each: (item: unknown) => Converted): string[] | undefined | Problem {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const list: string[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    if (item === null || item === undefined) continue;
    const text = each(item);
    if (text === undefined) continue;
    if (isProblem(text)) return text.problem === 'not_text' ? problem('not_a_list') : text;
    const word = String(text);
    if (seen.has(fold(word))) continue;
    seen.add(fold(word));
    list.push(word);
  }
  return list.length === 0 ? undefined : list;
}

/**
 * The shortcut for what nearly every value is: text that is fine as it stands. Undefined sends it the long way.
 * It must never answer differently from the converter of the same type: a property test holds them together.
 */
export type Shortcut = (text: string) => string | undefined;

export function shortcutFor(type: ValueType, options: ConvertOptions): Shortcut | undefined {
  if (options.transforms?.length || options.format) return undefined;
  switch (type) {
    case 'string':
    case 'code':
    case 'any':
      return (text) => (isPlainText(text) ? text : undefined);
    case 'id':
      return (text) => (isPlainText(text) && spreadsheetFault(text) === undefined ? text : undefined);
    case 'email':
      return (text) => (isPlainText(text) && isEmail(text) ? text : undefined);
    case 'date':
      return (text) => (text.length === 10 && !isNoDate(text, options.emptyDates) ? toDay(text) : undefined);
    case 'datetime':
      return (text) =>
        text.length === 24 && text.endsWith('Z') && !isNoDate(text, options.emptyDates) ? toInstant(text) : undefined;
    case 'country':
      return (text) => (isPlainText(text) ? options.countries?.(text) : undefined);
    case 'status':
      return (text) => (text === 'A' || text === 'L' || text === 'T' ? text : undefined);
    case 'email_list':
    case 'list':
    case 'subdivision':
    case 'boolean':
    case 'number':
      return undefined;
  }
}

export function converterFor(type: ValueType, options: ConvertOptions): Converter {
  const { transforms = [], format, zone } = options;
  const text = (value: unknown): string | undefined | Problem => {
    const clean = asText(value);
    if (typeof clean !== 'string' || transforms.length === 0) return clean;
    let out = clean;
    for (const transform of transforms) out = transform(out);
    return out.trim() || undefined;
  };
  const shown = (code: ProblemCode, value: string): Problem =>
    options.sensitive ? { problem: code } : { problem: code, value: showCode(value) };
  /** A converter that starts from clean text. */
  const from =
    (convert: (text: string, country?: string) => Converted): Converter =>
    (value, country) => {
      const clean = text(value);
      return typeof clean === 'string' ? convert(clean, country) : clean;
    };
  const remark = options.remark ?? (() => {});
  const dated = (convert: (iso: string) => string | undefined, code: ProblemCode) =>
    from((written) => {
      const iso = format ? format(written) : written;
      if (iso !== undefined && isNoDate(iso, options.emptyDates)) {
        remark('no_date');
        return undefined;
      }
      return (
        (iso === undefined ? undefined : convert(iso)) ?? writtenOtherwise('date_format', dateFormatOf(written), code)
      );
    });

  switch (type) {
    case 'string':
      return (value) => {
        const code = typeof value === 'string' && !isPlainText(value) ? remarkOn(value) : undefined;
        if (code) remark(code);
        return text(value);
      };
    case 'code':
      return text;
    case 'id':
      return (value) => {
        if (typeof value === 'string' && hasStrayCharacters(value)) return problem('stray_characters');
        const id = text(value);
        const fault = typeof id === 'string' ? spreadsheetFault(id) : undefined;
        return fault ? problem(fault) : id;
      };
    case 'email':
      return addressFrom(from(toEmail), remark);
    case 'email_list': {
      const each = addressFrom(from(toEmail), remark);
      return (value) => toList(value, each);
    }
    case 'list':
      return (value) => toList(value, text);
    case 'status':
      return from((code) => (code === 'A' || code === 'L' || code === 'T' ? code : shown('unknown_status', code)));
    case 'country':
      return from((name) => options.countries?.(name) ?? shown('unknown_country', name));
    case 'subdivision':
      return from((name, country) => options.subdivisions?.(name, country) ?? shown('unknown_subdivision', name));
    case 'date':
      return dated(toDay, 'not_a_date');
    case 'datetime':
      return dated((iso) => toInstant(iso, zone), 'not_a_datetime');
    case 'boolean': {
      const table = booleanTable(options.trueValues ?? trueTokens, options.falseValues ?? falseTokens);
      return (value) =>
        typeof value === 'boolean' ? value : from((word) => table(word) ?? shown('not_a_boolean', word))(value);
    }
    case 'number': {
      const { readNumber = plainNumber } = options;
      const fromText = from(
        (word) => readNumber(word) ?? writtenOtherwise('number_format', numberFormatOf(word), 'not_a_number'),
      );
      return (value) => {
        if (typeof value === 'number') return Number.isFinite(value) ? value : problem('not_a_number');
        return fromText(value);
      };
    }
    case 'any':
      return (value) => {
        if (typeof value === 'boolean') return value;
        if (typeof value === 'number') return Number.isFinite(value) ? value : problem('not_a_number');
        return Array.isArray(value) ? toList(value, text) : text(value);
      };
  }
}

/** Absent, null or `""`: the three ways of having no value. */
export type Empty = undefined | null | '';

/** `""` among the strings means blank. */
export type FieldValue = Value | Problem | undefined | null;

/** `results`: of the expressions on this record; `country`: the person's, for subdivisions. */
export type ReadValue = (
  record: Record<string, unknown>,
  results: readonly unknown[],
  country: string | undefined,
) => FieldValue;

export const listTypes: ReadonlySet<ValueType> = new Set(['list', 'email_list']);
