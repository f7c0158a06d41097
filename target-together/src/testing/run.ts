/** The core with everything around it in memory: runs follow each other on one state, and a pretended Together answers. */

import type { ConnectorError } from '@ukg-together/kit/error';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { createSizer } from '../delivery/batch-size.ts';
import { deliver } from '../delivery/deliver.ts';
import type { Delivery, Outcome, TogetherUser } from '../model/person.ts';
import type { Ended } from '../run/end-step.ts';
import { newRunId } from '../run/identity.ts';
import { type Asked, type ModeName, modes, type ProtocolName } from '../run/modes.ts';
import { planFromRead } from '../run/plan-step.ts';
import { startRun } from '../run/run.ts';
import type { RejectedRecord } from '../state/rejects/rejects-file.ts';
import type { Posted } from '../together/client.ts';
import { createRequestLog } from '../together/request-log.ts';
import { identityOf, openTestState, silent, testReading } from './steps.ts';

export type Answer = (delivery: Delivery, sent: number) => Outcome | ConnectorError;

export interface Day {
  readonly events: readonly ConnectorEvent[];
  readonly mode?: ModeName;
  readonly settings?: object;
  readonly accept?: string;
  readonly asked?: Asked;
  readonly answer?: Answer;
  readonly protocol?: ProtocolName;
  /** Thrown while reading, after all events. */
  readonly failure?: unknown;
  /** Most people in a request. */
  readonly batch?: number;
  /** Before everything is closed. */
  readonly look?: (result: Ended) => void;
  readonly filter?: (record: Record<string, unknown>) => string | undefined;
}

export interface DayResult extends Omit<Ended, 'sent'> {
  /** Bodies in the order in which they were sent. */
  readonly sent: readonly TogetherUser[];
  readonly released: readonly { readonly value: unknown; readonly records: number; readonly rejected: number }[];
  readonly rejects: readonly RejectedRecord[];
}

const accept: Answer = (delivery) => ({ outcome: delivery.isNew ? 'created' : 'updated' });

export const schema = (stream = 'employees', keys: readonly string[] = ['employeeId']): ConnectorEvent => ({
  type: 'schema',
  stream,
  schema: { properties: {} },
  keyProperties: keys,
});
export const row = (record: object, version?: number): ConnectorEvent => ({
  type: 'record',
  stream: 'employees',
  record: record as Record<string, unknown>,
  ...(version === undefined ? {} : { version }),
});
export const state = (value: unknown, stream?: string): ConnectorEvent => ({
  type: 'state',
  value,
  ...(stream === undefined ? {} : { stream }),
});
export const all = (version = 1): ConnectorEvent => ({ type: 'activate_version', stream: 'employees', version });

/** A complete read of these users; a record with `fault` can't be mapped. */
export const everybody = (users: readonly object[], value: unknown = 'end'): ConnectorEvent[] => [
  schema(),
  ...users.map((user) => row(user, 1)),
  all(1),
  state(value),
];

export function world() {
  const files = new Map<string, Buffer>();
  const clock = fakeClock();
  return {
    clock,
    files,
    async day(what: Day): Promise<DayResult> {
      const mode = what.mode ?? 'run';
      const startedAt = clock.now();
      const runId = newRunId(startedAt);
      const kept = await openTestState(files, modes[mode].writes ? { id: runId, startedAt } : undefined);
      const sent: TogetherUser[] = [];
      const released: DayResult['released'][number][] = [];
      const rejects: RejectedRecord[] = [];
      /** All of a request, or nothing of it. */
      const post = (batch: readonly Delivery[]): Posted => {
        const answers = batch.map((delivery, at) => (what.answer ?? accept)(delivery, sent.length + at));
        const people = answers.map((answer) => {
          if (answer instanceof Error) throw answer;
          return answer;
        });
        sent.push(...batch.map(({ body }) => JSON.parse(body.toString('utf8')) as TogetherUser));
        return { sent: batch, answer: { kind: 'each', people }, bytes: 1, ms: 1 };
      };
      const run = startRun(identityOf({ ...what, id: runId, startedAt, state: kept }), {
        clock,
        log: silent,
        signal: new AbortController().signal,
        state: kept,
        reading: testReading(what.filter),
        planner: planFromRead(() => 'm', undefined),
        delivery: {
          memory: () => undefined,
          deliver: (people, record) =>
            deliver(
              {
                client: { postUsers: async (batch) => post(batch) },
                sizer: createSizer({
                  batchSize: what.batch ?? 500,
                  maxBodyBytes: 1e9,
                  timeoutMs: 60_000,
                  now: clock.now,
                }),
                maxBodyBytes: 1e9,
                maxRetries: 0,
                maxWaitMs: 600_000,
                clock,
                random: () => 0.5,
                record,
              },
              people,
            ),
        },
        requests: createRequestLog(startedAt),
        keepRejects: async (records) => void rejects.push(...records),
        release: async ({ value }, counts) => void released.push({ value, ...counts }),
      });
      let line = 0;
      for (const event of what.events) {
        line++;
        await run.take(event, { number: line, text: JSON.stringify(event) });
      }
      const result = await run.finish(what.failure);
      what.look?.(result);
      await kept.close();
      run.close();
      return { ...result, sent, released, rejects };
    },
  };
}
