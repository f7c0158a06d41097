import { expect, it } from 'vitest';
import * as z from 'zod';
import { faultsOf, unknownKeys } from './faults.ts';
import { settingsJsonSchema } from './to-json-schema.ts';

const schema = {
  type: 'object',
  properties: { password: {}, limiter: { type: 'object', properties: { url: {} } } },
} as const;

it('tells of unknown settings by name, and of a name that may be a value without it', () => {
  expect(
    unknownKeys(
      { pasword: 1, _meltano: 1, 'password: sup3rs3cret': '', limiter: { 'url\ufeffsup3rs3cret': 1 } },
      schema,
    ),
  ).toEqual([
    'The unknown setting pasword is ignored (did you mean "password"?).',
    'An unknown setting is ignored; its name (21 characters) is no word and not shown.',
    'An unknown setting in limiter is ignored; its name (15 characters) is no word and not shown.',
  ]);
});

const rules = z.object({
  mapping: z.strictObject({ preset: z.string().optional(), fields: z.object({}).optional() }).optional(),
  filters: z.array(z.strictObject({ field: z.string(), in: z.array(z.string()).optional() })).optional(),
});

it.each([
  [
    { mapping: { field: {}, presett: 'x' } },
    'mapping: has unknown keys: "field" (did you mean "fields"?), "presett" (did you mean "preset"?)',
  ],
  [{ mapping: { title: 'x' } }, 'mapping: has unknown keys: "title"; it takes preset, fields'],
  [{ mapping: { 'a b': 'x' } }, 'mapping: has unknown keys: one of 3 characters; it takes preset, fields'],
  [{ filters: [{ field: 'x', inn: [] }] }, 'filters[0]: has unknown keys: "inn" (did you mean "in"?)'],
  [{ filters: [{ feild: 'x' }] }, 'filters[0].field: is required (you wrote "feild")'],
])('names unknown keys of %j, and what may have been meant', (settings, wanted) => {
  const issues = rules.safeParse(settings).error?.issues ?? [];
  const found = faultsOf(issues, settings, settingsJsonSchema(rules)).map(({ path, message }) => `${path}: ${message}`);
  expect(found).toContain(wanted);
});
