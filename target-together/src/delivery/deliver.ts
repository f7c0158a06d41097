/**
 * Drives the planned people through Together in the order given: one batch after the other, each settled (ledger, then
 * checkpoints) before the next request. Who was refused inside an array that names nobody is found by halving:
 *
 *   [a b c d] refused → [a b] accepted → so [c d] holds the refused one and is not sent whole → [c] accepted → [d] refused
 */

import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, ConnectorError } from '@ukg-together/kit/error';
import { backoffMs } from '@ukg-together/transport/retry/retry';
import type { Delivery, Settled } from '../model/person.ts';
import { bodyBytes } from '../together/body.ts';
import { mayLieInContent, type Posted, type TogetherClient } from '../together/client.ts';
import { createBatcher, fitting, halve, halveByBytes } from './batch.ts';
import type { Sizer } from './batch-size.ts';
import { laterError, mostRefusedWithoutSuccess, mostStuck, stuckError } from './outage.ts';
import { rejected, sorted } from './sort-answers.ts';

export interface DeliverDeps {
  readonly client: TogetherClient;
  readonly sizer: Sizer;
  /** The setting: a person whose own JSON is larger is rejected without being sent. */
  readonly maxBodyBytes: number;
  readonly maxRetries: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Makes a batch's outcomes durable (ledger, rejects) and then releases checkpoints. Awaited before the next request. */
  readonly settle: (settled: readonly Settled[]) => Promise<void>;
  /** A stop: the request in flight is finished and settled, the rest stays undelivered. `reason` is a ConnectorError. */
  readonly signal?: AbortSignal | undefined;
}

export interface Delivered {
  /** Why not everybody was sent; whoever was never given to `settle` is undelivered. */
  readonly stopped: ConnectorError | undefined;
}

