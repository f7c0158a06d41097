import type { Fault, Remark } from '../model/person.ts';
import type { UserField } from '../model/user-fields.ts';
import type { WhenEmpty } from './empty-values.ts';
import type { NamedRule } from './rules/rule.ts';
import type { SourceRead } from './source.ts';
import type { ConvertOptions, ReadValue } from './values/convert.ts';
import type { ZoneRule } from './values/dates.ts';

export interface CompiledField {
  readonly field: UserField;
  readonly named: NamedRule;
  readonly sources: readonly SourceRead[];
  /** The value as it would be sent, or why there is none. */
  readonly readValue: ReadValue;
  /** What is sent for each way of being empty; undefined: the field is left out. */
  readonly whenEmpty: WhenEmpty;
  /** Reads and writes: the value or its stand-in into the user, a problem into the notes. */
  readonly apply: (
    record: Record<string, unknown>,
    user: Record<string, unknown>,
    notes: Fault[],
    results: readonly unknown[],
  ) => void;
}

export interface Shared {
  readonly zone: ZoneRule;
  readonly clearWith: 'null' | 'empty';
  /** What the fields of the record at hand remark; emptied by who maps the next one. */
  readonly remarks: Remark[];
  /** `YYYY-MM-DD` of the run, for end dates. */
  readonly today: () => string;
  /** How lastHireDate is read, once it is compiled: an end before it is that of an earlier employment. */
  lastHire: ReadValue | undefined;
  readonly countries: ConvertOptions['countries'];
  readonly subdivisions: ConvertOptions['subdivisions'];
}

export interface FieldSources {
  readonly sources: readonly SourceRead[];
  readonly endDates: readonly SourceRead[];
  readonly countries: readonly SourceRead[];
}
