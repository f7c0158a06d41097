/** What the numbers of one read suggest for the settings, each with its reason. */
import { counted } from '@ukg-together/kit/text/show';
import { readsSensitive } from '../../mapping/rules/sensitive.ts';
import type { MappingCheck } from '../../mapping/tools/check-catalog.ts';
import { partsPeople } from '../../mapping/tools/suggest.ts';
import { personalPart, privatePart } from '../../mapping/tools/synonyms.ts';
import { type FieldCount, labelIn, type StreamCount } from './people-read.ts';

type Filter = { readonly name: string; readonly field: string; readonly not_in: readonly string[] };

export interface Proposal {
  readonly text: string;
  readonly filter?: Filter;
  /** Key and path. */
  readonly custom?: readonly [string, string];
}

export type UsedStream = MappingCheck['streams'][number];

/** The source field behind a field of Together, where it is a plain one. */
export const sourceOf = ({ fields }: UsedStream, name: string): string | undefined =>
  fields.find(({ field }) => field === name)?.sources[0];

const company = /^(company|employer|legal_?entity)_?(code|id|name)?$/i;

/** Fields that part the people into groups, most telling first. */
export function groupFields(used: UsedStream, count: StreamCount): string[] {
  const byMapping = ['employeeTypeCode', 'employeeStatusCode'].map((name) => sourceOf(used, name));
  // A person knows a company by its code or name sooner than by its id.
  const companies = [...count.fields.keys()].filter((name) => company.test(name));
  const names = [companies.find((name) => !/id$/i.test(name)) ?? companies[0], ...byMapping];
  return names.filter((name): name is string => name !== undefined && count.fields.get(name)?.values !== undefined);
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));

/** A smaller group may be a slip of the keyboard, and two people without an address are two cases for HR. */
const fewest = 3;

/** Companies and types for tests, as tenants have them: ZTEST, TES, Test Co. */
const saysTest = /^z*test|\btest\b|^tes$/i;

function filters(used: UsedStream, count: StreamCount): Proposal[] {
  const address = sourceOf(used, 'email');
  const status = sourceOf(used, 'employeeStatusCode');
  if (address === undefined) return [];
  return groupFields(used, count)
    .filter((field) => field !== status)
    .flatMap((field) =>
      [...(count.fields.get(field)?.values ?? [])].flatMap(([value, people]) => {
        const without = count.lacking(field, value, address);
        const filter = { name: `${field} ${value}`, field, not_in: [value] };
        if (saysTest.test(value)) {
          const text = `Leave out ${field} ${value}: by its name, its ${counted(people, 'person', 'people')} are there for tests.`;
          return [{ text, filter: filter }];
        }
        if (without < fewest || percent(without, people) < 90) return [];
        const text = `Leave out ${field} ${value}: ${without} of ${counted(people, 'person', 'people')} have no address (${address}), which Together needs.`;
        return [{ text, filter }];
      }),
    );
}

/** A value that many share says something of a group; one of its own is a name, a number or a telephone. */
const looksPersonal = /phone|mail(?!stop)|name$|address|zip|postal|supervisor|manager|userName|^person|date|time/i;

/** Fields that a company has set up itself, by label, with the path that reads each. */
const labelled = (used: UsedStream, count: StreamCount) =>
  [...count.fields].flatMap(([path, field]) => {
    const label = labelIn(path, used.unread);
    return label === undefined ? [] : [{ path, label, field }];
  });

const looksPrivate = (name: string): boolean =>
  readsSensitive(name) || privatePart.test(name) || personalPart.test(name) || looksPersonal.test(name);

function customFields(used: UsedStream, count: StreamCount): Proposal[] {
  const isGroup = ({ values }: FieldCount, least: number) =>
    values !== undefined && values.size >= least && values.size <= Math.max(10, count.records / 5);
  const mapped = used.fields.flatMap(({ sources }) => sources.flatMap((name) => count.fields.get(name) ?? []));
  const worth = used.unread.flatMap((name) => {
    const field = count.fields.get(name);
    const isWorth =
      field &&
      partsPeople.test(name) &&
      isGroup(field, 3) &&
      percent(field.filled, count.records) >= 80 &&
      !mapped.some((other) => saysSame(other, field));
    return isWorth ? [{ path: name, label: name, field }] : [];
  });
  const plain = bySubject(worth);
  // The company has asked for these: they say something sooner.
  const own = labelled(used, count).filter(
    ({ field }) => isGroup(field, 2) && percent(field.filled, count.records) >= 30,
  );
  const open = ({ label }: { label: string }) => !looksPrivate(label.replaceAll(/\s+/g, ''));
  return [...own.filter(open).slice(0, 8), ...plain.filter(open).slice(0, 3)].map(({ path, label, field }) => {
    const key = keyOf(label);
    const text = `Send ${label} as the custom field ${key}: filled for ${percent(field.filled, count.records)} %, ${field.values?.size} different values. It must be set up in Together under that key first.`;
    return { text, custom: [key, path] as const };
  });
}

