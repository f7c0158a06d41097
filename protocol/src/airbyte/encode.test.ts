import { ConnectorError, said } from '@ukg-together/kit/error';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { Collector } from '@ukg-together/kit/testing/streams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorEvent } from '../event.ts';
import { assertAirbyteMessage } from '../testing/airbyte-message.ts';
import { airbyteEncoder } from './encode.ts';
import { airbyteEnv, connectionStatus, logSink, traceError } from './message.ts';

async function encode(events: readonly ConnectorEvent[], abort = false): Promise<string[]> {
  const out = new Collector();
  const encoder = airbyteEncoder({ writer: lineWriter(out), clock: fakeClock() });
  for (const event of events) await encoder.emit(event);
  if (abort) await encoder.abort();
  return out.lines().map(brief);
}

/** `RECORD people {...}`, `STATE people 2 {...}`, `people RUNNING`: each line held against the protocol's own schema first. */
function brief(line: string): string {
  const { record, state, trace } = assertAirbyteMessage(line) as Message;
  if (record) {
    expect(Number.isInteger(record.emitted_at)).toBe(true);
    return `RECORD ${record.stream} ${JSON.stringify(record.data)}`;
  }
  if (state) {
    expect(state.type).toBe('STREAM');
    return `STATE ${state.stream.stream_descriptor.name} ${state.sourceStats.recordCount} ${JSON.stringify(state.stream.stream_state)}`;
  }
  if (trace === undefined) throw new Error(`unexpected: ${line}`);
  const { stream_descriptor: descriptor, status, reasons } = trace.stream_status;
  return `${descriptor.name} ${status}${reasons ? ` ${JSON.stringify(reasons)}` : ''}`;
}

interface Message {
  record?: { stream: string; data: unknown; emitted_at: number };
  state?: {
    type: string;
    stream: { stream_descriptor: { name: string }; stream_state: unknown };
    sourceStats: { recordCount: number };
  };
  trace?: { stream_status: { stream_descriptor: { name: string }; status: string; reasons?: unknown } };
}

const schema = (stream: string): ConnectorEvent => ({ type: 'schema', stream, schema: {}, keyProperties: ['id'] });
const record = (stream: string, id: number): ConnectorEvent => ({
  type: 'record',
  stream,
  record: { id },
  timeExtracted: '2026-01-01T00:00:00.000Z',
});
const state = (bookmarks: unknown, stream?: string): ConnectorEvent => ({
  type: 'state',
  value: { bookmarks },
  ...(stream && { stream }),
});
const status = (stream: string, name: 'complete' | 'incomplete'): ConnectorEvent => ({
  type: 'status',
  stream,
  status: name,
});
const bookmark = (value: string) => ({ replication_key: 'at', replication_key_value: value });

describe('airbyteEncoder', () => {
  it('walks each stream through its statuses, with a counted state before the end', async () => {
    expect(
      await encode([
        schema('a'),
        record('a', 1),
        record('a', 2),
        state({ a: bookmark('x') }, 'a'),
        record('a', 3),
        state({ a: bookmark('y') }, 'a'),
        { type: 'activate_version', stream: 'a', version: 1 },
        status('a', 'complete'),
      ]),
    ).toEqual([
      'a STARTED',
      'a RUNNING',
      'RECORD a {"id":1}',
      'RECORD a {"id":2}',
      `STATE a 2 ${JSON.stringify(bookmark('x'))}`,
      'RECORD a {"id":3}',
      `STATE a 1 ${JSON.stringify(bookmark('y'))}`,
      'a COMPLETE',
    ]);
  });

  it('ends a stream without records, and one without a cursor, with a state too', async () => {
    const none = '{"__ab_no_cursor_state_message":true}';
    expect(
      await encode([schema('a'), status('a', 'complete'), schema('b'), record('b', 1), status('b', 'complete')]),
    ).toEqual([
      'a STARTED',
      `STATE a 0 ${none}`,
      'a COMPLETE',
      'b STARTED',
      'b RUNNING',
      'RECORD b {"id":1}',
      `STATE b 1 ${none}`,
      'b COMPLETE',
    ]);
  });

  it('says RATE_LIMITED while it waits, and RUNNING when it goes on', async () => {
    expect(
      await encode([
        schema('a'),
        { type: 'status', stream: 'a', status: 'running', rateLimitedUntil: 1_767_225_600_000.4 },
        record('a', 1),
        record('a', 2),
        { type: 'status', stream: 'a', status: 'running', rateLimitedUntil: 1_767_225_600_001 },
      ]),
    ).toEqual([
      'a STARTED',
      'a RUNNING [{"type":"RATE_LIMITED","rate_limited":{"quota_reset":1767225600000}}]',
      'a RUNNING',
      'RECORD a {"id":1}',
      'RECORD a {"id":2}',
      'a RUNNING [{"type":"RATE_LIMITED","rate_limited":{"quota_reset":1767225600001}}]',
    ]);
  });

  it('leaves what came after the last state uncommitted when the run fails', async () => {
    const lines = await encode(
      [schema('a'), record('a', 1), state({ a: bookmark('x') }), record('a', 2), schema('b'), status('b', 'complete')],
      true,
    );
    expect(lines.slice(-5)).toEqual([
      'RECORD a {"id":2}',
      'b STARTED',
      'STATE b 0 {"__ab_no_cursor_state_message":true}',
      'b COMPLETE',
      'a INCOMPLETE',
    ]);
    expect(lines.filter((line) => line.startsWith('STATE a'))).toHaveLength(1);
  });

  it('tells a bookmark that comes after the end, without records', async () => {
    const lines = await encode([
      schema('a'),
      record('a', 1),
      status('a', 'complete'),
      state({ a: bookmark('x') }),
      state({ a: bookmark('x') }),
    ]);
    expect(lines.slice(-2)).toEqual(['a COMPLETE', `STATE a 0 ${JSON.stringify(bookmark('x'))}`]);
  });

  it('counts every record once, repeats no state with records between, and orders statuses, for any run', async () => {
    const event = fc.oneof(
      fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3)).map(([stream, id]) => record(stream, id)),
      fc
        .tuple(fc.constantFrom('x', 'y'), fc.option(fc.constantFrom('a', 'b'), { nil: undefined }))
        .map(([value, stream]) => state({ a: bookmark(value) }, stream)),
      fc.constantFrom('a', 'b').map(schema),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        const lines = await encode([...events, status('a', 'complete'), status('b', 'complete')]);
        for (const name of ['a', 'b']) {
          const own = lines.filter((line) => new RegExp(`^(RECORD |STATE )?${name} `).test(line));
          const records = own.filter((line) => line.startsWith('RECORD')).length;
          const states = own.filter((line) => line.startsWith('STATE'));
          expect(states.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0)).toBe(records);
          const contents = states.map((line) => line.split(' ').slice(3).join(' '));
          for (const [i, content] of contents.entries()) if (i > 0) expect(content).not.toBe(contents[i - 1]);
          const statuses = own.filter((line) => line.startsWith(`${name} `)).map((line) => line.split(' ')[1]);
          expect(statuses).toEqual(records > 0 ? ['STARTED', 'RUNNING', 'COMPLETE'] : ['STARTED', 'COMPLETE']);
          expect(own.at(-1)).toBe(`${name} COMPLETE`);
        }
      }),
    );
  });
});

