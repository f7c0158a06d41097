/** One field's way from record to user, as one closure. */

import type { Fault } from '../model/person.ts';
import type { UserField } from '../model/user-fields.ts';
import type { CompiledField, FieldSources, Shared } from './compiled-field.ts';
import { emptyPolicy } from './empty-values.ts';
import { checkTypes } from './field-types.ts';
import { withLookup } from './lookup.ts';
import { drawer, orEndDate, withCountry } from './read-value.ts';
import type { NamedRule } from './rules/rule.ts';
import type { TransformName } from './rules/rule-schema.ts';
import { failed } from './source.ts';
import {
  type Converter,
  type ConvertOptions,
  converterFor,
  type Drawn,
  isProblem,
  type Shortcut,
  shortcutFor,
} from './values/convert.ts';
import { dateFormat } from './values/date-format.ts';
import { faultOf, type MappingFault } from './values/faults.ts';

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
