import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { settingsJsonSchema } from '@ukg-together/kit/settings/to-json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { assertAirbyteMessage } from '../testing/airbyte-message.ts';
import { codes, people } from '../testing/definitions.ts';
import { discoverAirbyte, readConfiguredCatalog, selectConfigured } from './catalog.ts';
import { specMessage } from './spec.ts';
import { parseAirbyteState, readAirbyteState } from './state.ts';

interface Discovered {
  name: string;
  json_schema: JsonSchema;
  supported_sync_modes: string[];
}
const discovered = (...args: Parameters<typeof discoverAirbyte>) =>
  (assertAirbyteMessage(JSON.stringify(discoverAirbyte(...args))) as { catalog: { streams: Discovered[] } }).catalog
    .streams;
const configure = (streams: Discovered[], sync_mode: string) =>
  readConfiguredCatalog({ streams: streams.map((stream) => ({ stream, sync_mode, destination_sync_mode: 'append' })) });
const propertiesOf = (schema: JsonSchema | undefined) => Object.keys(schema?.properties ?? {});

describe('discover', () => {
  it('gives keys, cursors and sync modes, and hides sensitive fields that nobody asked for', () => {
    const [first, second] = discovered([people, codes]);
    expect(first).toMatchObject({
      name: 'people',
      supported_sync_modes: ['full_refresh', 'incremental'],
      source_defined_primary_key: [['id']],
      source_defined_cursor: true,
      default_cursor_field: ['changed'],
    });
    expect(second).toMatchObject({ supported_sync_modes: ['full_refresh'] });
    expect(first?.json_schema.properties?.['changed']).toEqual({
      type: 'string',
      format: 'date-time',
      airbyte_type: 'timestamp_with_timezone',
    });
    expect(JSON.stringify(first)).not.toMatch(/birth|street|pay/);
    expect(JSON.stringify(discovered([people], (_, path) => path === 'birth'))).toMatch(/birth/);
  });

  it('never says additionalProperties: false', () => {
    const closed = { ...people, schema: { ...people.schema, additionalProperties: false } };
    expect(JSON.stringify(discovered([closed]))).not.toContain('additionalProperties');
  });
});

describe('selectConfigured', () => {
  it('reads exactly the fields of the configured schema, and the keys', () => {
    const [stream] = discovered([people]);
    const all = selectConfigured([people, codes], configure([stream as Discovered], 'incremental'));
    expect(all).toMatchObject([{ replicationMethod: 'INCREMENTAL', replicationKey: 'changed', keyProperties: ['id'] }]);
    expect(propertiesOf(all[0]?.schema)).toEqual(['id', 'changed', 'mail', 'home', 'jobs']);
    expect(propertiesOf(all[0]?.schema.properties?.['home'])).toEqual(['city']);
    const some = {
      name: 'people',
      json_schema: { properties: { mail: {}, birth: {}, home: { properties: { street: {} } } } },
      supported_sync_modes: [],
    };
    const [few] = selectConfigured([people], configure([some], 'full_refresh'));
    expect(few?.replicationMethod).toBe('FULL_TABLE');
    expect(propertiesOf(few?.schema)).toEqual(['id', 'changed', 'mail', 'birth', 'home']);
    expect(propertiesOf(few?.schema.properties?.['home'])).toEqual(['street']);
  });

  it('takes everything that is not sensitive where the catalog has no fields', () => {
    for (const json_schema of [{}, { properties: { home: {}, jobs: {} } }]) {
      const [stream] = selectConfigured(
        [people],
        configure([{ name: 'people', json_schema, supported_sync_modes: [] }], 'full_refresh'),
      );
      expect(JSON.stringify(stream?.schema)).not.toMatch(/birth|street|pay/);
      expect(JSON.stringify(stream?.schema)).toMatch(/city.*title/);
    }
  });

  it('reads all of a stream that knows no increments, as PyAirbyte asks for every stream as one', () => {
    const warnings: string[] = [];
    const asked = configure([{ name: 'codes', json_schema: {}, supported_sync_modes: [] }], 'incremental');
    const [stream] = selectConfigured([codes], asked, (message) => warnings.push(message));
    expect(stream?.replicationMethod).toBe('FULL_TABLE');
    expect(warnings).toEqual(['Stream "codes" can\'t be read incrementally: reading all of it, as with full_refresh.']);
  });

  it('fails for a stream that the source lacks', () => {
    expect(() =>
      selectConfigured(
        [people],
        configure([{ name: 'peple', json_schema: {}, supported_sync_modes: [] }], 'full_refresh'),
      ),
    ).toThrow('did you mean "people"');
  });

  it('refuses what is no configured catalog', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            streams: fc.array(
              fc.oneof(fc.jsonValue(), fc.record({ stream: fc.jsonValue(), primary_key: fc.jsonValue() })),
            ),
          }),
        ),
        (value) => {
          try {
            readConfiguredCatalog(value);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ConnectorError', kind: 'settings' });
          }
        },
      ),
    );
  });
});

