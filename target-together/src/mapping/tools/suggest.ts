/** `target-together mapping suggest --catalog F`: a mapping proposed for any tap, by the names and types of its fields, with the reasons. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { requiredFields, type UserField, userFields } from '../../model/user-fields.ts';
import { isDeletionMark, isReadMark } from '../../settings/deletion-marks.ts';
import { checkMapping } from '../compile.ts';
import { propertiesOf } from '../paths/schema-path.ts';
import { choosePreset, streamRank } from '../rules/choose-preset.ts';
import { otherRows } from '../rules/other-rows.ts';
import { readsSensitive } from '../rules/sensitive.ts';
import { catalogStreams } from './catalog.ts';
import { type Leaf, leavesOf, plain } from './leaves.ts';
import { antonyms, managerAddresses, personalPart, privatePart, synonyms } from './synonyms.ts';
import { type KnownSystem, systems } from './systems.ts';

interface Proposal {
  readonly field: string;
  readonly rule: unknown;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly reason: string;
}

export interface Suggestion {
  /** The stream that looks most like people; undefined when none does. */
  readonly stream: string | undefined;
  /** The preset that already fits, where one does: then `fields` only adds to it. */
  readonly preset: string | undefined;
  /** Why it was chosen, or why there is none. */
  readonly reason: string | undefined;
  /** What the preset brings, and from where. */
  readonly covered: readonly { readonly field: string; readonly sources: readonly string[] }[];
  readonly fields: readonly Proposal[];
  /** Required by Together, and nothing was found. */
  readonly missing: readonly string[];
  /** Fields that may be worth sending as hrisFields.<key>. */
  readonly custom: readonly string[];
  /** Columns that mark a row as deleted at its source. */
  readonly deletionMarks: readonly string[];
  /** The same as settings, ready to paste. */
  readonly settings: { readonly mapping: Record<string, unknown>; readonly deleted_when?: readonly string[] };
  /** Other streams and how many of Together's fields they could fill. */
  readonly others: readonly { readonly stream: string; readonly fields: number }[];
}

export async function suggestMapping(catalog: unknown): Promise<Suggestion> {
  const scored = catalogStreams(catalog).map(({ stream, schema }) => {
    const proposals = propose(schema);
    const points = { high: 3, medium: 2, low: 1 };
    const score = proposals.reduce(
      (sum, { field, confidence }) => sum + points[confidence] + (requiredFields.includes(field) ? 3 : 0),
      0,
    );
    const { preset } = choosePreset({ stream, schema });
    // Of several streams that a preset fits, it names the best first.
    const named = preset ? Math.max(0, 5 - (streamRank(preset, stream) ?? 5)) : 0;
    const called = /employee|worker|people|person|staff|user|mitarbeiter|personal|employe|empleado/i.test(stream)
      ? 3
      : 0;
    const others = otherRows(stream, schema) === undefined ? 0 : -1_000;
    return { stream, schema, proposals, score: score + named + called + others };
  });
  scored.sort((a, b) => b.score - a.score || (a.stream < b.stream ? -1 : 1));
  const best = scored.find((one) =>
    one.proposals.some((proposal) => proposal.field === 'employeeId' || proposal.field === 'email'),
  );
  const others = scored
    .filter((one) => one !== best)
    .map((one) => ({ stream: one.stream, fields: one.proposals.length }));
  if (!best)
    return {
      stream: undefined,
      preset: undefined,
      reason: undefined,
      covered: [],
      fields: [],
      missing: requiredFields,
      custom: [],
      deletionMarks: [],
      settings: { mapping: {} },
      others,
    };

  const { preset, reason } = choosePreset({ stream: best.stream, schema: best.schema });
  const plan = preset ? (await checkMapping({ preset, stream: best.stream, schema: best.schema })).mapping.plan : [];
  const covered = plan.map(({ field }) => field);
  const fields = best.proposals.filter((proposal) => !covered.includes(proposal.field));
  const filled = new Set([...covered, ...fields.map((proposal) => proposal.field)]);
  const used = new Set(best.proposals.map((proposal) => pathOf(proposal.rule)));
  const marks = Object.keys(propertiesOf(best.schema) ?? {}).filter(isDeletionMark);
  return {
    stream: best.stream,
    preset: preset?.name,
    reason,
    covered: plan.map(({ field, sources }) => ({ field, sources })),
    fields,
    missing: requiredFields.filter((name) => !filled.has(name)),
    custom: preset ? [] : customCandidates(best.schema, used),
    deletionMarks: marks,
    settings: {
      mapping: {
        ...(preset ? { preset: preset.name } : { preset: 'none' }),
        stream: best.stream,
        fields: Object.fromEntries(fields.map((proposal) => [proposal.field, proposal.rule])),
      },
      ...(marks.every(isReadMark) ? {} : { deleted_when: marks }),
    },
    others,
  };
}

