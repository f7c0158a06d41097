/**
 * The fields' common case as straight code. A loop over closures reads and writes every property through one shared site, which
 * V8 can't specialise; with a site for each field the whole mapping takes half the time (measured: see the benchmark's target row).
 * Only property names enter the text, each through JSON.stringify; everything else stays a closure. The loop is the meaning, this
 * is its unrolled form: a property test holds them together.
 */
import type { CompiledField } from './field.ts';

export type Run = CompiledField['run'];

const looped =
  (fields: readonly CompiledField[]): Run =>
  (record, user, notes, worked) => {
    for (const field of fields) field.run(record, user, notes, worked);
  };

export function unrolled(fields: readonly CompiledField[]): Run {
  const lines = fields.map(({ field, direct }, index) => {
    const run = `runs[${index}](record, user, notes, worked);`;
    if (!direct) return run;
    const [source, target] = [JSON.stringify(direct.key), JSON.stringify(field.name)];
    const otherwise = direct.leavesOutEmpty ? `if (value !== null && value !== undefined) ${run}` : run;
    return `value = record[${source}];
if (typeof value === 'string') { if ((value = shortcuts[${index}](value)) !== undefined) user[${target}] = value; else ${run} }
else ${otherwise}`;
  });
  const made = compiled(
    `(record, user, notes, worked) => { let value;\n${lines.join('\n')}\n}`,
    fields.map((field) => field.run),
    fields.map((field) => field.direct?.shortcut),
  );
  return (made as Run | undefined) ?? looped(fields);
}

/** The values of these keys, in their order. */
export function valuesOf(keys: readonly string[]): (record: Record<string, unknown>) => unknown[] {
  const made = compiled(`(record) => [${keys.map((key) => `record[${JSON.stringify(key)}]`).join()}]`);
  return (made as ReturnType<typeof valuesOf> | undefined) ?? ((record) => keys.map((key) => record[key]));
}

/** Undefined where Node is told to refuse code from strings (--disallow-code-generation-from-strings). */
function compiled(code: string, runs?: readonly Run[], shortcuts?: readonly unknown[]): unknown {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    return (new Function('runs', 'shortcuts', `'use strict'; return ${code};`) as (...given: unknown[]) => unknown)(
      runs,
      shortcuts,
    );
  } catch {
    return undefined;
  }
}
