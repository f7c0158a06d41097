/**
 * The fields' common case as straight code. A loop over closures reads and writes every property through one shared site, which
 * V8 can't specialise; with a site for each field the whole mapping takes half the time (measured: see the benchmark's target row).
 * Only property names enter the text, each through JSON.stringify; everything else stays a closure. The loop is the meaning, this
 * is its unrolled form: a property test holds them together.
 */

import type { CompiledField } from './compiled-field.ts';
import { compiled } from './values/generated-code.ts';

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
