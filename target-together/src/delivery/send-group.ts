/** A group of people, sent until each has an outcome or is quarantined: requests of a size that fits, retries, bisection. */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { backoffMs } from '@ukg-together/transport/retry/retry';
import type { Delivery } from '../model/person.ts';
import { mayLieInContent, type Posted, type TogetherClient } from '../together/client.ts';
import { bisectByBytes, fitting } from './batch.ts';
import type { Sizer } from './batch-size.ts';
import { isolateFailing, isolateRefused, type SendGroup } from './isolate-refused.ts';
import { retriesError } from './outage.ts';
import type { Recorder } from './recorder.ts';
import { rejected, sorted, withoutClears } from './sort-answers.ts';

export interface SendGroupDeps {
  readonly client: TogetherClient;
  readonly sizer: Sizer;
  readonly maxRetries: number;
  /** Milliseconds for which people are sent again whose own results put them off, while no other of them gets through. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Awaited before each request: what is kept for the case that this run is cut off. */
  readonly before?: ((group: readonly Delivery[]) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an answer came to. `retry`: people whose own result is a transient trouble. */
interface Taken {
  readonly anyRefused: boolean;
  readonly retry: readonly Delivery[];
}

export function groupSender(deps: SendGroupDeps, recorder: Recorder): SendGroup {
  const { sizer, clock } = deps;
  const send: SendGroup = (group) => sendAll(group, false);

  /** `probing`: few tries in little time, and a failure is thrown. */
  async function sendAll(group: readonly Delivery[], probing: boolean): Promise<boolean> {
    let anyRefused = false;
    let rest = group;
    let rounds = 0;
    let since = 0;
    while (rest.length > 0) {
      let posted: Posted;
      try {
        posted = await post(rest.slice(0, fitting(rest, sizer.limits())), probing, deps);
      } catch (thrown) {
        if (probing || !mayLieInContent(thrown)) throw thrown;
        await isolate(rest, thrown as ConnectorError);
        return anyRefused;
      }
      const taken = await take(posted);
      anyRefused ||= taken.anyRefused;
      rest = rest.slice(posted.sent.length);
      if (taken.retry.length === 0) continue;
      rounds = taken.retry.length < posted.sent.length ? 1 : rounds + 1;
      if (rounds === 1) since = clock.monotonic();
      const waitMs = backoffMs(rounds, { random: deps.random });
      if (rounds > deps.maxRetries || clock.monotonic() - since + waitMs > deps.maxWaitMs) {
        recorder.quarantine(taken.retry, retriesError(rounds));
        rounds = 0;
      } else {
        rest = [...taken.retry, ...rest];
        await clock.sleep(waitMs, deps.signal);
      }
    }
    return anyRefused;
  }

  /** The trouble may lie in the content: of one person, or of a person among several. */
  async function isolate(group: readonly Delivery[], error: ConnectorError): Promise<void> {
    const quarantine = (person: readonly Delivery[]) => recorder.quarantine(person, error);
    if (group.length > 1) await isolateFailing(group, error, (half) => sendAll(half, true), quarantine);
    else if (recorder.suspectsOutage) throw error;
    else quarantine(group);
  }

  /** Records what an answer says, and sends the people again that it says nothing of. */
  async function take({ sent, answer, bytes }: Posted): Promise<Taken> {
    switch (answer.kind) {
      case 'each': {
        const { outcomes, resend, transient } = sorted(sent, answer.people);
        const anyRefused = (await recorder.record(outcomes)) || resend.some(({ refusedClears }) => refusedClears);
        return { anyRefused: (await send(resend)) || anyRefused, retry: transient };
      }
      case 'refused': {
        if (sent.length === 1) {
          const again = withoutClears(sent[0] as Delivery, { outcome: 'rejected', status: answer.status });
          if (!again) return await refuse(sent, answer.reason, answer.status);
          await send([again]);
          return { anyRefused: true, retry: [] };
        }
        await isolateRefused(sent, send);
        return { anyRefused: true, retry: [] };
      }
      case 'too_large': {
        if (sent.length === 1) {
          const reason = `HTTP 413: Together does not take a request of ${bytes} bytes, which this person alone needs`;
          return await refuse(sent, reason, 413);
        }
        sizer.tooLarge({ users: sent.length, bytes });
        const [left, right] = bisectByBytes(sent);
        const leftRefused = await send(left);
        return { anyRefused: (await send(right)) || leftRefused, retry: [] };
      }
      case 'unrecognised':
        throw new ConnectorError('unreachable', said`Together's answer could not be understood (${answer.code}).`);
    }
  }

  async function refuse(sent: readonly Delivery[], reason: string, status: number): Promise<Taken> {
    return { anyRefused: await recorder.record(rejected(sent, reason, status)), retry: [] };
  }

  return send;
}

/** One request with its retries; the sizer learns from its answer. */
async function post(
  group: readonly Delivery[],
  probing: boolean,
  { client, sizer, before, signal }: SendGroupDeps,
): Promise<Posted> {
  signal?.throwIfAborted();
  await before?.(group);
  const posted = await client.postUsers(group, {
    onStruggle: (users) => sizer.struggled({ users }),
    expectsBody: sizer.expectsBody,
    probe: probing,
  });
  if (posted.answer.kind === 'each') {
    sizer.answered({ users: posted.sent.length, bytes: posted.bytes, ms: posted.ms });
    // A body beside a refusal does not show how a clean acceptance looks.
    const clean = posted.answer.people.every(({ outcome }) => outcome !== 'rejected' && outcome !== 'again');
    if (clean && posted.withBody !== undefined) sizer.accepted(posted.withBody);
  }
  return posted;
}
