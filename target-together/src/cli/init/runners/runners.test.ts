import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { spec } from '../../../generated/spec.ts';
import type { Machine } from '../schedules.ts';
import { ownTexts } from './own-texts.ts';

const secret = 'p$ss \' "word" {x}';
const machine: Machine = {
  folder: '/srv/sync',
  config: 'config.json',
  user: 'ann',
  zone: 'Europe/Paris',
  path: '/opt/node/bin',
  state: '/home/ann/.local/state',
  tap: undefined,
  executables: { 'tap-ukg-pro': '/opt/tap-ukg-pro', 'target-together': '/opt/target-together' },
  sections: {
    'tap-ukg-pro': {
      base_url: 'https://servicet.ultipro.com',
      username: 'reader$HOME',
      password: secret,
      customer_api_key: 'env:UKG_KEY',
    },
    'target-together': {
      $schema: 'x',
      region: 'eu',
      organization_id: "o'1",
      client_id: 'c',
      api_key: 'file:secrets/key',
      state_dir: 'state',
      webhook: { url: 'https://hooks.example.com/T0KEN', format: 'slack' },
      department_org_level: null,
      filters: [{ name: 'tests', field: 'companyCode', not_in: ['ZTEST', 7] }],
      hris_fields: { site: '/userDefinedFields/Site ~1 room' },
      mapping: {
        preset: 'ukg-pro',
        fields: {
          title: { from: ['jobTitle', 'x'], transform: 'trim', lookup: { A: 'B' } },
          'hrisFields.grade': { expression: '$uppercase(grade) & ${X}' },
          supervisorId: null,
        },
      },
    },
  },
  catalog: {
    streams: [
      {
        tap_stream_id: 'employees',
        metadata: [
          { breadcrumb: [], metadata: { selected: true } },
          { breadcrumb: ['properties', 'employeeId'], metadata: { selected: true } },
          { breadcrumb: ['properties', 'mailstop'], metadata: { selected: false } },
        ],
      },
    ],
  },
};

const isClean = (text: string) => [secret, 'p$ss', 'T0KEN'].every((part) => !text.includes(part));

it('a Meltano project has settings, selection and a night, secrets as variables, and nothing that Meltano would replace besides', () => {
  const text = ownTexts.meltano(machine);
  expect(isClean(text)).toBe(true);
  const { plugins, jobs, schedules } = parse(text) as {
    plugins: Record<string, { name: string; config: Record<string, string>; select?: string[]; settings: object[] }[]>;
    jobs: object[];
    schedules: object[];
  };
  const [tap, target] = [plugins['extractors']?.[0], plugins['loaders']?.[0]];
  expect(tap).toMatchObject({
    name: 'tap-ukg-pro',
    executable: '/opt/tap-ukg-pro',
    select: ['employees.employeeId'],
    config: { username: 'reader\\$HOME', password: '$TAP_UKG_PRO_PASSWORD', customer_api_key: '$UKG_KEY' },
  });
  expect(target?.config).toMatchObject({
    organization_id: "o'1",
    api_key: 'file:/srv/sync/secrets/key',
    state_dir: '$MELTANO_PROJECT_ROOT/state',
    webhook: '{"url":"$TARGET_TOGETHER_WEBHOOK__URL","format":"slack"}',
  });
  expect(JSON.parse(target?.config['mapping']?.replaceAll('\\$', '$') ?? '')).toEqual(
    machine.sections['target-together']['mapping'],
  );
  expect(target?.config['mapping']).toContain('$uppercase(grade) & \\${X}');
  expect([jobs, schedules]).toMatchObject([
    [{ name: 'ukg-to-together', tasks: ['tap-ukg-pro target-together'] }],
    [{ interval: '0 3 * * *', job: 'ukg-to-together' }],
  ]);
});

it('another tap stays a plugin of its own: its settings may hold secrets that nobody here can tell', () => {
  const project = parse(ownTexts.meltano({ ...machine, tap: '/opt/bin/tap-bamboohr --config bamboo.json' })) as {
    plugins: object;
    jobs: object[];
  };
  expect(Object.keys(project.plugins)).toEqual(['loaders']);
  expect(project.jobs).toMatchObject([{ tasks: ['tap-bamboohr target-together'] }]);
});

it('the destination of Airbyte fits its form, with secrets named and its state in Redis', () => {
  const texts = (['airbyte source', 'airbyte destination', 'airbyte connection'] as const).map((name) =>
    ownTexts[name](machine),
  );
  expect(isClean(texts.join(''))).toBe(true);
  const [source, destination, connection] = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(source).toMatchObject({ password: '{{TAP_UKG_PRO_PASSWORD}}', customer_api_key: '{{UKG_KEY}}' });
  expect(destination).toMatchObject({
    api_key: '{{TARGET_TOGETHER_API_KEY}}',
    state_dir: 'redis',
    hris_fields: [
      { key: 'site', from: ['/userDefinedFields/Site ~1 room'] },
      { key: 'grade', expression: expect.stringContaining('$uppercase(grade)') },
    ],
    filters: [{ name: 'tests', field: 'companyCode', not_in: ['ZTEST', '7'] }],
    mapping: {
      preset: 'ukg-pro',
      fields: [
        { field: 'title', from: ['jobTitle', 'x'], transform: 'trim', lookup: '{"A":"B"}' },
        { field: 'supervisorId', remove: true },
      ],
    },
  });
  expect(destination).not.toHaveProperty('department_org_level');
  expect(connection).toMatchObject({
    configurations: { streams: [{ name: 'employees', selectedFields: [{ fieldPath: ['employeeId'] }] }] },
  });
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const valid = ajv.compile(spec.spec.connectionSpecification);
  valid(destination);
  expect(valid.errors ?? []).toEqual([]);
});