/** Never rejects: every failure comes back as `stopped`. */
export async function deliver(deps: DeliverDeps, people: Iterable<Delivery>): Promise<Delivered> {
  const { client, sizer, clock } = deps;
  const stuck: Delivery[] = [];
  let accepted = 0;
  let refused = 0;
  /** Who was refused or put aside, and has in Together what they had before: `index` → employeeId. */
  const failed = new Map<number, string>();
  /** Somebody was put aside, and nothing has passed since: the next such failure is an outage. */
  let suspected = false;

  /** Sends a group to the end. Returns whether somebody in it was refused. `probing`: few tries, and a failure is thrown. */
  async function sendAll(group: readonly Delivery[], probing = false): Promise<boolean> {
    let anyRefused = false;
    let rest = group;
    let rounds = 0;
    while (rest.length > 0) {
      let posted: Posted;
      try {
        posted = await post(rest.slice(0, fitting(rest, sizer.limits())), probing);
      } catch (thrown) {
        if (probing || !mayLieInContent(thrown)) throw thrown;
        if (rest.length > 1) await probe(rest, thrown as ConnectorError);
        else if (suspected) throw thrown;
        else putAside(rest, thrown as ConnectorError);
        return anyRefused;
      }
      const digested = await digest(posted);
      anyRefused ||= digested.anyRefused;
      rest = rest.slice(posted.sent.length);
      if (digested.later.length === 0) continue;
      rounds = digested.later.length < posted.sent.length ? 1 : rounds + 1;
      if (rounds > deps.maxRetries) {
        putAside(digested.later, laterError(rounds));
        rounds = 0;
      } else {
        rest = [...digested.later, ...rest];
        await clock.sleep(backoffMs(rounds, { random: deps.random }), deps.signal);
      }
    }
    return anyRefused;
  }

  async function post(group: readonly Delivery[], probing: boolean): Promise<Posted> {
    deps.signal?.throwIfAborted();
    const posted = await client.postUsers(group, {
      onStruggle: (users) => sizer.struggled({ users }),
      expectsBody: sizer.expectsBody,
      maxRetries: probing ? Math.min(1, deps.maxRetries) : deps.maxRetries,
    });
    if (posted.answer.kind === 'each') {
      sizer.answered({ users: posted.sent.length, bytes: posted.bytes, ms: posted.ms });
      // A body beside a refusal tells nothing of how a clean acceptance looks.
      const clean = posted.answer.people.every(({ outcome }) => outcome !== 'rejected' && outcome !== 'again');
      if (clean && posted.withBody !== undefined) sizer.accepted(posted.withBody);
    }
    return posted;
  }

  /** Settles what an answer says. `later`: people whose own result is a passing trouble. */
  async function digest({ sent, answer, bytes }: Posted): Promise<{ anyRefused: boolean; later: Delivery[] }> {
    const later: Delivery[] = [];
    switch (answer.kind) {
      case 'each': {
        const { settled, beside, passing } = sorted(sent, answer.people);
        const anyRefused = await settle(settled);
        return { anyRefused: (await sendAll(beside)) || anyRefused, later: passing };
      }
      case 'refused': {
        if (sent.length > 1) return { anyRefused: await split(sent), later };
        const { status, reason } = answer;
        return { anyRefused: await settle(rejected(sent, reason, status)), later };
      }
      case 'too_large': {
        if (sent.length === 1) {
          const reason = `HTTP 413: Together does not take a request of ${bytes} bytes, which this person alone needs`;
          return { anyRefused: await settle(rejected(sent, reason, 413)), later };
        }
        sizer.tooLarge({ users: sent.length, bytes });
        const [left, right] = halveByBytes(sent);
        const leftRefused = await sendAll(left);
        return { anyRefused: (await sendAll(right)) || leftRefused, later };
      }
      case 'unrecognised':
        throw new ConnectorError('unreachable', `Together's answer could not be understood (${answer.code}).`);
    }
  }

  /** Somebody in `group` (at least two) is refused. When one half passes, the other holds them and is not sent whole. */
  async function split(group: readonly Delivery[]): Promise<boolean> {
    const [left, right] = halve(group);
    if ((await sendAll(left)) || right.length === 1) await sendAll(right);
    else await split(right);
    return true;
  }

  /** Together kept failing on `group`. One half passing shows that it is up, and that the trouble is in the other half. */
  async function probe(group: readonly Delivery[], error: ConnectorError): Promise<void> {
    const failing: (readonly Delivery[])[] = [];
    const halves = halve(group);
    for (const half of halves) {
      try {
        await sendAll(half, true);
      } catch (thrown) {
        if (!mayLieInContent(thrown)) throw thrown;
        failing.push(half);
      }
    }
    if (failing.length === halves.length) throw error;
    for (const half of failing) {
      if (half.length === 1) putAside(half, error);
      else await probe(half, error);
    }
  }

  function putAside(group: readonly Delivery[], error: ConnectorError): void {
    suspected = true;
    stuck.push(...group);
    for (const { index, employeeId } of group) failed.set(index, employeeId);
    if (stuck.length > mostStuck) throw error;
  }

  /** Together would make one person of whoever gets an address and of whoever has it still. */
  async function withoutEarly(batch: readonly Delivery[]): Promise<readonly Delivery[]> {
    if (failed.size === 0) return batch;
    const others: Delivery[] = [];
    for (const delivery of batch) {
      const holder = delivery.after?.find((index) => failed.has(index));
      if (holder === undefined) {
        others.push(delivery);
        continue;
      }
      const reason = `in Together the e-mail address is still that of employeeId ${failed.get(holder)}, whom it has not taken in this run`;
      await settle(rejected([delivery], reason));
    }
    return others;
  }

  async function settle(settled: readonly Settled[]): Promise<boolean> {
    if (settled.length === 0) return false;
    await deps.settle(settled);
    let refusals = 0;
    for (const { delivery, outcome } of settled) {
      // Whom nobody was asked about tells nothing of Together.
      if (outcome.outcome !== 'rejected' || outcome.status !== undefined) suspected = false;
      if (outcome.outcome !== 'rejected') continue;
      refusals++;
      failed.set(delivery.index, delivery.employeeId);
    }
    refused += refusals;
    accepted += settled.length - refusals;
    if (accepted === 0 && refused >= mostRefusedWithoutSuccess) {
      throw new ConnectorError(
        'refused',
        `Together refused the first ${refused} people and accepted nobody, so sending stopped.`,
        {
          hint: 'Look at the reasons: a field that Together requires is probably not mapped, or organization_id is wrong.',
        },
      );
    }
    return refusals > 0;
  }

  try {
    const batcher = createBatcher(people);
    for (;;) {
      deps.signal?.throwIfAborted();
      const batch = batcher.next(sizer.limits());
      if (!batch) break;
      const alone = batch.length === 1 ? bodyBytes(batch) : 0;
      if (alone > deps.maxBodyBytes) {
        const reason = `the person's data is ${alone} bytes, more than max_body_bytes (${deps.maxBodyBytes})`;
        await settle(rejected(batch, reason));
        continue;
      }
      await sendAll(await withoutEarly(batch));
    }
  } catch (thrown) {
    return { stopped: asConnectorError(thrown) };
  }
  return { stopped: stuck.length > 0 ? stuckError(stuck) : undefined };
}
