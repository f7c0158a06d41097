import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileStore } from '../../target-together/src/ledger/file-store.ts';
import { loadLedgerKeys } from '../../target-together/src/ledger/keys.ts';
import { openLedger } from '../../target-together/src/ledger.ts';

const writer = fileURLToPath(new URL('support/ledger-writer.ts', import.meta.url));
const kills = 12;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Lets the writer settle for a random moment, kills it, and returns the last batch that it called durable. */
async function writeAndKill(from: number): Promise<number> {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    ['--import', 'tsx', writer, folder, String(from)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.setEncoding('utf8');
  const first = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (piece: string) => {
      text += piece;
      resolve();
    });
    child.on('exit', () => reject(new Error('the writer ended by itself')));
  });
  await first;
  await sleep(Math.random() * 250);
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await ended;
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
}

it('kill -9 at any moment loses nothing that was called durable, and the ledger opens again', async () => {
  let last = -1;
  for (let round = 0; round < kills; round++) {
    last = await writeAndKill(last + 1);
    const store = await fileStore(folder);
    const keys = await loadLedgerKeys(store, undefined, true);
    const ledger = await openLedger({ store, keys, destination: 'test', run: { id: 'check', startedAt: 0 } });
    for (let batch = Math.max(0, last - 9); batch <= last; batch++) {
      for (let i = 0; i < 40; i++) {
        const employeeId = `E${(batch * 40 + i) % 400}`;
        const fields = await ledger.fields(employeeId);
        // The batch after the last one told may have become durable too.
        const titles = [batch, batch + 10].map((one) => `title of batch ${one}`);
        expect(titles.some((title) => fields?.holds('title', title))).toBe(true);
        expect(ledger.lookup(employeeId)?.status).toBe('A');
      }
    }
    for await (const one of ledger.entries()) if (one.employeeId.startsWith('GONE')) expect(one.status).toBe('?');
    await ledger.close();
    expect((await readdir(folder)).filter((name) => name.startsWith('ledger-fields-'))).toHaveLength(1);
    await store.close();
  }
  expect(last).toBeGreaterThan(kills);
}, 120_000);
