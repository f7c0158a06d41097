/** The floor for a raw stream: fetch, parse, write the same rows. `floor-raw.mjs BASE PATH STREAM` */
import { once } from 'node:events';

const [base, path, stream] = process.argv.slice(2);
let next = `${base}${path}?page=1&per_Page=10000`;
while (next) {
  const answer = await fetch(next, { headers: { authorization: 'Basic dTpw', 'US-Customer-Api-Key': 'KEY01' } });
  const rows = await answer.json();
  const at = new Date().toISOString();
  let batch = '';
  for (const record of rows) {
    batch += `${JSON.stringify({ type: 'RECORD', stream, record, time_extracted: at })}\n`;
    if (batch.length > 131_072) {
      if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
      batch = '';
    }
  }
  if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
  next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}