export const pathOf = (rule: unknown): string =>
  typeof rule === 'string' ? rule : isObject(rule) ? String(rule.from) : '';

function propose(schema: JsonSchema): Proposal[] {
  const all = leavesOf(schema);
  const system = systemOf(all);
  const taken = new Set<string>();
  const proposals: Proposal[] = [];
  for (const field of userFields) {
    if (field.sensitive) continue;
    const ranked = all
      .flatMap((leaf) => {
        const match = matchOf(field, leaf, system);
        return match && (!taken.has(leaf.path) || field.name === 'originalHireDate') ? [{ leaf, ...match }] : [];
      })
      .sort((a, b) => b.rank - a.rank || a.leaf.depth - b.leaf.depth || a.leaf.path.length - b.leaf.path.length);
    const [best, second] = ranked;
    if (!best) continue;
    taken.add(best.leaf.path);
    proposals.push(proposalFor(field, best, second?.leaf, system));
  }
  const address = all.find(({ names }) => namesIn(managerAddresses).some((name) => names.includes(name)));
  if (address && !proposals.some(({ field }) => field === 'supervisorId'))
    proposals.push({
      field: 'supervisorId',
      rule: { from: address.path, match: 'email' },
      confidence: 'medium',
      reason: "its name usually means the manager's address, which finds the manager's employeeId",
    });
  const id = proposals.find(({ field }) => field === 'employeeId');
  return proposals.map((one) =>
    one.field === 'supervisorId' && id && typeof one.rule === 'string'
      ? { ...one, reason: `${one.reason}; it must be the same kind of id as ${pathOf(id.rule)}` }
      : one,
  );
}

const namesIn = (words: string): string[] => words.split(/\s+/).filter(Boolean).map(plain);

/** The one whose own fields are there. */
const systemOf = (leaves: readonly Leaf[]): KnownSystem | undefined =>
  systems.find(({ own }) => namesIn(own).some((name) => leaves.some((leaf) => leaf.parts.includes(name))));

interface Match {
  readonly confidence: Proposal['confidence'];
  /** The system whose name for the field it is; undefined: many call it so. */
  readonly ofSystem: boolean;
  readonly rank: number;
}

/** How sure it is, by the name; undefined: it is something else. */
function matchOf(field: UserField, leaf: Leaf, system: KnownSystem | undefined): Match | undefined {
  if (isPrivate(field, leaf) || !typeFits(field, leaf)) return undefined;
  const { high, medium, low } = synonyms[field.name] ?? { high: '', medium: '', low: '' };
  const tiers = [
    { words: system?.fields[field.name] ?? '', confidence: 'high', base: 400, ofSystem: true },
    { words: high, confidence: 'high', base: 300, ofSystem: false },
    { words: medium, confidence: 'medium', base: 200, ofSystem: false },
    { words: low, confidence: 'low', base: 100, ofSystem: false },
  ] as const;
  for (const { words, confidence, base, ofSystem } of tiers) {
    const names = namesIn(words);
    const place = names.findIndex((name) => leaf.names.includes(name));
    const word = names[place];
    if (word === undefined) continue;
    const against = (antonyms[field.name] ?? []).filter((antonym) => !word.includes(antonym));
    if (against.some((antonym) => leaf.names.some((name) => name.includes(antonym)))) return undefined;
    const whole = word === leaf.names[0] ? 10 : 0;
    const dated = leaf.format?.startsWith('date') ? 5 : 0;
    return { confidence, ofSystem, rank: base - place + whole + dated - leaf.depth * 2 };
  }
  return undefined;
}

