/**
 * A preset and the user's rules, checked once against the SCHEMA, become one function from record to Together user.
 * Everything that can be wrong with the mapping is found here, before a record is read, and told at once.
 */
import { createHash } from 'node:crypto';
import { ConnectorError } from '@ukg-together/protocol/error';
import { show } from '@ukg-together/protocol/show';
import type { JsonSchema } from '@ukg-together/protocol/stream';
import { didYouMean } from '@ukg-together/protocol/suggest';
import type { Fault, Mapped, TogetherUser } from '../types.ts';
import { fieldOf, hrisPrefix, requiredFields, type UserField, userFields } from '../user.ts';
import { loadCountries, loadSubdivisions } from './codes.ts';
import { isProblem } from './convert.ts';
import { loadZone } from './dates.ts';
import type { Drawn } from './draw.ts';
import { faultOf, type MappingFault } from './faults.ts';
import { type CompiledField, compileField, type Shared } from './field.ts';
import { type Preset, presetByName } from './presets.ts';
import { checkField, flattenRules, type NamedRule, parseRule } from './rule.ts';
import { isListed, readsSensitive } from './sensitive.ts';
import { type Context, departmentReads, expressionRead, pathReads, type SourceRead } from './source.ts';
import { unrolled } from './unroll.ts';

export interface MappingOptions {
  /** A preset, or its name; undefined: the user's rules alone. */
  readonly preset?: Preset | string | undefined;
  /** The `mapping` setting: `{ preset, stream, fields }`; only `fields` is read here. */
  readonly mapping?: unknown;
  /** The `hris_fields` setting. */
  readonly hrisFields?: unknown;
  /** The `sensitive_fields` setting. */
  readonly sensitiveFields?: readonly string[];
  /** The stream's SCHEMA; without it, only what can be told without it is checked. */
  readonly schema?: JsonSchema | undefined;
  readonly stream?: string;
  readonly departmentOrgLevel?: number | null;
  /** IANA zone of date-times that come without one. */
  readonly timeZone?: string;
  readonly clearWith?: 'null' | 'empty';
  /** Milliseconds since 1970; decides whether an end date has passed. */
  readonly now?: () => number;
}

/** How one field came about, for `explain`. `value` and `read` hold personal data. */
export interface MappingStep {
  readonly field: string;
  /** The rule's origin and place, e.g. `preset ukg-pro` or `mapping.fields.title`. */
  readonly rule: string;
  readonly read: readonly { readonly source: string; readonly value: unknown }[];
  readonly outcome: 'sent' | 'left_out' | 'cleared' | 'fault';
  readonly value?: unknown;
  readonly fault?: Fault;
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
  /** Fields of the preset that this stream can't fill, or that are not listed as sensitive. */
  readonly notSent: readonly { readonly field: string; readonly reason: string }[];
  /** Top-level source fields that are read. */
  readonly reads: readonly string[];
  /** Stable over key order, restarts and machines; moves when any rule or option that changes a value moves. */
  readonly hash: string;
  readonly warnings: readonly string[];
}

/** Compiles, or throws one `settings` error that lists every fault by path. */
export async function compileMapping(options: MappingOptions): Promise<CompiledMapping> {
  const checked = await checkMapping(options);
  if (checked.faults.length === 0) return checked.mapping;
  throw mappingError(checked.faults, options.stream);
}

export function mappingError(faults: readonly MappingFault[], stream: string | undefined): ConnectorError {
  const lines = faults.map((fault) => `  ${fault.path} ${fault.message}`);
  const count = lines.length === 1 ? 'a fault' : `${lines.length} faults`;
  const where = stream === undefined ? '' : ` for stream ${show(stream)}`;
  return new ConnectorError('settings', `The mapping${where} has ${count}:\n${lines.join('\n')}`, {
    hint: 'See what a stream offers with: target-together mapping suggest --catalog FILE',
    ...(stream === undefined ? {} : { stream }),
  });
}

