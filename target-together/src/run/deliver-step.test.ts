import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateEvent } from '@ukg-together/protocol/event';
import { describe, expect, it } from 'vitest';
import type { OpenDelivery } from '../delivery/open-delivery.ts';
import type { Outcome, PersonOutcome } from '../model/person.ts';
import type { RunState } from '../state/run-state.ts';
import { person } from '../testing/people.ts';
import { row, schema, state } from '../testing/run.ts';
import { planEvents, silent } from '../testing/steps.ts';
import { deliverStep, type SendDeps, sendNothing } from './deliver-step.ts';
import { guardStep } from './guard-step.ts';

const outage = new ConnectorError('unreachable', said`POST /public/user kept failing.`);
const full = new ConnectorError('unexpected', said`The disk is full.`);
const people = ['a', 'b', 'c', 'd'].map((id) => person(id));
const broken = { employeeId: 'broken', fault: true };
/** A checkpoint after the first two, one after everybody. */
const events = [
  schema(),
  ...people.slice(0, 2).map((one) => row(one)),
  state(1),
  ...people.slice(2).map((one) => row(one)),
  row(broken),
  state(2),
];

async function setUp(
  answer: (id: string) => Outcome | ConnectorError,
  over: (deps: SendDeps) => Partial<SendDeps> = () => ({}),
) {
  const { planned, run, state: kept } = await planEvents(events);
  const gated = guardStep(planned, run, silent);
  const steps: string[] = [];
  const released: (StateEvent['value'] | object)[] = [];
  const rejects: (string | undefined)[] = [];
  const delivery: OpenDelivery = {
    memory: () => undefined,
    async deliver(all, record) {
      for (const one of all) {
        const outcome = answer(one.employeeId);
        if (outcome instanceof ConnectorError) return { stopped: outcome };
        await record([{ delivery: one, outcome }]);
      }
      return { stopped: undefined };
    },
  };
  const state: RunState = {
    ...kept,
    keeps: true,
    begin: async () => void steps.push('begin'),
    record: async ([one]) => void steps.push(`ledger ${one?.delivery.employeeId}`),
  };
  const deps: SendDeps = {
    state,
    log: silent,
    delivery,
    keepRejects: async (records) => {
      for (const { id } of records) rejects.push(id);
    },
    release: async ({ value }, counts) => {
      steps.push(`release ${String(value)}`);
      released.push({ value, ...counts });
    },
    audit: {
      planned: async () => {},
      outcomes: async ([one]: readonly PersonOutcome[]) => void steps.push(`audit ${one?.delivery.employeeId}`),
    },
  };
  const sent = await deliverStep(gated, run, { ...deps, ...over(deps) });
  const ended = [...people, broken].map((_, at) => sent.outcomes.get(at));
  return { sent, steps, released, rejects, ended, gated, run };
}

const created = (): Outcome => ({ outcome: 'created' });
const refusing =
  (bad: string) =>
  (id: string): Outcome =>
    id === bad ? { outcome: 'rejected', status: 400, reason: 'no' } : { outcome: 'created' };

describe('deliver', () => {
  it('keeps each outcome, then tells the audit log, then gives checkpoints back', async () => {
    const { steps } = await setUp(created);
    expect(steps).toEqual([
      'begin',
      ...['ledger a', 'audit a', 'ledger b', 'audit b', 'release 1'],
      ...['ledger c', 'audit c', 'ledger d', 'audit d', 'release 2'],
    ]);
  });

  it.each([
    [
      'all are accepted',
      created,
      ['created', 'created', 'created', 'created', 'invalid'],
      undefined,
      [
        { value: 1, records: 2, rejected: 0 },
        { value: 2, records: 3, rejected: 1 },
      ],
      ['broken'],
      4,
    ],
    [
      'one is refused',
      refusing('b'),
      ['created', 'rejected', 'created', 'created', 'invalid'],
      undefined,
      [
        { value: 1, records: 2, rejected: 1 },
        { value: 2, records: 3, rejected: 1 },
      ],
      ['broken', 'b'],
      3,
    ],
    [
      'Together goes away',
      (id: string) => (id === 'c' ? outage : created()),
      ['created', 'created', 'undelivered', 'undelivered', 'invalid'],
      outage,
      [{ value: 1, records: 2, rejected: 0 }],
      ['broken'],
      2,
    ],
  ] as const)('%s', async (_, answer, ended, stopped, released, rejects, privacy) => {
    const made = await setUp(answer);
    expect(made.ended).toEqual(ended);
    expect(made.sent).toMatchObject({ began: true, stopped, privacy: { sent: true, people: privacy } });
    expect(made.released).toEqual(released);
    expect(made.rejects).toEqual(rejects);
  });

  it.each<[string, (deps: SendDeps) => Partial<SendDeps>]>([
    ['the state', ({ state }) => ({ state: { ...state, begin: () => Promise.reject(full) } })],
    ['the rejects', () => ({ keepRejects: () => Promise.reject(full) })],
    ['the ledger', ({ state }) => ({ state: { ...state, record: () => Promise.reject(full) } })],
    [
      'the audit log',
      ({ audit }) => ({ audit: { planned: async () => {}, ...audit, outcomes: () => Promise.reject(full) } }),
    ],
    ['a checkpoint', () => ({ release: () => Promise.reject(full) })],
  ])('ends with the error when %s can not be written, and sends nothing further', async (_, over) => {
    const { sent, ended } = await setUp(created, (deps) => ({
      ...over(deps),
      // The real one turns what `record` throws into `stopped`.
      delivery: {
        memory: () => undefined,
        async deliver(all, record) {
          try {
            return await deps.delivery.deliver(all, record);
          } catch (thrown) {
            return { stopped: thrown as ConnectorError };
          }
        },
      },
    }));
    expect(sent).toMatchObject({ began: true, stopped: full });
    expect(ended.slice(2)).toEqual(['undelivered', 'undelivered', 'invalid']);
  });

  it('writes no rejects where nothing is kept', async () => {
    const { rejects } = await setUp(refusing('b'), ({ state }) => ({ state: { ...state, keeps: false } }));
    expect(rejects).toEqual([]);
  });
});

describe('a rehearsal', () => {
  it.each([undefined, outage])('sends nothing and counts what would leave (stopped by %s)', async (stopped) => {
    const { gated, run } = await setUp(created);
    const sent = sendNothing(gated, run, stopped);
    expect(sent).toMatchObject({ began: false, stopped, privacy: { sent: false, people: 4 }, vanishedEnded: 0 });
    expect(people.map((_, at) => sent.outcomes.get(at))).toEqual(people.map(() => 'undelivered'));
    expect(sent.outcomes.get(4)).toBe('invalid');
  });
});
