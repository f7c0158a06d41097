/** One field's way from record to user, as one closure. */

import type { Fault } from '../types.ts';
import { hrisPrefix, type UserField, type ValueType } from '../user.ts';
import { type Converter, type ConvertOptions, converterFor, isProblem, type Shortcut, shortcutFor } from './convert.ts';
import { dateFormat, type ZoneRule } from './dates.ts';
import { type Draw, type Drawn, drawer, listTypes, orEndDate, withCountry, withLookup } from './draw.ts';
import { emptyPolicy, type WhenEmpty } from './empty.ts';
import { faultOf, type MappingFault } from './faults.ts';
import type { NamedRule, TransformName } from './rule.ts';
import { failed, type SourceRead } from './source.ts';

export interface CompiledField {
  readonly field: UserField;
  readonly named: NamedRule;
  readonly sources: readonly SourceRead[];
  /** The value as it would be sent, or why there is none. */
  readonly draw: Draw;
  /** What is sent for each way of being empty; undefined: the field is left out. */
  readonly whenEmpty: WhenEmpty;
  /** Draws and writes: the value or its stand-in into the user, a problem to the notes. */
  readonly run: (
    record: Record<string, unknown>,
    user: Record<string, unknown>,
    notes: Fault[],
    worked: readonly unknown[],
  ) => void;
  /** The same for the common cases, spelled out: a text under one key that the shortcut takes; no value, which leaves the field out. */
  readonly direct?: { readonly key: string; readonly shortcut: Shortcut; readonly leavesOutEmpty: boolean };
}

export interface Shared {
  readonly zone: ZoneRule;
  readonly clearWith: 'null' | 'empty';
  /** `YYYY-MM-DD` of the run, for end dates. */
  readonly today: () => string;
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
  const transformed =
    rule.transform === undefined ? [] : typeof rule.transform === 'string' ? [rule.transform] : rule.transform;
  const options: ConvertOptions = {
    zone: shared.zone,
    ...(format ? { format } : {}),
    ...(rule.true_values ? { trueValues: rule.true_values } : {}),
    ...(rule.false_values ? { falseValues: rule.false_values } : {}),
    ...(shared.countries ? { countries: shared.countries } : {}),
    ...(shared.subdivisions ? { subdivisions: shared.subdivisions } : {}),
    transforms: transformed.map((name) => transforms[name]),
    sensitive,
  };
  const converter = converterFor(type, options);
  const lookup = rule.lookup && withLookup(rule, field, converter, sensitive, named, faults);
  const convert = lookup?.convert ?? converter;
  const guarded: Converter =
    rule.expression === undefined ? convert : (value, country) => (value === failed ? failed : convert(value, country));
  const drawMain = drawer(from.sources, guarded, rule, type, named, faults);
  const draw = withCountry(
    from.endDates.length === 0 ? drawMain : orEndDate(drawMain, from.sources, from.endDates, shared.today()),
    from.countries,
    shared.countries,
  );
  const whenEmpty = emptyPolicy(rule, field, type, converter, named, shared.clearWith, faults);
  const slow = { field, named, sources: from.sources, draw, whenEmpty };
  const direct = rule.join === undefined && rule.const === undefined && rule.expression === undefined;
  const shortcut = direct ? (lookup ? lookup.shortcut : shortcutFor(type, options)) : undefined;
  const leavesOutEmpty =
    from.endDates.length === 0 && whenEmpty(null) === undefined && whenEmpty(undefined) === undefined;
  const key = from.sources.length === 1 ? from.sources[0]?.key : undefined;
  return {
    ...slow,
    run: runner(slow, shortcut),
    ...(shortcut && key !== undefined ? { direct: { key, shortcut, leavesOutEmpty } } : {}),
  };
}

type Slow = Omit<CompiledField, 'run' | 'direct'>;

function runner(slow: Slow, shortcut: Shortcut | undefined): CompiledField['run'] {
  const { name } = slow.field;
  const long: CompiledField['run'] = (record, user, notes, worked) =>
    write(slow, slow.draw(record, worked, (user['addressCountry'] || undefined) as string | undefined), user, notes);
  const [first] = slow.sources;
  if (!shortcut || !first) return long;
  if (slow.sources.length === 1) {
    const { read } = first;
    return (record, user, notes, worked) => {
      const raw = read(record, worked);
      if (typeof raw === 'string') {
        const value = shortcut(raw);
        if (value !== undefined) {
          user[name] = value;
          return;
        }
      }
      long(record, user, notes, worked);
    };
  }
  const reads = slow.sources.map((source) => source.read);
  return (record, user, notes, worked) => {
    for (const read of reads) {
      const raw = read(record, worked);
      if (raw === undefined || raw === null) continue;
      const value = typeof raw === 'string' ? shortcut(raw) : undefined;
      if (value === undefined) break;
      user[name] = value;
      return;
    }
    long(record, user, notes, worked);
  };
}

/** The value, its stand-in or nothing into the user; a problem to the notes. */
function write(compiled: Slow, drawn: Drawn, user: Record<string, unknown>, notes: Fault[]): void {
  if (drawn === undefined || drawn === null || drawn === '') {
    const stand = compiled.whenEmpty(drawn);
    if (stand !== undefined) user[compiled.field.name] = stand;
  } else if (isProblem(drawn)) {
    notes.push(faultOf(compiled.field.name, drawn, compiled.sources[0]?.text));
  } else {
    user[compiled.field.name] = drawn;
  }
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
