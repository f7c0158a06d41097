/** People of the sandbox's employer as the records of a tap: each value where the tap's preset looks for it first. */
import { countingEmployment, type ExpectedPerson, expectedUsers } from '@ukg-together/sandbox/expected';
import type { World } from '@ukg-together/sandbox/world';
import type { Step } from '../../mapping/paths/parse-path.ts';
import { parsePath } from '../../mapping/paths/path.ts';
import type { Preset } from '../../mapping/rules/presets.ts';
import type { Settings } from '../../settings/settings.ts';

export type Values = Record<string, string | null>;
type Json = Record<string, unknown>;

interface Rule {
  readonly from?: string | readonly string[];
  readonly lookup?: Readonly<Record<string, unknown>>;
  readonly org_level?: string;
  readonly transform?: unknown;
}

/** Whether the source has a status for people on leave; without one they come as active. */
export const knowsLeave = ({ fields }: Preset): boolean => {
  const { lookup = { L: 'L' } } = ruleOf(fields['employeeStatusCode']);
  return Object.values(lookup).includes('L');
};

export interface Source {
  readonly preset: Preset;
  readonly stream: string;
  readonly settings: Pick<Settings, 'mapping' | 'hris_fields' | 'filters'>;
}

export const ruleOf = (given: unknown): Rule =>
  typeof given === 'string' || Array.isArray(given) ? { from: given } : ((given ?? {}) as Rule);
export const pathsOf = ({ from = [] }: Rule): readonly string[] => (typeof from === 'string' ? [from] : from);

/** What each person's row holds: what Together should hold, with the row's own dates, status, address and supervisor. */
export function valuesOf(world: World, { employeeId, user }: ExpectedPerson): Values {
  const person = world.find(employeeId);
  const job = person && countingEmployment(world, person);
  if (!person || !job) return user;
  const day = (text: string | null) => text?.slice(0, 10) ?? null;
  return {
    ...user,
    email: person.email,
    supervisorId: job.supervisor,
    officeAddress: user['officeAddress']?.split(',')[0] ?? null,
    originalHireDate: day(job.originalHire),
    lastHireDate: day(job.lastHire),
    dateInJob: day(job.dateInJob),
    dateOfTermination: day(job.termination),
    dateOfBirth: day(person.dateOfBirth),
    gender: person.gender,
    employeeNumber: job.employeeNumber,
    alternateEmails: person.alternateEmail ?? `private.${person.index}@mail.example.net`,
    formerName: person.formerName ?? `Former${person.index}`,
    seniority: day(job.seniority),
    userName: person.userName,
    city: 'Springfield',
    company: world.tables.companies[job.company]?.id ?? null,
    code: job.status,
  };
}

/** What a column that no preset names holds, by the words in its name. */
const columns: readonly (readonly [RegExp, string])[] = [
  [/(altern|personal|private|home).*mail|mail.*(altern|personal|private|home)/i, 'alternateEmails'],
  [/(supervisor|manager).*mail/i, 'supervisorEmail'],
  [/(supervisor|manager).*(first|last|full)?name/i, 'supervisorName'],
  [/former|maiden/i, 'formerName'],
  [/number$/i, 'employeeNumber'],
  [/compan/i, 'company'],
  [/seniority|benefit/i, 'seniority'],
  [/birth/i, 'dateOfBirth'],
  [/first.?name|given/i, 'firstName'],
  [/last.?name|family|surname/i, 'lastName'],
  [/country/i, 'addressCountry'],
  [/(^|[a-z])city$/i, 'city'],
  // A login name, as UKG Pro has one; in other taps such a column may hold the address.
  [/^userName$/, 'userName'],
  [/employeeType/i, 'employeeTypeCode'],
];

export function recordOf(values: Values, { preset, settings }: Source): Json {
  const record: Json = {};
  for (const [field, given] of Object.entries(preset.fields)) {
    const rule = ruleOf(given);
    const [path] = rule.org_level ? [field === 'departmentId' ? 'departmentCode' : field] : pathsOf(rule);
    if (path !== undefined) write(record, path, coded(values, field, rule, preset));
  }
  const own = settings.mapping as { fields?: Json };
  for (const [field, given] of Object.entries({ ...own.fields, ...settings.hris_fields }))
    for (const path of pathsOf(ruleOf(given))) {
      const column = columns.find(([words]) => words.test(path))?.[1];
      write(
        record,
        path,
        values[column ?? field] ?? (field in values ? null : `${path}-${values['employeeId']}`),
        false,
      );
    }
  for (const filter of settings.filters) {
    const column = columns.find(([words]) => words.test(filter.field))?.[1];
    write(record, filter.field, column ? (values[column] ?? null) : (filter.in?.[0] ?? null), false);
  }
  return record;
}

/** The code that the preset's own table translates into the value; of UKG Pro, the very code of the row. */
function coded(values: Values, field: string, { lookup, transform }: Rule, preset: Preset): string | null {
  const value = values[field] ?? null;
  if (value === null) return null;
  if (transform === 'last_path_segment') return `https://hris.example/people/${value}`;
  if (!lookup) return value;
  if (preset.name === 'ukg-pro' && field === 'employeeStatusCode') return values['code'] ?? value;
  const keyOf = (wanted: string) => Object.entries(lookup).find(([, meaning]) => meaning === wanted)?.[0];
  return keyOf(value) ?? (value === 'L' ? keyOf('A') : undefined) ?? value;
}

/** Puts a value where a path would find it. `over`: false leaves what stands there. */
function write(record: Json, text: string, value: unknown, over = true): void {
  const path = parsePath(text);
  if (typeof path === 'string') return;
  let at: Json | unknown[] = record;
  for (const [index, step] of path.steps.entries()) {
    const next = path.steps[index + 1];
    const key = step.kind === 'key' ? step.key : placeOf(at as unknown[], step);
    const here = at as Record<string | number, unknown>;
    if (!next) {
      if (over || !(key in here)) here[key] = value;
      return;
    }
    if (typeof here[key] !== 'object' || here[key] === null) {
      if (!over && key in here) return;
      here[key] = next.kind === 'key' ? {} : [];
    }
    at = here[key] as Json | unknown[];
  }
}

function placeOf(list: unknown[], step: Exclude<Step, { kind: 'key' }>): number {
  if (step.kind !== 'where') return 0;
  const words: Record<string, unknown> = { true: true, false: false, null: null };
  const wanted = step.equals in words ? words[step.equals] : step.equals;
  const keys = step.path.map((each) => (each.kind === 'key' ? each.key : ''));
  const read = (item: unknown) => keys.reduce((inner: unknown, key) => (inner as Json | undefined)?.[key], item);
  const found = list.findIndex((item) => read(item) === wanted);
  if (found >= 0) return found;
  const made = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), wanted);
  const blank = list.findIndex((item) => read(item) === undefined);
  if (blank < 0) return list.push(made) - 1;
  Object.assign(list[blank] as object, made);
  return blank;
}

/** A complete read of everybody, as messages; and what each person's row holds. */
export function readOf(world: World, source: Source): { records: Json[]; values: Map<string, Values> } {
  const people = expectedUsers(world, { sensitiveFields: ['dateOfBirth', 'gender'] });
  const values = new Map([...people].map(([id, person]) => [id, valuesOf(world, person)]));
  for (const each of values.values()) {
    const boss = values.get(each['supervisorId'] ?? '');
    each['supervisorName'] = boss ? `${boss['firstName']} ${boss['lastName']}` : null;
    each['supervisorEmail'] = boss?.['email'] ?? null;
  }
  return { records: [...values.values()].map((each) => recordOf(each, source)), values };
}
