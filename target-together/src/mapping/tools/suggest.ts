/** `target-together mapping suggest --catalog F`: a mapping proposed for any tap, by the names and types of its fields, with the reasons. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { requiredFields, type UserField, userFields } from '../../model/user-fields.ts';
import { checkMapping } from '../compile.ts';
import { propertiesOf, typesOf } from '../paths/schema-path.ts';
import { choosePreset, streamRank } from '../rules/choose-preset.ts';
import { readsSensitive } from '../rules/sensitive.ts';
import { catalogStreams } from './catalog.ts';
import { antonyms, personalPart, privatePart, synonyms } from './synonyms.ts';

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
  /** The same as settings, ready to paste. */
  readonly settings: { readonly mapping: Record<string, unknown> };
  /** Other streams and how many of Together's fields they could fill. */
  readonly others: readonly { readonly stream: string; readonly fields: number }[];
}

interface Leaf {
  readonly path: string;
  /** Its own name and, for values inside objects, the name of the object too. */
  readonly names: readonly string[];
  readonly types: ReadonlySet<string>;
  readonly format: string | undefined;
  readonly depth: number;
  /** The names on the way to it and its own. */
  readonly parts: readonly string[];
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
    const called = /employee|worker|people|person|staff|user/i.test(stream) ? 3 : 0;
    return { stream, schema, proposals, score: score + named + called };
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
      settings: { mapping: {} },
      others,
    };

  const { preset, reason } = choosePreset({ stream: best.stream, schema: best.schema });
  const plan = preset ? (await checkMapping({ preset, stream: best.stream, schema: best.schema })).mapping.plan : [];
  const covered = plan.map(({ field }) => field);
  const fields = best.proposals.filter((proposal) => !covered.includes(proposal.field));
  const filled = new Set([...covered, ...fields.map((proposal) => proposal.field)]);
  const used = new Set(best.proposals.map((proposal) => pathOf(proposal.rule)));
  return {
    stream: best.stream,
    preset: preset?.name,
    reason,
    covered: plan.map(({ field, sources }) => ({ field, sources })),
    fields,
    missing: requiredFields.filter((name) => !filled.has(name)),
    custom: preset ? [] : customCandidates(best.schema, used),
    settings: {
      mapping: {
        ...(preset ? { preset: preset.name } : { preset: 'none' }),
        stream: best.stream,
        fields: Object.fromEntries(fields.map((proposal) => [proposal.field, proposal.rule])),
      },
    },
    others,
  };
}

export const pathOf = (rule: unknown): string =>
  typeof rule === 'string' ? rule : isObject(rule) ? String(rule.from) : '';

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Scalars of the schema to a depth where people's fields still lie. */
function leaves(schema: JsonSchema): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: JsonSchema, path: string, above: readonly string[]): void => {
    for (const [name, inner] of Object.entries(propertiesOf(node) ?? {})) {
      if (/^_(sdc|airbyte)_/.test(name) || found.length > 5_000) continue;
      const key = /^[\p{L}\p{N}_$ -]+$/u.test(name) ? name : `["${name.replaceAll('"', '\\"')}"]`;
      const where = path === '' ? key : key.startsWith('[') ? `${path}${key}` : `${path}.${key}`;
      const types = typesOf(inner);
      const own = plain(name);
      const names = [
        own,
        ...(above.length > 0 ? [`${above.at(-1)}${own}`] : []),
        ...(own === 'value' || own === 'name' ? above.slice(-1) : []),
      ];
      if (propertiesOf(inner) && above.length < 3) walk(inner, where, [...above, own]);
      else if (!types.has('array') && !types.has('object'))
        found.push({ path: where, names, types, format: inner.format, depth: above.length, parts: [...above, own] });
    }
  };
  walk(schema, '', []);
  return found;
}

