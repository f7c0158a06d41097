import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { Collector, lines } from '@ukg-together/kit/testing/streams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorEvent } from '../event.ts';
import { decodeSinger } from './decode.ts';
import { bareState, singerEncoder } from './encode.ts';

const schema = {
  type: 'SCHEMA',
  stream: 'people',
  schema: { properties: { id: { type: 'string' } } },
  key_properties: ['id'],
};

async function decode(...messages: unknown[]) {
  const events: ConnectorEvent[] = [];
  const warnings: string[] = [];
  const counts = await decodeSinger(
    lines(...messages),
    (event) => {
      events.push(event);
    },
    { warn: (message) => warnings.push(message) },
  );
  return { events, warnings, counts };
}

describe('decodeSinger is tolerant', () => {
  it('of blank lines, letter case, extra keys, absent key properties and repeated SCHEMAs', async () => {
    const { events } = await decode(
      '',
      { ...schema, type: 'schema', key_properties: undefined, surprise: 1 },
      '   ',
      { type: 'Record', stream: 'people', record: { other: 1 }, extra: true },
      schema,
      { ...schema, key_properties: 'id' },
      { type: 'RECORD', stream: 'people', record: { id: 'a' }, time_extracted: '2026-01-01T00:00:00Z', version: 3 },
    );
    expect(events).toEqual([
      { type: 'schema', stream: 'people', schema: schema.schema, keyProperties: [] },
      { type: 'record', stream: 'people', record: { other: 1 } },
      { type: 'schema', stream: 'people', schema: schema.schema, keyProperties: ['id'] },
      { type: 'schema', stream: 'people', schema: schema.schema, keyProperties: ['id'] },
      { type: 'record', stream: 'people', record: { id: 'a' }, timeExtracted: '2026-01-01T00:00:00Z', version: 3 },
    ]);
  });

  it('of unknown types, which it counts and tells once', async () => {
    const { events, counts, warnings } = await decode({ type: 'HEARTBEAT' }, { type: 'heartbeat' });
    expect(events).toEqual([]);
    expect(counts.ignored).toEqual({ HEARTBEAT: 2 });
    expect(warnings).toHaveLength(1);
  });

  it('of an ACTIVATE_VERSION for a stream nobody announced: nothing is taken for vanished', async () => {
    const { events, warnings } = await decode({ type: 'ACTIVATE_VERSION', stream: 'ghosts', version: 1 });
    expect(events).toEqual([]);
    expect(warnings[0]).toContain('"ghosts"');
  });

  it('of any state, which it hands on as it came', async () => {
    const value = { anything: [1, { deep: null }], currently_syncing: 'x' };
    expect((await decode({ type: 'STATE', value })).events).toEqual([{ type: 'state', value }]);
  });

  it('of NaN and Infinity, which Python writes: they are null, and counted', async () => {
    const { events } = await decode(
      schema,
      '{"type":"RECORD","stream":"people","record":{"id":"NaN","fte":NaN,"list":[-Infinity,"Infinity"]}}',
      '{"type":"STATE","value":{"x":NaN}}',
    );
    expect(events.slice(1)).toEqual([
      { type: 'record', stream: 'people', record: { id: 'NaN', fte: null, list: [null, 'Infinity'] }, nonNumbers: 2 },
      { type: 'state', value: { x: null }, text: '{"x":NaN}' },
    ]);
  });

  it('hands on such a record as a text that is JSON', async () => {
    const texts: string[] = [];
    const record = '{"type":"RECORD","stream":"people","record":{"id":"1","fte":NaN,"note":"NaN"}}';
    await decodeSinger(lines(schema, record), (_event, { text }) => {
      texts.push(text);
    });
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ record: { fte: null, note: 'NaN' } });
  });
});

