/** Reads every page of person-details and writes a JSON line a row. `json-rows-child READER BASE`, READER one of json-readers.ts. */
import { once } from 'node:events';
import { readers } from './json-readers.ts';

const [name = '', base = ''] = process.argv.slice(2);
const reader = readers[name];
if (!reader) throw new Error(`no reader ${name}`);

let batch = '';
let next: string | undefined = `${base}/personnel/v1/person-details?page=1&per_Page=10000`;
while (next !== undefined) {
  const answer: Response = await fetch(next);
  if (!answer.body) throw new Error('an answer without a body');
  for await (const rows of reader(answer.body as AsyncIterable<Uint8Array>)) {
    for (const row of rows) batch += `${JSON.stringify(row)}\n`;
    if (batch.length <= 131_072) continue;
    if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
    batch = '';
  }
  next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}
process.stdout.write(batch);
