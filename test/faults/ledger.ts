/** Damage to what a run left behind. The next run heals it or refuses it; with the backup restored, all is well. */
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from '../support/pipe.ts';
import { type Case, firstDay, judge, playDay, syncWithin } from './cell.ts';
import { machineCase } from './machine.ts';
import type { Side } from './wire-faults.ts';

type Damage = (path: string) => void;

const bytes =
  (change: (file: Buffer) => Buffer): Damage =>
  (path) =>
    writeFileSync(path, change(readFileSync(path)));

const damages: readonly (readonly [string, Damage])[] = [
  ['its last seven bytes missing', bytes((file) => file.subarray(0, -7))],
  ['its second half missing', bytes((file) => file.subarray(0, file.length >> 1))],
  ['a bit turned in the middle', bytes((file) => flip(file, file.length >> 1))],
  ['a bit turned at the start', bytes((file) => flip(file, 3))],
  ['garbage after its end', bytes((file) => Buffer.concat([file, Buffer.alloc(100, 0x5a)]))],
  ['empty', bytes(() => Buffer.alloc(0))],
  ['replaced by zeros', bytes((file) => Buffer.alloc(file.length))],
  ['replaced by text', bytes(() => Buffer.from('{"hello": ['))],
  ['gone', (path) => rmSync(path)],
  [
    'a folder',
    (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
];

function flip(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}

function damaged(what: string, file: (house: House) => string, side: Side = 'together'): Case[] {
  return damages.map(([how, damage]) =>
    machineCase(what, how, async (house) => {
      await firstDay(house);
      playDay(house.ukg.world);
      const path = file(house);
      const backup = `${house.folder}-backup`;
      cpSync(path, backup);
      try {
        damage(path);
        const run = await syncWithin(house);
        if (run.tap.code !== 0 || run.target.code !== 0) {
          rmSync(path, { recursive: true, force: true });
          cpSync(backup, path);
          chmodSync(path, 0o600);
        }
        return await judge(house, run, side, { completes: true });
      } finally {
        rmSync(backup, { force: true });
      }
    }),
  );
}

const inState = (name: RegExp) => (house: House) => {
  const folder = join(house.folder, 'together');
  const found = readdirSync(folder).find((one) => name.test(one));
  if (!found) throw new Error(`No ${name} in ${readdirSync(folder).join(', ')}`);
  return join(folder, found);
};

export const ledgerCases: readonly Case[] = [
  ...damaged('ledger', inState(/^ledger\.log$/)),
  ...damaged('memory of earlier runs', inState(/^runs\.json$/)),
  ...damaged('e-mail owners', inState(/^addresses\.bin$/)),
  ...damaged('key of the ledger', inState(/key/)),
  ...damaged('audit log', inState(/^audit-.*\.jsonl$/)),
  ...damaged('STATE file', (house) => house.state, 'ukg'),
];
