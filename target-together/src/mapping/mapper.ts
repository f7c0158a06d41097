/** The compiled fields as one function from record to user, and as the story of one record. */

import type { Fault, Mapped, Reference, Remark, RemarkCode, TogetherUser } from '../model/person.ts';
import { displayName } from '../model/text/display-name.ts';
import { requiredFields } from '../model/user-fields.ts';
import type { CompiledField } from './compiled-field.ts';
import type { Empty, FieldValue } from './values/convert.ts';
import { isProblem } from './values/convert.ts';
import { faultOf } from './values/faults.ts';

/** How one field came about, for `explain`. `value` and `read` hold personal data. */
export interface MappingStep {
  readonly field: string;
  /** The rule's origin and place, e.g. `preset ukg-pro` or `mapping.fields.title`. */
  readonly rule: string;
  readonly read: readonly { readonly source: string; readonly value: unknown }[];
  readonly outcome: 'sent' | 'left_out' | 'cleared' | 'fault';
  readonly value?: unknown;
  readonly fault?: Fault;
  /** What is odd about the value. */
  readonly remark?: RemarkCode;
}

export interface CompiledMapping {
  /** A promise only when the mapping has expressions. */
  map(record: Record<string, unknown>): Mapped | Promise<Mapped>;
  explain(
    record: Record<string, unknown>,
  ): Promise<{ readonly steps: readonly MappingStep[]; readonly mapped: Mapped }>;
  /** Together fields that may be written, in the order on the wire. */
  readonly fields: readonly string[];
  /** Where each of them comes from, for people: field, its rule, its sources. */
  readonly plan: readonly {
    readonly field: string;
    readonly rule: string;
    readonly sources: readonly string[];
    readonly types: readonly string[];
  }[];
  /** Name of the preset; undefined: the user's rules alone. */
  readonly preset: string | undefined;
  /** Fields of the preset that this stream can't fill, or that are not listed as sensitive. */
  readonly notSent: readonly { readonly field: string; readonly reason: string }[];
  /** Of the rules that may write a field or could, by field: a hash. Equal hashes, equal rules. */
  readonly rules: Readonly<Record<string, string>>;
  /** Fields of which the stream has no source, with the paths that were tried. */
  readonly lacking: readonly { readonly field: string; readonly tried: readonly string[] }[];
  /** Top-level source fields that are read. */
  readonly reads: readonly string[];
  /** Stable over key order, restarts and machines; moves when any rule or option that changes a value moves. */
  readonly hash: string;
  readonly warnings: readonly string[];
}

const nothing: readonly unknown[] = [];

/** How the record's manager is named, and the person's own number. */
export type ReadReference = (record: Record<string, unknown>) => Reference;

/** What the fields read, and the expressions they share. */
export interface AssembleContext {
  readonly expressions: readonly ((record: Record<string, unknown>) => Promise<unknown>)[];
  readonly reads: ReadonlySet<string>;
  /** Where the fields put their remarks on the record at hand. */
  readonly remarks: Remark[];
  /** undefined: managers are named by employeeId. */
  readonly reference: ReadReference | undefined;
}

