/** Processes that are stopped, killed, put to sleep or left without a reader. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type House, openHouse, type Running } from '../support/pipe.ts';
import { type Case, judge, recover, sentences, syncWithin, untilAsked, type Verdict } from './cell.ts';
import { machineCase } from './machine.ts';
import { timeoutSecs } from './pace.ts';
import type { Side } from './wire-faults.ts';

const half = { ukg: 'tap', together: 'target' } as const;
const sides: readonly Side[] = ['ukg', 'together'];
const spots = [
  ['start', 1],
  ['middle', 4],
] as const;

const signals: readonly Case[] = [
  ['SIGTERM, then more of them', ['SIGTERM', 'SIGTERM'], 143],
  ['SIGINT, then more of them', ['SIGINT', 'SIGINT'], 130],
  ['SIGINT, then SIGTERMs', ['SIGINT', 'SIGTERM'], 130],
].flatMap(([row, list, code]) =>
  sides.flatMap((side) =>
    spots.map(([when, requests]) =>
      machineCase(`${row as string} to the ${half[side]}`, when, async (house) => {
        const run = await syncWithin(house, {}, async (running) => {
          const mine = running[half[side]];
          if (!(await untilAsked(house, side, requests, mine))) return;
          const [first, second] = list as [NodeJS.Signals, NodeJS.Signals];
          mine.child.kill(first);
          // Of two that are pending together, nobody promises which is heard first.
          await sleep(50);
          // Again and again, so that one comes at each moment of the end.
          while (mine.child.exitCode === null && mine.child.signalCode === null) {
            mine.child.kill(second);
            await sleep(2);
          }
        });
        return judge(house, run, side, { codes: new Set([code as number]) });
      }),
    ),
  ),
);

const bothStopped = machineCase('SIGTERM to both, as a scheduler sends it', 'middle', async (house) => {
  const run = await syncWithin(house, {}, async ({ tap, target }) => {
    if (!(await untilAsked(house, 'together', 2, target))) return;
    for (const { child } of [tap, target]) child.kill('SIGTERM');
  });
  return judge(house, run, 'together', { codes: new Set([143]) });
});

const killed: readonly Case[] = sides.flatMap((side) =>
  [
    ['start', 1],
    ['middle', 3],
    ['end', side === 'ukg' ? 9 : 5],
  ].map(([when, requests]) =>
    machineCase(`kill -9 of the ${half[side]}`, when as string, async (house) => {
      const run = await syncWithin(house, {}, async (running) => {
        const mine = running[half[side]];
        if (await untilAsked(house, side, requests as number, mine)) mine.child.kill('SIGKILL');
      });
      return judge(house, run, side, { codes: new Set([null, 1]), wordless: true });
    }),
  ),
);

/** The machine sleeps for longer than the timeouts, then goes on. */
const sleeps: readonly Case[] = sides.flatMap((side) =>
  spots.map(([when, requests]) =>
    machineCase(`the machine sleeps while the ${half[side]} works`, when, async (house) => {
      const run = await syncWithin(house, {}, async (running) => {
        if (!(await untilAsked(house, side, requests, running[half[side]]))) return;
        for (const { child } of Object.values(running)) child.kill('SIGSTOP');
        await sleep((timeoutSecs() + 2) * 1000);
        for (const { child } of Object.values(running)) child.kill('SIGCONT');
      });
      return judge(house, run, side);
    }),
  ),
);

const closed = (row: string, side: Side, close: (running: { tap: Running; target: Running }) => void): Case =>
  machineCase(row, 'from the start', async (house) => {
    const run = await syncWithin(house, {}, close);
    return judge(house, run, side, { wordless: true });
  });

