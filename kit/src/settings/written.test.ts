import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Fault } from './faults.ts';
import { settingsJsonSchema } from './to-json-schema.ts';
import { asDescribed } from './written.ts';

const json = settingsJsonSchema(
  z.object({
    name: z.string().optional(),
    days: z.number().nullable().default(1),
    maps: z.record(z.string(), z.unknown()).nullable().default(null),
    codes: z.array(z.string()).default([]),
    rules: z.record(z.string(), z.unknown()).meta({
      list: {
        key: 'field',
        remove: 'remove',
        entry: {
          type: 'object',
          properties: {
            field: { type: 'string' },
            from: { type: 'array', items: { type: 'string' }, minItems: 1 },
            lookup: { type: 'object' },
            remove: { type: 'boolean' },
          },
        },
      },
    }),
    params: z.record(z.string(), z.string()).meta({
      list: {
        key: 'name',
        value: 'value',
        entry: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' } } },
      },
    }),
    hook: z
      .object({ url: z.string(), format: z.string().default('json') })
      .nullable()
      .default(null),
    window: z.object({ from: z.string(), to: z.string().optional() }).optional(),
    filters: z.array(z.object({ in: z.array(z.string()).min(1).optional(), field: z.string() })).optional(),
    limiter: z.discriminatedUnion('type', [
      z.object({ type: z.literal('local') }),
      z.object({ type: z.literal('redis'), url: z.string(), prefix: z.string().default('p') }),
    ]),
  }),
);

function read(written: Record<string, unknown>) {
  const faults: Fault[] = [];
  const settings = asDescribed(written, json, faults);
  return faults.length > 0 ? faults.map(({ path, message }) => `${path} ${message}`) : settings;
}

describe('absent', () => {
  it.each([
    ['empty text', { name: '' }],
    ['null where it means nothing', { name: null }],
    ['an empty object', { hook: {}, window: {}, rules: {}, limiter: {} }],
    ['an object of empty ones', { window: { from: '', to: null } }],
    ['a group with its defaults alone, and without what it needs', { hook: { url: '', format: 'json' } }],
  ])('%s', (_name, written) => {
    expect(read(written)).toEqual({});
  });

  it('an empty list, unless a default is another', () => {
    expect(read({ filters: [{ field: 'a', in: [] }], codes: [] })).toEqual({ filters: [{ field: 'a' }], codes: [] });
    expect(read({ filters: [] })).toEqual({});
  });

  it.each([
    ['null where it means something', { days: null, hook: null }],
    ['a group with more than its defaults', { hook: { format: 'slack' } }],
    ['a choice, though something is missing', { limiter: { type: 'redis', prefix: 'p' } }],
    ['a key that nobody declared', { other: {} }],
  ])('not %s', (_name, written) => {
    expect(read(written)).toEqual(written);
  });
});

describe('an object', () => {
  it('as a list of small objects', () => {
    expect(
      read({
        rules: [
          { field: 'title', from: ['jobTitle'], lookup: '{"A": "B"}', remove: false },
          { field: 'suffix', from: [], lookup: '', remove: true },
        ],
        params: [{ name: 'active', value: 'true' }],
      }),
    ).toEqual({
      rules: { title: { from: ['jobTitle'], lookup: { A: 'B' } }, suffix: null },
      params: { active: 'true' },
    });
  });

  it('as a text of JSON, lists of small objects within it too', () => {
    expect(read({ maps: ' {"people": {"x": null}}', rules: '[{"field": "title", "from": ["t"]}]' })).toEqual({
      maps: { people: { x: null } },
      rules: { title: { from: ['t'] } },
    });
  });

  it('tells what can’t be read by its place', () => {
    expect(
      read({
        maps: '{"people": }',
        rules: [{ field: 'title' }, { from: ['x'] }, { field: 'title' }, 'email', { field: 'x', lookup: '{' }],
      }),
    ).toEqual([
      'maps is a text of JSON with a mistake in it',
      'rules[1].field is required',
      'rules[2] says the same as one above it',
      'rules[3].field is required',
      'rules[4].lookup is a text of JSON with a mistake in it',
    ]);
  });

  it('leaves other text to validation', () => {
    expect(read({ maps: 'people' })).toEqual({ maps: 'people' });
  });
});
