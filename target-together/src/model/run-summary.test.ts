import { describe, expect, it } from 'vitest';
import { sampleReport, sampleSummary } from '../testing/sample-report.ts';
import { generated, RunSummary } from './run-summary.ts';

describe('run summary', () => {
  it('is what its schema says, for the samples that other tests build on', () => {
    expect(RunSummary.parse(sampleSummary())).toEqual(sampleSummary());
    const { summary } = sampleReport({ size: 500, changed: 200 });
    expect(RunSummary.parse(summary)).toEqual(summary);
    const sum = Object.values(summary.outcomes).reduce((a, b) => a + b, 0);
    expect(sum).toBe(summary.people_read);
  });

  it('refuses a key that it does not know, so that nothing slips into the file', () => {
    expect(() => RunSummary.parse({ ...sampleSummary(), email: 'ada@example.com' })).toThrow(/email/);
    const { outcomes } = sampleSummary();
    expect(() => RunSummary.parse({ ...sampleSummary(), outcomes: { ...outcomes, lost: 1 } })).toThrow(/lost/);
  });

  it('ships its JSON Schema, closed and complete', () => {
    const [path, text] = Object.entries(generated())[0] as [string, string];
    const schema = JSON.parse(text) as Record<string, unknown>;
    expect(path).toBe('catalog/run-summary.schema.json');
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
    });
    expect([...(schema.required as string[])].sort()).toEqual(Object.keys(sampleSummary()).sort());
  });
});