/** The same, with the faults as data. A mapping with faults must not be used to send. */
export async function checkMapping(
  options: MappingOptions,
): Promise<{ mapping: CompiledMapping; faults: readonly MappingFault[] }> {
  const faults: MappingFault[] = [];
  const warnings: string[] = [];
  const notSent: { field: string; reason: string }[] = [];
  const listed = options.sensitiveFields ?? [];
  const preset = typeof options.preset === 'string' ? presetByName(options.preset) : options.preset;
  if (typeof options.preset === 'string' && !preset)
    faults.push({ path: 'mapping.preset', message: `there is no preset ${show(options.preset)}` });

  const rules = effectiveRules(preset, options, faults);
  for (const named of rules.values()) {
    const fault = sensitivityOf(named, listed);
    if (fault === 'fine') continue;
    rules.delete(named.field);
    if (named.origin === 'preset')
      notSent.push({ field: named.field, reason: 'sensitive: list it in sensitive_fields to send it' });
    else
      faults.push({
        path: named.path,
        message: `would send ${named.field}, which is sensitive: add "${named.field}" to sensitive_fields, or remove the rule`,
      });
  }
  checkListed(listed, rules, faults, warnings);

  const shared = await loadShared(options, rules);
  const context: Context = {
    schema: options.schema,
    stream: options.stream ?? 'of this source',
    departmentOrgLevel: options.departmentOrgLevel ?? undefined,
    faults,
    expressions: [],
    reads: new Set(),
  };
  const compiled: CompiledField[] = [];
  for (const named of inWireOrder(rules)) {
    const field = fieldOf(named.field) as UserField;
    const before = faults.length;
    const from = await sourcesOf(named, context);
    const empty = from.sources.length === 0 && named.rule.const === undefined && from.endDates.length === 0;
    if (empty && faults.length === before) {
      notSent.push({ field: named.field, reason: `none of its sources is in stream ${show(context.stream)}` });
      const wanted = named.origin === 'preset' && isListed(named.field, listed);
      if (wanted)
        warnings.push(
          `${named.field} is listed in sensitive_fields, but stream ${show(context.stream)} does not have it: select it at the source.`,
        );
      continue;
    }
    if (!empty) compiled.push(compileField(field, named, from, shared, faults));
  }
  for (const name of requiredFields) {
    const given =
      compiled.some((one) => one.field.name === name) ||
      faults.some((fault) => fault.path.startsWith(`mapping.fields.${name}`));
    if (!given)
      faults.push({
        path: `mapping.fields.${name}`,
        message: requiredSentence(name, preset, context),
        code: 'required_unmapped',
      });
  }
  return { mapping: assemble(compiled, context, { notSent, warnings, hash: hashOf(rules, options) }), faults };
}

function requiredSentence(name: string, preset: Preset | undefined, context: Context): string {
  const from = preset?.fields[name];
  const tried =
    typeof from === 'string'
      ? from
      : JSON.stringify((from as { from?: unknown } | undefined)?.from ?? '').slice(0, 200);
  const why =
    from === undefined
      ? 'nothing is mapped to it'
      : `stream ${show(context.stream)} has none of the preset's sources (${tried})`;
  return `is required by Together, and ${why}: map it`;
}

