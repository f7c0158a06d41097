/**
 * Drives the planned people through Together in the order given: one batch after the other, its outcomes recorded (ledger,
 * then checkpoints) before the next request.
 */

import { asConnectorError, type ConnectorError } from '@ukg-together/kit/error';
import type { Delivery, PersonOutcome } from '../model/person.ts';
import { bodyBytes } from '../together/body.ts';
import { createBatcher } from './batch.ts';
import { quarantineError } from './outage.ts';
import { createRecorder } from './recorder.ts';
import { groupSender, type SendGroupDeps } from './send-group.ts';
import { rejected } from './sort-answers.ts';

export interface DeliverDeps extends SendGroupDeps {
  /** The setting: a person whose own JSON is larger is rejected without being sent. */
  readonly maxBodyBytes: number;
  /** Makes a batch's outcomes durable (ledger, rejects) and then releases checkpoints. Awaited before the next request. */
  readonly record: (outcomes: readonly PersonOutcome[]) => Promise<void>;
  /** A stop: the request in flight is finished and its outcomes are recorded, the rest stays undelivered. `reason` is a ConnectorError. */
  readonly signal?: AbortSignal | undefined;
}

export interface Delivered {
  /** Why not everybody was sent; people who were never given to `record` are undelivered. */
  readonly stopped: ConnectorError | undefined;
}

/** Never rejects: every failure comes back as `stopped`. */
export async function deliver(deps: DeliverDeps, people: Iterable<Delivery>): Promise<Delivered> {
  const recorder = createRecorder(deps.record);
  const send = groupSender(deps, recorder);
  const batcher = createBatcher(people);
  try {
    for (;;) {
      deps.signal?.throwIfAborted();
      const batch = batcher.next({ ...deps.sizer.limits(), oneMove: !recorder.hasMoved });
      if (!batch) break;
      const alone = batch.length === 1 ? bodyBytes(batch) : 0;
      if (alone > deps.maxBodyBytes) {
        const reason = `the person's data is ${alone} bytes, more than max_body_bytes (${deps.maxBodyBytes})`;
        await recorder.record(rejected(batch, reason));
        continue;
      }
      await send(await recorder.withoutOwnedAddresses(batch));
    }
  } catch (thrown) {
    return { stopped: asConnectorError(thrown) };
  }
  const { quarantined } = recorder;
  return { stopped: quarantined.length > 0 ? quarantineError(quarantined) : undefined };
}
