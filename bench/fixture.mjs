/**
 * A UKG and a Together that cost next to nothing, so that only the programs under test are measured.
 * `fixture.mjs PEOPLE [MS [list]]` prints its port; a POST takes MS to be answered, and `GET /posts` tells when each came and was answered. It shares no code with the connectors. Rows are
 * templates with the digits of the id put in, all 94 and 77 fields of the reference.
 */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { employmentFields, personFields, variants } from './fields.mjs';

const people = Number(process.argv[2] ?? 10_000);
const serverMs = Number(process.argv[3] ?? 0);
/** Milliseconds of the POSTs so far: request line in, answer out. */
const posts = [];
/** `list`: what was posted is kept, and listed as it was sent. */
const keeps = process.argv[4] === 'list';
const bodies = [];
const mark = '@@@@@@@';
const digits = (n) => String(n).padStart(mark.length, '0');

const templates = (fields) => Array.from({ length: variants }, (_, n) => JSON.stringify(fields(mark, n)).split(mark));
const person = templates(personFields);
const employment = templates(employmentFields);
const page = new Map();

function rows(pieces, from, to) {
  const parts = [];
  for (let i = from; i < to; i++) parts.push(pieces[i % variants].join(digits(i)));
  return `[${parts.join(',')}]`;
}

const tables = {
  '/configuration/v1/company-details': [{ companyID: 'CMPNY', companyCode: 'ACME', companyName: 'Acme Example' }],
  '/configuration/v1/jobs': Array.from({ length: 50 }, (_, i) => ({
    jobCode: `JOB${i}`,
    countryCode: 'USA',
    title: `Job ${i}`,
    isActive: true,
  })),
  '/configuration/v1/locations': Array.from({ length: 20 }, (_, i) => ({
    locationCode: `LOC${i}`,
    description: `Office ${i}`,
    isActive: true,
    addressLine1: `${i} Example Street`,
    addressLine2: '',
    city: 'Exampleton',
    state: 'NM',
    zipOrPostalCode: '87104',
    countryCode: 'USA',
  })),
  '/configuration/v1/org-levels': Array.from({ length: 40 }, (_, i) => ({
    level: 1 + (i % 4),
    code: `ORG${Math.floor(i / 4)}`,
    description: `Unit ${i}`,
    levelDescription: ['Division', 'Department', 'Team', 'Cost Centre'][i % 4],
    isActive: true,
  })),
};

function list(response) {
  const pieces = bodies.flatMap((body, at) => (at > 0 ? [Buffer.from(','), body] : [body]));
  Readable.from([Buffer.from('['), ...pieces, Buffer.from(']')]).pipe(response);
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  if (request.method === 'POST') {
    const from = performance.now();
    const kept = [];
    const answer = () => {
      posts.push({ from, to: performance.now() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    };
    if (keeps) request.on('data', (piece) => kept.push(piece));
    request.resume().on('end', () => {
      if (keeps) bodies.push(Buffer.concat(kept).subarray(1, -1));
      if (serverMs > 0) setTimeout(answer, serverMs);
      else answer();
    });
    return;
  }
  response.setHeader('content-type', 'application/json; charset=utf-8');
  if (url.pathname === '/posts') return response.end(JSON.stringify(posts));
  if (keeps && url.pathname === '/public/user') return list(response);
  const table = tables[url.pathname];
  if (table) return response.end(JSON.stringify(table));
  const pieces =
    url.pathname === '/personnel/v1/person-details'
      ? person
      : url.pathname === '/personnel/v1/employment-details'
        ? employment
        : undefined;
  if (!pieces) return response.writeHead(404).end('[]');
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const size = Math.min(Number(query.get('per_page') ?? 10_000), 10_000);
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(people / size));
  if (number < last) {
    url.searchParams.set('page', String(number + 1));
    response.setHeader('Link', `<http://${request.headers.host}${url.pathname}${url.search}>; rel="next"`);
  }
  const key = `${url.pathname} ${size} ${number}`;
  const body = page.get(key) ?? Buffer.from(rows(pieces, (number - 1) * size, Math.min(people, number * size)));
  if (page.size < 40) page.set(key, body);
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
