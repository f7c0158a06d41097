import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sent, sendNothing } from '../run/deliver-step.ts';
import type { Ended } from '../run/end-step.ts';
import { endStep } from '../run/end-step.ts';
import { guardStep } from '../run/guard-step.ts';
import { memoryStore } from '../state/store/memory-store.ts';
import { person } from '../testing/people.ts';
import { everybody } from '../testing/run.ts';
import { testIo } from '../testing/session.ts';
import { keptLog, parseSettings, planEvents } from '../testing/steps.ts';
import { createRequestLog } from '../together/request-log.ts';
import { type EndingRun, type EndStep, endRun, endSteps, inTurn } from './end-of-run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'end-of-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const broken = new ConnectorError('unexpected', said`The disk is full.`, { hint: 'Make room.' });
const outage = new ConnectorError('unreachable', said`POST /public/user kept failing.`);

/** A run that has sent, up to its end; `failing`: what of the end can't be done. */
async function setUp(failing: readonly string[] = [], error?: ConnectorError) {
  const process = testIo();
  const { planned, run, state, read } = await planEvents(everybody([person('a'), person('b')]));
  const gated = guardStep(planned, run, process.io.log);
  const sent: Sent = { ...sendNothing(gated, run, undefined), began: true };
  const before = state.memory;
  const ended: Ended = await endStep({ read, sent, error }, run, {
    clock: process.io.clock,
    state,
    planner: { mappingHash: () => 'm' },
    requests: createRequestLog(0),
    delivery: { memory: () => undefined },
  });
  const done: string[] = [];
  const doing = (name: string) => {
    done.push(name);
    if (failing.includes(name)) throw broken;
  };
  const inFolder = (name: string) => join(folder, failing.includes(name) ? 'missing folder' : '.', name);
  const { io } = process;
  const ending: EndingRun = {
    session: {
      io: {
        ...io,
        log: {
          ...io.log,
          metric(point) {
            process.metrics.push(point.metric);
            if (point.metric === 'people_read') doing('metrics');
          },
        },
        stderr: Object.assign(Object.create(io.stderr) as typeof io.stderr, {
          write: (text: string) => {
            doing('terminal');
            return io.stderr.write(text);
          },
        }),
      },
      settings: parseSettings({ webhook: { url: 'https://example.com/hook' } }),
      connections: {
        send: async ({ body }) => {
          notices.push(JSON.parse(String(body)) as (typeof notices)[number]);
          return { status: 200, discard: async () => {} } as never;
        },
        limiter: () => Promise.reject(new Error('not asked for')),
        redis: () => Promise.reject(new Error('not asked for')),
        close: async () => {},
      },
    },
    opened: {
      store: failing.includes('open rejects')
        ? { ...memoryStore(), read: () => Promise.reject(broken) }
        : memoryStore(),
      state: {
        ...state,
        get memory() {
          return state.memory;
        },
        failedAtEnd: async (...given) => {
          doing('state');
          await state.failedAtEnd(...given);
        },
        notified: async (notified) => {
          doing('notices');
          await state.notified(notified);
        },
      } as EndingRun['opened']['state'],
    },
    audit: { finish: async () => doing('audit'), head: () => ({ seq: 3, hash: 'ab' }) },
    rejects: {
      finish: async () => {
        doing('rejects');
        return 3;
      },
    },
    requests: createRequestLog(0),
    outputs: {
      files: { summary: inFolder('summary'), report: inFolder('report') },
      level: 'ids',
      printsSummary: true,
      own: async () => doing('own'),
    },
    before: { memory: before, openRejects: new Set(['earlier']) },
  };
  const notices: { readonly event: string; readonly exit_code: number }[] = [];
  const last = await endRun(ended, ending);
  const files = ['report', 'summary'].filter((name) => existsSync(join(folder, name)));
  const { lines } = process;
  return { last, done: [...done, ...files], lines, notices, state, ending, ended, stderr: process.stderr };
}

const everything = ['rejects', 'audit', 'own', 'metrics', 'terminal', 'notices', 'report', 'summary'];

describe('the end of a run', () => {
  it('does everything, in an order in which what tells of the run comes last', async () => {
    const { last, done, notices, ending } = await setUp();
    expect(done).toEqual(everything);
    expect(Object.keys(endSteps(ending))).toEqual([
      'rejects',
      'verify',
      'audit',
      'own',
      'report',
      'summary',
      'state',
      'metrics',
      'terminal',
      'notices',
    ]);
    expect({ code: last.exitCode, error: last.error, notices }).toEqual({ code: 0, error: undefined, notices: [] });
  });

  it.each(['rejects', 'audit', 'own', 'metrics', 'terminal', 'report', 'summary', 'notices'])(
    'costs nothing else when %s fails, and the run ends with that error',
    async (name) => {
      const { last, done } = await setUp([name]);
      const isFile = name === 'report' || name === 'summary';
      const early = !['metrics', 'terminal', 'notices'].includes(name);
      const expected = [...everything, ...(early ? ['state'] : [])].filter((one) => !(isFile && one === name));
      expect([...done].sort()).toEqual(expected.sort());
      expect(last).toMatchObject({ exitCode: 1, error: { kind: 'unexpected' }, summary: { exit_code: 1 } });
    },
  );

  it('tells of a failure in the summary, at the terminal, to the next run and to the webhook', async () => {
    const { last, state, notices, stderr } = await setUp(['audit']);
    const error = { kind: 'unexpected', message: 'The disk is full.', hint: 'Make room.' };
    expect(JSON.parse(readFileSync(join(folder, 'summary'), 'utf8'))).toMatchObject({ exit_code: 1, error });
    expect(stderr()).toContain('The run ended early.');
    expect(state.memory).toMatchObject({ last: { exit_code: 1 }, failing_since: last.summary.finished_at });
    expect(notices).toMatchObject([{ event: 'failure', exit_code: 1 }]);
  });

  it('keeps the first error and logs the others', async () => {
    const { last, lines, done } = await setUp(['rejects', 'audit', 'report']);
    expect(last.error).toBe(broken);
    const logged = lines.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(logged).toEqual([expect.stringMatching(/disk is full/), expect.stringMatching(/report/)]);
    expect(done).toContain('summary');
  });

  it('keeps the error that the run had', async () => {
    const { last, lines } = await setUp(['audit'], outage);
    expect(last).toMatchObject({ exitCode: 5, error: outage, summary: { exit_code: 5 } });
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('notifies of a failure though the rejects can not be listed', async () => {
    const { notices } = await setUp(['open rejects', 'audit']);
    expect(notices).toMatchObject([{ event: 'failure' }]);
  });
});

describe('steps in turn', () => {
  it('each get the run as those before it left it', async () => {
    const { ended } = await setUp();
    const { log } = keptLog();
    const seen: number[] = [];
    const see: EndStep = ({ exitCode }) => void seen.push(exitCode);
    const fail: EndStep = () => Promise.reject(broken);
    const { exitCode } = await inTurn(ended, [see, fail, see], log);
    expect({ seen, exitCode }).toEqual({ seen: [0, 1], exitCode: 1 });
  });
});