describe('decodeSinger is strict, and never repeats a record', () => {
  const secret = 'ada.lovelace@example.com';
  it.each([
    [
      'a RECORD before its SCHEMA',
      [{ type: 'RECORD', stream: 'people', record: { id: secret } }],
      /RECORD for stream "people" before its SCHEMA \(line 1\)/,
    ],
    [
      'a missing key property',
      [schema, { type: 'RECORD', stream: 'people', record: { mail: secret } }],
      /missing key property "id" \(line 2\)/,
    ],
    ['a SCHEMA without properties', [{ ...schema, schema: { type: 'object' } }], /no "schema\.properties"/],
    ['broken JSON', [schema, `{"type":"RECORD","record":{"mail":"${secret}"`], /Line 2 is not valid JSON/],
    ['a line that is no message', [`"${secret}"`], /Line 1 is not a Singer message/],
    ['a BATCH, whose records would be lost', [schema, { type: 'BATCH', stream: 'people' }], /BATCH/],
    [
      'a record that is no object',
      [schema, { type: 'RECORD', stream: 'people', record: [secret] }],
      /RECORD has no "record"/,
    ],
    ['a STATE without a value', [{ type: 'STATE' }], /STATE has no "value"/],
    [
      'bottomless nesting',
      [
        schema,
        `{"type":"RECORD","stream":"people","record":{"id":"a","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      ],
      /nested deeper/,
    ],
  ])('on %s', async (_name, messages, pattern) => {
    const error = (await decode(...messages).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ kind: 'input' });
    expect(error.message).toMatch(pattern);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(secret);
  });

  it('says so when the input ends within a message', async () => {
    async function* cut() {
      yield Buffer.from('{"type":"RECO');
    }
    await expect(decodeSinger(cut(), () => {})).rejects.toMatchObject({
      hint: expect.stringContaining('stopped while writing') as string,
    });
  });
});

it('keys named __proto__ change nobody’s prototype, at any depth and however they are escaped', async () => {
  const { events } = await decode(
    schema,
    '{"type":"RECORD","stream":"people","record":{"id":"a","__proto__":{"admin":true},"n":[{"\\u005f_proto__":{"admin":true},"k":1}]}}',
  );
  const event = events[1];
  expect(event).toEqual({ type: 'record', stream: 'people', record: { id: 'a', n: [{ k: 1 }] } });
  expect(Object.assign({}, (event as { record: object }).record)).not.toHaveProperty('admin');
});

it.each([
  ['"__proto__":1', {}],
  ['"\\u005f\\u005fproto\\u005f\\u005f":1', {}],
  ['"note":"{[\\u0061"', { note: '{[a' }],
])('a record of plain values is made safe, and what only looks like nesting stays: %s', async (member, more) => {
  const { events } = await decode(schema, `{"type":"RECORD","stream":"people","record":{"id":"a",${member}}}`);
  const { record } = events[1] as { record: object };
  expect(Object.getOwnPropertyNames(record)).toEqual(['id', ...Object.keys(more)]);
  expect(record).toEqual({ id: 'a', ...more });
});

it('waits for a consumer that asks for it before the next line', async () => {
  const order: string[] = [];
  await decodeSinger(lines(schema, { type: 'RECORD', stream: 'people', record: { id: '1' } }), async (event) => {
    order.push(`start ${event.type}`);
    await new Promise(setImmediate);
    order.push(`end ${event.type}`);
  });
  expect(order).toEqual(['start schema', 'end schema', 'start record', 'end record']);
});

it('never ends in anything but events or a ConnectorError, whatever the bytes', async () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc
      .record({
        type: fc.constantFrom('RECORD', 'SCHEMA', 'STATE', 'ACTIVATE_VERSION', 'BATCH', 'x', '__proto__', 1, null),
        stream: fc.constantFrom('people', '', '__proto__', 'constructor', 1, null, undefined),
        record: fc.jsonValue(),
        schema: fc.oneof(fc.constant({ properties: {} }), fc.jsonValue()),
        key_properties: fc.oneof(fc.constant(['constructor']), fc.jsonValue()),
        value: fc.jsonValue(),
      })
      .map((message) => Buffer.from(`${JSON.stringify(message)}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { maxLength: 6 }), async (parts) => {
      async function* input() {
        yield* parts;
      }
      await decodeSinger(input(), () => {}).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'ConnectorError', kind: 'input' });
      });
    }),
  );
});

describe('singerEncoder', () => {
  const events: ConnectorEvent[] = [
    {
      type: 'schema',
      stream: 'people "x"',
      schema: { properties: { id: {} } },
      keyProperties: ['id'],
      bookmarkProperties: ['at'],
    },
    {
      type: 'record',
      stream: 'people "x"',
      record: { id: '1', n: { a: 'é\u2028\n' } },
      timeExtracted: '2026-01-01T00:00:00.000Z',
      version: 7,
    },
    { type: 'record', stream: 'people "x"', record: { id: '2' }, timeExtracted: '2026-01-01T00:00:01.000Z' },
    { type: 'record', stream: 'people "x"', record: { id: '3' } },
    { type: 'activate_version', stream: 'people "x"', version: 7 },
    { type: 'state', value: { bookmarks: {} } },
  ];

  it('writes what decodeSinger reads back', async () => {
    const out = new Collector();
    const emit = singerEncoder(lineWriter(out));
    await emit({ type: 'status', stream: 'people "x"', status: 'started' });
    for (const event of events) await emit(event);
    const seen: ConnectorEvent[] = [];
    await decodeSinger(lines(...out.lines()), (event) => {
      seen.push(event);
    });
    expect(seen).toEqual(events);
  });

  it('has handed on everything before a STATE, and the STATE, when its promise resolves', async () => {
    const out = new Collector();
    const emit = singerEncoder(lineWriter(out));
    for (const event of events.slice(0, -1)) await emit(event);
    expect(out.lines()).toEqual([]);
    await emit(events.at(-1) as ConnectorEvent);
    expect(out.lines()).toHaveLength(6);
  });

  it('writes the same STATE twice in a row only once', async () => {
    const out = new Collector();
    const emit = singerEncoder(lineWriter(out));
    for (const value of [1, 1, 2, 1]) await emit({ type: 'state', value });
    expect(out.lines()).toEqual([1, 2, 1].map((value) => `{"type":"STATE","value":${value}}`));
  });
});

it('bareState writes the value alone, flushed', async () => {
  const out = new Collector();
  await bareState(lineWriter(out), { type: 'state', value: { bookmarks: { a: {} } } });
  expect(out.lines()).toEqual(['{"bookmarks":{"a":{}}}']);
});

it('a STATE leaves as it came: numbers of any size, blanks, the order of keys', async () => {
  const out = new Collector();
  const writer = lineWriter(out);
  const values = ['{"last_id": 3332883884017713238, "n": 1.0}', '{"a":1}', '["x" ,2]'];
  await decodeSinger(lines(...values.map((value) => `{"type": "STATE", "value": ${value}}`)), async (event) => {
    if (event.type === 'state') await bareState(writer, event);
  });
  expect(out.lines()).toEqual(values);
});