describe('messages', () => {
  const deps = { clock: fakeClock(), redactor: createRedactor(['hunter22']) };

  it.each([
    ['settings', 'config_error'],
    ['credentials', 'config_error'],
    ['unreachable', 'transient_error'],
    ['locked', 'transient_error'],
    ['unexpected', 'system_error'],
  ] as const)('a %s failure is a %s, masked', (kind, type) => {
    const error = new ConnectorError(kind, said`Tried hunter22.`, {
      hint: 'Next.',
      internal: 'at hunter22',
      stream: 'people',
    });
    const message = traceError(error, deps);
    const text = JSON.stringify(message);
    assertAirbyteMessage(text);
    expect(text).not.toContain('hunter22');
    expect(message).toMatchObject({
      trace: {
        error: {
          message: expect.stringMatching(/^Tried \*{3}\. Next\. See https:\S+$/),
          failure_type: type,
          stream_descriptor: { name: 'people' },
        },
      },
    });
  });

  it('a check tells why it failed', () => {
    const failed = connectionStatus(
      new ConnectorError('credentials', said`UKG refused hunter22.`, { hint: 'Ask.' }),
      deps.redactor,
    );
    assertAirbyteMessage(JSON.stringify(failed));
    expect(failed).toMatchObject({
      connectionStatus: {
        status: 'FAILED',
        message: expect.stringMatching(/^UKG refused \*{3}\. Ask\. See https:\S+$/),
      },
    });
    assertAirbyteMessage(JSON.stringify(connectionStatus(undefined, deps.redactor)));
  });

  it('takes the log level from --debug, else from LOGLEVEL, else from the platform', () => {
    expect(airbyteEnv({ LOG_LEVEL: 'WARN', A: 'b' }, { debug: false })).toEqual({
      LOG_LEVEL: 'WARN',
      LOGLEVEL: 'WARN',
      A: 'b',
    });
    expect(airbyteEnv({ LOG_LEVEL: 'WARN', LOGLEVEL: 'ERROR' }, { debug: false })['LOGLEVEL']).toBe('ERROR');
    expect(airbyteEnv({ LOGLEVEL: 'ERROR' }, { debug: true })['LOGLEVEL']).toBe('DEBUG');
    expect(airbyteEnv({ A: 'b' }, { debug: false })).toEqual({ A: 'b' });
  });

  it('logs travel as LOG messages at once, and never fail', async () => {
    const out = new Collector();
    const sink = logSink(lineWriter(out));
    sink('warning', 'careful', 'at x');
    await new Promise(setImmediate);
    expect(assertAirbyteMessage(out.lines()[0] as string)).toEqual({
      type: 'LOG',
      log: { level: 'WARN', message: 'careful', stack_trace: 'at x' },
    });
    out.destroy();
    await new Promise(setImmediate);
    sink('info', 'nobody listens');
    await new Promise(setImmediate);
  });
});
