/** From the sources of a rule to a value, its absence, or a problem. */

import { isNoDate } from '@ukg-together/kit/days/no-dates';
import type { ValueType } from '../model/user-fields.ts';
import type { FieldSources, Shared } from './compiled-field.ts';
import type { NamedRule, RuleObject } from './rules/rule.ts';
import type { Read, SourceRead } from './source.ts';
import type { CountryTable } from './values/codes.ts';
import { type Converter, type Empty, type FieldValue, isProblem, listTypes, type ReadValue } from './values/convert.ts';
import { toDay } from './values/dates.ts';
import { faultOf, type MappingFault } from './values/faults.ts';
import { cleanText, scalarText, showCode } from './values/text.ts';

export function valueReader(
  sources: readonly SourceRead[],
  convert: Converter,
  rule: RuleObject,
  type: ValueType,
  named: NamedRule,
  faults: MappingFault[],
): ReadValue {
  if (rule.const !== undefined) {
    const fixed = convert(rule.const);
    if (isProblem(fixed)) faults.push({ path: `${named.path}.const`, message: faultOf(named.field, fixed).message });
    return () => fixed;
  }
  if (rule.join !== undefined) return joiner(sources, convert, rule.join);
  const reads = sources.map((source) => source.read);
  const wantsList = listTypes.has(type) || type === 'any';
  if (reads.length === 1) return single(reads[0] as Read, convert, wantsList);
  return (record, results, country) => {
    let empty: Empty;
    for (const read of reads) {
      const raw = read(record, results);
      const value =
        raw === undefined || raw === null || raw === '' ? (raw as Empty) : convertOne(raw, convert, wantsList, country);
      if (value !== undefined && value !== null && value !== '') return value;
      // Of several sources without a value the most definite absence counts: "" before null before not there.
      if (value === '' || empty === undefined) empty = value as Empty;
    }
    return empty;
  };
}

function single(read: Read, convert: Converter, wantsList: boolean): ReadValue {
  return (record, results, country) => {
    const raw = read(record, results);
    return raw === undefined || raw === null || raw === ''
      ? (raw as Empty)
      : convertOne(raw, convert, wantsList, country);
  };
}

/** `""` when nothing is left of the value. A list for a field of one value gives its first filled entry. */
function convertOne(raw: unknown, convert: Converter, wantsList: boolean, country: string | undefined): FieldValue {
  if (Array.isArray(raw)) {
    if (raw.length === 0) return '';
    if (!wantsList) {
      const first = raw.find((item) => item !== null && item !== undefined && item !== '') as unknown;
      return first === undefined ? '' : (convert(first, country) ?? '');
    }
  }
  return convert(raw, country) ?? '';
}

function joiner(sources: readonly SourceRead[], convert: Converter, between: string): ReadValue {
  const reads = sources.map((source) => source.read);
  return (record, results, country) => {
    const parts: string[] = [];
    let empty: Empty;
    for (const read of reads) {
      const raw = read(record, results);
      if (raw === undefined || raw === null) {
        if (empty === undefined) empty = raw;
        continue;
      }
      if (typeof raw === 'object') return { problem: 'not_text' };
      const text = cleanText(scalarText(raw));
      if (text === '') empty = '';
      else parts.push(text);
    }
    // join() makes one flat text; a text that grows piece by piece costs its next reader more.
    return parts.length === 0 ? empty : (convert(parts.join(between), country) ?? '');
  };
}

/**
 * A source without a status, but with a day on which the employment ends: T from the day after it, A until then. An end before the last
 * hire is that of an earlier employment. An end date that can't be read decides nothing, and a status that the table takes for no answer
 * (null) makes no one active.
 */
export function orEndDate(
  read: ReadValue,
  { sources: statuses, endDates }: Pick<FieldSources, 'sources' | 'endDates'>,
  shared: Pick<Shared, 'today' | 'lastHire'>,
): ReadValue {
  const today = shared.today();
  return (record, results, country) => {
    const status = read(record, results, country);
    if (status !== undefined && status !== null && status !== '') return status;
    const word = statuses
      .map(({ read }) => read(record, results))
      .map((raw) => (typeof raw === 'object' ? '' : cleanText(scalarText(raw))))
      .find((text) => text !== '');
    const active = word === undefined ? 'A' : { problem: 'unknown_status' as const, value: showCode(word) };
    for (const source of endDates) {
      const raw = source.read(record, results);
      if (raw === undefined || raw === null || raw === '') continue;
      const text = typeof raw === 'string' ? cleanText(raw) : '';
      if (isNoDate(text)) continue;
      const day = toDay(text);
      if (day === undefined) return { problem: 'not_a_date' };
      const hired = shared.lastHire?.(record, results, undefined);
      const earlier = typeof hired === 'string' && day < hired;
      return day.slice(0, 10) < today && !earlier ? 'T' : active;
    }
    return active;
  };
}

/** Where the country isn't the one that is sent, it is read from its own place. */
export function withCountry(
  read: ReadValue,
  countries: readonly SourceRead[],
  table: CountryTable | undefined,
): ReadValue {
  if (countries.length === 0) return read;
  return (record, results) => {
    for (const source of countries) {
      const raw = source.read(record, results);
      if (typeof raw === 'string' && raw.trim() !== '') return read(record, results, table?.(cleanText(raw)));
    }
    return read(record, results, undefined);
  };
}