function propose(schema: JsonSchema): Proposal[] {
  const all = leaves(schema);
  const taken = new Set<string>();
  const proposals: Proposal[] = [];
  for (const field of userFields) {
    if (field.sensitive) continue;
    const ranked = all
      .map((leaf) => ({ leaf, rank: rankOf(field, leaf) }))
      .filter(({ leaf, rank }) => rank > 0 && (!taken.has(leaf.path) || field.name === 'originalHireDate'))
      .sort((a, b) => b.rank - a.rank || a.leaf.depth - b.leaf.depth || a.leaf.path.length - b.leaf.path.length);
    const [best, second] = ranked;
    if (!best) continue;
    taken.add(best.leaf.path);
    proposals.push(proposalFor(field, best.leaf, best.rank, second?.leaf));
  }
  const id = proposals.find(({ field }) => field === 'employeeId');
  return proposals.map((one) =>
    one.field === 'supervisorId' && id
      ? { ...one, reason: `${one.reason}; it must be the same kind of id as ${pathOf(id.rule)}` }
      : one,
  );
}

/** 0: no. The earlier among the synonyms, the surer. */
function rankOf(field: UserField, leaf: Leaf): number {
  const words = synonyms[field.name] ?? [];
  if (isPrivate(field, leaf)) return 0;
  const place = words.findIndex((word) => leaf.names.includes(plain(word)));
  const last = leaf.names[0] as string;
  if (place < 0 || (antonyms[field.name] ?? []).some((word) => leaf.names.some((name) => name.includes(word))))
    return 0;
  const typeFits =
    field.type === 'date' || field.type === 'datetime'
      ? leaf.format?.startsWith('date') || leaf.types.has('string') || leaf.types.size === 0
      : true;
  if (!typeFits) return 0;
  const dated = leaf.format?.startsWith('date') ? 5 : 0;
  return 100 - place + (plain(words[place] as string) === last ? 10 : 0) + dated - leaf.depth * 2;
}

/** What nobody may be led to send without thinking. */
function isPrivate({ name }: UserField, { path, parts }: Leaf): boolean {
  const aName = ['firstName', 'middleName', 'lastName', 'preferredName'].includes(name);
  return (
    readsSensitive(path) ||
    parts.some((part) => privatePart.test(part)) ||
    (!aName && parts.some((part) => personalPart.test(part)))
  );
}

/** Which values mean what, as far as names tell: a flag says it itself. */
function statusLookup({ names, types }: Leaf): Record<string, string> {
  const [own = ''] = names;
  if (!types.has('boolean')) return { Active: 'A', 'On Leave': 'L', Terminated: 'T' };
  return own.includes('terminated') ? { true: 'T', false: 'A' } : { true: 'A', false: 'T' };
}

function proposalFor(field: UserField, leaf: Leaf, rank: number, second: Leaf | undefined): Proposal {
  const place = synonyms[field.name]?.findIndex((word) => leaf.names.includes(plain(word))) ?? 0;
  const confidence = place === 0 && rank >= 100 ? 'high' : place < 4 ? 'medium' : 'low';
  const types = [...leaf.types].join(' or ') || 'of unknown type';
  const also = second ? `; ${second.path} would be the next` : '';
  const note = field.type === 'status' ? '; say which of its values mean A, L and T' : '';
  const reason = `its name usually means ${field.name}; it is ${types}${leaf.format ? ` (${leaf.format})` : ''}${also}${note}`;
  const rule = field.type === 'status' ? { from: leaf.path, lookup: statusLookup(leaf) } : leaf.path;
  return { field: field.name, rule, confidence, reason };
}

/** Organizational texts that nothing else uses: what companies usually match people by. */
function customCandidates(schema: JsonSchema, used: ReadonlySet<string>): string[] {
  const wanted =
    /cost_?cent|division|team|business_?unit|grade|level|band|region|function|company|location|site|job_?family|org/i;
  return leaves(schema)
    .filter(
      (leaf) =>
        leaf.depth === 0 &&
        !leaf.parts.some((part) => privatePart.test(part)) &&
        !used.has(leaf.path) &&
        wanted.test(leaf.path) &&
        !/id$|url|date/i.test(leaf.path),
    )
    .map((leaf) => leaf.path)
    .slice(0, 12);
}
