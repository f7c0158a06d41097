/** Addresses and ids that pass from one record to another, through the front door: what Together holds after some nights, and why. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 20 });
});
afterEach(() => house.close());

interface Summary {
  readonly hashes: { readonly plan: string };
}

/** `id status address`, and more fields as `name=value`; address `-`: empty. */
type Row = string;

interface Night {
  readonly rows: readonly Row[];
  readonly partial?: true;
  /** Before this night the state folder is lost. */
  readonly loses?: true;
  /** What a guard stops is released, and planned once more. */
  readonly accepts?: true;
  readonly code?: number;
  /** What the run tells. */
  readonly tells?: readonly RegExp[];
  readonly args?: readonly string[];
}

interface Case {
  readonly why: string;
  readonly settings?: object;
  readonly nights: readonly Night[];
  /** `status address` by id; absent ids are not there. */
  readonly holds: Readonly<Record<string, string>>;
}

function record(row: Row): Record<string, string | null> {
  const [id = '', status = '', email = '', ...more] = row.split(' ');
  return {
    employeeId: id,
    employeeStatusCode: status,
    emailAddress: email === '-' ? null : `${email}@example.com`,
    firstName: 'Pat',
    lastName: `Nr${id}`,
    jobTitle: 'Clerk',
    ...Object.fromEntries(more.map((pair) => pair.split('='))),
  };
}

async function night({ rows, partial, args = [] }: Night) {
  const names = [...Object.keys(record('x A x')), 'supervisorId', 'dateOfTermination', 'preferredName'];
  const properties = Object.fromEntries(names.map((name) => [name, { type: ['null', 'string'] }]));
  const lines = [
    { type: 'SCHEMA', stream: 'employees', key_properties: ['employeeId'], schema: { properties } },
    ...rows.map((row) => ({ type: 'RECORD', stream: 'employees', record: record(row), version: 1 })),
    ...(partial ? [] : [{ type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 }]),
    { type: 'STATE', value: {} },
  ];
  const summary = join(house.folder, 'summary.json');
  return await start('target-together', ['--config', house.config, '--summary', summary, ...args], {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  });
}

function held(): Record<string, string> {
  return Object.fromEntries(
    [...house.together.users.keys()].map((id) => {
      const { employeeStatusCode, email, title } = house.together.users.get(id) as Record<string, string>;
      const job = title === 'Clerk' ? '' : ` ${title}`;
      return [id, `${employeeStatusCode} ${String(email).replace('@example.com', '')}${job}`];
    }),
  );
}

