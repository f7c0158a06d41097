/** One field's way from record to user, as one closure. */

import type { Fault } from '../types.ts';
import { hrisPrefix, type UserField, type ValueType } from '../user.ts';
import { type Converted, type Converter, type ConvertOptions, converterFor, isProblem, type Value } from './convert.ts';
import { dateFormat, toDay, type ZoneRule } from './dates.ts';
import { faultOf, type MappingFault, type Problem } from './faults.ts';
import type { NamedRule, RuleObject, TransformName } from './rule.ts';
import { failed, type Read, type SourceRead } from './source.ts';
import { cleanText, fold, scalarText, showCode } from './text.ts';

/** Absent, null or `""`: the three ways of having no value. */
type Empty = undefined | null | '';
/** `""` among the strings means blank. */
export type Drawn = Value | Problem | undefined | null;

export interface CompiledField {
  readonly field: UserField;
  readonly named: NamedRule;
  readonly sources: readonly SourceRead[];
  /** The value as it would be sent, or why there is none. */
  readonly draw: (record: Record<string, unknown>, worked: readonly unknown[], country: string | undefined) => Drawn;
  /** What is sent for each way of being empty; undefined: the field is left out. */
  readonly whenEmpty: (empty: Empty) => Value | null | undefined;
}

export interface Shared {
  readonly zone: ZoneRule;
  readonly clearWith: 'null' | 'empty';
  /** `YYYY-MM-DD` of the run, for end dates. */
  readonly today: string;
  readonly countries: ConvertOptions['countries'];
  readonly subdivisions: ConvertOptions['subdivisions'];
}

export interface FieldSources {
  readonly sources: readonly SourceRead[];
  readonly endDates: readonly SourceRead[];
  readonly countries: readonly SourceRead[];
}

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

const listTypes: ReadonlySet<ValueType> = new Set(['list', 'email_list']);

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
  const format = rule.format === undefined ? undefined : dateFormat(rule.format);
  if (rule.format !== undefined && format === undefined) {
    faults.push({
      path: `${named.path}.format`,
      message: 'must be made of YYYY, MM or M, DD or D and signs between, or be epoch_s or epoch_ms',
    });
  }
  checkTypes(field, type, named, from.sources, faults);
  const named_transforms =
    rule.transform === undefined ? [] : typeof rule.transform === 'string' ? [rule.transform] : rule.transform;
  const converter = converterFor(type, {
    zone: shared.zone,
    ...(format ? { format } : {}),
    ...(rule.true_values ? { trueValues: rule.true_values } : {}),
    ...(rule.false_values ? { falseValues: rule.false_values } : {}),
    ...(shared.countries ? { countries: shared.countries } : {}),
    ...(shared.subdivisions ? { subdivisions: shared.subdivisions } : {}),
    transforms: named_transforms.map((name) => transforms[name]),
    sensitive,
  });
  const convert = rule.lookup ? withLookup(rule, field, converter, sensitive, named, faults) : converter;
  const guarded: Converter =
    rule.expression === undefined ? convert : (value, country) => (value === failed ? failed : convert(value, country));
  const drawMain = drawer(from.sources, guarded, rule, type, named, faults);
  const draw = from.endDates.length === 0 ? drawMain : orEndDate(drawMain, from.endDates, shared.today);
  return {
    field,
    named,
    sources: from.sources,
    draw: withCountry(draw, from.countries, shared),
    whenEmpty: emptyPolicy(rule, field, type, converter, named, shared, faults),
  };
}

/** Puts the value or its absence into the user; a fault goes to the notes. */
export function applyField(compiled: CompiledField, drawn: Drawn, user: Record<string, unknown>, notes: Fault[]): void {
  if (drawn === undefined || drawn === null || drawn === '') {
    const stand = compiled.whenEmpty(drawn);
    if (stand !== undefined) user[compiled.field.name] = stand;
  } else if (isProblem(drawn)) {
    notes.push(faultOf(compiled.field.name, drawn, compiled.sources[0]?.text));
  } else {
    user[compiled.field.name] = drawn;
  }
}

type Draw = CompiledField['draw'];

function drawer(
  sources: readonly SourceRead[],
  convert: Converter,
  rule: RuleObject,
  type: ValueType,
  named: NamedRule,
  faults: MappingFault[],
): Draw {
  if (rule.const !== undefined) {
    const fixed = convert(rule.const);
    if (isProblem(fixed)) faults.push({ path: `${named.path}.const`, message: faultOf(named.field, fixed).message });
    return () => fixed;
  }
  if (rule.join !== undefined) return joiner(sources, convert, rule.join);
  const reads = sources.map((source) => source.read);
  const wantsList = listTypes.has(type) || type === 'any';
  if (reads.length === 1) return single(reads[0] as Read, convert, wantsList);
  return (record, worked, country) => {
    let empty: Empty;
    for (const read of reads) {
      const raw = read(record, worked);
      const value =
        raw === undefined || raw === null || raw === '' ? (raw as Empty) : convertOne(raw, convert, wantsList, country);
      if (value !== undefined && value !== null && value !== '') return value;
      // Of several sources without a value the most definite absence counts: "" before null before not there.
      if (value === '' || empty === undefined) empty = value as Empty;
    }
    return empty;
  };
}

