/**
 * A column of the source has moved by one, and any field gets last names: no output of any command may list them. Rejects hold
 * records by design, and an employeeId is shown wherever a person is notified of.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { userFields } from '../../target-together/src/model/user-fields.ts';
import { type House, openHouse, start } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

/** A name of letters only, as names are; two people each share one, in two spellings. */
const letters = (n: number) => `${n}`.padStart(3, '0').replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string);
const nameOf = (n: number) => (n % 2 === 0 ? `Qzcanary${letters(n)}` : `QZCANARY${letters(n - 1)}`);

const people = Array.from({ length: 112 }, (_, n) => ({
  employeeId: `E${n}`,
  firstName: 'Qzcanaryfirst',
  lastName: nameOf(n),
  emailAddress: `e${n}@example.com`,
  employeeStatusCode: 'A',
  employeeNumber: nameOf(n),
  orgLevel1Code: `D${n % 5}`,
  supervisorId: n === 0 ? null : 'E0',
}));

function clean(texts: Record<string, string>): void {
  for (const [where, text] of Object.entries(texts)) {
    const at = text.toLowerCase().indexOf('qzcanary');
    expect(at === -1 ? '' : `${where}: ${text.slice(Math.max(0, at - 200), at + 60)}`).toBe('');
  }
}

/** What holds records. Readable by their owner only. */
const kept = /^rejects|^config|^input|^source|^destination|^written/;

function filesLeft(): Record<string, string> {
  const files = readdirSync(house.folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !kept.test(entry.name),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]),
  );
}

const schema = {
  type: 'object',
  properties: Object.fromEntries(Object.keys(people[0] as object).map((name) => [name, { type: ['string', 'null'] }])),
};
const input = [
  { type: 'SCHEMA', stream: 'employees', schema, key_properties: ['employeeId'] },
  ...people.map((record) => ({ type: 'RECORD', stream: 'employees', record })),
  { type: 'STATE', value: {} },
]
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');
const catalog = { streams: [{ stream: 'employees', tap_stream_id: 'employees', schema, metadata: [] }] };

const rules: [string, unknown][] = [
  ...userFields
    .filter(({ name }) => !['employeeId', 'firstName', 'lastName'].includes(name))
    .map(({ name }): [string, unknown] => [name, 'lastName']),
  ['hrisFields.team', { from: 'lastName', lookup: { a: 'b' } }],
  ['hrisFields.level', { from: 'lastName', type: 'number' }],
  ['hrisFields.since', { from: 'lastName', type: 'date' }],
  ['hrisFields.onSite', { from: 'lastName', type: 'boolean' }],
];

it.each(rules)('last names in place of %s are in no output', { timeout: 120_000 }, async (field, rule) => {
  house = await openHouse({ ukg: { people: 1 } });
  house.configure(
    {},
    {
      mapping: { preset: 'ukg-pro', fields: { [field]: rule } },
      sensitive_fields: ['dateOfBirth', 'gender'].filter((name) => name === field),
    },
  );
  const at = (name: string) => join(house.folder, name);
  writeFileSync(at('input.singer'), input);
  writeFileSync(at('input-catalog.json'), JSON.stringify(catalog));
  const env = { LOGLEVEL: 'DEBUG' };
  const commands = [
    ['--summary', at('summary.json'), '--report', at('report.html'), '--input', at('input.singer')],
    ['plan', '--input', at('input.singer'), '--out', at('plan.json'), '--report', at('plan.html')],
    ['explain', 'E7', '--input', at('input.singer'), '--redact', 'ids'],
    ['doctor', '--catalog', at('input-catalog.json')],
    ['mapping', 'check', '--catalog', at('input-catalog.json')],
    ['status'],
    ['show', at('plan.json'), '--format', 'csv'],
    ['worklist'],
    ['verify'],
  ];
  let told = '';
  for (const args of commands) {
    const ran = await start('target-together', [...args, '--config', house.config], { env });
    told += ran.stderr;
    clean({ [`${args[0]} stdout`]: ran.stdout, [`${args[0]} stderr`]: ran.stderr });
  }
  clean(filesLeft());
  expect(told).toContain('people');
  for (const protocol of protocols) {
    const { said } = await protocol.write(
      house,
      people.map((person, n) => ({ ...person, lastName: nameOf(n + 1) })),
    );
    clean({ [protocol.name]: said, ...filesLeft() });
  }
});

it('nor in what HR has to correct, where the company holds them', async () => {
  house = await openHouse({ ukg: { people: 1 } });
  for (const column of ['companyName', 'companyCode', 'company', 'companyId']) {
    const refused = people.map((person, n) => ({
      ...person,
      [column]: nameOf(n),
      lastName: 'Byron',
      emailAddress: '',
    }));
    const at = join(house.folder, 'input.singer');
    const records = refused.map((record) => ({ type: 'RECORD', stream: 'employees', record }));
    const properties = { ...schema.properties, [column]: {} };
    const [head] = [{ type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] }];
    writeFileSync(at, [head, ...records].map((message) => `${JSON.stringify(message)}\n`).join(''));
    await start('target-together', ['--input', at, '--config', house.config]);
    for (const format of ['text', 'csv', 'json']) {
      const { stdout } = await start('target-together', ['worklist', '--format', format, '--config', house.config]);
      expect(stdout).toContain('letters, not shown');
      // One's first name is no column that has moved.
      clean({ [`${column} ${format}`]: stdout.replaceAll('Qzcanaryfirst', '') });
    }
  }
});
