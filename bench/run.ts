/**
 * `npm run bench [-- WORDS …] [--rounds=5] [--people=20000] [--large=1000000]`: CPU and memory of whole processes against a bare Node
 * loop and against the same work on singer-sdk and Airbyte's declarative source; how they grow; what delivery takes beyond the limit.
 * Each pair runs in turn within one run; the figures are medians, and the median of the paired ratios. Words pick the rows whose
 * name contains one of them. Ends with 1 where a figure is above what is promised.
 */
import { rmSync } from 'node:fs';
import { delivery } from './delivery.ts';
import { personFields } from './fields.mjs';
import { growth } from './growth.ts';
import { jsonRows } from './json-rows.ts';
import { limiterRows } from './limiters.ts';
import { look } from './look.ts';
import { memory } from './memory.ts';
import { installOthers, startUp, tapRows, targetRows } from './pairs.ts';
import { folder, people, rounds, write } from './support.ts';

const kinds = { boolean: 'b', number: 'n' } as Record<string, string>;
const fields = Object.entries(personFields('0')).map(([name, value]) => [name, kinds[typeof value] ?? 's']);
write('fields.json', Object.fromEntries(fields));
await installOthers();
console.log(`Node ${process.version}, ${rounds} rounds, ${people} people; CPU = user + system of the whole process\n`);
for (const part of [startUp, tapRows, targetRows, growth, delivery, memory, look, jsonRows, limiterRows]) await part();
rmSync(folder, { recursive: true, force: true });
