/**
 * A tap in forty lines: reads a list of people from one URL and writes them as Singer messages.
 *
 *     npx tsx examples/own-tap/tap.ts https://hr.example.com/people.json | npx target-together --config config.json
 */
import { systemClock } from '@ukg-together/kit/clock';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { logFailure } from '@ukg-together/kit/log/failure';
import { createLogger } from '@ukg-together/kit/log/log';
import { createRedactor } from '@ukg-together/kit/log/redact';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { singerEncoder } from '@ukg-together/protocol/singer/encode';
import { createHttp } from '@ukg-together/transport/http/request';

const stream = 'people';
const text: JsonSchema = { type: ['string', 'null'] };
const properties: Record<string, JsonSchema> = { id: text, name: text, mail: text, active: { type: 'boolean' } };

const redactor = createRedactor();
const log = createLogger({ name: 'own-tap', env: process.env, stream: process.stderr, clock: systemClock, redactor });
const http = createHttp({ timeoutMs: 30_000, env: process.env, userAgent: 'own-tap/1' });

async function run(url: URL): Promise<void> {
  const answer = await http.send({ method: 'GET', url, headers: { accept: 'application/json' } });
  if (answer.status !== 200)
    throw new ConnectorError('unreachable', said`GET ${url.pathname} answered ${answer.status}.`);
  const people = JSON.parse(await answer.text()) as Record<string, unknown>[];

  const emit = singerEncoder(lineWriter(process.stdout));
  const version = systemClock.now();
  await emit({ type: 'schema', stream, schema: { type: 'object', properties }, keyProperties: ['id'] });
  for (const record of people) await emit({ type: 'record', stream, record, version });
  // The list was read to its end: a person who is not in it is gone.
  await emit({ type: 'activate_version', stream, version });
  await emit({ type: 'state', value: { readAt: new Date(version).toISOString() } });
  log.info(`${people.length} people read`);
}

try {
  await run(new URL(process.argv[2] ?? ''));
} catch (thrown) {
  process.exitCode = logFailure(log, thrown);
} finally {
  await http.close();
}
