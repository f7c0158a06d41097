/** What an operator gives: catalogs, states, settings, mappings with their expressions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '@ukg-together/kit/lines/json';
import { createRedactor } from '@ukg-together/kit/log/redact';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings, type SettingsOptions } from '@ukg-together/kit/settings/load-settings';
import { readConfiguredCatalog, selectConfigured } from '@ukg-together/protocol/airbyte/catalog';
import { recordFilter } from '@ukg-together/protocol/selection';
import { discover, selectStreams } from '@ukg-together/protocol/singer/catalog';
import { parseState, readStateFile } from '@ukg-together/protocol/singer/state';
import { buildCatalog } from '../../../tap-ukg-pro/src/catalog/catalog.ts';
import tapJson from '../../../tap-ukg-pro/src/generated/settings.json' with { type: 'json' };
import { settingsSchema } from '../../../tap-ukg-pro/src/settings/settings.ts';
import { compileFilters } from '../../../target-together/src/collect/filters.ts';
import targetJson from '../../../target-together/src/generated/settings.json' with { type: 'json' };
import { checkRules, openMappings } from '../../../target-together/src/mapping/open-mappings.ts';
import { Settings } from '../../../target-together/src/settings/settings.ts';
import { hostile } from '../inputs.ts';
import { canary, judge, quiet, type Target, Violation } from '../target.ts';

const { definitions } = buildCatalog();
const wanted = ['employees', 'person_details', 'locations'];
const chosen = definitions.filter(({ name }) => wanted.includes(name));
const singerCatalog = JSON.stringify(discover(chosen));
const configured = JSON.stringify({
  streams: chosen.map(({ name, schema }) => ({
    stream: { name, json_schema: schema, supported_sync_modes: ['full_refresh'] },
    sync_mode: 'incremental',
    destination_sync_mode: 'overwrite',
    primary_key: [['employeeId']],
  })),
});
const record = { employeeId: 'E1', emails: [{ value: 'x' }], nested: { a: { b: 1 } } };

const states = [
  '{"bookmarks":{"employees":{"replication_key":"dateTimeChanged","replication_key_value":"2026-01-01T00:00:00Z","full_read_at":"2026-01-01T00:00:00Z"}}}',
  '{"type":"STATE","value":{"bookmarks":{"employees":"2026-01-01"}}}',
  '{"bookmarks":{"employees":{"progress_markers":{"Note":"x"},"starting_replication_value":"2026-01-01"}}}\n{"bookmarks":{}}',
  '{"singer_state":{"bookmarks":{"person_details":{"dateTimeChanged":"2026-01-01"}}}}',
];

const tapSettings = {
  base_url: 'servicet',
  username: 'reader',
  password: `${canary}1`,
  customer_api_key: `${canary}2`,
  company_ids: ['A'],
  filters: [{ name: 'contractors', field: 'employeeTypeCode', in: ['CON'] }],
  start_date: '2026-01-01',
  page_size: { employees: 100 },
  time_zone: 'America/New_York',
  include_fields: ['employees.dateOfBirth'],
  custom_endpoints: [{ name: 'x', path: '/personnel/v1/x', keys: ['id'] }],
};
const targetSettings = {
  region: 'eu',
  organization_id: 'o',
  client_id: 'c',
  api_key: `${canary}3`,
  mapping: { preset: 'ukg-pro', fields: { title: 'jobTitle' } },
  hris_fields: { costCenter: 'orgLevel2Code' },
  guards: { max_vanished: { count: 5, percent: 1 } },
  limiter: { type: 'redis', url: `rediss://user:${canary}4@h` },
  webhook: { url: `https://hooks.example.com/${canary}5` },
  'guards.max_changed.count': 3,
};

const mappings = [
  {
    mapping: {
      fields: {
        firstName: 'firstName',
        email: { from: ['workEmail', 'emails[0].value'], if_empty: 'keep' },
        title: { expression: '$uppercase(work.title) & "x"' },
        employeeStatusCode: { from: 'status', lookup: { Active: 'A' }, default: 'T' },
        originalHireDate: { from: 'hired', type: 'date' },
        'hrisFields.level': { const: '3' },
      },
    },
  },
  {
    mapping: { preset: 'ukg-pro' },
    stream_maps: {
      'emp*': { __filter__: 'record["status"] == "A" and not (firstName in "abc")', x: 'firstName.lower() + "y"' },
    },
    filters: [{ name: 'f', field: 'status', not_in: ['A'] }],
    flattening_enabled: true,
    validate_records: true,
  },
  {
    mapping: { fields: { title: { expression: '$join($map(emails, function($e) { $pad($e.value, 50) }), ";")' } } },
    hris_fields: { x: { expression: '(  $f := function($n) { $n < 1 ? 1 : $n * $f($n - 1) }; $f(12) )' } },
  },
].map((settings) =>
  JSON.stringify({
    settings,
    schema: {
      properties: {
        employeeId: { type: 'string' },
        firstName: { type: ['string', 'null'], pattern: '^(a+)+$' },
        workEmail: { type: 'string' },
        emails: { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
        work: { type: 'object', properties: { title: { type: 'string' } } },
        status: { type: 'string' },
        hired: { type: ['string', 'null'], format: 'date' },
      },
    },
    records: [
      {
        employeeId: 'E1',
        firstName: `${canary}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`,
        workEmail: `${canary}@example.com`,
        emails: [{ value: `${canary}@example.org` }],
        work: { title: 'Engineer' },
        status: 'Active',
        hired: '2026-01-01',
      },
    ],
  }),
);

/** A file of settings for one half, beside which nothing is run, asked for or written. */
async function load<T>(text: Buffer, schema: unknown, json: unknown, name: SettingsOptions<T>['name']): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    const path = join(folder, 'settings.json');
    writeFileSync(path, text, { mode: 0o644 });
    await judge(['settings', 'credentials', 'unreachable', 'input'], async (said) => {
      await loadSettings<T>({
        files: [path, 'ENV'],
        env: { [`${name.toUpperCase().replaceAll('-', '_')}_PAGE_SIZE`]: text.subarray(0, 8).toString() },
        name,
        schema: schema as SettingsOptions<T>['schema'],
        json: json as JsonSchema,
        folder,
        redactor: createRedactor(),
        secrets: {
          exec: () => Promise.reject(new Error('not here')),
          load: () => Promise.reject(new Error('not here')),
        },
        log: { warn: (message) => said.push(message), info: (message) => said.push(message) },
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const targets: readonly Target[] = [
  {
    name: 'catalog',
    input: hostile([singerCatalog]),
    run: async (bytes) => {
      await judge(['settings'], (said) => {
        const given = parseJson(bytes.toString(), 'The catalog');
        for (const selected of selectStreams(definitions, given, (message) => said.push(message)))
          recordFilter(selected)(record);
      });
    },
  },
  {
    name: 'configured-catalog',
    input: hostile([configured]),
    run: async (bytes) => {
      await judge(['settings'], (said) => {
        const streams = readConfiguredCatalog(parseJson(bytes.toString(), 'The catalog'));
        for (const selected of selectConfigured(definitions, streams, (message) => said.push(message)))
          recordFilter(selected)(record);
      });
    },
  },
  {
    name: 'state',
    input: hostile(states),
    run: async (bytes) => {
      const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
      const path = join(folder, 'state.json');
      writeFileSync(path, bytes);
      try {
        await judge(['settings'], async (said) => {
          const say = (message: string) => said.push(message);
          const state = await readStateFile(path, definitions, { note: say, warn: say });
          // What was read must be readable when it comes back.
          const again = parseState(JSON.parse(JSON.stringify(state)), definitions);
          if (JSON.stringify(again) !== JSON.stringify(state))
            throw new Violation('a state does not come back as it was');
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'tap-settings',
    input: hostile([JSON.stringify(tapSettings), JSON.stringify({ 'tap-ukg-pro': tapSettings })]),
    run: (bytes) => load(bytes, settingsSchema, tapJson, 'tap-ukg-pro'),
  },
  {
    name: 'target-settings',
    input: hostile([JSON.stringify(targetSettings), JSON.stringify({ 'target-together': targetSettings })]),
    run: (bytes) => load(bytes, Settings, targetJson, 'target-together'),
  },
  {
    name: 'mapping',
    input: hostile(mappings),
    run: async (bytes) => {
      let input: { settings: object; schema: unknown; records: unknown[] };
      try {
        input = parseJson(bytes.toString(), 'mapping') as typeof input;
        if (!Array.isArray(input.records)) return;
      } catch {
        return;
      }
      // As far as the schema of the settings lets it through, and no further.
      const parsed = Settings.safeParse({
        ...targetSettings,
        guards: {},
        'guards.max_changed.count': undefined,
        ...input.settings,
      });
      if (!parsed.success) return;
      const { mapping, hris_fields, filters, stream_maps, flattening_enabled, validate_records } = parsed.data;
      await judge(['settings', 'input'], async (said) => {
        const options = {
          mapping,
          hrisFields: hris_fields,
          streamMaps: stream_maps ?? undefined,
          validateRecords: validate_records,
          now: () => 0,
          ...(flattening_enabled ? { flatten: { maxDepth: null, separator: '__', maxKeyLength: null } } : {}),
        };
        for (const fault of await checkRules(options)) said.push(fault.message);
        const filter = compileFilters(filters);
        if (typeof input.schema !== 'object' || input.schema === null) return;
        const { properties } = input.schema as { properties?: unknown };
        if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return;
        const compiled = await openMappings(options)({ stream: 'employees', schema: input.schema as JsonSchema });
        if (compiled === undefined) return;
        quiet(compiled.warnings);
        for (const one of input.records) {
          if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
          const person = one as Record<string, unknown>;
          const mapped = await compiled.map(person);
          if (mapped.kind === 'user') {
            for (const value of Object.values(mapped.user))
              if (typeof value === 'object' && value !== null && !Array.isArray(value))
                throw new Violation('an object would be sent as a value');
          }
          if (mapped.kind === 'invalid') quiet(mapped.faults.flatMap(({ message, fix }) => [message, fix]));
          filter?.(person);
        }
      });
    },
  },
];
