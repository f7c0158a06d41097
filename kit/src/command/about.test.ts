import { expect, it } from 'vitest';
import * as z from 'zod';
import { settingsJsonSchema } from '../settings/to-json-schema.ts';
import { aboutOf, renderAbout } from './about.ts';

const settings = settingsJsonSchema(
  z.object({
    api_key: z.string().meta({ title: 'API key', description: 'The key', secret: true }),
    start_date: z.iso.datetime().optional(),
    page_size: z.number().int().default(200),
    load_method: z.enum(['upsert', 'append-only']).default('upsert'),
    streams: z.array(z.string()).optional(),
    wait: z.number().nullable().default(null),
    rows: z.union([z.int(), z.record(z.string(), z.int())]).optional(),
    maps: z.object({ names: z.record(z.string(), z.string()), url: z.string() }).optional(),
    hook: z
      .object({ url: z.string().meta({ title: 'URL', pattern_descriptor: 'x' }) })
      .nullable()
      .default(null)
      .meta({ title: 'Hook' }),
    limiter: z
      .discriminatedUnion('type', [
        z.object({ type: z.literal('local') }),
        z.object({ type: z.literal('redis'), url: z.string() }),
      ])
      .optional()
      .meta({ title: 'Limiter' }),
  }),
);
const about = aboutOf({
  name: 'tap-ref',
  description: 'Ref tap.',
  version: '1.2.3',
  capabilities: ['catalog', 'about'],
  settings,
});

it('--about has the shape of the Singer SDK’s', () => {
  expect(about).toMatchObject({
    name: 'tap-ref',
    description: 'Ref tap.',
    version: '1.2.3',
    sdk_version: '1.2.3',
    supported_python_versions: null,
    capabilities: ['catalog', 'about'],
    settings: {
      type: 'object',
      required: ['api_key'],
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: {
        api_key: { type: ['string'], title: 'API key', description: 'The key', secret: true, writeOnly: true },
        start_date: { type: ['string', 'null'], format: 'date-time' },
        page_size: { type: ['integer', 'null'], default: 200 },
        load_method: { type: ['string', 'null'], enum: ['upsert', 'append-only'], default: 'upsert' },
        streams: { type: ['array', 'null'], items: { type: 'string' } },
        wait: { type: ['number', 'null'] },
        rows: { type: ['integer', 'null'] },
        hook: { type: ['object', 'null'], properties: { url: { type: ['string', 'null'], title: 'Hook: URL' } } },
        limiter: { properties: { type: { enum: ['local', 'redis'], title: 'Limiter: Type' }, url: {} } },
      },
    },
  });
  expect(about.settings.properties?.['maps']).not.toHaveProperty('properties');
  expect(JSON.stringify(about)).not.toMatch(/anyOf|oneOf|pattern_descriptor|"required":\["url"/);
  expect(JSON.parse(renderAbout(about, 'json'))).toEqual(about);
});

it('--about tells each setting in markdown and in text', () => {
  for (const format of ['markdown', 'text'] as const) {
    const text = renderAbout(about, format);
    for (const name of Object.keys(settings.properties ?? {})) expect(text).toContain(name);
    expect(text).toContain('"upsert"');
  }
  expect(renderAbout(about, 'markdown')).toContain('| api_key | True | None | API key: The key |');
});