/** The preset's rules with the user's over them; null removes. */
function effectiveRules(
  preset: Preset | undefined,
  options: MappingOptions,
  faults: MappingFault[],
): Map<string, NamedRule> {
  const rules = new Map<string, NamedRule>();
  for (const [field, given] of Object.entries(preset?.fields ?? {})) {
    const path = `preset ${preset?.name}`;
    const rule = parseRule(given, `${path}: ${field}`, faults);
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

function sensitivityOf(named: NamedRule, listed: readonly string[]): 'fine' | 'sensitive' {
  const { rule, field } = named;
  const from = rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from;
  const smuggled = field.startsWith(hrisPrefix) && from.some(readsSensitive);
  const sensitive = fieldOf(field)?.sensitive === true || rule.sensitive === true || smuggled;
  return !sensitive || isListed(field, listed) ? 'fine' : 'sensitive';
}

function checkListed(
  listed: readonly string[],
  rules: ReadonlyMap<string, NamedRule>,
  faults: MappingFault[],
  warnings: string[],
): void {
  const standard = userFields.filter((field) => field.sensitive).map((field) => field.name);
  const known = [...standard, ...[...rules.keys()].filter((field) => field.startsWith(hrisPrefix))];
  for (const [index, name] of listed.entries()) {
    if (known.some((field) => isListed(field, [name]))) {
      if (!rules.has(name) && standard.includes(name))
        warnings.push(`${name} is listed in sensitive_fields, but nothing is mapped to it.`);
      continue;
    }
    const ordinary = fieldOf(name) && !name.startsWith(hrisPrefix);
    if (ordinary) warnings.push(`${name} in sensitive_fields has no effect: it is no sensitive field.`);
    else
      faults.push({
        path: `sensitive_fields[${index}]`,
        message: `${show(name)} is neither dateOfBirth, gender nor a mapped custom field${didYouMean(name, known)}`,
      });
  }
}

async function loadShared(options: MappingOptions, rules: ReadonlyMap<string, NamedRule>): Promise<Shared> {
  const types = new Set([...rules.values()].map((named) => named.rule.type ?? fieldOf(named.field)?.type));
  const [zone, countries, subdivisions] = await Promise.all([
    loadZone(types.has('datetime') ? (options.timeZone ?? 'UTC') : 'UTC'),
    types.has('country') || types.has('subdivision') ? loadCountries() : undefined,
    types.has('subdivision') ? loadSubdivisions() : undefined,
  ]);
  const today = new Date((options.now ?? Date.now)()).toLocaleDateString('sv-SE', {
    timeZone: options.timeZone ?? 'UTC',
  });
  return { zone, countries, subdivisions, today, clearWith: options.clearWith ?? 'null' };
}

async function sourcesOf(
  named: NamedRule,
  context: Context,
): Promise<{ sources: SourceRead[]; endDates: SourceRead[]; countries: SourceRead[] }> {
  const { rule, path } = named;
  const reads = (paths: string | readonly string[] | undefined, key: string) =>
    paths === undefined ? [] : pathReads(paths, `${path}.${key}`, named, context);
  const sources = rule.org_level === undefined ? reads(rule.from, 'from') : departmentReads(rule.org_level, context);
  if (rule.expression !== undefined) {
    const read = await expressionRead(rule.expression, named, context);
    if (read) sources.push(read);
  }
  return { sources, endDates: reads(rule.end_date, 'end_date'), countries: reads(rule.country_from, 'country_from') };
}

function inWireOrder(rules: ReadonlyMap<string, NamedRule>): NamedRule[] {
  const order = new Map(userFields.map((field, index) => [field.name, index]));
  const place = (name: string) => order.get(name) ?? userFields.length;
  return [...rules.values()].sort((a, b) => place(a.field) - place(b.field) || (a.field < b.field ? -1 : 1));
}

/** Key order aside, the same rules give the same hash. */
function hashOf(rules: ReadonlyMap<string, NamedRule>, options: MappingOptions): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
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

const nothing: readonly unknown[] = [];

function assemble(
  compiled: readonly CompiledField[],
  context: Context,
  rest: Pick<CompiledMapping, 'notSent' | 'warnings' | 'hash'>,
): CompiledMapping {
  const run = unrolled(compiled);
  const draw = (record: Record<string, unknown>, worked: readonly unknown[]): Mapped => {
    const user: Record<string, unknown> = {};
    const notes: Fault[] = [];
    run(record, user, notes, worked);
    return judge(user as unknown as TogetherUser, notes, compiled);
  };
  const { expressions } = context;
  const work = (record: Record<string, unknown>) => Promise.all(expressions.map((evaluate) => evaluate(record)));
  const label = ({ named }: CompiledField) =>
    named.origin === 'preset' ? `${named.path}: ${named.field}` : named.path;
  return {
    ...rest,
    map:
      expressions.length === 0 ? (record) => draw(record, nothing) : async (record) => draw(record, await work(record)),
    async explain(record) {
      const worked = await work(record);
      const mapped = draw(record, worked);
      const country = mapped.kind === 'user' ? mapped.user.addressCountry : undefined;
      const steps = compiled.map((field) => {
        const drawn = field.draw(record, worked, typeof country === 'string' ? country : undefined);
        return stepOf(field, drawn, label(field), record, worked);
      });
      return { steps, mapped };
    },
    fields: compiled.map((field) => field.field.name),
    plan: compiled.map((field) => ({
      field: field.field.name,
      rule: label(field),
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
  drawn: Drawn,
  rule: string,
  record: Record<string, unknown>,
  worked: readonly unknown[],
): MappingStep {
  const read = field.sources.map((source) => ({ source: source.text, value: source.read(record, worked) }));
  const step = {
    field: field.field.name,
    rule,
    read: read.map((one) => (isProblem(one.value) && 'problem' in one.value ? { ...one, value: undefined } : one)),
  };
  if (isProblem(drawn))
    return { ...step, outcome: 'fault', fault: faultOf(field.field.name, drawn, field.sources[0]?.text) };
  if (drawn !== undefined && drawn !== null && drawn !== '') return { ...step, outcome: 'sent', value: drawn };
  const stand = field.whenEmpty(drawn);
  if (stand === undefined) return { ...step, outcome: 'left_out' };
  return { ...step, outcome: stand === null || stand === '' ? 'cleared' : 'sent', value: stand };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Spelled out, since every person passes here; a test holds it to the table of required fields. */
const isComplete = (user: TogetherUser): boolean =>
  !(
    isEmpty(user.employeeId) ||
    isEmpty(user.employeeStatusCode) ||
    isEmpty(user.email) ||
    isEmpty(user.firstName) ||
    isEmpty(user.lastName)
  );

/**
 * A person without a required field can't be sent. A leaver can: HRIS systems often empty the e-mail address of whom they let go,
 * and whoever isn't sent keeps access. Together patches the record it has; `patchOnly` says why it may not make a new one.
 */
function judge(user: TogetherUser, notes: Fault[], compiled: readonly CompiledField[]): Mapped {
  if (isComplete(user)) return { kind: 'user', user, notes };
  const missing = requiredFields.filter((name) => isEmpty(user[name]));
  const faults = missing.flatMap((name) => {
    const own = notes.filter((note) => note.field === name);
    if (own.length > 0) return own;
    return [faultOf(name, { problem: 'missing' }, compiled.find((one) => one.field.name === name)?.sources[0]?.text)];
  });
  const id = isEmpty(user.employeeId) ? undefined : user.employeeId;
  const others = notes.filter((note) => !faults.includes(note));
  if (user.employeeStatusCode !== 'T' || id === undefined)
    return { kind: 'invalid', id, faults: [...faults, ...others] };
  for (const name of missing) delete user[name];
  return { kind: 'user', user, notes: others, patchOnly: faults };
}