export function assemble(
  compiled: readonly CompiledField[],
  context: AssembleContext,
  rest: Pick<CompiledMapping, 'preset' | 'notSent' | 'warnings' | 'hash' | 'rules' | 'lacking'>,
): CompiledMapping {
  const { expressions, remarks, reference } = context;
  const applies = compiled.map((field) => field.apply);
  const mapWith = (record: Record<string, unknown>, results: readonly unknown[]): Mapped => {
    const user: Record<string, unknown> = {};
    const notes: Fault[] = [];
    if (remarks.length > 0) remarks.length = 0;
    for (const apply of applies) apply(record, user, notes, results);
    const judged = judge(user as unknown as TogetherUser, notes, compiled);
    const mapped = reference && judged.kind === 'user' ? { ...judged, reference: reference(record) } : judged;
    return remarks.length > 0 && mapped.kind === 'user' ? { ...mapped, remarks: [...remarks] } : mapped;
  };
  const evaluateAll = (record: Record<string, unknown>) => Promise.all(expressions.map((evaluate) => evaluate(record)));
  return {
    ...rest,
    map:
      expressions.length === 0
        ? (record) => mapWith(record, nothing)
        : async (record) => mapWith(record, await evaluateAll(record)),
    async explain(record) {
      const results = await evaluateAll(record);
      const mapped = mapWith(record, results);
      let country: string | undefined;
      const steps = compiled.map((field) => {
        remarks.length = 0;
        const value = field.readValue(record, results, country);
        // Before its subdivision, as in the run.
        if (field.field.name === 'addressCountry' && !isProblem(value)) {
          const sent = isEmpty(value) ? field.whenEmpty(value as Empty) : value;
          country = (sent || undefined) as string | undefined;
        }
        const remark = remarks[0]?.code;
        return { ...stepOf(field, value, field.named.path, record, results), ...(remark ? { remark } : {}) };
      });
      return { steps, mapped };
    },
    fields: compiled.map((field) => field.field.name),
    plan: compiled.map((field) => ({
      field: field.field.name,
      rule: field.named.path,
      sources:
        field.named.rule.const === undefined
          ? field.sources.map((source) => source.text)
          : [`const ${JSON.stringify(field.named.rule.const)}`],
      types: [...new Set(field.sources.flatMap((source) => [...source.types]))],
    })),
    reads: [...context.reads].sort(),
  };
}

function stepOf(
  field: CompiledField,
  value: FieldValue,
  rule: string,
  record: Record<string, unknown>,
  results: readonly unknown[],
): MappingStep {
  const read = field.sources.map((source) => ({ source: source.text, value: source.read(record, results) }));
  const step = {
    field: field.field.name,
    rule,
    read: read.map((one) => (isProblem(one.value) && 'problem' in one.value ? { ...one, value: undefined } : one)),
  };
  if (isProblem(value))
    return { ...step, outcome: 'fault', fault: faultOf(field.field.name, value, field.sources[0]?.text) };
  if (value !== undefined && value !== null && value !== '') return { ...step, outcome: 'sent', value };
  const standIn = field.whenEmpty(value);
  if (standIn === undefined) return { ...step, outcome: 'left_out' };
  return { ...step, outcome: standIn === null || standIn === '' ? 'cleared' : 'sent', value: standIn };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Spelled out, since every person passes here; a test holds it to the table of required fields. */
const isComplete = (user: TogetherUser): boolean =>
  !!(user.employeeId && user.employeeStatusCode && user.email && user.firstName && user.lastName);

/**
 * A person without a required field can't be sent. A leaver can: HRIS systems often empty the e-mail address of a leaver,
 * and a person who isn't sent keeps access. Together patches the record it has; `patchOnly` says why it may not make a new one.
 */
function judge(user: TogetherUser, notes: Fault[], compiled: readonly CompiledField[]): Mapped {
  if (isComplete(user)) return { kind: 'user', user, notes };
  const missing = requiredFields.filter((name) => isEmpty(user[name]));
  if (missing.length === 0) return { kind: 'user', user, notes };
  const faults = missing.flatMap((name) => {
    const own = notes.filter((note) => note.field === name);
    if (own.length > 0) return own;
    return [faultOf(name, { problem: 'missing' }, compiled.find((one) => one.field.name === name)?.sources[0]?.text)];
  });
  const id = isEmpty(user.employeeId) ? undefined : user.employeeId;
  const others = notes.filter((note) => !faults.includes(note));
  if (user.employeeStatusCode !== 'T' || id === undefined)
    return {
      kind: 'invalid',
      id,
      faults: [...faults, ...others],
      name: displayName(user),
      ...(id === undefined && user.email ? { email: user.email } : {}),
    };
  for (const name of missing) delete user[name];
  return { kind: 'user', user, notes: others, patchOnly: faults };
}
