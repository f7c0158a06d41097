/** Kills a process that settles people, again and again, and looks at what its ledger holds: for any store. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { loadLedgerKeys } from '../../target-together/src/state/ledger/keys.ts';
import { openLedger } from '../../target-together/src/state/ledger/ledger.ts';
import type { StateStore } from '../../target-together/src/state/store/store.ts';

const writer = fileURLToPath(new URL('ledger-writer.ts', import.meta.url));
export const kills = 12;

/** Lets the writer settle for a random moment, kills it, and returns the last batch that it called durable. */
async function writeAndKill(where: string, from: number): Promise<number> {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    ['--import', 'tsx', writer, where, String(from)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.setEncoding('utf8');
  const first = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (piece: string) => {
      text += piece;
      // Two batches at least, however busy the machine.
      if (text.split('\n').length > 2) resolve();
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

/** `where`: what the writer opens; `open` opens the same, and may wait until the dead one's lock has run out. */
export async function nothingDurableIsLost(where: string, open: () => Promise<StateStore>): Promise<void> {
  let last = -1;
  for (let round = 0; round < kills; round++) {
    last = await writeAndKill(where, last + 1);
    const store = await open();
    const keys = await loadLedgerKeys(store, undefined, true);
    const ledger = await openLedger({ store, keys, destination: 'test', run: { id: 'check', startedAt: 0 } });
    for (let batch = Math.max(0, last - 9); batch <= last; batch++) {
      for (let i = 0; i < 40; i++) {
        const employeeId = `E${(batch * 40 + i) % 400}`;
        const fields = await ledger.fields(employeeId);
        // The batch after the last one reported may have become durable too.
        const titles = [batch, batch + 10].map((one) => `title of batch ${one}`);
        expect(titles.some((title) => fields?.holds('title', title))).toBe(true);
        expect(ledger.lookup(employeeId)?.status).toBe('A');
      }
    }
    for await (const one of ledger.entries()) if (one.employeeId.startsWith('GONE')) expect(one.status).toBe('?');
    await ledger.close();
    expect((await store.names()).filter((name) => name.startsWith('ledger-fields-'))).toHaveLength(1);
    await store.close();
  }
  expect(last).toBeGreaterThan(kills);
}
