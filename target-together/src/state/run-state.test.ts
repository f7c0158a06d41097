import { describe, expect, it } from 'vitest';
import type { PersonOutcome } from '../model/person.ts';
import { peopleOf } from '../testing/people.ts';
import { type EmailOwner, ownersFile } from './email-owners-file.ts';
import { readKeptRuns, writeKeptRuns } from './kept-runs.ts';
import { ledgerKeys } from './ledger/keys.ts';
import { openRunState } from './run-state.ts';
import { memoryStore } from './store/memory-store.ts';

const planned = { join: 2, change: 0, leave: 0, rehire: 0, same: 0, vanished: 0, excluded: 0, invalid: 0 };

const keys = ledgerKeys('a key of sixteen letters');

function open(files: Map<string, Buffer>, warnings: string[] = []) {
  return openRunState({
    store: memoryStore(files),
    keys,
    destination: 'host org',
    keeps: true,
    run: { id: 'r', startedAt: 0 },
    warn: (message) => warnings.push(message),
  });
}

const noEmails = { people: peopleOf([]), startedAt: 0, isSentWithout: () => false, isTaken: () => false };

/** Two recorded batches, and the note of how many people that makes. */
async function twoSettled(files: Map<string, Buffer>): Promise<void> {
  const state = await open(files);
  for (const id of ['E1', 'E2']) {
    const body = Buffer.from(JSON.stringify({ employeeId: id, employeeStatusCode: 'A' }));
    const delivery = { employeeId: id, body, isNew: true };
    await state.record([{ delivery, outcome: { outcome: 'created', status: 201 } } as unknown as PersonOutcome]);
  }
  await state.begin({ runId: 'r', startedAt: 0, planned, toSend: 2, domains: [], emails: noEmails });
  await state.close();
}

describe('a ledger that lost what the last run had left in it', () => {
  it('stops the run when its end is missing, even where the rest is whole', async () => {
    const files = new Map<string, Buffer>();
    await twoSettled(files);
    const log = files.get('ledger.log') as Buffer;
    files.set('ledger.log', log.subarray(0, log.length - 8));
    await expect(open(files)).rejects.toMatchObject({
      kind: 'unexpected',
      message: expect.stringMatching(/is whole up to byte \d+ only/),
    });
  });

  it('is told when it is gone altogether, and the run goes on with everybody new', async () => {
    const files = new Map<string, Buffer>();
    await twoSettled(files);
    files.delete('ledger.log');
    const warnings: string[] = [];
    const state = await open(files, warnings);
    expect([state.known, warnings.length]).toEqual([0, 1]);
  });

  it('is no alarm after somebody was forgotten on purpose', async () => {
    const files = new Map<string, Buffer>();
    await twoSettled(files);
    expect(await (await open(files)).forget('E1')).toBe(true);
    expect((await open(files)).known).toBe(1);
  });

  it('keeps no trace of who was forgotten, neither of an address nor of a link', async () => {
    const files = new Map<string, Buffer>();
    await twoSettled(files);
    const store = memoryStore(files);
    await writeKeptRuns(store, keys, { memory: { pending_links: { E1: 'E9', E2: 'E9' } }, known: 2 });
    const file = ownersFile(store, keys.derive('address file', 32));
    await file.replace(
      [
        { hash: 6, id: 'E1', day: 1 },
        { hash: 7, id: 'E2', day: 1 },
      ],
      () => false,
    );
    await (await open(files)).forget('E1');
    const after = await open(files);
    expect(after.memory.pending_links).toEqual({ E2: 'E9' });
    const owners: EmailOwner[] = [];
    for await (const some of file.read()) owners.push(...some);
    expect(owners).toEqual([{ hash: 7, id: 'E2', day: 1 }]);
    for (const bytes of files.values()) expect(bytes.includes('E1')).toBe(false);
  });

  it('that is an older copy, from before a rewriting, is told by the people it holds', async () => {
    const files = new Map<string, Buffer>();
    await twoSettled(files);
    const { known, ledger, ...kept } = await readKeptRuns(memoryStore(files), keys);
    const generation = '0'.repeat(32);
    const mark = { generation, size: 0, fields: 0, ...(ledger && { generation }) };
    await writeKeptRuns(memoryStore(files), keys, { ...kept, known: (known ?? 0) + 1, ledger: mark });
    await expect(open(files)).rejects.toMatchObject({ message: expect.stringContaining('holds 2 people and held 3') });
  });
});
