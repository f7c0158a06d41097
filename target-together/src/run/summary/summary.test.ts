import { ConnectorError, said } from '@ukg-together/kit/error';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../model/person.ts';
import { RunSummary } from '../../model/run-summary.ts';
import { person } from '../../testing/people.ts';
import { everybody, row, schema, state } from '../../testing/run.ts';
import { planEvents, type StepOptions, silent } from '../../testing/steps.ts';
import { createRequestLog } from '../../together/request-log.ts';
import { deliverStep, type Sent, sendNothing } from '../deliver-step.ts';
import { guardStep } from '../guard-step.ts';
import { summarize } from './summary.ts';

const users = [
  person('a'),
  person('b', { supervisorId: 'a' }),
  person('lost', { supervisorId: 'nobody0' }),
  { employeeId: 'bad', fault: true },
];

interface Case extends StepOptions {
  readonly answer?: (id: string) => Outcome;
  readonly unplanned?: boolean;
  readonly error?: ConnectorError;
}

async function summaryOf(what: Case = {}, events = everybody(users)) {
  const { planned, run, state: kept, read } = await planEvents(events, what);
  const gated = guardStep(planned, run, silent);
  const send = async (): Promise<Sent> =>
    run.mode.writes
      ? await deliverStep(gated, run, {
          state: kept,
          log: silent,
          keepRejects: async () => {},
          release: async () => {},
          delivery: {
            memory: () => undefined,
            async deliver(people, record) {
              for (const delivery of people) {
                const outcome = what.answer?.(delivery.employeeId) ?? { outcome: 'created' };
                if (outcome.outcome !== 'undelivered') await record([{ delivery, outcome }]);
              }
              return { stopped: undefined };
            },
          },
        })
      : sendNothing(gated, run, undefined);
  return summarize({
    run,
    read,
    sent: what.unplanned ? undefined : await send(),
    error: what.error,
    exitCode: what.error?.exitCode ?? 0,
    finishedAt: run.startedAt + 1000,
    hashes: { settings: 's', mapping: 'm', package: null, plan: planned.plan.hash },
    requests: createRequestLog(0).summary(1000),
    memory: kept.memory,
  });
}

const refusing =
  (id: string, outcome: Outcome) =>
  (one: string): Outcome =>
    one === id ? outcome : { outcome: 'created' };

describe('the summary', () => {
  it.each<[string, Case, object]>([
    ['all sent', {}, { created: 3, invalid: 1 }],
    [
      'one refused',
      { answer: refusing('b', { outcome: 'rejected', status: 400, reason: 'no' }) },
      { created: 2, rejected: 1, invalid: 1 },
    ],
    [
      'one not delivered',
      { answer: refusing('b', { outcome: 'undelivered' }) },
      { created: 2, undelivered: 1, invalid: 1 },
    ],
    ['a rehearsal', { mode: 'dry-run' }, { undelivered: 3, invalid: 1 }],
    ['before there was a plan', { unplanned: true }, { undelivered: 4 }],
    [
      'some left out by a filter',
      { filter: (record) => (record['employeeId'] === 'a' ? 'no bosses' : undefined) },
      { created: 2, excluded: 1, invalid: 1 },
    ],
  ])('adds up and is what its schema says: %s', async (_, what, outcomes) => {
    const summary = await summaryOf(what);
    expect(RunSummary.parse(summary)).toEqual(summary);
    const zeros = Object.fromEntries(Object.keys(summary.outcomes).map((name) => [name, 0]));
    expect(summary.outcomes).toEqual({ ...zeros, ...outcomes });
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(summary.people_read);
  });

  it.each<[string, Outcome, object]>([
    [
      'by Together',
      { outcome: 'rejected', status: 400, reason: 'HTTP 400: no' },
      {
        status: 400,
        faults: [
          {
            code: 'http_400',
            message: 'Together refused this person: HTTP 400: no.',
            fix: expect.stringMatching(/^Correct the record/),
          },
        ],
      },
    ],
    [
      'for good',
      { outcome: 'rejected', status: 410, reason: 'gone' },
      { status: 410, faults: [{ fix: expect.stringMatching(/^Ask Together support/) }] },
    ],
    [
      'before Together was asked',
      { outcome: 'rejected', reason: 'too large' },
      { faults: [{ code: 'refused', message: 'Not sent: too large.', fix: 'It is tried again with each run.' }] },
    ],
  ])('names a person refused %s, and what to do', async (_, outcome, problem) => {
    const { problems } = await summaryOf({ answer: refusing('a', outcome) });
    expect(problems.find(({ id }) => id === 'a')).toMatchObject({ kind: 'rejected', ...problem });
  });

  it('names who could not be mapped, and a link that is left out', async () => {
    const { problems, supervisors } = await summaryOf();
    expect(problems).toMatchObject([{ id: 'bad', kind: 'invalid', faults: [{ field: 'email', code: 'missing' }] }]);
    expect(supervisors).toMatchObject({
      dropped: [{ id: 'lost', supervisor_id: 'nobody0', reason: 'unknown' }],
      dropped_total: 1,
      relinked: 0,
    });
  });

  it('names a row without an id by its line', async () => {
    const { problems } = await summaryOf({}, [schema(), row({ fault: true }), state(1)]);
    expect(problems).toMatchObject([{ id: null, line: 2 }]);
  });

  it('tells what ended the run', async () => {
    const error = new ConnectorError('unreachable', said`POST /public/user kept failing.`, { hint: 'Wait.' });
    const { error: told, exit_code, finished_at, started_at } = await summaryOf({ error });
    expect(told).toEqual({ kind: 'unreachable', message: error.message, hint: 'Wait.', docs: error.docs });
    expect({ exit_code, ms: Date.parse(finished_at) - Date.parse(started_at) }).toEqual({ exit_code: 5, ms: 1000 });
  });
});
