/** Whether this machine's clock is right, by the Date header of an answer that is asked for anyway. */
import type { Clock } from '../clock.ts';
import { type Check, type Outcome, skipped } from './finding.ts';

interface Answer {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const mostOff = 60;

/** `send` notes the time stated by the last answer; `check` compares. */
export function watchDate<R, A extends Answer>(send: (request: R) => Promise<A>, clock: Pick<Clock, 'now'>) {
  let offMs: number | undefined;
  const check: Check = ['clock', () => clockOutcome(offMs)];
  return {
    check,
    async send(request: R): Promise<A> {
      const from = clock.now();
      const answer = await send(request);
      const date = Date.parse(answer.headers['date'] ?? '');
      // A middle of the way: when the server wrote it is not known.
      if (!Number.isNaN(date)) offMs = (from + clock.now()) / 2 - date;
      return answer;
    },
  };
}

function clockOutcome(offMs: number | undefined): Outcome {
  if (offMs === undefined) return skipped('No answer came that tells the time.');
  const seconds = Math.round(Math.abs(offMs) / 1000);
  if (seconds <= mostOff) return `Within ${mostOff} s of the server's.`;
  return {
    verdict: 'warning',
    message: `This machine's clock is ${seconds} s ${offMs > 0 ? 'ahead of' : 'behind'} the server's.`,
    hint: 'Set it by the network (timedatectl set-ntp true): days, ages and effective dates go by it.',
  };
}