/** A number says no day until a person says how it is written. */
const typeFits = ({ type }: UserField, leaf: Leaf): boolean =>
  (type !== 'date' && type !== 'datetime') ||
  leaf.format?.startsWith('date') === true ||
  leaf.types.has('string') ||
  leaf.types.size === 0;

/** What no one may be led to send without thinking. */
function isPrivate({ name }: UserField, { path, parts }: Leaf): boolean {
  const aName = ['firstName', 'middleName', 'lastName', 'preferredName'].includes(name);
  return (
    readsSensitive(path) ||
    parts.some((part) => privatePart.test(part)) ||
    (!aName && parts.some((part) => personalPart.test(part)))
  );
}

/** Which values mean what: by the system's own table, by the flag's name, else the usual words. */
function statusLookup({ names, types }: Leaf, system: KnownSystem | undefined): Readonly<Record<string, string>> {
  const isFlag = types.has('boolean') || types.has('integer');
  const leaves = names.some((name) => name.includes('terminated'));
  const [yes, no] = leaves ? ['T', 'A'] : ['A', 'T'];
  if (types.has('boolean')) return { true: yes, false: no };
  if (system) return system.statuses;
  if (isFlag && (leaves || names.some((name) => /active|enabled|actif|aktiv|activo/.test(name))))
    return { 1: yes, 0: no };
  // A file has texts alone.
  if (names.some((name) => flagName.test(name))) return { true: yes, false: no, 1: yes, 0: no, Y: yes, N: no };
  return { Active: 'A', 'On Leave': 'L', Terminated: 'T' };
}

const flagName = /^(is|ist|est)(active|currentemployee|enabled|terminated|aktiv|actif)$|^(enabled|terminated)$/;

function proposalFor(
  field: UserField,
  { leaf, confidence, ofSystem }: Match & { readonly leaf: Leaf },
  second: Leaf | undefined,
  system: KnownSystem | undefined,
): Proposal {
  const types = [...leaf.types].join(' or ') || 'of unknown type';
  const also = second ? `; ${second.path} would be the next` : '';
  const note = field.type === 'status' ? '; say which of its values mean A, L and T' : '';
  const who = ofSystem ? `${system?.name} calls ${field.name} so` : `its name usually means ${field.name}`;
  const reason = `${who}; it is ${types}${leaf.format ? ` (${leaf.format})` : ''}${also}${note}`;
  const rule = field.type === 'status' ? { from: leaf.path, lookup: statusLookup(leaf, system) } : leaf.path;
  return { field: field.name, rule, confidence, reason };
}

/** Names of what companies usually match people by. */
export const partsPeople =
  /cost_?cent|division|team|unit|grade|level|band|region|function|company|location|site|job_?family|org/i;

/** Organizational texts that nothing else uses. */
function customCandidates(schema: JsonSchema, used: ReadonlySet<string>): string[] {
  return leavesOf(schema)
    .filter(
      (leaf) =>
        leaf.depth === 0 &&
        !leaf.parts.some((part) => privatePart.test(part)) &&
        !used.has(leaf.path) &&
        partsPeople.test(leaf.path) &&
        !/id$|url|date/i.test(leaf.path),
    )
    .map((leaf) => leaf.path)
    .slice(0, 12);
}
