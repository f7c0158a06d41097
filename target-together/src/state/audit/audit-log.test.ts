import { appendFile, chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleSummary } from '../../testing/sample-report.ts';
import { fileStore } from '../store/file-store.ts';
import { memoryStore } from '../store/memory-store.ts';
import { acceptDamage } from './accept.ts';
import { type AuditOutcome, openAudit as openAuditIn, verifyAudit as verifyAuditIn } from './audit-log.ts';
import type { Head } from './chain.ts';
import type { VerifyOptions } from './verify.ts';

const day = 86_400_000;
const epoch = Date.UTC(2026, 0, 1, 4);
let folder: string;
let path: string;
let headPath: string;
let time: number;
const clock = { now: () => time };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  path = join(folder, 'state', 'audit-2026-01.jsonl');
  headPath = join(folder, 'state', 'audit.head');
  time = epoch;
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const key = Buffer.alloc(32, 7);

/** Each call is a process of its own: nothing of the folder is known from before. */
async function openAudit(options: { retentionDays: number | null; key?: Buffer; knowsRuns?: boolean }) {
  const store = await fileStore(join(folder, 'state'));
  const log = await openAuditIn({ store, clock, key, knowsRuns: false, ...options }).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  return { ...log, close: () => log.close().then(store.close) };
}

async function verifyAudit(expected?: Head, facts: Partial<VerifyOptions> = {}) {
  const store = await fileStore(join(folder, 'state'), { write: false });
  try {
    return await verifyAuditIn({ store, key, expected, knowsRuns: false, ...facts });
  } finally {
    await store.close();
  }
}

const people: AuditOutcome[] = [
  { id: '10021', outcome: 'updated', status: 200 },
  { id: '10455', outcome: 'rejected', status: 409 },
  { id: '10001', outcome: 'skipped' },
];

async function run(
  id: string,
  retentionDays: number | null = null,
  outcomes: Iterable<AuditOutcome> = people,
  by = key,
) {
  const log = await openAudit({ retentionDays, key: by });
  const summary = sampleSummary({ run_id: id });
  await log.start({ ...summary, who: { user: 'svc-together', host: 'hr-it-1' } });
  await log.outcomes(id, outcomes);
  await log.finish(summary);
  const head = log.head();
  await log.close();
  return { head };
}

