/** Text of a record, a stream or an argument that would act on the terminal of whoever reads it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 } });
  house.configure({}, { state_dir: null, unmapped_streams: 'ignore' });
});
afterEach(() => house.close());

/** Erases, moves, names a window (7- and 8-bit forms), turns text around, ends lines. */
const hostile = '\u001b]0;owned\u0007\u009b2J\u009d0;x\u009c\u202eevil\u2066\u2069\u200f\u061c\u2028\u0085\r';
const active = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

const record = (id: string) => ({
  employeeId: id,
  firstName: `Ada${hostile}`,
  lastName: `Byron${hostile}`,
  emailAddress: `a${hostile}@example.com`,
  employeeStatusCode: `A${hostile}`,
});
const properties = Object.fromEntries([...Object.keys(record('')), hostile].map((name) => [name, { type: 'string' }]));
const id = `E1${hostile}`;
const messages = [
  { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
  { type: 'SCHEMA', stream: hostile, schema: { properties }, key_properties: [hostile] },
  ...[id, 'E2'].map((employeeId) => ({ type: 'RECORD', stream: 'employees', record: record(employeeId) })),
  { type: 'RECORD', stream: hostile, record: { [hostile]: hostile } },
  { type: hostile, value: hostile },
];
const lines = (some: readonly object[]) => some.map((message) => `${JSON.stringify(message)}\n`).join('');
const input = lines(messages);

it.each([
  { args: ['explain', id] },
  { args: ['explain', 'E2'] },
  { args: ['explain', 'E2', '--redact', 'ids'] },
  { args: ['doctor'] },
  { args: ['doctor', '--format', 'json'] },
  { args: ['--dry-run'] },
  { args: [`--${hostile}`] },
  { args: [hostile] },
  { args: ['--input', `/nowhere/${hostile}`] },
])('nothing acts on the terminal: $args', async ({ args }) => {
  for (const env of [{}, { LOGLEVEL: 'DEBUG' }]) {
    const { stdout, stderr } = await start('target-together', [...args, '--config', house.config], { input, env });
    expect(stdout + stderr).not.toBe('');
    expect(stdout).not.toMatch(active);
    expect(stderr).not.toMatch(active);
  }
});

it('nor out of the messages that Meltano and Airbyte show', async () => {
  const logging = join(house.folder, 'logging.json');
  writeFileSync(logging, '{"formatters":{"x":{"()":"singer_sdk.logging.StructuredFormatter"}}}');
  const { stderr } = await start('target-together', ['--config', house.config], {
    input,
    env: { SINGER_SDK_LOG_CONFIG: logging, LOGLEVEL: 'DEBUG' },
  });
  const catalog = join(house.folder, 'catalog.json');
  const streams = ['employees', hostile].map((name) => ({
    stream: { name, json_schema: { properties }, supported_sync_modes: ['full_refresh'] },
    ...{ sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' },
  }));
  writeFileSync(catalog, JSON.stringify({ streams }));
  const config = join(house.folder, 'destination.json');
  const { apiKey, clientId, organizationId } = house.together.credentials;
  const account = {
    api_key: apiKey,
    client_id: clientId,
    organization_id: organizationId,
    api_url: house.together.url,
  };
  writeFileSync(config, JSON.stringify({ ...account, state_dir: null, mapping: { stream: hostile } }));
  const airbyte = await start('destination-together', ['write', '--config', config, '--catalog', catalog], {
    input: `${JSON.stringify({ type: 'RECORD', record: { stream: hostile, data: record('E3'), emitted_at: 1 } })}\n`,
  });
  const texts = [...stderr.split('\n'), ...airbyte.stdout.split('\n')].filter(Boolean);
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) {
    expect(text).not.toMatch(active);
    const { message, log, trace } = JSON.parse(text) as Record<string, Record<string, unknown> | string | undefined>;
    for (const shown of [message, log, trace]) expect(stringsOf(shown).join(' ')).not.toMatch(active);
  }
});

it('nor turns the text of a report around, in the page and in what its script shows', async () => {
  const report = join(house.folder, 'report.html');
  const [schema] = messages;
  const sent = { ...record('E1'), emailAddress: 'a@example.com', employeeStatusCode: 'A' };
  const people = lines([schema as object, { type: 'RECORD', stream: 'employees', record: sent }]);
  for (const level of ['ids', 'names', 'full']) {
    const args = ['--dry-run', '--config', house.config, '--report', report, '--redact', level];
    const { code, stderr } = await start('target-together', args, { input: people });
    expect(code, stderr).toBe(0);
    const page = readFileSync(report, 'utf8');
    expect(page).not.toMatch(active);
    const data = /<script[^>]*id="data"[^>]*>([\s\S]*?)<\/script>/.exec(page)?.[1] as string;
    const told = stringsOf(JSON.parse(data)).join(' ');
    expect(told).not.toMatch(active);
    expect(told.includes('\\u202eevil')).toBe(level !== 'ids');
  }
});

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(stringsOf) : [];
}