function single(read: Read, convert: Converter, wantsList: boolean): Draw {
  return (record, worked, country) => {
    const raw = read(record, worked);
    return raw === undefined || raw === null || raw === ''
      ? (raw as Empty)
      : convertOne(raw, convert, wantsList, country);
  };
}

/** `""` when nothing is left of the value. A list for a field of one value gives its first filled entry. */
function convertOne(raw: unknown, convert: Converter, wantsList: boolean, country: string | undefined): Drawn {
  if (Array.isArray(raw)) {
    if (raw.length === 0) return '';
    if (!wantsList) {
      const first = raw.find((item) => item !== null && item !== undefined && item !== '') as unknown;
      return first === undefined ? '' : (convert(first, country) ?? '');
    }
  }
  return convert(raw, country) ?? '';
}

function joiner(sources: readonly SourceRead[], convert: Converter, between: string): Draw {
  return (record, worked, country) => {
    const parts: string[] = [];
    let empty: Empty;
    for (const source of sources) {
      const raw = source.read(record, worked);
      if (raw === undefined || raw === null) {
        if (empty === undefined) empty = raw;
        continue;
      }
      if (typeof raw === 'object') return { problem: 'not_text' };
      const text = cleanText(scalarText(raw));
      if (text === '') empty = '';
      else parts.push(text);
    }
    return parts.length === 0 ? empty : (convert(parts.join(between), country) ?? '');
  };
}

/** Codes of one or two characters are taken as they are written; words without regard to case. */
const caseMatters = 2;

function withLookup(
  rule: RuleObject,
  field: UserField,
  convert: Converter,
  sensitive: boolean,
  named: NamedRule,
  faults: MappingFault[],
): Converter {
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
  return (value, country) => {
    if (typeof value === 'object') return convert(value, country);
    const word = cleanText(scalarText(value));
    if (word === '') return undefined;
    if (table.has(word)) return table.get(word);
    const folded = fold(word);
    if (word.length > caseMatters && table.has(folded)) return table.get(folded);
    if (fallback !== undefined) return otherwise;
    return sensitive ? { problem: unknown } : { problem: unknown, value: showCode(word) };
  };
}

/**
 * A source without a status, but with a day on which the employment ends: T from the day after it, A until then.
 * An end date that can't be read decides nothing.
 */
function orEndDate(draw: Draw, endDates: readonly SourceRead[], today: string): Draw {
  return (record, worked, country) => {
    const status = draw(record, worked, country);
    if (status !== undefined && status !== null && status !== '') return status;
    for (const source of endDates) {
      const raw = source.read(record, worked);
      if (raw === undefined || raw === null || raw === '') continue;
      const day =
        typeof raw === 'string' ? (raw.startsWith('0000-00-00') ? undefined : (toDay(cleanText(raw)) ?? null)) : null;
      if (day === null) return { problem: 'not_a_date' };
      if (day !== undefined) return day.slice(0, 10) < today ? 'T' : 'A';
    }
    return 'A';
  };
}

/** Where the country isn't the one that is sent, it is read from its own place. */
function withCountry(draw: Draw, countries: readonly SourceRead[], shared: Shared): Draw {
  if (countries.length === 0) return draw;
  const table = shared.countries;
  return (record, worked) => {
    for (const source of countries) {
      const raw = source.read(record, worked);
      if (typeof raw === 'string' && raw.trim() !== '') return draw(record, worked, table?.(cleanText(raw)));
    }
    return draw(record, worked, undefined);
  };
}

function emptyPolicy(
  rule: RuleObject,
  field: UserField,
  type: ValueType,
  convert: Converter,
  named: NamedRule,
  shared: Shared,
  faults: MappingFault[],
): CompiledField['whenEmpty'] {
  const at = `${named.path}.if_empty`;
  // UNVERIFIED: whether null or "" empties a field in Together; settable by clear_with. A list is emptied by an empty one.
  const cleared = listTypes.has(type) && shared.clearWith === 'empty' ? [] : shared.clearWith === 'empty' ? '' : null;
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

/** Types that can never become what the field needs, by the SCHEMA alone. */
function checkTypes(
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
        message: `${source.text} is ${[...source.types].join(' or ')}, ${field.name} needs a date: say how it is written with format`,
      });
    }
  }
}