const text = () => readFile(path, 'utf8');
const lines = async () => (await text()).trimEnd().split('\n');
const entries = async (file = 'audit-2026-01.jsonl') =>
  (await readFile(join(folder, 'state', file), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('audit log', () => {
  it('keeps what a run was told, found and did, by id, readable by its owner only', async () => {
    await run('r1');
    const [started, outcomes, finished] = await entries();
    expect(started).toMatchObject({ type: 'run_started', run_id: 'r1', who: { user: 'svc-together' } });
    expect(started?.hashes).toMatchObject({ settings: '9f3c1b22a7d04e5f', mapping: '77e05d1c93ab2f40' });
    expect(outcomes?.people).toEqual([
      ['10021', 'updated', 200],
      ['10455', 'rejected', 409],
    ]);
    expect(finished).toMatchObject({ type: 'run_finished', exit_code: 0, people_read: 4987 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(headPath)).mode & 0o777).toBe(0o600);
  });

  it('leaves out what a guard’s cause names', async () => {
    const summary = sampleSummary();
    const log = await openAudit({ retentionDays: null });
    await log.start({ ...summary, guards: [{ ...summary.guards[0], cause: 'CANARY' } as (typeof summary.guards)[0]] });
    await log.close();
    expect(await text()).not.toContain('CANARY');
  });

  it('holds after several runs, and counts them', async () => {
    for (const id of ['r1', 'r2', 'r3']) await run(id);
    const last = await run('r4');
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 4, entries: 12, head: last.head, notes: [] });
    expect(await verifyAudit({ seq: 3, hash: (await entries())[2]?.hash as string })).toMatchObject({ ok: true });
  });

  it('is in order before the first run', async () => {
    expect(await verifyAudit()).toMatchObject({ ok: true, entries: 0 });
    await (await openAudit({ retentionDays: 30 })).close();
    expect(await verifyAudit()).toMatchObject({ ok: true, entries: 0 });
  });

  it('splits many outcomes over lines that stay short', async () => {
    await run(
      'r1',
      null,
      Array.from({ length: 1201 }, (_, i) => ({ id: `${i}`, outcome: 'created' as const })),
    );
    const counts = (await entries()).filter((e) => e.type === 'outcomes').map((e) => (e.people as unknown[]).length);
    expect(counts).toEqual([500, 500, 201]);
  });

  it('keeps its order when two entries are asked for at once', async () => {
    const log = await openAudit({ retentionDays: null });
    const summary = sampleSummary();
    await Promise.all([log.start(summary), log.outcomes('r1', people), log.finish(summary)]);
    await log.close();
    expect(await verifyAudit()).toMatchObject({ ok: true, entries: 3 });
  });

  it('names the line of any byte that was changed', async () => {
    await run('r1');
    await run('r2');
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ flip;
        await writeFile(path, changed);
        const verdict = await verifyAudit();
        const line = whole.subarray(0, at).toString('latin1').split('\n').length;
        expect(verdict.ok).toBe(false);
        // A changed newline joins two lines: the first of the two is named.
        expect(verdict.brokenLine).toBe(line);
      }),
      { numRuns: 150 },
    );
  });

  it('notices lines that were taken out, moved, repeated or cut off', async () => {
    for (const id of ['r1', 'r2', 'r3']) await run(id);
    const all = await lines();
    const check = async (kept: string[]) => {
      await writeFile(path, kept.map((line) => `${line}\n`).join(''));
      return verifyAudit();
    };
    expect(await check(all.filter((_, i) => i !== 4))).toMatchObject({
      brokenLine: 5,
      why: expect.stringContaining('5 to 5'),
    });
    expect(await check([...all.slice(0, 4), all[5] as string, all[4] as string, ...all.slice(6)])).toMatchObject({
      brokenLine: 5,
    });
    expect(await check([...all.slice(0, 4), all[3] as string, ...all.slice(4)])).toMatchObject({ brokenLine: 5 });
    expect(await check(all.slice(0, 7))).toMatchObject({ brokenLine: 8, why: expect.stringContaining('cut off') });
    expect(await check(all.slice(3))).toMatchObject({ brokenLine: 1 });
    expect(await check([])).toMatchObject({ brokenLine: 1 });
    await rm(path);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 1 });
  });

  it('misses lines that were cut off, whatever the head file is made to say', async () => {
    for (const id of ['r1', 'r2']) await run(id);
    const all = await entries();
    const whole = await lines();
    for (let left = whole.length - 1; left > 0; left--) {
      await writeFile(
        path,
        whole
          .slice(0, left)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const { seq, hash } = all[left - 1] as { seq: number; hash: string };
      for (const mac of ['', ' ', ` ${'0'.repeat(64)}`, ` ${hash}`]) {
        await writeFile(headPath, `${seq}:${hash}${mac}\n`);
        expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: left + 1 });
      }
    }
  });

  it('notices a chain that was computed anew, by its head file or by a head kept elsewhere', async () => {
    const { head } = await run('r1');
    const kept = await readFile(headPath);
    await rm(join(folder, 'state'), { recursive: true });
    await run('r1', null, [{ id: '1', outcome: 'updated' }]);
    expect(await verifyAudit()).toMatchObject({ ok: true });
    expect(await verifyAudit(head)).toMatchObject({ ok: false, brokenLine: 3 });
    await writeFile(headPath, kept);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 3 });
  });

  it('notices a missing head file, and one that lags behind', async () => {
    await run('r1');
    const old = await readFile(headPath);
    await run('r2');
    await writeFile(headPath, old);
    expect(await verifyAudit()).toMatchObject({
      ok: false,
      why: expect.stringContaining('head file stands at entry 3'),
    });
    await rm(headPath);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 7 });
  });

  it('goes on after a kill at any byte of the last write, and says what it removed', async () => {
    await run('r1');
    const before = await readFile(path);
    const head = await readFile(headPath);
    const log = await openAudit({ retentionDays: null });
    await log.start(sampleSummary({ run_id: 'r2' }));
    await log.close();
    const after = await readFile(path);
    for (let length = before.length; length <= after.length; length += 211) {
      await writeFile(path, after.subarray(0, length));
      await writeFile(headPath, head);
      const seen = await verifyAudit();
      expect(seen).toMatchObject({ ok: true });
      expect(seen.notes).toHaveLength(length > before.length ? 1 : 0);
      await run('r3');
      expect(await verifyAudit()).toMatchObject({ ok: true, notes: [] });
      expect((await entries()).some((e) => e.type === 'recovered')).toBe(length > before.length);
    }
    await writeFile(path, after);
    await writeFile(headPath, head);
    await run('r3');
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 3 });
  });

  const accept = async () => {
    const store = await fileStore(join(folder, 'state'));
    const said = { who: { user: 'ada', host: 'h' }, at: new Date(time).toISOString() };
    const accepted = await acceptDamage({ store, key, knowsRuns: false }, said);
    await store.close();
    return accepted;
  };

  it('stops a run for a damaged log until a person accepts that, and tells it for good', async () => {
    await run('r1');
    const cut = `${(await lines()).slice(0, 2).join('\n')}\n`;
    await writeFile(path, cut);
    await expect(run('r2')).rejects.toThrow(/damaged at line 3 of audit-2026-01.jsonl: .* should go on to entry 3/);
    expect(await text()).toBe(cut);
    expect(await accept()).toMatchObject({ files: ['audit-2026-01.damaged-1.jsonl'], head: { seq: 4 } });
    expect(await accept()).toBeUndefined();
    const { head } = await run('r3');
    const aside = join(folder, 'state', 'audit-2026-01.damaged-1.jsonl');
    expect(await readFile(aside, 'utf8')).toBe(cut);
    const told = expect.stringMatching(/ada on h accepted .* audit-2026-01.jsonl, line 3: The log should go on/);
    expect(await verifyAudit(head)).toMatchObject({ ok: true, runs: 1, notes: [told] });
    // A head that was kept elsewhere is of the log that was set aside, and is not to be found any more.
    expect(await verifyAudit({ seq: 3, hash: 'a'.repeat(64) })).toMatchObject({ ok: false });
    await writeFile(aside, cut.replace('10021', '10022'));
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenFile: 'audit-2026-01.damaged-1.jsonl' });
    await rm(aside);
    expect(await verifyAudit()).toMatchObject({ ok: false, why: expect.stringContaining('taken away since') });
    // What is set aside a second time keeps a name of its own; a kill before the old files were gone is accepted again.
    expect(await accept()).toMatchObject({ files: ['audit-2026-01.damaged-1.jsonl'] });
    const begun = await text();
    await writeFile(path, `${cut}${begun}`);
    await expect(run('r4')).rejects.toThrow(/damaged/);
    expect(await accept()).toMatchObject({ files: [1, 2].map((n) => `audit-2026-01.damaged-${n}.jsonl`) });
    await run('r5');
    expect(await verifyAudit()).toMatchObject({ ok: true });
  });

  it('drops what was set aside with its month', async () => {
    await run('r1');
    await writeFile(headPath, 'x');
    await accept();
    await run('r2');
    time = epoch + 100 * day;
    await run('r3', 60);
    await run('r4', 60);
    expect((await readdir(join(folder, 'state'))).filter((name) => name.includes('-01'))).toEqual([]);
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 2, notes: [] });
  });

  const months = (count: number, retentionDays: number | null) =>
    Array.from({ length: count }, (_, month) => month).reduce(async (before, month) => {
      await before;
      time = Date.UTC(2026, month, 3);
      await run(`r${month}`, retentionDays);
    }, Promise.resolve());
  const files = async () => (await readdir(join(folder, 'state'))).filter((name) => name.endsWith('.jsonl')).sort();

  it('begins a file a month, whose first entry names the head before', async () => {
    await months(3, null);
    expect(await files()).toEqual(['audit-2026-01.jsonl', 'audit-2026-02.jsonl', 'audit-2026-03.jsonl']);
    const first = (await entries('audit-2026-01.jsonl')).at(-1);
    const [next] = await entries('audit-2026-02.jsonl');
    expect(next).toMatchObject({ type: 'continued', after: `3:${String(first?.hash)}`, prev: first?.hash });
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 3, entries: 11 });
    // A clock that was set back writes on where the log ends.
    time = epoch;
    await run('r4');
    expect((await files()).length).toBe(3);
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 4 });
  });

  it('drops months that ended long ago, remains verifiable, and can’t be imitated by taking files away', async () => {
    await months(6, 60);
    expect(await files()).toEqual(['audit-2026-04.jsonl', 'audit-2026-05.jsonl', 'audit-2026-06.jsonl']);
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 3, notes: [] });
    const verdict = await verifyAudit({ seq: 2, hash: 'a'.repeat(64) });
    expect(verdict).toMatchObject({ ok: true, notes: [expect.stringContaining('retention has dropped')] });
    await rm(join(folder, 'state', 'audit-2026-04.jsonl'));
    expect(await verifyAudit()).toMatchObject({ ok: false, why: expect.stringContaining('files were taken away') });
    await rm(join(folder, 'state', 'audit-2026-05.jsonl'));
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenFile: 'audit-2026-06.jsonl', brokenLine: 1 });
  });

  it('survives a kill between the retention entry and the removal', async () => {
    await months(4, null);
    // The oldest goes first.
    const old = 'audit-2026-02.jsonl';
    const kept = await readFile(join(folder, 'state', old));
    await run('r5', 30);
    await writeFile(join(folder, 'state', old), kept, { mode: 0o600 });
    await run('r6', 30);
    expect(await verifyAudit()).toMatchObject({ ok: true });
    expect(await files()).not.toContain(old);
  });

  it('keeps the newest file however old it is', async () => {
    await run('r1');
    time = epoch + 900 * day;
    await (await openAudit({ retentionDays: 30 })).close();
    expect(await files()).toEqual(['audit-2026-01.jsonl']);
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 1 });
  });

  it('goes on after a kill at the first line of a new month', async () => {
    await run('r1');
    await writeFile(join(folder, 'state', 'audit-2026-02.jsonl'), '{"seq":4,"prev"', { mode: 0o600 });
    time = Date.UTC(2026, 1, 3);
    await run('r2');
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 2, notes: [] });
  });

  it('finds any single bit turned in the log or in its head', async () => {
    const stored = new Map<string, Buffer>();
    const store = memoryStore(stored);
    const log = await openAuditIn({ store, clock, key, retentionDays: null, knowsRuns: false });
    await log.outcomes('r1', people);
    await log.action({ type: 'exported', who: { user: 'ä', host: '\uFFFD' } });
    await log.close();
    for (const [name, whole] of stored) {
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const turned = Buffer.from(whole);
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
        stored.set(name, turned);
        const verdict = await verifyAuditIn({ store, key, knowsRuns: false });
        const opened = await openAuditIn({ store, clock, key, retentionDays: null, knowsRuns: false }).then(
          () => 'opens',
          (error: Error) => error.constructor.name,
        );
        expect([name, bit, verdict.ok, opened]).toEqual([name, bit, false, 'ConnectorError']);
      }
      stored.set(name, whole);
    }
    expect(await verifyAuditIn({ store, key, knowsRuns: false })).toMatchObject({ ok: true, entries: 2 });
  });

  it('can’t be written by who has not the key', async () => {
    await run('r1', null, people, Buffer.alloc(32, 8));
    expect(await verifyAudit()).toMatchObject({
      ok: false,
      brokenLine: 1,
      why: expect.stringContaining('another key'),
    });
  });

  it('misses a log that was taken away, and a run that the state remembers', async () => {
    await run('r1');
    const lastRun = { id: 'r2', at: new Date(epoch + day).toISOString() };
    expect(await verifyAudit(undefined, { lastRun })).toMatchObject({
      ok: false,
      why: expect.stringContaining('does not name run r2'),
    });
    expect(await verifyAudit(undefined, { lastRun: { ...lastRun, id: 'r1' } })).toMatchObject({ ok: true });
    await rm(join(folder, 'state'), { recursive: true });
    expect(await verifyAudit(undefined, { knowsRuns: true })).toMatchObject({
      ok: false,
      why: expect.stringContaining('it was taken away'),
    });
    await expect(openAudit({ retentionDays: null, knowsRuns: true })).rejects.toThrow(/There is no log/);
  });

  it('does not take bytes after the last newline for an entry', async () => {
    await run('r1');
    await appendFile(path, '{"seq":4');
    expect(await verifyAudit()).toMatchObject({
      ok: true,
      entries: 3,
      notes: [expect.stringContaining('8 bytes')],
    });
  });
});