const cases: readonly Case[] = [
  {
    why: "a leaver's emptied address stays theirs in Together: the new person waits, night after night, and both are named",
    nights: [
      { rows: ['1 A pat', '2 A kim'] },
      { rows: ['1 T -', '2 A kim'] },
      { rows: ['1 T -', '2 A kim', '3 A pat'], tells: [/1 now comes as 3\b/, /leaver_email/] },
      { rows: ['1 T -', '2 A kim', '3 A pat'], tells: [/1 now comes as 3\b/] },
    ],
    holds: { 1: 'T pat', 2: 'A kim' },
  },
  {
    why: 'in an increment that does not bring the owner nothing says that the owner has left: who is new waits',
    nights: [{ rows: ['1 A pat', '2 A kim'] }, { rows: ['3 A pat', '2 A kim'], partial: true, tells: [/3 with 1\b/] }],
    holds: { 1: 'A pat', 2: 'A kim' },
  },
  {
    why: 'who leaves on the day on which the address comes under a new id may be the same person: not ended, the new id waits',
    nights: [
      { rows: ['1 A pat', '2 A kim'] },
      { rows: ['1 T -', '3 A pat', '2 A kim'], partial: true, tells: [/1 now comes as 3\b/, /on_new_id/] },
      { rows: ['1 T PAT', '2 A kim', '3 A pat'], tells: [/1 now comes as 3\b/] },
    ],
    holds: { 1: 'A pat', 2: 'A kim' },
  },
  {
    why: 'who is missing while the address comes under a new id is not ended, however long it takes',
    settings: { vanished: 'terminate', vanished_after_reads: 1 },
    nights: [
      { rows: ['0011 A pat', '2 A kim', '4 A lee'] },
      ...[1, 2, 3].map(() => ({ rows: ['11 A pat', '2 A kim', '4 A lee'], tells: [/0011 now comes as 11\b/] })),
    ],
    holds: { '0011': 'A pat', 2: 'A kim', 4: 'A lee' },
  },
  {
    why: 'nobody is relinked where two claim the address: both wait, and the missing owner is not ended',
    settings: { vanished: 'terminate', vanished_after_reads: 1, on_new_id: 'relink' },
    nights: [
      { rows: ['1 A pat', '2 A kim', '4 A lee'] },
      { rows: ['11 A pat', '12 A pat', '2 A kim', '4 A lee'], tells: [/11 with 12, 1\b/] },
    ],
    holds: { 1: 'A pat', 2: 'A kim', 4: 'A lee' },
  },
  {
    why: 'another address frees the one before, in the same night',
    nights: [{ rows: ['1 A pat', '2 A kim'] }, { rows: ['1 T pat.left', '2 A kim', '3 A pat'] }],
    holds: { 1: 'T pat.left', 2: 'A kim', 3: 'A pat' },
  },
  {
    why: "leaver_email frees a leaver's address when the end is sent",
    settings: { leaver_email: '{employeeId}@left.example.com' },
    nights: [{ rows: ['1 A pat', '2 A kim'] }, { rows: ['1 T -', '2 A kim', '3 A pat'] }],
    holds: { 1: 'T 1@left.example.com', 2: 'A kim', 3: 'A pat' },
  },
  {
    why: 'leaver_email frees no address that comes under a new id in the very night in which the old one leaves: that may be one person',
    settings: { leaver_email: '{employeeId}@left.example.com' },
    nights: [
      { rows: ['0011 A pat', '2 A kim'] },
      { rows: ['0011 T pat', '2 A kim', '11 A pat'], tells: [/0011 now comes as 11\b/] },
      { rows: ['0011 T pat', '2 A kim', '11 A pat'], partial: true, tells: [/0011 now comes as 11\b/] },
    ],
    holds: { '0011': 'A pat', 2: 'A kim' },
  },
  {
    why: 'with leaver_email too a new tenant whose old ids all come as T stops, and the accepted plan relinks everybody and ends nobody',
    settings: { leaver_email: '{employeeId}@left.example.com', guards: {} },
    nights: [
      { rows: ['001 A pat', '002 A kim', '003 A lee', '004 A sam', '005 A joe'] },
      {
        rows: [
          ...['001 T pat', '002 T kim', '003 T lee', '004 T sam', '005 T joe'],
          ...['1 A pat', '2 A kim', '3 A lee', '4 A sam', '5 A joe'],
        ],
        accepts: true,
        tells: [/under new ids 5 \(100 %\)/],
      },
    ],
    holds: { 1: 'A pat', 2: 'A kim', 3: 'A lee', 4: 'A sam', 5: 'A joe' },
  },
  {
    why: "whom only Together's list knew after a lost state folder is known in the nights after it, which do not ask for the list",
    nights: [
      { rows: ['1 A pat', '2 A kim', '4 A lee'] },
      { rows: ['2 A kim', '4 A lee'], loses: true },
      { rows: ['2 A kim', '3 A pat', '4 A lee'], tells: [/1 now comes as 3\b/] },
      { rows: ['2 A kim', '3 A pat'], partial: true, tells: [/3 with 1\b/] },
    ],
    holds: { 1: 'A pat', 2: 'A kim', 4: 'A lee' },
  },
  {
    why: 'of two who swap addresses only the addresses wait: a new title goes out',
    nights: [
      { rows: ['1 A pat', '2 A kim'] },
      { rows: ['1 A kim jobTitle=Chief', '2 L pat'], tells: [/1 with 2, 2 with 1/] },
    ],
    holds: { 1: 'A pat Chief', 2: 'L kim' },
  },
  {
    why: 'of two known people who share an address only the address waits; who is new waits with everything',
    nights: [
      { rows: ['1 A pat', '2 A kim'] },
      { rows: ['1 A pat', '2 A pat jobTitle=Chief', '3 A pat'], tells: [/2 with 1, 3/, /3 with 1, 2/] },
    ],
    holds: { 1: 'A pat', 2: 'A kim Chief' },
  },
  {
    why: 'of two ids with one address the living one is sent, the one that ended before Together had it is left out with a line',
    nights: [{ rows: ['1 T pat', '2 A pat', '4 A kim'], tells: [/second id .*left out \(1 with 2\)/] }],
    holds: { 2: 'A pat', 4: 'A kim' },
  },
];

it.each(cases)('$why', async ({ settings = {}, nights, holds }) => {
  const guards = { max_changed: null, max_terminated: null, max_created: null, max_email_changed: null };
  // In a company of three a change of two is more than half.
  house.configure(
    {},
    { mapping: { preset: 'ukg-pro', stream: 'employees' }, resend_after_hours: 0, guards, ...settings },
  );
  for (const one of nights) {
    if (one.loses) rmSync(join(house.folder, 'together'), { recursive: true });
    const ran = await night(one);
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: one.accepts ? 3 : (one.code ?? 0) });
    for (const told of one.tells ?? []) expect(ran.stderr).toMatch(told);
    if (!one.accepts) continue;
    const { hashes } = JSON.parse(readFileSync(join(house.folder, 'summary.json'), 'utf8')) as Summary;
    const released = await night({ ...one, args: ['--accept', hashes.plan] });
    expect({ code: released.code, stderr: released.stderr }).toMatchObject({ code: 0 });
  }
  expect(held()).toEqual(holds);
});
