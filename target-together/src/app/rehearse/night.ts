/** One run of this very target in this process, against the sandbox's Together: the clock and the way out are not the machine's. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Clock } from '@ukg-together/kit/clock';
import { createLogger } from '@ukg-together/kit/log/log';
import { decodeSinger } from '@ukg-together/protocol/singer/decode';
import { singerLines } from '@ukg-together/sandbox/other-taps';
import { type createTogetherState, TOGETHER_CREDENTIALS, togetherApp } from '@ukg-together/sandbox/together-server';
import type { World } from '@ukg-together/sandbox/world';
import type { HttpResponse, Send } from '@ukg-together/transport/http/request';
import type { Ended } from '../../run/end-step.ts';
import { executeRun } from '../execute-run.ts';
import type { Io } from '../io.ts';
import { openSession, type Session } from '../session.ts';
import { pathsOf, readOf, ruleOf, type Source, type Values } from './records.ts';

/** Together and the state of the runs, for one event. */
export interface Stand {
  readonly folder: string;
  readonly configs: readonly string[];
  readonly io: Io;
  readonly together: ReturnType<typeof createTogetherState>;
}

/** Time as the events turn it; a pause of the run takes none of it. */
export function turnedClock(begins: number): Clock & { turn(ms: number): void } {
  let [ahead, slept] = [0, 0];
  return {
    now: () => begins + ahead + slept,
    monotonic: () => ahead + slept,
    sleep: async (ms) => {
      slept += ms;
    },
    turn: (ms) => {
      ahead += ms;
    },
  };
}

/** A file that goes over the user's settings: no account, no way out, and no state of theirs. */
export async function overlay(folder: string): Promise<string> {
  const file = join(folder, 'rehearsal.json');
  const { clientId: client_id, apiKey: api_key } = TOGETHER_CREDENTIALS;
  // Runs of one organization lock each other out on a machine, and two rehearsals are no such runs.
  const organization_id = `rehearsal-${process.pid}`;
  const away = { limiter: { type: 'local' }, webhook: null, accept_plan: null };
  const kept = { state_dir: join(folder, 'state'), ledger_key: 'the key of a rehearsal' };
  await writeFile(file, JSON.stringify({ organization_id, client_id, api_key, ...away, ...kept }), { mode: 0o600 });
  return file;
}

export async function openStand(stand: Omit<Stand, 'together'>): Promise<Session> {
  return await openSession([...stand.configs, await overlay(stand.folder)], stand.io);
}

const sendTo = (together: Stand['together'], credentials: Session['account']): Send => {
  const app = togetherApp({ intervalMs: 0, credentials }, together);
  return async ({ method, url, headers, body = '' }): Promise<HttpResponse> => {
    const request = { method, path: url.pathname, query: url.search, headers, body: Buffer.from(body) };
    const reply = await app.handle(request);
    const { body: answer = '' } = reply;
    const parts = typeof answer === 'string' || Buffer.isBuffer(answer) ? [answer] : answer;
    let whole = '';
    for await (const part of parts) whole += part.toString();
    return {
      status: reply.status,
      headers: reply.headers ?? {},
      body: (async function* () {
        yield Buffer.from(whole);
      })(),
      text: async () => whole,
      discard: async () => {},
    };
  };
};

export interface Night {
  readonly ended: Ended;
  readonly values: ReadonlyMap<string, Values>;
}

/** A complete read of the employer as it is now. */
export async function night(stand: Stand, world: World, source: Source): Promise<Night> {
  const session = await openStand(stand);
  try {
    const { records, values } = readOf(world, source);
    const rehearsed: Session = {
      ...session,
      connections: { ...session.connections, send: sendTo(stand.together, session.account) },
    };
    const ended = await executeRun(rehearsed, {
      mode: 'run',
      protocol: 'singer',
      files: {},
      level: 'ids',
      read: async (take) => {
        await decodeSinger(Readable.from(messages(records, source)), take, { warn: () => {} });
      },
    });
    return { ended, values };
  } finally {
    await session.close();
  }
}

/** The messages of the tap; columns of every type. */
function messages(rows: readonly Record<string, unknown>[], { preset, stream }: Source): Buffer[] {
  // A detected path such as manager.url is no column of that name.
  const names = [...preset.detect.filter((name) => /^\w+$/.test(name)), ...rows.flatMap((row) => Object.keys(row))];
  const types = Object.fromEntries(names.map((name) => [name, {}]));
  const [path = ''] = pathsOf(ruleOf(preset.fields['employeeId']));
  const [key = path] = path.split('.');
  return singerLines({ stream, key, rows, types, version: 1, state: {} }).map((line) => Buffer.from(`${line}\n`));
}

/** The process without its clock and its terminal: what a run logs is shown in the answer only. */
export function rehearsalIo(io: Io, clock: Clock): Io {
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !name.startsWith('OTEL_')));
  const log = createLogger({
    name: 'target-together',
    env,
    stream: { write: () => true },
    clock,
    redactor: io.redactor,
  });
  const stderr = new Writable({ write: (_text, _encoding, done) => done() });
  return { ...io, env, clock, log, stderr, structured: false };
}