/** The same values for as many people each, as of a department that comes under two names. */
const saysSame = ({ values: one }: FieldCount, { values: other }: FieldCount): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.size === other.size &&
  [...one].every(([value, people]) => other.get(value) === people);

/** Of an id, a code and a name for one thing the last alone: it is what people at Together read. */
function bySubject<F extends { readonly label: string }>(fields: readonly F[]): F[] {
  const ends = /_?(id|code|name|description|title)$/i;
  const rank = (label: string) =>
    ['id', 'code', 'name', 'description', 'title'].indexOf(ends.exec(label)?.[1]?.toLowerCase() ?? '');
  const best = new Map<string, F>();
  for (const field of fields) {
    const subject = field.label.replace(ends, '').toLowerCase();
    const known = best.get(subject);
    if (known === undefined || rank(known.label) < rank(field.label)) best.set(subject, field);
  }
  return [...best.values()];
}

/** `Mentoring cohort` → `mentoringCohort`; a name of one word stays as it is. */
function keyOf(label: string): string {
  const [first = '', ...rest] = label.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  if (rest.length === 0) return first;
  return first.toLowerCase() + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('');
}

export const proposalsFor = (used: UsedStream, count: StreamCount): Proposal[] => [
  ...filters(used, count),
  ...customFields(used, count),
];

/** Those that an answer names; undefined: it can't be understood. */
export function chosen(answer: string, proposals: readonly Proposal[]): readonly Proposal[] | undefined {
  if (answer === 'all') return proposals;
  if (answer === 'none') return [];
  const numbers = answer
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  const picked = numbers.flatMap((number) => proposals[number - 1] ?? []);
  return picked.length === numbers.length ? picked : undefined;
}

function ownFields(used: UsedStream, count: StreamCount): string[] {
  const shown = labelled(used, count)
    .sort((a, b) => b.field.filled - a.field.filled)
    .map(({ label, field }) => `${label} ${percent(field.filled, count.records)} %`);
  return shown.length === 0 ? [] : [`Custom fields of the company, and how filled they are: ${shown.join(', ')}.`];
}

/** Mapped fields whose columns no record fills: nothing is sent of them, and nobody would miss them before people do. */
function unfilled(used: UsedStream, count: StreamCount): string[] {
  const columns = count.schema.properties ?? {};
  const isEmpty = (source: string) => source in columns && !count.fields.has(source);
  const empty = used.fields.filter(({ sources }) => sources.length > 0 && sources.every(isEmpty));
  if (empty.length === 0) return [];
  const shown = empty.map(({ field, sources }) => `${field} (${sources.join(', ')})`).join(', ');
  return [`Empty in every record, so that nothing is sent: ${shown}.`];
}

/** What the read found, as lines. */
export function findings(used: UsedStream, count: StreamCount): string[] {
  const groups = groupFields(used, count).map((field) => {
    const values = [...(count.fields.get(field)?.values ?? [])].sort(([, a], [, b]) => b - a);
    const shown = values.slice(0, 12).map(([value, people]) => `${value} ${people}`);
    const more = values.length > 12 ? `, and ${values.length - 12} more` : '';
    return `By ${field}: ${shown.join(', ')}${more}.`;
  });
  const address = sourceOf(used, 'email');
  const filled = address === undefined ? undefined : (count.fields.get(address)?.filled ?? 0);
  return [
    `The stream ${used.stream} has ${counted(count.records, 'record')}.`,
    ...groups,
    ...(filled === undefined ? [] : [`With an address (${address}): ${percent(filled, count.records)} %.`]),
    `Mapping: ${used.preset === undefined ? 'your rules' : `preset ${used.preset}`}, since ${used.reason}. It fills ${counted(used.fields.length, 'field')}: ${used.fields.map(({ field }) => field).join(', ')}.`,
    ...unfilled(used, count),
    ...ownFields(used, count),
    ...used.notSent
      .filter(({ reason }) => reason.startsWith('sensitive'))
      .map(({ field, reason }) => `${field} is not sent: ${reason}.`),
  ];
}
