import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { afterEach, describe, expect, it } from 'vitest';
import { tapEvents } from '../testing/command.ts';
import { person } from '../testing/people.ts';
import { type TestSession, type TestSessionOptions, testSession } from '../testing/session.ts';
import { type Execution, executeRun } from './execute-run.ts';

const opened: TestSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});

async function open(options: TestSessionOptions = {}) {
  const session = await testSession(options);
  opened.push(session);
  return session;
}

const people = ['a', 'b', 'c'].map((id) => person(id));
const events = (users: readonly object[] = people) => tapEvents(users);

function execution(over: Partial<Execution> = {}, what: readonly ConnectorEvent[] = events()) {
  const released: unknown[] = [];
  const run: Execution = {
    mode: 'run',
    protocol: 'singer',
    files: {},
    level: 'ids',
    async read(take) {
      for (const [at, event] of what.entries()) {
        const text = JSON.stringify({ ...event, type: event.type.toUpperCase() });
        await take(event, { number: at + 1, text });
      }
    },
    release: async ({ value }) => void released.push(value),
    ...over,
  };
  return { run, released };
}

const posts = ({ requests }: TestSession) => requests.filter(({ method }) => method === 'POST');

describe('a run, executed', () => {
  it('sends, releases, and leaves ledger, audit log, summary, report and metrics', async () => {
    const session = await open();
    const at = (name: string) => join(session.folder, name);
    const { run, released } = execution({ files: { summary: at('summary.json'), report: at('report.html') } });
    const ended = await executeRun(session.session, run);
    expect(ended.summary).toMatchObject({ exit_code: 0, error: null, outcomes: { created: 3 } });
    expect(released).toEqual(['end']);
    expect(posts(session)).toHaveLength(1);
    expect(JSON.parse(readFileSync(at('summary.json'), 'utf8'))).toEqual(ended.summary);
    expect(readFileSync(at('report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const { files, audit_head } = ended.summary;
    const entries = readFileSync(files.audit as string, 'utf8')
      .trim()
      .split('\n');
    expect(entries.length).toBeGreaterThan(2);
    expect(audit_head).toBe(`${entries.length}:${(JSON.parse(entries.at(-1) as string) as { hash: string }).hash}`);
    expect(session.stderr().replace(/\s+/g, '')).toContain(`thelogendsat${audit_head}`);
    expect(session.stderr()).toContain('3 people accepted');
    expect(session.metrics).toEqual(
      expect.arrayContaining(['record_count', 'phase_duration', 'people_read', 'failing']),
    );
    const quiet = await executeRun(session.session, execution().run);
    expect(quiet.summary.outcomes).toMatchObject({ skipped: 3 });
    expect(posts(session)).toHaveLength(1);
  });

  it.each(['dry-run', 'plan', 'explain'] as const)(
    'a %s takes no lock, sends nothing and leaves nothing',
    async (mode) => {
      const session = await open();
      const { run, released } = execution({ mode });
      const { summary } = await executeRun(session.session, run);
      expect(summary).toMatchObject({ exit_code: 0, actions: { join: 3 } });
      expect({ posts: posts(session), released }).toEqual({ posts: [], released: [] });
      expect(existsSync(join(session.folder, 'state'))).toBe(false);
      expect(session.stderr() === '').toBe(mode === 'explain');
    },
  );

  it('asks for the list of users on the first run that keeps a ledger, and not again', async () => {
    const session = await open({ answer: ({ method }) => ({ status: 200, body: method === 'GET' ? '[]' : '' }) });
    await executeRun(session.session, execution().run);
    await executeRun(session.session, execution().run);
    expect(session.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('keeps rejects as they came, and counts them open', async () => {
    const session = await open({ settings: { max_rejected_percent: 50 } });
    const ended = await executeRun(session.session, execution({}, events([...people, { employeeId: 'x' }])).run);
    expect(ended.exitCode).toBe(0);
    const text = readFileSync(join(session.folder, 'state/rejects.singer'), 'utf8');
    expect(text).toMatch(/"type":"SCHEMA".*\n.*"record":\{"employeeId":"x"\}.*"reject":\{"id":"x"/);
    expect(session.metrics).toContain('open_rejects');
    const mended = await executeRun(session.session, execution({}, events([...people, person('x')])).run);
    expect(mended.summary.outcomes.created).toBe(1);
    expect(existsSync(join(session.folder, 'state/rejects.singer'))).toBe(false);
  });

  it('ends with what ended the reading, and sends nothing', async () => {
    const session = await open();
    const failure = new ConnectorError('input', said`Line 9 is not valid JSON.`);
    const ended = await executeRun(session.session, execution({ read: () => Promise.reject(failure) }).run);
    expect(ended).toMatchObject({ exitCode: 1, error: failure, planned: undefined });
    expect(posts(session)).toEqual([]);
  });

  it('frees its locks when it ends, and when it could not begin', async () => {
    const session = await open();
    await mkdir(join(session.folder, 'state'), { recursive: true });
    await writeFile(join(session.folder, 'state/runs.json'), 'broken');
    await expect(executeRun(session.session, execution().run)).rejects.toThrow(/is damaged/);
    await rm(join(session.folder, 'state/runs.json'));
    expect((await executeRun(session.session, execution().run)).exitCode).toBe(0);
    expect((await executeRun(session.session, execution().run)).exitCode).toBe(0);
  });

  it('lets nobody else in while it runs', async () => {
    const session = await open();
    const inside = execution({
      read: async () => {
        await expect(executeRun(session.session, execution().run)).rejects.toMatchObject({ kind: 'locked' });
      },
    });
    expect((await executeRun(session.session, inside.run)).error).toBeUndefined();
  });
});

describe('the webhook', () => {
  const webhook = { url: 'https://hooks.example.com/x', format: 'json' };
  const told = ({ requests }: TestSession) =>
    requests.filter(({ url }) => url === webhook.url).map(({ body }) => (JSON.parse(body) as { event: string }).event);

  it('is told of a run that could not begin, and not of one that another run kept out', async () => {
    const session = await open({ settings: { webhook } });
    await mkdir(join(session.folder, 'state'), { recursive: true });
    await writeFile(join(session.folder, 'state/runs.json'), 'broken');
    await expect(executeRun(session.session, execution().run)).rejects.toThrow();
    expect(told(session)).toEqual(['failure']);
    await expect(executeRun(session.session, execution({ mode: 'dry-run' }).run)).rejects.toThrow();
    expect(told(session)).toEqual(['failure']);
    await rm(join(session.folder, 'state/runs.json'));
    const { run } = execution();
    const inside = async (take: Parameters<Execution['read']>[0]) => {
      await expect(executeRun(session.session, run)).rejects.toMatchObject({ kind: 'locked' });
      await run.read(take);
    };
    expect((await executeRun(session.session, { ...run, read: inside })).exitCode).toBe(0);
    expect(told(session)).toEqual(['failure']);
  });

  it('is told of an output that could not be written, and of the recovery', async () => {
    const session = await open({ settings: { webhook } });
    const files = { report: join(session.folder, 'missing/report.html') };
    const failed = await executeRun(session.session, execution({ files }).run);
    expect(failed).toMatchObject({ exitCode: 1, summary: { outcomes: { created: 3 }, exit_code: 1 } });
    expect((await executeRun(session.session, execution().run)).exitCode).toBe(0);
    expect(told(session)).toEqual(['failure', 'recovery']);
  });

  it('is told of new refusals, once', async () => {
    const settings = { webhook, max_rejected_percent: 50 };
    const session = await open({ settings });
    const two = events([...people, { employeeId: 'x' }]);
    await executeRun(session.session, execution({}, two).run);
    await executeRun(session.session, execution({}, two).run);
    expect(told(session)).toEqual(['refusals']);
  });
});
