/** `target-together plan --against NEXT`: one read under two settings, and what the change does. Sends nothing. */

import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { type Execution, executeRun } from '../../../app/execute-run.ts';
import type { Io } from '../../../app/io.ts';
import { type OpenState, openState } from '../../../app/open-state.ts';
import { openSession, type Session } from '../../../app/session.ts';
import { type WhatIf, whatIf } from '../../../plan/against/what-if.ts';
import { againstMarkdown, againstText } from '../../../report/against/text.ts';
import type { Ended } from '../../../run/end-step.ts';
import type { TargetRun } from '../../../run/run.ts';
import { filesOf, levelOf, onlyOf, singerReader } from '../singer-io.ts';
import { askedTwice, mappedOnce } from './one-read.ts';

const texts = {
  text: againstText,
  markdown: againstMarkdown,
  json: (found: WhatIf) => `${JSON.stringify({ version: 1, ...found }, null, 2)}\n`,
};

export async function against(line: CommandLine, io: Io): Promise<number> {
  const now = await openSession(line.values('config'), { ...io, log: quiet(io.log) });
  try {
    const next = await nextSession(now, line.value('against') as string, io);
    try {
      return await compare(now, next, line);
    } finally {
      await next.close();
    }
  } finally {
    await now.close();
  }
}

async function compare(now: Session, next: Session, line: CommandLine): Promise<number> {
  const { stdout } = next.io;
  const format = line.has('markdown') ? 'markdown' : ((line.value('format') ?? 'text') as keyof typeof texts);
  let isCut = false;
  const what: Pick<Execution, 'asked' | 'files' | 'level'> = {
    asked: { only: onlyOf(line), changesExitCode: line.has('detailed-exitcode') },
    files: await filesOf(line),
    level: levelOf(line),
  };
  const use = (before: Ended, after: Ended) => {
    if (!before.planned || !after.planned) return;
    isCut = after.summary.source.cut_off;
    if (isCut) return;
    const of = ({ planned, read }: Ended) => ({ ...(planned as NonNullable<Ended['planned']>), people: read.people });
    stdout.write(texts[format](whatIf(of(before), of(after))));
  };
  const opened = await openState(next);
  let ended: Ended;
  try {
    ended = await bothPlans(mappedOnce(now, next), askedTwice(opened), what, singerReader(line, next.io), use);
  } finally {
    await opened.state.close();
  }
  const { error, exitCode } = ended;
  if (isCut)
    throw new ConnectorError(
      'input',
      said`No numbers: the input ended without a STATE after its last record, so the source may have been cut off. Nothing was sent.`,
    );
  if (error) throw error;
  return exitCode === ExitCode.changes ? exitCode : ExitCode.ok;
}

/** The next settings on the ledger of now: another one would say nothing of the change. */
async function nextSession(now: Session, path: string, io: Io): Promise<Session> {
  const next = await openSession([path], io);
  if (next.destination === now.destination) {
    const { ledger_key, state_dir } = now.settings;
    return { ...next, settings: { ...next.settings, ledger_key, state_dir }, statePlace: now.statePlace };
  }
  await next.close();
  throw new ConnectorError('settings', said`--against: ${path} names another organization or host than --config.`, {
    hint: 'Compare settings for one organization: the ledger of the other one says nothing of these people.',
  });
}

const quiet = (log: Logger): Logger => ({ ...log, info() {}, warn() {}, progress() {}, metric() {}, mark() {} });

/** Both runs take each event in turn, and are open together when `use` gets them. Resolves with the next one. */
async function bothPlans(
  { now, next }: ReturnType<typeof mappedOnce>,
  opened: OpenState,
  what: Pick<Execution, 'asked' | 'files' | 'level'>,
  read: Execution['read'],
  use: (now: Ended, next: Ended) => void,
): Promise<Ended> {
  const taking = promised<TargetRun['take']>();
  const done = promised<void>();
  const ready = promised<Ended>();
  const used = promised<void>();
  const shared = { protocol: 'singer', opened } as const;
  const first = executeRun(now, {
    ...shared,
    asked: what.asked ?? {},
    files: {},
    level: what.level,
    mode: 'against',
    read: async (take) => {
      taking.resolve(take);
      await done.promise;
    },
    own: async (ended) => {
      ready.resolve(ended);
      await used.promise;
    },
  }).catch((thrown: unknown) => {
    taking.reject(thrown);
    ready.reject(thrown);
    throw thrown;
  });
  first.catch(() => {});
  const second = executeRun(next, {
    ...shared,
    ...what,
    mode: 'plan',
    read: async (take) => {
      const takeNow = await taking.promise;
      await read((event, line) => {
        const waits = takeNow(event, line);
        return waits ? waits.then(() => take(event, line)) : take(event, line);
      });
      done.resolve();
    },
    own: async (ended) => {
      // What ended the reading of one ends that of the other.
      if (ended.error) done.reject(ended.error);
      use(await ready.promise, ended);
    },
  }).finally(() => {
    done.resolve();
    used.resolve();
  });
  const [before, after] = await Promise.allSettled([first, second]);
  if (after.status === 'rejected') throw after.reason;
  if (before.status === 'rejected') throw before.reason;
  return after.value;
}

interface Promised<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function promised<T>(): Promised<T> {
  let settle: Pick<Promised<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Who waits for it hears of it.
  promise.catch(() => {});
  return { promise, ...(settle as Pick<Promised<T>, 'resolve' | 'reject'>) };
}
