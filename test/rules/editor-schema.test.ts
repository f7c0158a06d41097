/** The schema that editors use for settings files: what the product takes passes, and a misspelt key is found at any depth. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
  read('catalog/settings.schema.json'),
);
const faults = (settings: unknown): string[] => {
  validate(settings);
  return (validate.errors ?? []).map(({ instancePath, keyword, params }) =>
    [instancePath, keyword, params['additionalProperty']].filter(Boolean).join(' '),
  );
};

describe('the schema of settings files', () => {
  it('is named by the sample, which it takes', () => {
    const sample = read('config.sample.json');
    expect(sample['$schema']).toBe(read('catalog/settings.schema.json')['$id']);
    expect(faults(sample)).toEqual([]);
  });

  it.each([
    { settings: { 'tap-ukg-por': {} }, found: ['additionalProperties tap-ukg-por'] },
    { settings: { 'tap-ukg-pro': { pagesize: 5 } }, found: ['/tap-ukg-pro additionalProperties pagesize'] },
    {
      settings: { 'target-together': { guards: { max_gone: {} } } },
      found: ['/target-together/guards additionalProperties max_gone'],
    },
    {
      settings: { 'target-together': { guards: { max_vanished: { counts: 1 } } } },
      found: [expect.stringContaining('/target-together/guards/max_vanished additionalProperties counts')],
    },
    { settings: { 'target-together': { batch_size: 'many' } }, found: ['/target-together/batch_size type'] },
  ])('finds what is wrong in $settings', ({ settings, found }) => {
    expect(faults(settings)).toEqual(expect.arrayContaining(found));
  });
});
