/**
 * Decision 2, proven anew: our rate limiter beside `bottleneck`, each against the same server in a process of its own. What counts
 * is what the server saw: how soon after one request (and after its answer) the next one came, and how long requests stopped when
 * the machine's clock was set back.
 */
import { Agent, request } from 'node:http';
import { systemClock } from '@ukg-together/kit/clock';
import { localLimiter } from '@ukg-together/transport/limiter/limiter';
import Bottleneck from 'bottleneck';
import { fixture, isWanted, row } from './support.ts';

const intervalMs = 250;
const requests = 40;
/** Long enough to tell a pause of the limiter from one of the server. */
const setBackMs = 5000;
const setBackAfter = 5;

/** Takes a request and starts it when its time has come. */
type Schedule = (send: () => Promise<void>) => Promise<void>;

interface Limiter {
  readonly name: string;
  readonly open: () => Schedule;
  /** Its rows fail the benchmark where a pause is short, or lasts much longer than asked for. */
  readonly ours?: true;
}

const limiters: readonly Limiter[] = [
  {
    name: 'ours',
    ours: true,
    open: () => {
      const limiter = localLimiter({ clock: systemClock, intervalMs });
      return (send) => limiter.run(send);
    },
  },
  {
    name: 'bottleneck, minTime',
    open: () => {
      const limiter = new Bottleneck({ maxConcurrent: 1, minTime: intervalMs });
      return (send) => limiter.schedule(send);
    },
  },
  {
    // The best that can be made of it: its queue, and the pause after the answer inside the job, by the monotonic clock.
    name: 'bottleneck, pause in the job',
    open: () => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const sendAndPause = async (send: () => Promise<void>) => {
        await send();
        await systemClock.sleep(intervalMs);
      };
      return (send) => limiter.schedule(() => sendAndPause(send));
    },
  },
];

/** When the server had a request, and when it had answered. */
type Served = { from: number; to: number };

export async function limiterRows(): Promise<void> {
  for (const { name, open, ours } of limiters) {
    const most = ours ? 0 : undefined;
    const gaps = `limiters: gaps, ${name}`;
    if (isWanted(gaps)) {
      const served = await serve(open(), requests);
      const arrivals = pauses(served, 'from');
      const afterAnswer = pauses(served, 'to');
      const short = (list: number[]) => list.filter((gap) => gap < intervalMs).length;
      row(
        gaps,
        `${short(arrivals)} of ${arrivals.length} arrivals less than ${intervalMs} ms apart (shortest ${shortest(arrivals)}); ` +
          `${short(afterAnswer)} less than that after the answer (shortest ${shortest(afterAnswer)})`,
        short(afterAnswer),
        most,
      );
    }
    const clock = `limiters: clock set back, ${name}`;
    if (isWanted(clock)) {
      const served = await serve(open(), setBackAfter * 2, setBackMs);
      const longest = Math.max(...pauses(served, 'to'));
      row(
        clock,
        `longest pause ${longest.toFixed(0)} ms, with the clock set back by ${setBackMs} ms midway`,
        longest,
        ours ? 2 * intervalMs : undefined,
      );
    }
  }
}

/** All requests are handed over at once, as delivery has its batches; the wall clock is set back after some of them. */
async function serve(schedule: Schedule, count: number, setBack = 0): Promise<Served[]> {
  const { base, stop } = await fixture(1, '20');
  const agent = new Agent({ keepAlive: true });
  const wallClock = Date.now;
  let answered = 0;
  try {
    await Promise.all(
      Array.from({ length: count }, () =>
        schedule(async () => {
          await post(`${base}/batch`, agent);
          answered++;
          if (setBack > 0 && answered === setBackAfter) Date.now = () => wallClock() - setBack;
        }),
      ),
    );
    return (await (await fetch(`${base}/posts`)).json()) as Served[];
  } finally {
    Date.now = wallClock;
    agent.destroy();
    stop();
  }
}

/** Milliseconds from the arrival of each request (or its answer) to the next one's arrival. */
function pauses(served: readonly Served[], since: 'from' | 'to'): number[] {
  return served.slice(1).map((next, i) => next.from - (served[i] as Served)[since]);
}

const shortest = (gaps: readonly number[]) => `${Math.min(...gaps).toFixed(1)} ms`;

function post(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent }, (response) => response.resume().on('end', resolve).on('error', reject))
      .on('error', reject)
      .end('{}');
  });
}
