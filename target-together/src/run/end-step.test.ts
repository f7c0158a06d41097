import { ConnectorError, said } from '@ukg-together/kit/error';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../model/person.ts';
import type { RunState } from '../state/run-state.ts';
import { person } from '../testing/people.ts';
import { everybody } from '../testing/run.ts';
import { planEvents, type StepOptions, silent } from '../testing/steps.ts';
import { createRequestLog } from '../together/request-log.ts';
import { deliverStep, type Sent, sendNothing } from './deliver-step.ts';
import { endStep, type Reached } from './end-step.ts';
import { guardStep } from './guard-step.ts';

const crowd = (count: number) => Array.from({ length: count }, (_, at) => person(`${at}`));
const outage = new ConnectorError('unreachable', said`POST /public/user kept failing.`);
const full = new ConnectorError('unexpected', said`The disk is full.`);
const wrong = new ConnectorError('settings', said`wrong`);
const accepted: Outcome = { outcome: 'created' };
const refused: Outcome = { outcome: 'rejected', status: 400, reason: 'no' };

interface Case extends StepOptions {
  readonly events?: readonly ConnectorEvent[];
  readonly answer?: (at: number) => Outcome;
  readonly error?: ConnectorError;
  /** The run ended before there was a plan. */
  readonly unplanned?: boolean;
  readonly endFails?: boolean;
}

async function end(what: Case) {
  const { planned, run, state, read } = await planEvents(what.events ?? everybody(crowd(10)), what);
  const gated = guardStep(planned, run, silent);
  const send = async (): Promise<Sent> =>
    run.mode.writes && !what.error
      ? await deliverStep(gated, run, {
          state,
          log: silent,
          keepRejects: async () => {},
          release: async () => {},
          delivery: {
            memory: () => undefined,
            async deliver(people, record) {
              let at = 0;
              for (const delivery of people) await record([{ delivery, outcome: what.answer?.(at++) ?? accepted }]);
              return { stopped: undefined };
            },
          },
        })
      : sendNothing(gated, run, what.error);
  const reached: Reached = { read, ...(what.unplanned ? {} : { sent: await send() }), error: what.error };
  const ends: Parameters<RunState['end']>[] = [];
  const watched: RunState = {
    ...state,
    memory: state.memory,
    end: async (...given) => {
      ends.push(given);
      if (what.endFails) throw full;
      return await state.end(...given);
    },
  };
  const ended = await endStep(reached, run, {
    clock: fakeClock(),
    state: watched,
    planner: { mappingHash: () => 'm' },
    requests: createRequestLog(0),
    delivery: { memory: () => undefined },
  });
  return { ended, ends };
}

const invalid = everybody([{ employeeId: 'x', fault: true }]);

describe('end', () => {
  it.each<[string, Case, number]>([
    ['all went well', {}, 0],
    ['an error', { error: outage }, 5],
    ['an error before the plan', { error: wrong, unplanned: true }, 2],
    ['more refused than allowed', { answer: () => refused }, 4],
    [
      'as many refused as allowed',
      { answer: (at) => (at === 0 ? refused : accepted), settings: { max_rejected_percent: 10 } },
      0,
    ],
    ['a mapping that fits nobody', { events: invalid }, 4],
    ['the same in a rehearsal', { events: invalid, mode: 'dry-run' }, 0],
    ['changes, asked for', { mode: 'plan', asked: { changesExitCode: true } }, 8],
    ['changes, not asked for', { mode: 'plan' }, 0],
    ['no changes, asked for', { mode: 'plan', asked: { changesExitCode: true }, events: everybody([]) }, 0],
    ['a state that can not be written', { endFails: true }, 1],
    ['the same after an outage: the first error counts', { endFails: true, error: outage }, 5],
  ])('%s: its exit code, in the summary too', async (_, what, exitCode) => {
    const { ended } = await end(what);
    expect({ code: ended.exitCode, summary: ended.summary.exit_code }).toEqual({ code: exitCode, summary: exitCode });
  });

  it.each<[string, Case, object]>([
    [
      'a run',
      {},
      { outcomes: { created: 10, undelivered: 0 }, actions: { join: 10 }, privacy: { sent: true, people: 10 } },
    ],
    [
      'a rehearsal',
      { mode: 'dry-run' },
      { mode: 'dry-run', outcomes: { undelivered: 10 }, privacy: { sent: false, people: 10 } },
    ],
    [
      'a run without a plan',
      { unplanned: true, error: wrong },
      {
        outcomes: { undelivered: 10 },
        actions: { join: 0 },
        guards: [],
        hashes: { plan: null },
        privacy: { people: 0 },
        error: { kind: 'settings', message: 'wrong.', hint: null },
      },
    ],
  ])('%s: the summary adds up', async (_, what, summary) => {
    const { ended } = await end(what);
    expect(ended.summary).toMatchObject({ people_read: 10, ...summary });
    const sum = Object.values(ended.summary.outcomes).reduce((total, count) => total + count, 0);
    expect(sum).toBe(10);
  });

  it.each<[string, Case, number, boolean]>([
    ['after sending', {}, 1, true],
    ['after an error before sending: addresses stay as they were', { error: outage }, 1, false],
    ['without a plan', { error: wrong, unplanned: true }, 1, false],
    ['after a rehearsal', { mode: 'dry-run' }, 0, false],
    ['after a plan', { mode: 'plan' }, 0, false],
  ])('%s: what the next run is left', async (_, what, times, emails) => {
    const { ends } = await end(what);
    expect(ends).toHaveLength(times);
    if (times > 0) expect(ends[0]?.[1].emails !== undefined).toBe(emails);
  });
});
