import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { Collector, lines } from '@ukg-together/kit/testing/streams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorEvent, StateEvent } from '../event.ts';
import { assertAirbyteMessage } from '../testing/airbyte-message.ts';
import { readConfiguredCatalog } from './catalog.ts';
import { decodeAirbyte, echoState } from './decode.ts';

const people = {
  stream: {
    name: 'people',
    json_schema: { properties: { employeeId: {}, workEmail: {} } },
    source_defined_primary_key: [['employeeId']],
  },
  sync_mode: 'incremental',
  destination_sync_mode: 'append_dedup',
};
const streams = readConfiguredCatalog({ streams: [people] });
const record = (data: unknown, extra = {}) => ({
  type: 'RECORD',
  record: { stream: 'people', data, emitted_at: 1_767_225_600_000, ...extra },
});

async function decode(messages: unknown[], options = {}) {
  const events: ConnectorEvent[] = [];
  const texts: string[] = [];
  const warnings: string[] = [];
  const counts = await decodeAirbyte(
    lines(...messages),
    (event, line) => {
      events.push(event);
      texts.push(line.text);
    },
    { streams, warn: (message) => warnings.push(message), ...options },
  );
  return {
    events,
    records: events.flatMap((event) => (event.type === 'record' ? [event.record] : [])),
    texts,
    warnings,
    counts,
  };
}

describe('decodeAirbyte', () => {
  it('reads NaN and Infinity, which Python writes, as null, and counts them', async () => {
    const text = JSON.stringify(record({ employeeId: '1', fte: 'FTE' })).replace('"FTE"', 'NaN');
    const { events } = await decode([text]);
    expect(events.at(-1)).toMatchObject({ record: { employeeId: '1', fte: null }, nonNumbers: 1 });
  });

  it('hands on a record and a state with NaN as texts that are JSON', async () => {
    const state = JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream: { at: 'AT' } } });
    const { events, texts } = await decode([
      JSON.stringify(record({ employeeId: '1', fte: 'AT' })).replace('"AT"', '-Infinity'),
      state.replace('"AT"', 'NaN'),
    ]);
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ record: { data: { fte: null } } });
    expect(events.at(-1)).toMatchObject({ type: 'state', value: { stream: { at: null } } });
    expect(JSON.stringify(events.at(-1))).not.toContain('NaN');
  });

  it('announces each configured stream, then gives records with their time', async () => {
    const { events } = await decode([record({ employeeId: '1' })]);
    expect(events).toEqual([
      {
        type: 'schema',
        stream: 'people',
        schema: people.stream.json_schema,
        keyProperties: ['employeeId'],
        increment: true,
      },
      { type: 'record', stream: 'people', record: { employeeId: '1' }, timeExtracted: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('takes PyAirbyte’s nulls for absent, and its seconds for a time', async () => {
    const nulls = { log: null, spec: null, connectionStatus: null, catalog: null, trace: null, control: null };
    const { events } = await decode([
      {
        ...nulls,
        type: 'RECORD',
        state: null,
        record: { namespace: null, meta: null, stream: 'people', data: { employeeId: '1' }, emitted_at: 1_767_225_600 },
      },
      {
        ...nulls,
        type: 'STATE',
        record: null,
        state: {
          type: 'STREAM',
          stream: { stream_descriptor: { name: 'people', namespace: null }, stream_state: {} },
          global_: null,
          data: null,
        },
      },
    ]);
    expect(events.slice(1)).toMatchObject([
      { type: 'record', timeExtracted: '2026-01-01T00:00:00.000Z' },
      { type: 'state', stream: 'people', records: 1 },
    ]);
  });

  it('gives names lower-cased by a cache back as they were, and drops the cache’s columns', async () => {
    const cached = {
      employeeid: '1',
      workemail: 'x',
      _airbyte_raw_id: 'r',
      _airbyte_extracted_at: 't',
      _airbyte_meta: {},
      other: 1,
    };
    expect((await decode([record(cached)])).records).toEqual([{ employeeId: '1', workEmail: 'x', other: 1 }]);
    expect((await decode([record({ employeeId: 'exact', employeeid: 'other' })])).records).toEqual([
      { employeeId: 'exact' },
    ]);
  });

  it('gives them as the consumer spells them when the schema is lower-cased too', async () => {
    const warehouse = readConfiguredCatalog({
      streams: [
        {
          ...people,
          stream: { name: 'people', json_schema: { properties: { employeeid: {}, _airbyte_meta: {} } } },
          primary_key: [['employeeid']],
        },
      ],
    });
    const { events } = await decode([record({ employeeid: '1' })], { streams: warehouse, names: () => ['employeeId'] });
    expect(events).toMatchObject([
      { schema: { properties: { employeeId: {} } }, keyProperties: ['employeeId'] },
      { record: { employeeId: '1' } },
    ]);
    expect(Object.keys((events[0] as { schema: { properties: object } }).schema.properties)).toEqual(['employeeId']);
  });

  it('hands a state on whole, with the records that it covers', async () => {
    const one = {
      type: 'STREAM',
      id: 7,
      unknown: [1],
      stream: { stream_descriptor: { name: 'people' }, stream_state: { a: 1 } },
      sourceStats: { recordCount: 2 },
    };
    const two = { type: 'GLOBAL', global: { stream_states: [] } };
    const { events } = await decode([
      record({ employeeId: '1' }),
      record({ employeeId: '2' }),
      { type: 'STATE', state: one },
      record({ employeeId: '3' }),
      { type: 'STATE', state: two },
    ]);
    expect(events.filter(({ type }) => type === 'state')).toEqual([
      { type: 'state', stream: 'people', value: one, records: 2 },
      { type: 'state', value: two, records: 1 },
    ]);
  });

  it('knows a complete stream, and ignores what it does not know', async () => {
    const complete = (name: string) => ({
      type: 'TRACE',
      trace: { type: 'STREAM_STATUS', stream_status: { stream_descriptor: { name }, status: 'COMPLETE' } },
    });
    const { events, counts, warnings } = await decode([
      { type: 'LOG', log: { message: 'x' } },
      { type: 'NEWS' },
      complete('others'),
      complete('people'),
      { type: 'TRACE', trace: { type: 'ERROR' } },
      { type: 'RECORD', record: { stream: 'others', data: { a: 1 } } },
      { type: 'RECORD', record: { stream: 'others', data: { a: 2 } } },
    ]);
    expect(events.slice(1)).toEqual([{ type: 'status', stream: 'people', status: 'complete' }]);
    expect(counts).toEqual({ records: 0, states: 0, ignored: 6 });
    expect(warnings).toEqual(['Records of stream "others", which is not in the configured catalog, are ignored.']);
  });

  it.each([
    ['a full refresh', { sync_mode: 'full_refresh' }, {}, true],
    ['one that may be resumed midway', { sync_mode: 'full_refresh' }, { is_resumable: true }, false],
    ['an increment', {}, {}, false],
    ['one called incremental of a stream that knows none', {}, { supported_sync_modes: ['full_refresh'] }, true],
  ])('knows whether the COMPLETE of %s means that everything came', async (_name, entry, stream, everything) => {
    const configured = readConfiguredCatalog({
      streams: [{ ...people, ...entry, stream: { ...people.stream, ...stream } }],
    });
    const descriptor = { stream_descriptor: { name: 'people', namespace: null }, status: 'COMPLETE', reasons: null };
    const { events } = await decode(
      [{ type: 'TRACE', trace: { type: 'STREAM_STATUS', error: null, emitted_at: 1, stream_status: descriptor } }],
      { streams: configured },
    );
    expect(events.at(-1)).toEqual({
      type: 'status',
      stream: 'people',
      status: 'complete',
      ...(everything && { everything: true }),
    });
  });

  it('stops at a broken line by number, never by content', async () => {
    const error = (await decode([record({}), '{"secret":"Ada']).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ kind: 'input', message: 'Line 2 is not valid JSON.' });
    await expect(decode([`{"type":"STATE","state":${'['.repeat(300)}${']'.repeat(300)}}`])).resolves.toMatchObject({
      counts: { states: 0 },
    });
    await expect(decode([`{"type":"STATE","state":{"a":${'['.repeat(300)}${']'.repeat(300)}}}`])).rejects.toThrow(
      'nested deeper',
    );
  });

  it('never ends in anything but events or a ConnectorError, whatever the messages', async () => {
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom('RECORD', 'STATE', 'TRACE', 1),
        record: fc.jsonValue(),
        state: fc.jsonValue(),
        trace: fc.jsonValue(),
      }),
      fc
        .dictionary(
          fc.constantFrom('employeeid', 'EMPLOYEEID', '__proto__', '_airbyte_x', 'constructor'),
          fc.jsonValue(),
        )
        .map((data) => record(data)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
        await decode(messages).catch((error: unknown) =>
          expect(error).toMatchObject({ name: 'ConnectorError', kind: 'input' }),
        );
      }),
    );
  });
});

