import { describe, expect, test } from 'vitest';
import { parseFields, toDefinition } from './define.ts';
import { ukgStream, ukgStreams } from './index.ts';

describe('the streams', () => {
  test('have names, paths and keys that exist, each once', () => {
    expect(new Set(ukgStreams.map(({ name }) => name)).size).toBe(ukgStreams.length);
    expect(new Set(ukgStreams.map(({ path }) => path)).size).toBe(ukgStreams.length);
    for (const stream of ukgStreams) {
      expect(stream.name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(stream.path).toMatch(/^\/(personnel|configuration|payroll)\/v\d\//);
      const names = stream.fields.map(({ name }) => name);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      for (const key of stream.key) expect(names).toContain(key);
      if (stream.cursor) expect(names).toContain(stream.cursor.field);
      if (stream.uniqueKey) expect(stream.key.length).toBeGreaterThan(0);
    }
  });

  test('spell names one way: no ID, COID, datetime or known misspelling is left', () => {
    for (const { name, fields } of ukgStreams) {
      for (const field of fields) {
        expect(`${name}.${field.name}`).not.toMatch(
          /ID(?![a-z])$|COID|datetime|Sufix|Salayr|Calculaiton|Envirornment|Suppliment/,
        );
      }
    }
  });

  test("no national id, health, ethnicity, military, pay or bank column is anybody's by default", () => {
    const words =
      /^ssn|previousSSN|nationalId$|health|ethnic|caste|military|disab|smoker|^i9|cobra|birth|gender|marital|salary|payRate|hourlyPay|annualPay|otherRate|bankRouting|^account$|garnish|nationality|aboriginal|medical|union(Local|National)|^address(Line|City|Zip)|homePhone(?!Country)|deceased/i;
    const open = ukgStreams.flatMap((stream) =>
      stream.fields
        .filter((field) => !field.sensitive && words.test(field.name))
        .map((field) => `${stream.name}.${field.name}`),
    );
    // Addresses of companies and work locations, and switches of the payroll configuration, are no one's private data.
    expect(open.filter((path) => !/^(company_details|locations|earnings|tax_groups)\./.test(path))).toEqual([]);
  });

  test('the streams of pay, banks and dependants are private but for their keys', () => {
    for (const name of ['pay_register', 'direct_deposit', 'contacts', 'pay_statements', 'national_documents']) {
      const stream = ukgStream(name);
      const { sensitive } = toDefinition(stream);
      expect(sensitive.size).toBeGreaterThan(stream.fields.length / 4);
      for (const key of stream.key) expect(sensitive.has(key)).toBe(false);
    }
  });

  test('as definitions: nothing but employees is selected by default, keys are not nullable, open streams are open', () => {
    for (const stream of ukgStreams) {
      const definition = toDefinition(stream);
      expect(definition.selectedByDefault).toBe(false);
      for (const key of stream.key) expect(definition.schema.properties?.[key]?.type).not.toContain('null');
      expect(definition.schema.additionalProperties).toBe(stream.open ? true : undefined);
      expect(definition.replicationMethods.includes('INCREMENTAL')).toBe(stream.cursor !== undefined);
    }
    expect(toDefinition(ukgStream('employee_job_history_details')).replicationMethods[0]).toBe('FULL_TABLE');
  });

  test('a field that is misspelt in the data stops the program, not a run', () => {
    expect(() => parseFields('employeeId s, oops', new Set(), false)).toThrow(/oops/);
  });
});
