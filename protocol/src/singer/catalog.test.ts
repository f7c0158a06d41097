import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFilter } from '../selection.ts';
import type { SelectedStream } from '../stream.ts';
import { codes, people } from '../testing/definitions.ts';
import { discover, selectStreams } from './catalog.ts';

const streams = [people, codes];
type Metadata = Record<string, unknown>;
interface Entry {
  schema: { properties: Metadata };
  metadata: { breadcrumb: string[]; metadata: Metadata }[];
}

/** The discovered catalog, changed as Meltano or an editor would. */
function edited(change: (entry: Entry, at: (...path: string[]) => Metadata) => void): unknown {
  const catalog = structuredClone(discover(streams)) as unknown as { streams: Entry[] };
  const entry = catalog.streams[0] as Entry;
  change(entry, (...path) => entry.metadata.find((item) => item.breadcrumb.join() === path.join())?.metadata ?? {});
  return catalog;
}

function fields(selected: SelectedStream[] | undefined): string[] {
  const walk = (schema: JsonSchema, path: string): string[] =>
    Object.entries(schema.properties ?? schema.items?.properties ?? {}).flatMap(([name, inner]) => [
      `${path}${name}`,
      ...walk(inner, `${path}${name}.`),
    ]);
  return walk(selected?.[0]?.schema ?? {}, '');
}

const select = (change: Parameters<typeof edited>[0]) => selectStreams(streams, edited(change));
const standard = ['id', 'changed', 'mail', 'home', 'home.city', 'jobs', 'jobs.title'];

describe('discover', () => {
  it('gives metadata for the stream and each field, nested ones too', () => {
    const [entry] = discover(streams).streams;
    expect(entry?.metadata[0]).toEqual({
      breadcrumb: [],
      metadata: {
        inclusion: 'available',
        selected: true,
        'selected-by-default': true,
        'table-key-properties': ['id'],
        'valid-replication-keys': ['changed'],
        'replication-key': 'changed',
        'replication-method': 'INCREMENTAL',
      },
    });
    const at = Object.fromEntries(
      entry?.metadata.map(({ breadcrumb, metadata }) => [breadcrumb.join('.'), metadata]) ?? [],
    );
    expect(at['properties.id']).toEqual({ inclusion: 'automatic', 'selected-by-default': true });
    expect(at['properties.birth']).toEqual({ inclusion: 'available', 'selected-by-default': false, selected: false });
    expect(at['properties.jobs.items.properties.pay']).toMatchObject({ selected: false });
  });

  it('forces the method where there is only one, and offers streams that nobody gets unasked', () => {
    expect(discover(streams).streams[1]?.metadata[0]?.metadata).toMatchObject({
      selected: false,
      'selected-by-default': false,
      'forced-replication-method': 'FULL_TABLE',
    });
  });

  it('given back unchanged selects what no catalog selects', () => {
    expect(selectStreams(streams, discover(streams))).toEqual(selectStreams(streams, undefined));
    expect(fields(selectStreams(streams, undefined))).toEqual(standard);
  });
});