const pipes: readonly Case[] = [
  closed('the STATE of the target is not read', 'together', ({ target }) => target.child.stdout?.destroy()),
  closed('the log of the target is not read', 'together', ({ target }) => target.child.stderr?.destroy()),
  closed('the log of the tap is not read', 'ukg', ({ tap }) => tap.child.stderr?.destroy()),
  machineCase('the target is gone while the tap writes', 'middle', async (house) => {
    const run = await syncWithin(house, {}, ({ tap, target }) => {
      tap.child.stdout?.once('data', () => target.child.kill('SIGKILL'));
    });
    return judge(house, run, 'together', { codes: new Set([null, 1]), wordless: true });
  }),
  machineCase('the input of the target ends within a line', 'middle', async (house) => {
    const run = await syncWithin(house, {}, ({ tap, target }) => {
      const { stdout } = tap.child;
      stdout?.unpipe();
      stdout?.resume();
      let sent = 0;
      stdout?.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, Math.max(0, 20_011 - sent));
        sent += part.length;
        if (part.length > 0) target.child.stdin?.write(part);
        if (sent >= 20_011) target.child.stdin?.end();
      });
    });
    return judge(house, run, 'together');
  }),
];

/**
 * A run over `people` killed again and again, now the one half, now the other, at random moments, always by the same command;
 * once everybody is sent, again with an empty Together, until it has been killed `kills` times. At the end everybody is right,
 * the limit was never broken, and only who was in a request in flight is sent twice.
 */
async function killOften(people: number, kills: number, seed: number): Promise<Verdict> {
  let random = seed;
  const draw = () => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647;
  const problems: string[] = [];
  for (let done = 0; done < kills && problems.length === 0; ) {
    // A world in which no ended second id has a living person's address: who of the two is sent depends on when the other ended.
    const house = await openHouse({ ukg: { people, seed: 16 }, intervalMs: 5 });
    try {
      house.configure({}, { batch_size: Math.max(5, Math.round(people / 200)) });
      done += await killUntilDone(house, kills - done, draw, problems);
      problems.push(...(await recover(house)), ...sentAgain(house, new Set()));
    } finally {
      await house.close();
    }
  }
  return { verdict: problems.length > 0 ? 'failed' : 'same', tap: 0, target: 0, said: '', problems };
}

/** Returns how often it killed: fewer than `most` when the run was done before. */
async function killUntilDone(house: House, most: number, draw: () => number, problems: string[]): Promise<number> {
  const settled = new Set<string>();
  for (let done = 0; done < most; done++) {
    const anywhere = draw() < 0.15;
    const victim = draw() < 0.2 ? 'tap' : 'target';
    const waitMs = draw() * (anywhere ? 1500 : 40);
    const run = await syncWithin(house, {}, async (running) => {
      // Most of a run's time is start-up and reading, when there is little to lose: those moments get fewer of the kills.
      if (!anywhere) await untilAsked(house, victim === 'tap' ? 'ukg' : 'together', 1, running[victim]);
      await sleep(waitMs);
      running[victim].child.kill('SIGKILL');
    });
    await house.together.idle();
    problems.push(...sentAgain(house, settled));
    if (run.hung) problems.push('hung');
    if (!run.target.signal && run.target.code !== 0)
      problems.push(`the target ended with ${run.target.code}: ${sentences(run.target).join(' ')}`);
    if (problems.length > 0 || (!run.target.signal && !run.tap.signal)) return done;
  }
  return most;
}

/** Who was sent although settled. The last request of a run may have been in flight: its people may come again. */
function sentAgain(house: House, settled: Set<string>): string[] {
  const problems: string[] = [];
  const posts = house.together.journal.entries.filter(({ method }) => method === 'POST');
  for (const [at, { ids = [] }] of posts.entries()) {
    for (const id of ids) {
      if (settled.has(id)) problems.push(`${id} was settled and was sent again`);
      if (at < posts.length - 1) settled.add(id);
    }
  }
  for (const { violation } of house.together.journal.violations()) problems.push(`the limit was broken: ${violation}`);
  house.together.journal.clear();
  return problems.slice(0, 3);
}

/** A hundred in all, in four parts so that they can go on at the same time. */
export const manyKills: readonly Case[] = [1, 2, 3, 4].map(
  (seed): Case => ({
    name: `machine: kill -9 a hundred times over 5,000 people: part ${seed}`,
    row: 'kill -9 a hundred times over 5,000 people',
    column: `part ${seed}`,
    group: 'machine',
    run: () => killOften(5000, 25, 7 * seed),
  }),
);

export const processCases: readonly Case[] = [...signals, bothStopped, ...killed, ...sleeps, ...pipes];
