import { tmpdir } from 'node:os';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { describe, expect, it } from 'vitest';
import type { Mapped } from '../model/person.ts';
import { createPeople } from '../people/people.ts';
import { createSpill } from '../people/spill.ts';
import { testHash } from '../testing/people.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type CollectorDeps, createCollector } from './collect.ts';
import type { BufferedState } from './collected.ts';

const schema = (stream: string, over: Partial<Extract<ConnectorEvent, { type: 'schema' }>> = {}): ConnectorEvent => ({
  type: 'schema',
  stream,
  schema: {},
  keyProperties: ['id'],
  ...over,
});
const record = (id: string, over: Record<string, unknown> = {}, version?: number): ConnectorEvent => ({
  type: 'record',
  stream: 'people',
  record: { id, ...over },
  ...(version === undefined ? {} : { version }),
});
const state = { type: 'state', stream: undefined, raw: {} } as unknown as ConnectorEvent;
const activate = (version: number): ConnectorEvent => ({ type: 'activate_version', stream: 'people', version });
const complete = (everything: boolean) =>
  ({ type: 'status', stream: 'people', status: 'complete', everything }) as ConnectorEvent;

function map(row: Record<string, unknown>): Mapped {
  const id = String(row['id']);
  if (row['bad'] === undefined) return { kind: 'user', user: { employeeId: id }, notes: [] };
  const fault = { field: 'gender', code: 'unknown_code', value: String(row['bad']), message: 'm', fix: 'r' };
  return { kind: 'invalid', id, faults: [fault] };
}

async function collect(events: readonly ConnectorEvent[], over: Partial<CollectorDeps> = {}, assume = false) {
  const people = createPeople(createSpill({ folder: tmpdir() }), () => 1);
  const checkpoints = createCheckpoints<BufferedState>();
  const collector = createCollector({
    people,
    checkpoints,
    hash: testHash,
    hashAll: true,
    filter: undefined,
    dates: { today: '2026-03-14', end: 'day_after', hireLeadDays: 0, acceptedStatus: () => undefined },
    isDeleted: undefined,
    keeps: { raw: true },
    checkpointed: false,
    openMapping: ({ stream }) => (stream === 'people' ? { map } : undefined),
    log: () => {},
    ...over,
  });
  for (const [at, event] of events.entries()) await collector.take(event, { number: at + 1, text: `line ${at + 1}` });
  return { people, checkpoints, collector, collected: collector.result(assume ? 'always' : 'declared', true) };
}

interface Case {
  readonly what: string;
  readonly events: readonly ConnectorEvent[];
  readonly assume?: boolean;
  readonly checkpointed?: boolean;
  readonly complete: boolean;
  readonly whole: boolean;
  readonly claimsEmpty?: boolean;
}

const people = schema('people');
const cases: readonly Case[] = [
  { what: 'no stream', events: [], complete: false, whole: false },
  { what: 'a stream without a mapping', events: [schema('teams')], complete: false, whole: false },
  { what: 'records alone', events: [people, record('1')], complete: false, whole: true },
  {
    what: 'records alone, of a protocol that ends with a checkpoint',
    events: [people, record('1')],
    checkpointed: true,
    complete: false,
    whole: false,
  },
  { what: 'a checkpoint last', events: [people, record('1'), state], complete: false, whole: true },
  { what: 'a record last', events: [people, state, record('1')], complete: false, whole: false },
  {
    what: 'a version that was activated',
    events: [people, record('1', {}, 7), activate(7), state],
    complete: true,
    whole: true,
  },
  {
    what: 'a version that was activated, and no checkpoint after it',
    events: [people, record('1', {}, 7), activate(7)],
    complete: false,
    whole: false,
  },
  {
    what: 'a version announced before the first record',
    events: [people, activate(7), record('1', {}, 7), state],
    complete: false,
    whole: true,
  },
  {
    what: 'a version activated part by part',
    events: [people, record('1', {}, 7), activate(7), record('2', {}, 7), activate(7), state],
    complete: false,
    whole: true,
  },
  {
    what: 'complete_reads always, announced, a checkpoint last',
    events: [people, activate(7), record('1', {}, 7), state],
    assume: true,
    complete: true,
    whole: true,
  },
  {
    what: 'complete_reads always, announced, no checkpoint',
    events: [people, activate(7), record('1', {}, 7)],
    assume: true,
    complete: false,
    whole: false,
  },
  { what: 'a version that was not', events: [people, record('1', {}, 7)], complete: false, whole: false },
  { what: 'another version', events: [people, record('1', {}, 7), activate(8)], complete: false, whole: false },
  {
    what: 'two versions',
    events: [people, record('1', {}, 7), record('2', {}, 8), activate(8)],
    complete: false,
    whole: false,
  },
  {
    what: 'a record after the activation',
    events: [people, record('1', {}, 7), activate(7), record('2', {}, 7)],
    complete: false,
    whole: false,
  },
  { what: 'COMPLETE of everything', events: [people, record('1'), complete(true)], complete: true, whole: true },
  { what: 'COMPLETE of an increment', events: [people, record('1'), complete(false)], complete: false, whole: true },
  { what: 'no record at all', events: [people, activate(7)], complete: false, whole: false, claimsEmpty: true },
  { what: 'complete_reads always', events: [people, record('1')], assume: true, complete: true, whole: true },
  { what: 'complete_reads always, no record', events: [people], assume: true, complete: false, whole: false },
  {
    what: 'complete_reads always, a record after the checkpoint',
    events: [people, state, record('1')],
    assume: true,
    complete: false,
    whole: false,
  },
  {
    what: 'complete_reads always, an incremental stream',
    events: [schema('people', { increment: true }), record('1')],
    assume: true,
    complete: false,
    whole: true,
  },
];

