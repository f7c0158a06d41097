/** Where a field's value comes from: a rule's paths, resolved against the SCHEMA, as closures. */

import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { compileExpression } from './paths/expression.ts';
import type { Path } from './paths/parse-path.ts';
import { compilePath, parsePath } from './paths/path.ts';
import { lookUp } from './paths/schema-path.ts';
import type { NamedRule } from './rules/rule.ts';
import type { MappingFault, Problem } from './values/faults.ts';

/** `results`: what came of the expressions on this record, in the order of `Context.expressions`. */
export type Read = (record: Record<string, unknown>, results: readonly unknown[]) => unknown;

export interface SourceRead {
  readonly text: string;
  readonly read: Read;
  /** The record's own key, where that is all there is to it. */
  readonly key?: string;
  /** Of an expression: the paths that it reads, as far as that can be known. */
  readonly expressionReads?: readonly string[];
  /** Types by the SCHEMA; empty when it doesn't say. */
  readonly types: ReadonlySet<string>;
}

/** What the compilation of all fields shares. */
export interface Context {
  readonly schema: JsonSchema | undefined;
  readonly stream: string;
  readonly departmentOrgLevel: number | undefined;
  /** Called once with the org level that is the department, where the mapping finds it. */
  readonly onDepartment: ((message: string) => void) | undefined;
  /** The org level that is the department, 1 to 4. */
  department: ((record: Record<string, unknown>) => number) | undefined;
  readonly faults: MappingFault[];
  readonly expressions: ((record: Record<string, unknown>) => Promise<unknown>)[];
  /** Top-level source fields that the mapping reads. */
  readonly reads: Set<string>;
}

/** In place of a result: the expression failed on this record. */
export const failed: Problem = { problem: 'expression_failed' };

/** Paths of a rule; those of a preset (or marked optional) that the SCHEMA lacks simply drop out. */
export function pathReads(
  paths: string | readonly string[],
  at: string,
  named: NamedRule,
  context: Context,
): SourceRead[] {
  const list = typeof paths === 'string' ? [paths] : paths;
  const reads: SourceRead[] = [];
  for (const [index, text] of list.entries()) {
    const where = typeof paths === 'string' ? at : `${at}[${index}]`;
    const read = pathRead(text, where, named, context);
    if (read) reads.push(read);
  }
  return reads;
}

function pathRead(text: string, where: string, named: NamedRule, context: Context): SourceRead | undefined {
  const parsed = parsePath(text);
  if (typeof parsed === 'string') {
    context.faults.push({ path: where, message: `${show(text)} ${parsed}` });
    return undefined;
  }
  const looked = context.schema ? lookUp(context.schema, parsed) : ({ status: 'open' } as const);
  if (looked.status === 'missing') {
    if (named.origin === 'user' && named.rule.optional !== true)
      context.faults.push({ path: where, message: missingSentence(text, looked, context) });
    return undefined;
  }
  // A preset names the places of several versions of a source: where this one has an object, it means another.
  if (looked.status === 'found' && named.origin === 'preset' && looked.types.size === 1 && looked.types.has('object'))
    return undefined;
  const path: Path = looked.status === 'found' ? looked.path : parsed;
  const first = path.steps[0];
  if (first?.kind === 'key') context.reads.add(first.key);
  const getter = compilePath(path, { exact: looked.status === 'found' });
  const types: ReadonlySet<string> = looked.status === 'found' ? looked.types : new Set();
  const only =
    looked.status === 'found' && path.steps.length === 1 && first?.kind === 'key' && !(first.key in Object.prototype);
  return { text, read: getter, types, ...(only ? { key: first.key } : {}) };
}

function missingSentence(text: string, looked: { at: string; known: readonly string[] }, context: Context): string {
  const hint = didYouMean(looked.at, looked.known);
  const where = looked.at === text ? '' : ` (${show(looked.at)} is missing)`;
  const next = '; select it at the source, or add "optional": true if only some records have it';
  return `stream ${show(context.stream)} has no field ${show(text)}${where}${hint === '' ? next : hint}`;
}

/** An expression of a rule; its fields are checked like paths. */
export async function expressionRead(
  text: string,
  named: NamedRule,
  context: Context,
): Promise<SourceRead | undefined> {
  const at = `${named.path}.expression`;
  const compiled = await compileExpression(text);
  if (typeof compiled === 'string') {
    context.faults.push({ path: at, message: compiled });
    return undefined;
  }
  const respelled: [string, string][] = [];
  for (const read of compiled.reads) {
    const parsed = parsePath(read);
    const first = typeof parsed === 'string' ? undefined : parsed.steps[0];
    if (typeof parsed === 'string' || first?.kind !== 'key') continue;
    context.reads.add(first.key);
    if (!context.schema) continue;
    const looked = lookUp(context.schema, parsed);
    if (looked.status === 'missing' && named.rule.optional !== true)
      context.faults.push({ path: at, message: missingSentence(read, looked, context) });
    const actual = looked.status === 'found' ? looked.path.steps[0] : undefined;
    if (actual?.kind === 'key' && actual.key !== first.key) respelled.push([first.key, actual.key]);
  }
  const index = context.expressions.length;
  context.expressions.push(async (record) => {
    try {
      return await compiled.evaluate(respelled.length === 0 ? record : withSpellings(record, respelled));
    } catch {
      return failed;
    }
  });
  return {
    text: `expression ${text}`,
    read: (_record, results) => results[index],
    types: new Set(),
    expressionReads: compiled.reads,
  };
}

/** After a cache has lower-cased the columns, an expression still finds them by the names it was written with. */
function withSpellings(
  record: Record<string, unknown>,
  respelled: readonly [string, string][],
): Record<string, unknown> {
  const input = { ...record };
  for (const [name, actual] of respelled) input[name] = record[actual];
  return input;
}