describe('echoState', () => {
  const echo = async (state: unknown) => {
    const out = new Collector();
    await echoState(lineWriter(out), { value: state }, { delivered: 2, rejected: 1 });
    return (JSON.parse(out.lines()[0] as string) as { state: unknown }).state;
  };
  const destinationStats = { recordCount: 2, rejectedRecordCount: 1 };

  it('gives back the very state, whatever is in it, with the counts as integers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => !['__proto__', 'global_', 'destinationStats'].includes(key)),
          fc.jsonValue(),
        ),
        async (state) => {
          expect(await echo(state)).toEqual(JSON.parse(JSON.stringify({ ...state, destinationStats })));
        },
      ),
    );
    const out = new Collector();
    await echoState(
      lineWriter(out),
      { value: { type: 'STREAM', id: 3, stream: { stream_descriptor: { name: 'a' } } } },
      { delivered: 2, rejected: 1 },
    );
    assertAirbyteMessage(out.lines()[0] as string);
    expect(out.text).toContain('"destinationStats":{"recordCount":2,"rejectedRecordCount":1}');
  });

  it('keeps every digit of what another source wrote, and spaces inside it', async () => {
    const state =
      '{"type": "STREAM", "stream": {"stream_descriptor":{"name":"people"}, "stream_state":{"cursor":12345678901234567890, "x":1.0}},"id":1,"destinationStats":null}';
    const { events } = await decode([`{"type":"STATE","state":${state}}`]);
    const out = new Collector();
    const event = events.find(({ type }) => type === 'state');
    await echoState(lineWriter(out), event as StateEvent, { delivered: 2, rejected: 1 });
    expect(out.lines()).toEqual([
      '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"people"}, "stream_state":{"cursor":12345678901234567890, "x":1.0}},"id":1,"destinationStats":{"recordCount":2,"rejectedRecordCount":1}}}',
    ]);
  });

  it('spells a GLOBAL state right again that PyAirbyte misspelt', async () => {
    const global_ = { shared_state: { a: 1 }, stream_states: [] };
    expect(await echo({ type: 'GLOBAL', global_ })).toMatchObject({ global: global_, destinationStats });
  });
});
