/** What is kept of one person is told, and goes when it is asked for; what this program can't reach is named. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const gone = 'QZ-777';
const person = (employeeId: string, more: object = {}) => ({
  employeeId,
  firstName: employeeId === gone ? 'Qzcanary' : 'Ada',
  lastName: `Last ${employeeId}`,
  emailAddress: `${employeeId}@example.com`.toLowerCase(),
  employeeStatusCode: 'A',
  ...more,
});
/** What a source says of a supervisor in the rows of others: beside the id, in an object of its own, by address alone. */
const ofSupervisor = {
  supervisorFirstName: 'Qzcanary',
  supervisor_work_phone: 'qzcanary 555',
  manager: { id: gone, name: { family: 'Qzcanary' }, of: ['Qzcanary'] },
  coach: gone,
  approvers: [
    { employeeNumber: gone, mail: 'QZCANARY@example.com' },
    { employeeNumber: 'E1', mail: 'e1@example.com' },
  ],
  escalationAddress: `${gone}@Example.com`,
};
/** A leaver to come whose own link waits, the supervisor of three people and of one who can't be mapped. */
const leaver = { dateOfTermination: '2999-01-01', employeeStatusCode: 'T', supervisorId: 'E99' };
const company = [
  person(gone, leaver),
  ...['E1', 'E2', 'E3'].map((id) => person(id, { supervisorId: gone })),
  person('E4', { emailAddress: null, supervisorId: gone }),
  person('E5', { supervisorId: 'E6' }),
];

const type = (...args: string[]) => start('target-together', [...args, '--config', house.config]);
const write = (people: readonly object[]) =>
  start('target-together', ['--config', house.config], { input: singer(people) });
const state = () => join(house.folder, 'together');
/** Bytes, so that no form of a file hides anything. */
const filesWith = (text: string) =>
  readdirSync(state(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(state(), join(parentPath, name)))
    .filter((name) =>
      readFileSync(join(state(), name), 'latin1').replaceAll('\0', '').toLowerCase().includes(text.toLowerCase()),
    );

it('every trace of one person is told and goes, and the audit log stays whole', async () => {
  house = await openHouse({ ukg: { people: 1 } });
  const first = await write(company);
  expect(first.code, first.stderr).toBe(0);
  // Refused the next day, so that the rejects have the record; who reports to the person waits for another one.
  const second = await write([
    person(gone, { emailAddress: null, supervisorId: 'E99' }),
    person('E4', { emailAddress: null, supervisorId: gone, ...ofSupervisor }),
    // No id, but the address says who it is.
    { ...person(gone), employeeId: null },
  ]);
  expect(second.code, second.stderr).toBe(4);
  writeFileSync(join(house.folder, 'input.singer'), singer(company));
  const input = ['--input', join(house.folder, 'input.singer')];
  const out = (name: string) => join(state(), name);
  await type('plan', ...input, '--out', out('plan.json'), '--report', out('report.html'), '--redact', 'full');
  await type('--dry-run', ...input, '--summary', out('summary.json'));
  writeFileSync(out('notes.txt'), `Ask about ${gone}.`);
  mkdirSync(out('sent to HR'));
  for (const [name, args] of [
    ['blocked.csv', ['worklist', '--csv']],
    ['sent to HR/worklist.json', ['worklist', '--format', 'json']],
    ['sent to HR/of another shell.csv', ['worklist', '--csv']],
  ] as const) {
    const { stdout } = await type(...args);
    expect(stdout).toContain(gone);
    writeFileSync(out(name), stdout, name.includes('shell') ? 'utf16le' : 'utf8');
  }

  // Whatever a command says may have been redirected into the folder.
  for (const [name, args] of [
    ['shown.txt', ['show', out('plan.json')]],
    ['shown.json', ['show', out('plan.json'), '--format', 'json']],
    ['shown.md', ['show', out('plan.json'), '--format', 'markdown']],
    ['explained.txt', ['explain', gone, ...input]],
    ['privacy.txt', ['privacy', 'show', gone]],
    ['privacy.json', ['privacy', 'show', gone, '--format', 'json']],
    ['calendar.txt', ['calendar', '--days', '400000']],
    ['calendar.json', ['calendar', '--days', '400000', '--format', 'json']],
    ['verified.txt', ['verify']],
    ['verified.json', ['verify', '--format', 'json']],
    ['drift.txt', ['drift']],
  ] as const) {
    const { stdout, stderr } = await type(...args);
    expect(stdout, stderr).not.toBe('');
    writeFileSync(out(name), `${stdout}${stdout.includes(gone) ? '' : `${gone}\n`}`);
  }

  const shown = await type('privacy', 'show', gone, '--format', 'json');
  expect(shown.code, shown.stderr).toBe(0);
  const told = JSON.parse(shown.stdout) as { traces: { place: string }[]; not_reached: string[] };
  const places = new Set(told.traces.map(({ place }) => place));
  for (const place of [
    'ledger',
    'e-mail owners',
    'rejects',
    'rejects of others',
    'memory of earlier runs',
    'audit log',
  ])
    expect([...places], place).toContain(place);
  for (const file of ['plan.json', 'report.html', 'notes.txt', 'blocked.csv', 'sent to HR/worklist.json'])
    expect([...places]).toContain(file);
  expect(told.not_reached.join('\n')).toMatch(/Together[\s\S]*export[\s\S]*Redis[\s\S]*log files/);
  expect(shown.stdout).not.toContain('Qzcanary');

  const forgot = await type('privacy', 'forget', gone);
  expect(forgot.code, forgot.stderr).toBe(0);
  expect(forgot.stdout).toContain('is forgotten');
  expect(filesWith(gone)).toEqual(['notes.txt']);
  expect(filesWith('qzcanary')).toEqual([]);
  const rejects = readFileSync(join(state(), 'rejects.singer'), 'utf8');
  for (const kept of ['"E4"', 'e1@example.com']) expect(rejects).toContain(kept);
  const after = JSON.parse((await type('privacy', 'show', gone, '--format', 'json')).stdout) as typeof told;
  expect(after.traces.map(({ place }) => place)).toEqual(['audit log', 'notes.txt']);
  for (const check of [
    ['audit', 'verify'],
    ['ledger', 'verify'],
  ]) {
    const { code, stderr } = await type(...check);
    expect(code, stderr).toBe(0);
  }
  // The state still works.
  const again = await write(company.slice(5));
  expect([again.code, filesWith('qzcanary')], again.stderr).toEqual([0, []]);
  expect((await type('ledger', 'forget', gone)).code).toBe(0);
});

function singer(people: readonly object[]): string {
  const names = [...Object.keys(person('')), 'supervisorId', 'dateOfTermination', ...Object.keys(ofSupervisor)];
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  return [
    { type: 'SCHEMA', stream: 'employees', schema: { type: 'object', properties }, key_properties: ['employeeId'] },
    ...people.map((record) => ({ type: 'RECORD', stream: 'employees', record })),
    { type: 'STATE', value: {} },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}