describe('state', () => {
  const select = (sync_mode: string) => selectConfigured([people], configure(discovered([people]), sync_mode));
  const selected = select('incremental');
  const bookmark = { replication_key: 'changed', replication_key_value: 'x' };
  const stream = (name: string, stream_state: unknown) => ({
    stream_descriptor: { name, namespace: null },
    stream_state,
  });

  it.each([
    [
      'what the platform stores',
      [
        {
          type: 'STREAM',
          id: 4,
          stream: stream('people', bookmark),
          sourceStats: { recordCount: 1 },
          destinationStats: {},
        },
      ],
    ],
    ['one state without the list', { type: 'STREAM', stream: stream('people', bookmark) }],
    ['whole messages', [{ type: 'STATE', state: { type: 'STREAM', stream: stream('people', bookmark) } }]],
    [
      'a GLOBAL state',
      [{ type: 'GLOBAL', global: { shared_state: null, stream_states: [stream('people', bookmark)] } }],
    ],
    [
      'PyAirbyte’s spelling of it',
      [
        {
          type: 'GLOBAL',
          stream: null,
          global_: { stream_states: [stream('people', { ...bookmark, __ab_sequence: 2 })] },
        },
      ],
    ],
  ])('is read from %s', (_name, value) => {
    expect(parseAirbyteState(value, selected)).toEqual({ bookmarks: { people: bookmark } });
  });

  it('is empty for nothing, a reset stream, an unknown one and a full refresh', async () => {
    for (const value of [[], {}, null, [null], [{ type: 'STREAM', stream: stream('gone', bookmark) }]]) {
      expect(parseAirbyteState(value, selected)).toEqual({ bookmarks: {} });
    }
    for (const reset of [null, {}, { __ab_no_cursor_state_message: true }]) {
      expect(parseAirbyteState([{ stream: stream('people', reset) }], selected)).toEqual({
        bookmarks: { people: {} },
      });
    }
    expect(parseAirbyteState([{ stream: stream('people', bookmark) }], select('full_refresh'))).toEqual({
      bookmarks: {},
    });
    const path = join(await mkdtemp(join(tmpdir(), 'state-')), 's.json');
    await writeFile(path, '\n');
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    expect(await readAirbyteState(path, selected, warn)).toEqual({ bookmarks: {} });
    expect(await readAirbyteState(undefined, selected, warn)).toEqual({ bookmarks: {} });
    parseAirbyteState([{ stream: stream('gone', bookmark) }, { stream: stream('people', bookmark) }], selected, warn);
    expect(warnings).toEqual([]);
    parseAirbyteState([{ stream: stream('gone', bookmark) }], selected, warn);
    expect(warnings).toEqual(['The state is of other streams ("gone"): nothing goes on from it, everything is read.']);
  });

  it('is refused where it is another shape, instead of starting over', () => {
    for (const value of [
      7,
      ['x'],
      [{ data: { people: 1 } }],
      [{ bookmarks: {}, a: 1 }],
      [{ stream: {} }],
      [{ global: {} }],
    ]) {
      expect(() => parseAirbyteState(value, selected)).toThrow(expect.objectContaining({ kind: 'settings' }) as Error);
    }
  });
});

describe('spec', () => {
  const settings = settingsJsonSchema(
    z.object({
      api_key: z.string().meta({ title: 'Key', secret: true }),
      hours: z.number().nullable().default(24),
      dir: z.string().nullable().optional(),
      only_here: z.string().optional(),
      nobody_named: z.string().optional(),
      limiter: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('local') }),
          z.object({ type: z.literal('redis'), url: z.string().meta({ secret: true }) }),
        ])
        .default({ type: 'local' }),
      rules: z.record(z.string(), z.unknown()).meta({
        list: {
          key: 'field',
          entry: { type: 'object', required: ['field'], properties: { field: { type: 'string' } } },
        },
      }),
      maps: z
        .record(z.string(), z.unknown())
        .nullable()
        .default(null)
        .meta({ multiline: true, examples: [{ a: 1 }] }),
      group: z.object({ url: z.string(), rows: z.union([z.int(), z.record(z.string(), z.int())]) }).optional(),
    }),
  );
  const message = specMessage({
    settings,
    documentationUrl: 'https://example.com/docs',
    destinationSyncModes: ['append_dedup', 'append'],
    form: {
      groups: [
        { id: 'first', title: 'First', settings: ['api_key', 'hours', 'dir'] },
        { id: 'second', title: 'Second', settings: ['limiter', 'rules', 'maps', 'group'] },
      ],
      without: ['only_here'],
      alwaysShown: ['dir'],
    },
  });

  it('speaks Airbyte’s dialect: secrets, order, choices by oneOf, no null', () => {
    assertAirbyteMessage(JSON.stringify(message));
    expect(message).toMatchObject({
      spec: {
        protocol_version: '0.2.0',
        supported_destination_sync_modes: ['append_dedup', 'append'],
        connectionSpecification: {
          $schema: 'http://json-schema.org/draft-07/schema#',
          groups: [
            { id: 'first', title: 'First' },
            { id: 'second', title: 'Second' },
          ],
          required: ['api_key', 'rules'],
          properties: {
            api_key: { type: 'string', airbyte_secret: true, group: 'first', order: 0 },
            hours: { type: 'number', default: 24, order: 1 },
            dir: { type: 'string', always_show: true },
            rules: { type: 'array', items: { type: 'object', required: ['field'] }, group: 'second' },
            maps: { type: 'string', multiline: true, examples: ['{"a":1}'] },
            group: { type: 'object', properties: { url: { type: 'string' }, rows: { type: 'integer' } } },
            limiter: {
              type: 'object',
              oneOf: [
                { title: 'local', properties: { type: { const: 'local' } } },
                { title: 'redis', properties: { url: { airbyte_secret: true } } },
              ],
            },
          },
        },
      },
    });
    expect(JSON.stringify(message)).not.toMatch(/anyOf|"null"|writeOnly|only_here|"secret"/);
    const { properties } = (message as unknown as { spec: { connectionSpecification: JsonSchema } }).spec
      .connectionSpecification;
    expect(properties?.['group']).not.toHaveProperty('required');
  });

  it('has a place for every setting, in the last group where none names it', () => {
    expect(message).toMatchObject({
      spec: { connectionSpecification: { properties: { nobody_named: { group: 'second', order: 7 } } } },
    });
  });
});
