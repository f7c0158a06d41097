import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { fileStore } from '../../target-together/src/state/store/file-store.ts';
import { nothingDurableIsLost } from '../support/ledger-kill.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('kill -9 at any moment loses nothing that was called durable, and the ledger opens again', async () => {
  await nothingDurableIsLost(folder, () => fileStore(folder));
}, 120_000);
