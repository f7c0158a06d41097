/**
 * A preset and the user's rules, checked once against the SCHEMA, become one function from record to Together user.
 * Everything that can be wrong with the mapping is found here, before a record is read, and reported at once.
 */

import { calendarDay } from '@ukg-together/kit/days/calendar-day';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { show } from '@ukg-together/kit/text/show';
import { fieldOf, requiredFields, type UserField } from '../model/user-fields.ts';
import type { CompiledField, Shared } from './compiled-field.ts';
import { departmentReads } from './department.ts';
import { compileField } from './field.ts';
import { assemble, type CompiledMapping, type ReadReference } from './mapper.ts';
import {
  checkListed,
  effectiveRules,
  hashesOf,
  hashOf,
  inWireOrder,
  isSensitive,
  sensitiveFault,
} from './rules/effective-rules.ts';
import type { MappingOptions } from './rules/mapping-options.ts';
import { type Preset, presetByName } from './rules/presets.ts';
import type { NamedRule } from './rules/rule.ts';
import { isListed } from './rules/sensitive.ts';
import { type Context, expressionRead, pathReads, type SourceRead } from './source.ts';
import { loadCountries, loadSubdivisions } from './values/codes.ts';
import { loadZone } from './values/dates.ts';
import type { MappingFault } from './values/faults.ts';

export type { CompiledMapping, MappingStep } from './mapper.ts';

/** Compiles, or throws one `settings` error that lists every fault by path, with those that the caller has found beside the rules. */
export async function compileMapping(
  options: MappingOptions,
  others: readonly MappingFault[] = [],
): Promise<CompiledMapping> {
  const checked = await checkMapping(options);
  const faults = [...checked.faults, ...others];
  if (faults.length === 0) return checked.mapping;
  throw mappingError(faults, options.stream);
}

export function mappingError(faults: readonly MappingFault[], stream: string | undefined): ConnectorError {
  const lines = faults.map((fault) => `  ${fault.path} ${fault.message}`);
  const count = lines.length === 1 ? 'a fault' : `${lines.length} faults`;
  const where = stream === undefined ? '' : ` for stream ${show(stream)}`;
  return new ConnectorError('settings', said`The mapping${where} has ${count}:\n${lines.join('\n')}`, {
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
  const lacking: { field: string; tried: string[] }[] = [];
  const listed = options.sensitiveFields ?? [];
  const origins = options.origins ?? (() => []);
  const preset = typeof options.preset === 'string' ? presetByName(options.preset) : options.preset;
  if (typeof options.preset === 'string' && !preset)
    faults.push({ path: 'mapping.preset', message: `there is no preset ${show(options.preset)}` });

  const rules = effectiveRules(preset, options, faults);
  checkListed(listed, rules, faults, warnings);
  for (const named of rules.values()) {
    if (!isSensitive(named, origins) || isListed(named.field, listed)) continue;
    rules.delete(named.field);
    if (named.origin === 'user') faults.push(sensitiveFault(named));
    else notSent.push({ field: named.field, reason: 'sensitive: list it in sensitive_fields to send it' });
  }

  const shared = await loadShared(options, rules);
  const context: Context = {
    schema: options.schema,
    stream: options.stream ?? 'of this source',
    departmentOrgLevel: options.departmentOrgLevel ?? undefined,
    onDepartment: options.onDepartment,
    department: undefined,
    faults,
    expressions: [],
    reads: new Set(),
  };
  const compiled: CompiledField[] = [];
  for (const given of inWireOrder(rules)) {
    const field = fieldOf(given.field) as UserField;
    const before = faults.length;
    const from = await sourcesOf(given, context);
    const named = withoutStatus(given, from, preset, options.stream) ? { ...given, rule: { const: 'A' } } : given;
    const empty = from.sources.length === 0 && named.rule.const === undefined && from.endDates.length === 0;
    if (empty && faults.length === before) {
      lacking.push({ field: named.field, tried: [named.rule.from ?? []].flat() });
      notSent.push({ field: named.field, reason: `none of its sources is in stream ${show(context.stream)}` });
      const wanted = named.origin === 'preset' && isListed(named.field, listed);
      if (wanted)
        warnings.push(
          `${named.field} is listed in sensitive_fields, but stream ${show(context.stream)} does not have it: select it at the source.`,
        );
      continue;
    }
    const reads = from.sources.flatMap((source) => source.expressionReads ?? []);
    if (isSensitive(named, origins, reads) && !isListed(named.field, listed)) faults.push(sensitiveFault(named));
    if (empty) continue;
    const one = compileField(field, named, from, shared, faults);
    compiled.push(one);
    if (named.rule.match !== undefined && field.name !== 'supervisorId')
      faults.push({ path: `${named.path}.match`, message: 'is for supervisorId: no other field names a person' });
    if (one.field.name === 'lastHireDate') shared.lastHire = one.readValue;
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
  return {
    mapping: assemble(
      compiled,
      { ...context, remarks: shared.remarks, reference: referenceReader(rules.get('supervisorId'), context) },
      { preset: preset?.name, notSent, warnings, lacking, rules: hashesOf(rules), hash: hashOf(rules, options) },
    ),
    faults,
  };
}

/** A stream of active people only need not say that they are. */
const withoutStatus = (
  { field, origin }: NamedRule,
  from: { sources: readonly SourceRead[]; endDates: readonly SourceRead[] },
  preset: Preset | undefined,
  stream: string | undefined,
): boolean =>
  field === 'employeeStatusCode' &&
  origin === 'preset' &&
  from.sources.length + from.endDates.length === 0 &&
  stream !== undefined &&
  preset?.active_streams?.includes(stream) === true;

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

async function loadShared(options: MappingOptions, rules: ReadonlyMap<string, NamedRule>): Promise<Shared> {
  const types = new Set([...rules.values()].map((named) => named.rule.type ?? fieldOf(named.field)?.type));
  const [zone, countries, subdivisions] = await Promise.all([
    loadZone(types.has('datetime') ? (options.timeZone ?? 'UTC') : 'UTC'),
    types.has('country') || types.has('subdivision') ? loadCountries() : undefined,
    types.has('subdivision') ? loadSubdivisions() : undefined,
  ]);
  // Asked for by mappings with an end date only: the first formatter costs a start more than all else of a mapping.
  const today = () => calendarDay((options.now ?? Date.now)(), options.timeZone ?? 'UTC');
  return {
    zone,
    countries,
    subdivisions,
    today,
    clearWith: options.clearWith ?? 'null',
    remarks: [],
    lastHire: undefined,
  };
}

/** An address in place of the supervisor's id needs nothing but the rule; a number also each person's own. */
function referenceReader(named: NamedRule | undefined, context: Context): ReadReference | undefined {
  const { match, number_from } = named?.rule ?? {};
  if (!named || match === undefined) return undefined;
  if (match === 'email') return () => ({ match });
  const usual: NamedRule = { ...named, origin: 'preset' };
  const numbers =
    number_from === undefined
      ? pathReads(['employeeNumber', 'employee_number'], `${named.path}.number_from`, usual, context)
      : pathReads(number_from, `${named.path}.number_from`, named, context);
  return (record) => {
    for (const { read } of numbers) {
      const raw = read(record, []);
      const number = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : '';
      if (number !== '') return { match, number };
    }
    return { match };
  };
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
