import type { ConnectorEvent, SchemaEvent } from '@ukg-together/protocol/event';
import { describe, expect, test } from 'vitest';
import { createShownSchema } from './shown-schema.ts';

const declared: SchemaEvent = {
  type: 'schema',
  stream: 'general_ledger',
  schema: { type: 'object', additionalProperties: true, properties: { runId: { type: ['string', 'null'] } } },
  keyProperties: [],
};

/** What is told when these records come, and nothing or everything after them. */
async function told(records: readonly Record<string, unknown>[], more: readonly Record<string, unknown>[] = []) {
  const events: ConnectorEvent[] = [];
  const schema = createShownSchema(declared, (event) => void events.push(event));
  const take = (record: Record<string, unknown>) =>
    schema.take({ type: 'record', stream: 'general_ledger', record, timeExtracted: '' });
  for (const record of records) await take(record);
  for (const record of more) await take(record);
  await schema.end();
  return events.map((event) =>
    event.type === 'schema'
      ? Object.fromEntries(Object.entries(event.schema.properties ?? {}).map(([name, { type }]) => [name, type]))
      : event.type === 'record'
        ? event.record
        : event,
  );
}

describe('the schema of a stream whose fields are not documented', () => {
  const text = ['string', 'null'];
  test.each([
    { why: 'no row: what is known', rows: [], first: { runId: text } },
    {
      why: 'all keys of the first rows, with their types',
      rows: [{ runId: 'R' }, { block: 1, open: true, parts: [1], more: { a: 1 } }],
      first: {
        runId: text,
        block: ['number', 'null'],
        open: ['boolean', 'null'],
        parts: ['array', 'null'],
        more: ['object', 'null'],
      },
    },
    { why: 'a key of which only nulls came is text', rows: [{ a: null }], first: { runId: text, a: text } },
    {
      why: 'null first, then a number: a number',
      rows: [{ a: null }, { a: 2 }],
      first: { runId: text, a: ['number', 'null'] },
    },
    {
      why: 'both kinds of values: both types',
      rows: [{ a: 'x' }, { a: 2 }],
      first: { runId: text, a: ['string', 'number', 'null'] },
    },
  ])('$why', async ({ rows, first }) => {
    expect(await told(rows)).toEqual([first, ...rows]);
  });

  test('what only a later row shows is told before that row', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ runId: `R${at}` }));
    const later = [{ runId: 'L1' }, { runId: 'L2', amount: 5 }, { runId: 'L3', amount: 6 }];
    const events = await told(many, later);
    expect(events[0]).toEqual({ runId: text });
    expect(events.slice(1001)).toEqual([later[0], { runId: text, amount: ['number', 'null'] }, later[1], later[2]]);
  });
});
