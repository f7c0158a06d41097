/** The schema that editors use for settings files: what the product takes passes, and a misspelt key is found at any depth. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false }).compile(
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
    {
      settings: { 'target-together': { mapping: { fields: { titel: 'jobTitle' } } } },
      found: ['/target-together/mapping/fields additionalProperties titel'],
    },
    {
      settings: { 'target-together': { mapping: { fields: { title: { form: 'jobTitle' } } } } },
      found: ['/target-together/mapping/fields/title additionalProperties form'],
    },
    {
      settings: { 'target-together': { mapping: { fields: [{ field: 'titel', from: ['jobTitle'] }] } } },
      found: ['/target-together/mapping/fields/0/field enum'],
    },
    {
      settings: { 'target-together': { mapping: { preset: 'bambohr' } } },
      found: ['/target-together/mapping/preset enum'],
    },
    {
      settings: { 'target-together': { hris_fields: { costCenter: { form: 'cc' } } } },
      found: ['/target-together/hris_fields/costCenter additionalProperties form'],
    },
  ])('finds what is wrong in $settings', ({ settings, found }) => {
    expect(faults(settings)).toEqual(expect.arrayContaining(found));
  });

  it('takes the list form of rules and custom fields, and wants the name of each', () => {
    const settings = (fields: unknown, hris_fields: unknown) => ({
      'target-together': { mapping: { fields }, hris_fields },
    });
    const rules = [
      { field: 'title', from: ['jobTitle'] },
      { field: 'remote', const: true },
      { field: 'email', from: 'mail', join: ' ', if_empty: { absent: 'keep' } },
      { field: 'preferredName', remove: true },
    ];
    expect(faults(settings(rules, [{ key: 'costCenter', from: ['cc'] }]))).toEqual([]);
    expect(faults(settings({ title: 'jobTitle' }, { costCenter: 'cc' }))).toEqual([]);
    const custom = { from: 'grade', type: 'code' };
    const nested = { title: null, hrisFields: { grade: custom }, 'hrisFields.band': custom };
    expect(faults(settings(nested, { costCenter: custom }))).toEqual([]);
    expect(faults(settings([{ from: ['jobTitle'] }], []))).toContain('/target-together/mapping/fields/0 required');
    expect(faults({ 'target-together': { filters: [{ feild: 'x', in: ['y'] }] } })).not.toEqual([]);
  });

  it('of a mapping alone takes both forms of its rules', () => {
    const takes = new Ajv2020({ strict: false, logger: false }).compile(read('catalog/mapping.schema.json'));
    for (const fields of [
      { title: 'jobTitle' },
      [
        { field: 'title', from: ['jobTitle'] },
        { field: 'email', remove: true },
      ],
    ])
      expect(takes({ preset: 'bamboohr', fields }), JSON.stringify(takes.errors)).toBe(true);
    for (const fields of [
      { titel: 'jobTitle' },
      [{ field: 'titel', from: ['jobTitle'] }],
      [{ field: 'title', form: 'x' }],
    ])
      expect(takes({ fields })).toBe(false);
  });
});
