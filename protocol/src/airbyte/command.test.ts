import { ConnectorError, said } from '@ukg-together/kit/error';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { Collector } from '@ukg-together/kit/testing/streams';
import { describe, expect, it } from 'vitest';
import { assertAirbyteMessage } from '../testing/airbyte-message.ts';
import { type AirbyteConnector, airbyteTable, parseAirbyteArgs, runAirbyte } from './command.ts';

async function run(argv: string[], overrides: Partial<AirbyteConnector> = {}) {
  const out = new Collector();
  const printed: string[] = [];
  const connector: AirbyteConnector = {
    table: airbyteTable('source-x', 'source'),
    version: '1.2.3',
    spec: () => ({ type: 'SPEC', spec: { connectionSpecification: {} } }),
    check: async () => {},
    ...overrides,
  };
  const io = {
    writer: lineWriter(out),
    clock: fakeClock(),
    redactor: createRedactor(['hunter22']),
    print: (text: string) => printed.push(text),
  };
  const code = await runAirbyte(connector, argv, io);
  return { code, printed, messages: out.lines().map((line) => assertAirbyteMessage(line) as Record<string, unknown>) };
}

const fails = (error: unknown) => () => Promise.reject(error as Error);

describe('parseAirbyteArgs', () => {
  const parse = (...argv: string[]) => parseAirbyteArgs(airbyteTable('source-x', 'source'), argv);

  it('takes both spellings and any order', () => {
    expect(parse('read', '--config=c', '--catalog', 'cat.txt', '--debug')).toEqual({
      action: 'read',
      command: 'read',
      config: 'c',
      catalog: 'cat.txt',
      state: undefined,
      debug: true,
    });
    expect(parse('--state', 's', '--config', 'c', 'read', '--catalog=k')).toMatchObject({ action: 'read', state: 's' });
    expect(parse()).toMatchObject({ action: 'help' });
  });

  it('names what is missing or out of place', () => {
    expect(() => parse('read', '--config', 'c')).toThrow('read needs --catalog FILE');
    expect(() => parse('write')).toThrow('Unknown command "write"');
    expect(() => parse('check', '--config', 'c', '--catalog', 'k')).toThrow('belongs to "read"');
  });
});

describe('runAirbyte', () => {
  it('answers spec with one message, without settings', async () => {
    const { code, printed } = await run(['spec']);
    expect(code).toBe(0);
    expect(printed.map((line) => assertAirbyteMessage(line))).toMatchObject([{ type: 'SPEC' }]);
    expect(await run(['--version'])).toMatchObject({ code: 0, messages: [], printed: ['source-x v1.2.3'] });
    expect((await run([])).printed[0]).toContain('Read the configured streams.');
    for (const argv of [
      ['help', 'read'],
      ['read', '-h'],
    ])
      expect(await run(argv)).toMatchObject({ code: 0, printed: [expect.stringContaining('source-x read --config')] });
    expect((await run(['help'])).printed[0]).toContain('help [COMMAND]');
  });

  it('ends a check that fails for the user’s reasons with FAILED and code 0', async () => {
    for (const kind of ['settings', 'credentials', 'unreachable'] as const) {
      const result = await run(['check', '--config', 'c'], {
        check: fails(new ConnectorError(kind, said`No: hunter22.`)),
      });
      expect(result).toMatchObject({
        code: 0,
        messages: [
          {
            type: 'CONNECTION_STATUS',
            connectionStatus: { status: 'FAILED', message: expect.stringMatching(/^No: \*{3}\. See https:/) },
          },
        ],
      });
    }
    expect(await run(['check', '--config', 'c'])).toMatchObject({
      code: 0,
      messages: [{ connectionStatus: { status: 'SUCCEEDED' } }],
    });
  });

  it('ends a fault of ours with a TRACE and code 1, and repeats no foreign message', async () => {
    const result = await run(['check', '--config', 'c'], { check: fails(new TypeError('Ada Lovelace')) });
    expect(result).toMatchObject({
      code: 1,
      messages: [{ type: 'TRACE', trace: { type: 'ERROR', error: { failure_type: 'system_error' } } }],
    });
    expect(JSON.stringify(result.messages)).not.toContain('Lovelace');
  });

  it('ends a failed read with a TRACE and the code of the failure', async () => {
    const read = fails(new ConnectorError('unreachable', said`UKG kept failing.`));
    expect(await run(['read', '--config', 'c', '--catalog', 'k'], { read })).toMatchObject({
      code: 5,
      messages: [{ trace: { error: { failure_type: 'transient_error' } } }],
    });
    expect(await run(['raed'])).toMatchObject({
      code: 2,
      messages: [{ trace: { error: { failure_type: 'config_error' } } }],
    });
  });

  it('ends quietly with code 1 when nobody reads any more', async () => {
    const out = new Collector();
    out.destroy();
    const writer = lineWriter(out);
    await new Promise(setImmediate);
    const table = airbyteTable('source-x', 'source');
    const spec = () => ({ type: 'SPEC' });
    const io = { writer, clock: fakeClock(), redactor: createRedactor(), print: () => {} };
    expect(await runAirbyte({ table, version: '1', spec, check: async () => {} }, ['check', '--config', 'c'], io)).toBe(
      1,
    );
  });
});
