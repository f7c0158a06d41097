import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestSession, type TestSessionOptions, testSession } from '../testing/session.ts';
import { openRunAudit, openState, openStore, tryState } from './open-state.ts';
import { lockKey, lockRun } from './run-lock.ts';

const opened: TestSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});

async function open(settings: TestSessionOptions['settings'] = {}) {
  const session = await testSession({ settings });
  opened.push(session);
  return session;
}

const run = { id: 'r1', startedAt: 0 };

describe('opening the state', () => {
  it('only to look makes no folder, and finds nothing where nothing is kept', async () => {
    const { session, at } = await open();
    const { state } = await openState(session);
    expect({ keeps: state.keeps, known: state.known, memory: state.memory }).toEqual({
      keeps: true,
      known: 0,
      memory: {},
    });
    await state.close();
    expect(existsSync(at('state'))).toBe(false);
    expect(await openStore(session)).toBeUndefined();
  });

  it('for a run makes the folder, and a key where none is set', async () => {
    const { session, at } = await open({ ledger_key: undefined });
    const lock = await lockRun(session);
    const { state } = await openState(session, { ...run, lock });
    await state.close();
    await lock.release();
    expect(existsSync(at('state/ledger.log'))).toBe(true);
    expect(existsSync(at('state/ledger.key'))).toBe(true);
  });

  it('keeps nothing where state_dir is null, and hashes alike in the next process', async () => {
    const settings = { state_dir: null, client_id: 'c', ledger_key: undefined };
    const hashes = [];
    for (const { session } of [await open(settings), await open(settings)]) {
      const { state } = await openState(session);
      hashes.push(Buffer.from(state.hash('{}')).toString('hex'));
      expect(state.keeps).toBe(false);
      expect(await openRunAudit(session, await openState(session))).toBeUndefined();
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it.each([
    ['a file where the folder should be', async (at: string) => await writeFile(at, 'x'), /is not a folder/],
    [
      'a damaged memory',
      async (at: string) => {
        await mkdir(at);
        await writeFile(join(at, 'runs.json'), 'broken');
      },
      /runs\.json is damaged/,
    ],
  ])('refuses %s', async (_, prepare, message) => {
    const { session, at } = await open();
    await prepare(at('state'));
    await expect(openState(session)).rejects.toThrow(message);
  });

  it('stops where the audit log is damaged, as a doctor’s look does', async () => {
    const { session, at } = await open();
    await mkdir(at('state'), { recursive: true });
    await writeFile(at('state/audit-2026-01.jsonl'), '{"seq":1,"cut\n');
    await chmod(at('state'), 0o700);
    const lock = await lockRun(session);
    const opened = await openState(session, { ...run, lock });
    const { state } = opened;
    const said = /damaged at line 1 of audit-2026-01.jsonl: This line was changed/;
    await expect(openRunAudit(session, opened)).rejects.toThrow(said);
    await state.close();
    await lock.release();
    await expect(tryState(session)).rejects.toThrow(said);
  });
});

describe('the locks of a run', () => {
  it('keep a second run of the same state or key out until they are released', async () => {
    const { session } = await open();
    const lock = await lockRun(session);
    await expect(lock.confirm()).resolves.toBeUndefined();
    await expect(lockRun(session)).rejects.toMatchObject({ kind: 'locked' });
    await expect(lockKey(session)).rejects.toMatchObject({ kind: 'locked' });
    await lock.release();
    await (await lockRun(session)).release();
  });

  it('leave nothing locked when one of them is taken', async () => {
    const { session, at } = await open();
    const other = await open({ state_dir: at('state') });
    const lock = await lockRun(other.session);
    await expect(lockRun(session)).rejects.toMatchObject({
      kind: 'locked',
      message: expect.stringContaining('state folder'),
    });
    await (await lockKey(session)).release();
    await lock.release();
  });

  it('share the key through a Redis, where there is one', async () => {
    const { session } = await open({ state_dir: null, limiter: { type: 'redis', url: 'redis://127.0.0.1:1' } });
    const [one, two] = [await lockKey(session), await lockKey(session)];
    await one.release();
    await two.release();
  });
});