describe('selectStreams', () => {
  it('leaves out what the catalog does not name or deselects', () => {
    expect(selectStreams(streams, { streams: [] })).toEqual([]);
    expect(select((_, at) => Object.assign(at(), { selected: false }))).toEqual([]);
    expect(select((_, at) => Object.assign(at(), { selected: 'false' }))).toEqual([]);
  });

  it('takes a stream without metadata whole, but for its sensitive fields', () => {
    expect(fields(selectStreams(streams, { streams: [{ tap_stream_id: 'people' }] }))).toEqual(standard);
    expect(fields(selectStreams(streams, { streams: [{ stream: 'people', metadata: [] }] }))).toEqual(standard);
  });

  it('follows selected before selected-by-default before the parent', () => {
    expect(
      fields(
        select((_, at) => {
          Object.assign(at('properties', 'mail'), { selected: true, 'selected-by-default': false });
          Object.assign(at('properties', 'home', 'properties', 'city'), { 'selected-by-default': false });
          Object.assign(at('properties', 'jobs'), { selected: 'false' });
        }),
      ),
    ).toEqual(['id', 'changed', 'mail', 'home']);
  });

  it('never takes unsupported fields and always takes keys: Meltano deselects everything first', () => {
    const selected = select((entry) => {
      for (const item of entry.metadata) if (item.breadcrumb.length > 0) item.metadata['selected'] = false;
      Object.assign(entry.metadata.at(-1)?.metadata ?? {}, { inclusion: 'unsupported' });
    });
    expect(fields(selected)).toEqual(['id', 'changed']);
    expect(
      fields(select((_, at) => Object.assign(at('properties', 'mail'), { inclusion: 'unsupported', selected: true }))),
    ).not.toContain('mail');
  });

  it('keeps keys automatic even where a catalog forgot to say so', () => {
    const selected = select((_, at) => {
      Object.assign(at('properties', 'id'), { inclusion: 'available', selected: false });
      Object.assign(at('properties', 'changed'), { inclusion: 'available', selected: false });
    });
    expect(fields(selected)).toEqual(standard);
  });

  it('takes a sensitive field only when it is selected by name', () => {
    expect(fields(select((_, at) => Object.assign(at('properties', 'birth'), { selected: 'true' })))).toContain(
      'birth',
    );
    expect(
      fields(
        select((_, at) =>
          Object.assign(at('properties', 'birth'), { selected: undefined, 'selected-by-default': true }),
        ),
      ),
    ).not.toContain('birth');
  });

  it('takes the method that somebody chose, in the metadata or in the entry', () => {
    const methods = [
      select((_, at) => Object.assign(at(), { 'replication-method': 'FULL_TABLE' })),
      select((entry) => Object.assign(entry, { replication_method: 'FULL_TABLE' })),
      select(() => {}),
    ].map((selected) => selected[0]?.replicationMethod);
    expect(methods).toEqual(['FULL_TABLE', 'FULL_TABLE', 'INCREMENTAL']);
  });

  it.each([
    [
      'LOG_BASED',
      (entry: Entry) => Object.assign(entry, { replication_method: 'LOG_BASED' }),
      /INCREMENTAL or FULL_TABLE/,
    ],
    [
      'an unknown replication key',
      (entry: Entry) => Object.assign(entry, { replication_key: 'mail' }),
      /the only one is "changed"/,
    ],
    [
      'an unknown key property',
      (entry: Entry) => Object.assign(entry, { key_properties: ['ID'] }),
      /did you mean "id"/,
    ],
  ])('refuses %s', (_name, change, pattern) => {
    expect(() => select(change)).toThrow(pattern);
  });

  it('refuses what is no catalog', () => {
    for (const catalog of [null, [], {}, { streams: {} }, { streams: [{}] }, 7]) {
      expect(() => selectStreams(streams, catalog)).toThrow(expect.objectContaining({ kind: 'settings' }) as Error);
    }
  });

  it('tells of streams and fields that it does not know, and goes on', () => {
    const warnings: string[] = [];
    const catalog = edited((entry) => {
      entry.schema.properties['shoe_size'] = {};
      entry.schema.properties['mail'] = { type: 'integer' };
    }) as { streams: unknown[] };
    catalog.streams.push({ tap_stream_id: 'poeple' });
    expect(fields(selectStreams(streams, catalog, (message) => warnings.push(message)))).toEqual(standard);
    expect(warnings.join('\n')).toMatch(
      /"poeple".*did you mean "people"[\s\S]*"mail" of stream "people" otherwise[\s\S]*"shoe_size"/,
    );
  });

  it('never throws anything but a ConnectorError, whatever the catalog', () => {
    const entry = fc.record({
      tap_stream_id: fc.constantFrom('people', 'codes', '__proto__'),
      replication_method: fc.jsonValue(),
      key_properties: fc.jsonValue(),
      schema: fc.jsonValue(),
      metadata: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({
            breadcrumb: fc.oneof(fc.array(fc.constantFrom('properties', 'items', 'mail', 'home')), fc.jsonValue()),
            metadata: fc.jsonValue(),
          }),
        ),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ streams: fc.array(entry) })), (catalog) => {
        try {
          for (const { schema } of selectStreams(streams, catalog)) expect(schema.properties).toBeDefined();
        } catch (error) {
          expect(error).toMatchObject({ name: 'ConnectorError' });
        }
      }),
      {
        examples: [
          [
            {
              streams: [
                {
                  tap_stream_id: 'people',
                  key_properties: [{ toString: '' }],
                  replication_method: null,
                  schema: null,
                  metadata: [],
                },
              ],
            },
          ],
        ],
      },
    );
  });
});

describe('recordFilter', () => {
  const record = () => ({
    id: '1',
    changed: 'x',
    mail: null,
    birth: 'secret',
    extra: 1,
    home: { city: 'c', street: 'secret' },
    jobs: [{ title: 't', pay: 'secret' }, null],
  });

  it('takes deselected fields out at any depth, and what the schema does not know', () => {
    const [selected] = selectStreams(streams, undefined);
    expect(recordFilter(selected as SelectedStream)(record())).toEqual({
      id: '1',
      changed: 'x',
      mail: null,
      home: { city: 'c' },
      jobs: [{ title: 't' }, null],
    });
  });

  it('keeps unknown keys where the schema allows them', () => {
    const open = { ...people, schema: { ...people.schema, additionalProperties: true } };
    const [selected] = selectStreams([open], undefined);
    const kept = recordFilter(selected as SelectedStream)(record());
    expect(kept).toHaveProperty('extra', 1);
    expect(JSON.stringify(kept)).not.toContain('secret');
  });

  it('gives back the record itself when nothing is deselected', () => {
    const [selected] = selectStreams([{ ...people, sensitive: new Set<string>() }], undefined);
    const row = record();
    expect(recordFilter(selected as SelectedStream)(row)).toBe(row);
  });

  it('lets through exactly the fields that the schema names, for any selection', () => {
    const crumbs = discover([people]).streams[0]?.metadata.map(({ breadcrumb }) => breadcrumb) ?? [];
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.boolean(), { nil: undefined }), { minLength: crumbs.length, maxLength: crumbs.length }),
        (answers) => {
          const metadata = crumbs.map((breadcrumb, i) => ({
            breadcrumb,
            metadata: breadcrumb.length === 0 ? { selected: true } : { selected: answers[i] },
          }));
          const selected = selectStreams([people], { streams: [{ tap_stream_id: 'people', metadata }] });
          const full = {
            id: '1',
            changed: 'x',
            mail: 'm',
            birth: 'b',
            home: { city: 'c', street: 's' },
            jobs: [{ title: 't', pay: 'p' }],
          };
          const out = recordFilter(selected[0] as SelectedStream)(full);
          const paths = (value: unknown, path = ''): string[] =>
            Object.entries((Array.isArray(value) ? value[0] : value) as object).flatMap(([name, inner]) => [
              `${path}${name}`,
              ...(typeof inner === 'object' ? paths(inner, `${path}${name}.`) : []),
            ]);
          expect(paths(out).sort()).toEqual(fields(selected).sort());
        },
      ),
    );
  });
});
