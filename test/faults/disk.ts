/** Disks that are full or read-only. A small tmpfs plays the disk, so these cells need root. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from '../support/pipe.ts';
import { type Case, configureCell, firstDay, judge, playDay, syncWithin, untilAsked, type Verdict } from './cell.ts';
import { machineCase } from './machine.ts';

export const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });

/** A disk of its own under the whole house: settings, STATE, ledger. */
async function onDisk(house: House, run: () => Promise<Verdict>): Promise<Verdict> {
  mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', house.folder);
  try {
    configureCell(house);
    return await run();
  } finally {
    execFileSync('umount', [house.folder]);
  }
}

function fill(house: House): void {
  for (const size of [1 << 20, 1 << 16, 1 << 12]) {
    try {
      for (let n = 0; ; n++) writeFileSync(join(house.folder, `filler-${size}-${n}`), Buffer.alloc(size));
    } catch {
      // Full for pieces of this size.
    }
  }
}

function free(house: House): void {
  execFileSync('sh', ['-c', 'rm -f "$1"/filler-*', 'sh', house.folder]);
}

const full = (column: string, requests: number, next: boolean): Case =>
  machineCase('full disk under settings, STATE and ledger', column, (house) =>
    onDisk(house, async () => {
      if (next) {
        await firstDay(house);
        playDay(house.ukg.world);
      }
      if (requests === 0) fill(house);
      const run = await syncWithin(house, {}, async ({ target }) => {
        if (requests > 0 && (await untilAsked(house, 'together', requests, target))) fill(house);
      });
      free(house);
      return judge(house, run, 'together');
    }),
  );

const readOnly = (column: string, next: boolean): Case =>
  machineCase('read-only folder for settings, STATE and ledger', column, (house) =>
    onDisk(house, async () => {
      if (next) {
        await firstDay(house);
        playDay(house.ukg.world);
      }
      mount('-o', 'remount,ro', house.folder);
      const run = await syncWithin(house);
      mount('-o', 'remount,rw', house.folder);
      return judge(house, run, 'together');
    }),
  );

export const diskCases: readonly Case[] = mayMount
  ? [
      full('from the start', 0, false),
      full('from the first batch on', 1, false),
      full('from the third batch on', 3, false),
      full('next day', 0, true),
      readOnly('from the start', false),
      readOnly('next day', true),
      machineCase('STATE file on a full disk', 'from the start', (house) =>
        onDisk(house, async () => {
          // The ledger lies elsewhere: only the bookmark can't be kept.
          const elsewhere = `${house.folder}-ledger`;
          configureCell(house, {}, { state_dir: elsewhere });
          try {
            fill(house);
            const run = await syncWithin(house);
            free(house);
            return await judge(house, run, 'together');
          } finally {
            rmSync(elsewhere, { recursive: true, force: true });
          }
        }),
      ),
    ]
  : [];