describe('what the input says of itself', () => {
  it.each(cases)('$what', async ({ events, assume, checkpointed = false, complete, whole, claimsEmpty = false }) => {
    const { collected } = await collect(events, { checkpointed }, assume);
    expect({ complete: collected.complete, whole: collected.whole, claimsEmpty: collected.claimsEmpty }).toEqual({
      complete,
      whole,
      claimsEmpty,
    });
    expect(collected.reason).not.toBe('');
  });
});

it('takes each row up once, mapped, filtered or invalid, and counts codes that no table knows', async () => {
  const events = [
    people,
    record('1'),
    record('1', { title: 'again' }),
    record('2', { bad: 'Q' }),
    record('3', { out: 1 }),
  ];
  const { people: read, collected } = await collect(events, { filter: ({ out }) => (out ? 'company' : undefined) });
  const rows = Array.from({ length: read.size }, (_, at) => ({
    id: read.id(at),
    kind: read.kind(at),
    raw: read.raw(at),
  }));
  expect(rows).toEqual([
    { id: '1', kind: 0, raw: 'line 3' },
    { id: '2', kind: 1, raw: 'line 4' },
    { id: '3', kind: 2, raw: 'line 5' },
  ]);
  expect(collected.remarks).toEqual([]);
  expect(collected.unmappedCodes).toEqual([{ field: 'gender', value: '(1 letter, not shown)', people: 1 }]);
  expect(collected.streams).toEqual([{ stream: 'people', mapped: true, records: 4 }]);
});

it('counts what the mapping remarks, and values that JSON does not have', async () => {
  const remarks = [{ field: 'lastHireDate', code: 'no_date' as const }];
  const events = [people, record('1'), { ...record('2'), nonNumbers: 2 } as ConnectorEvent];
  const { collected } = await collect(events, {
    openMapping: () => ({
      map: (row) => ({ kind: 'user', user: { employeeId: String(row['id']) }, notes: [], remarks }),
    }),
  });
  expect(collected.remarks).toEqual([
    { field: 'lastHireDate', code: 'no_date', people: 2 },
    { field: 'record', code: 'not_a_json_number', people: 1 },
  ]);
});

it('gives each checkpoint the records and people since the one before', async () => {
  const { people: read, checkpoints } = await collect([
    people,
    record('1'),
    record('2'),
    state,
    record('2'),
    record('3'),
    state,
  ]);
  for (let at = 0; at < read.size; at++) checkpoints.acknowledge(at);
  expect(checkpoints.release().map(({ records, people: range }) => ({ records, range }))).toEqual([
    { records: 2, range: [0, 2] },
    { records: 2, range: [2, 3] },
  ]);
});

describe('records whose source says that the person is to be kept as before', () => {
  it.each([
    { reason: 'in_transfer', filter: 'kept as before: in transfer between companies' },
    { reason: 'no_employment', filter: 'kept as before: no employment in this read' },
    { reason: 'no_person_row', filter: 'kept as before: no person row in this read' },
    { reason: 'out_of_scope', filter: 'left out at the source' },
    { reason: 'toString', filter: 'kept as before: the source says so' },
    { reason: '', filter: undefined },
    { reason: null, filter: undefined },
  ])('$reason → $filter', async ({ reason, filter }) => {
    const { people: read, collected } = await collect([people, record('1', { keepReason: reason, bad: 'Q' })]);
    expect({ id: read.id(0), filter: read.filter(0) }).toEqual({ id: '1', filter });
    expect(collected.unmappedCodes).toHaveLength(filter === undefined ? 1 : 0);
    expect(collected.users).toBe(0);
  });
});
