import { appendFile, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleSummary } from '../../testing/sample-report.ts';
import { fileStore } from '../store/file-store.ts';
import { type AuditOutcome, openAudit as openAuditIn, verifyAudit as verifyAuditIn } from './audit-log.ts';
import type { Head } from './chain.ts';

const day = 86_400_000;
const epoch = Date.UTC(2026, 0, 1, 4);
let folder: string;
let path: string;
let time: number;
const clock = { now: () => time };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  path = join(folder, 'state', 'audit.jsonl');
  time = epoch;
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const headPath = (log: string) => log.replace(/\.jsonl$/, '.head');

/** Each call is a process of its own: nothing of the folder is known from before. */
async function openAudit({ retentionDays }: { retentionDays: number | null }) {
  const store = await fileStore(join(folder, 'state'));
  const log = await openAuditIn({ store, clock, retentionDays });
  return { ...log, close: () => log.close().then(store.close) };
}

async function verifyAudit(expected?: Head) {
  const store = await fileStore(join(folder, 'state'), { write: false });
  try {
    return await verifyAuditIn(store, expected);
  } finally {
    await store.close();
  }
}

const people: AuditOutcome[] = [
  { id: '10021', outcome: 'updated', status: 200 },
  { id: '10455', outcome: 'rejected', status: 409 },
  { id: '10001', outcome: 'skipped' },
];

async function run(id: string, retentionDays: number | null = null, outcomes: Iterable<AuditOutcome> = people) {
  const log = await openAudit({ retentionDays });
  const summary = sampleSummary({ run_id: id });
  await log.start({ ...summary, who: { user: 'svc-together', host: 'hr-it-1' } });
  await log.outcomes(id, outcomes);
  await log.finish(summary);
  const { warning } = log;
  const head = log.head();
  await log.close();
  return { warning, head };
}

const text = () => readFile(path, 'utf8');
const lines = async () => (await text()).trimEnd().split('\n');
const entries = async () => (await lines()).map((line) => JSON.parse(line) as Record<string, unknown>);

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
    expect((await stat(headPath(path))).mode & 0o777).toBe(0o600);
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

  it('notices a chain that was computed anew, by its head file or by a head kept elsewhere', async () => {
    const { head } = await run('r1');
    const kept = await readFile(headPath(path));
    await rm(join(folder, 'state'), { recursive: true });
    await run('r1', null, [{ id: '1', outcome: 'updated' }]);
    expect(await verifyAudit()).toMatchObject({ ok: true });
    expect(await verifyAudit(head)).toMatchObject({ ok: false, brokenLine: 3 });
    await writeFile(headPath(path), kept);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 3 });
  });

  it('notices a missing head file, and one that lags behind', async () => {
    await run('r1');
    const old = await readFile(headPath(path));
    await run('r2');
    await writeFile(headPath(path), old);
    expect(await verifyAudit()).toMatchObject({
      ok: false,
      why: expect.stringContaining('head file stands at entry 3'),
    });
    await rm(headPath(path));
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 7 });
  });

  it('goes on after a kill at any byte of the last write, and says what it removed', async () => {
    await run('r1');
    const before = await readFile(path);
    const head = await readFile(headPath(path));
    const log = await openAudit({ retentionDays: null });
    await log.start(sampleSummary({ run_id: 'r2' }));
    await log.close();
    const after = await readFile(path);
    for (let length = before.length; length <= after.length; length += 211) {
      await writeFile(path, after.subarray(0, length));
      await writeFile(headPath(path), head);
      const seen = await verifyAudit();
      expect(seen).toMatchObject({ ok: true });
      expect(seen.notes).toHaveLength(length > before.length ? 1 : 0);
      expect((await run('r3')).warning).toBeUndefined();
      expect(await verifyAudit()).toMatchObject({ ok: true, notes: [] });
      expect((await entries()).some((e) => e.type === 'recovered')).toBe(length > before.length);
    }
    await writeFile(path, after);
    await writeFile(headPath(path), head);
    expect((await run('r3')).warning).toBeUndefined();
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 3 });
  });

  it('does not stop a run for a damaged log, but records and tells the damage for good', async () => {
    await run('r1');
    const cut = (await lines()).slice(0, 2).join('\n');
    await writeFile(path, `${cut}\n`);
    expect((await run('r2')).warning).toContain('ends with entry 2, but had reached 3');
    expect((await run('r3')).warning).toBeUndefined();
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 3, why: expect.stringContaining('3 to 3') });
  });

  it('drops old runs whole, remains verifiable, and can’t be imitated by cutting', async () => {
    for (let i = 0; i < 40; i++) {
      time = epoch + i * day;
      await run(`r${i}`, 30);
    }
    const all = await entries();
    expect(all[0]).toMatchObject({ type: 'anchor', dropped_since: new Date(epoch).toISOString() });
    const verdict = await verifyAudit();
    expect(verdict).toMatchObject({ ok: true, notes: [] });
    // At least thirty days are kept, at most a tenth more.
    const oldest = Date.parse(verdict.from as string);
    expect(time - oldest).toBeGreaterThanOrEqual(30 * day - day);
    expect(time - oldest).toBeLessThanOrEqual(34 * day);
    expect(all.filter((e) => e.type === 'run_started').length).toBe(verdict.runs);
    expect(all[0]?.dropped_entries).toBe((all[1]?.seq as number) - 1);

    const text = await lines();
    await writeFile(path, `${text.slice(1).join('\n')}\n`);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 1 });
    await writeFile(path, `${[text[0], ...text.slice(4)].join('\n')}\n`);
    expect(await verifyAudit()).toMatchObject({ ok: false, brokenLine: 2 });
  });

  it('survives a kill between dropping and the head file', async () => {
    for (let i = 0; i < 33; i++) {
      time = epoch + i * day;
      await run(`r${i}`);
    }
    const head = await readFile(headPath(path));
    time = epoch + 50 * day;
    await (await openAudit({ retentionDays: 30 })).close();
    expect((await entries())[0]).toMatchObject({ type: 'anchor' });
    await writeFile(headPath(path), head);
    expect(await verifyAudit()).toMatchObject({ ok: true });
    expect((await run('next', 30)).warning).toBeUndefined();
    expect(await verifyAudit()).toMatchObject({ ok: true });
  });

  it('keeps the newest run however old it is', async () => {
    await run('r1');
    await run('r2');
    time = epoch + 900 * day;
    await (await openAudit({ retentionDays: 30 })).close();
    expect((await entries()).map((e) => e.type)).toEqual([
      'anchor',
      'run_started',
      'outcomes',
      'run_finished',
      'retention',
    ]);
    expect(await verifyAudit()).toMatchObject({ ok: true, runs: 1 });
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
