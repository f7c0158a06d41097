/** What every store guarantees, in one suite: for folders, memory and Redis alike. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerKeys } from '../state/ledger/keys.ts';
import { openLedger } from '../state/ledger/ledger.ts';
import { openRejects } from '../state/rejects/rejects.ts';
import type { StateStore } from '../state/store/store.ts';

export interface StoreCase {
  /** A state that no one has written to yet; `again` opens the same one anew, as the next run does after this one was killed. */
  readonly fresh: () => Promise<{ again: () => Promise<StateStore> }>;
  readonly runs?: number;
}

type Step =
  | { readonly kind: 'append' | 'replace'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'truncate'; readonly name: string; readonly keep: number }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'reopen' };

const name = fc.constantFrom('a.log', 'b.json');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), name, bytes: fc.integer({ min: 0, max: 200_000 }) }),
  fc.record({ kind: fc.constant('replace' as const), name, bytes: fc.integer({ min: 0, max: 200_000 }) }),
  fc.record({ kind: fc.constant('truncate' as const), name, keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('remove' as const), name }),
  fc.constant({ kind: 'reopen' as const }),
);

export function storeSuite(title: string, { fresh, runs = 30 }: StoreCase): void {
  describe(title, () => {
    it('reads back what was appended, whole or in part, and knows what is not there', async () => {
      const store = await (await fresh()).again();
      await store.append('a.log', Buffer.from('hello '), 0, false);
      await store.append('a.log', Buffer.from('world'), 6, true);
      expect((await store.read('a.log'))?.toString()).toBe('hello world');
      expect((await store.read('a.log', 6, 3))?.toString()).toBe('wor');
      expect((await store.read('a.log', 9, 100))?.toString()).toBe('ld');
      expect((await store.read('a.log', 50, 1))?.length).toBe(0);
      expect([await store.read('b'), await store.size('b'), await store.names()]).toEqual([
        undefined,
        undefined,
        ['a.log'],
      ]);
      await store.replace('b.json', [Buffer.from('{}')]);
      expect((await store.read('b.json'))?.toString()).toBe('{}');
      await store.close();
    });

    it('refuses bytes that do not continue what is there', async () => {
      const store = await (await fresh()).again();
      await store.append('a.log', Buffer.from('one'), 0, true);
      for (const offset of [0, 2, 4])
        await expect(store.append('a.log', Buffer.from('two'), offset, true)).rejects.toMatchObject({ exitCode: 7 });
      expect((await store.read('a.log'))?.toString()).toBe('one');
      await store.close();
    });

    it('keeps the old content when a replacement fails half-way, and leaves nothing behind', async () => {
      const { again } = await fresh();
      const store = await again();
      await store.replace('a', [Buffer.from('old')]);
      async function* failing() {
        yield Buffer.alloc(3 << 20);
        throw new Error('cut off');
      }
      await expect(store.replace('a', failing())).rejects.toThrow();
      expect((await store.read('a'))?.toString()).toBe('old');
      await store.close();
      const next = await again();
      expect([(await next.read('a'))?.toString(), await next.names()]).toEqual(['old', ['a']]);
      await next.close();
    });

    it('holds what any history of writes leaves, also after each reopening', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const { again } = await fresh();
          const model = new Map<string, Buffer>();
          let store = await again();
          for (const one of steps) {
            if (one.kind === 'reopen') {
              await store.close();
              store = await again();
              continue;
            }
            const before = model.get(one.name);
            if (one.kind === 'append') {
              const bytes = randomBytes(one.bytes);
              await store.append(one.name, bytes, before?.length ?? 0, one.bytes % 2 === 0);
              model.set(one.name, Buffer.concat([before ?? Buffer.alloc(0), bytes]));
            } else if (one.kind === 'replace') {
              const bytes = randomBytes(one.bytes);
              await store.replace(one.name, [bytes.subarray(0, one.bytes / 3), bytes.subarray(one.bytes / 3)]);
              model.set(one.name, bytes);
            } else if (one.kind === 'truncate' && before) {
              const size = Math.floor(before.length * one.keep);
              await store.truncate(one.name, size);
              model.set(one.name, before.subarray(0, size));
            } else if (one.kind === 'remove') {
              await store.remove(one.name);
              model.delete(one.name);
            }
            const now = model.get(one.name);
            expect(await store.size(one.name)).toBe(now?.length);
            const from = Math.floor((now?.length ?? 0) / 2);
            expect((await store.read(one.name, from, 300))?.equals(now?.subarray(from, from + 300) as Buffer)).toBe(
              now && true,
            );
          }
          await store.close();
          store = await again();
          expect((await store.names()).sort()).toEqual([...model.keys()].sort());
          for (const [file, bytes] of model) expect((await store.read(file))?.equals(bytes)).toBe(true);
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    it('carries a ledger through runs, rewriting and forgetting', async () => {
      const { again } = await fresh();
      const keys = ledgerKeys('a key for tests only');
      const json = (id: number, title: string) =>
        JSON.stringify({ employeeId: `E${id}`, employeeStatusCode: 'A', title });
      for (let run = 0; run < 3; run++) {
        const store = await again();
        const ledger = await openLedger({ store, keys, destination: 'test', run: { id: `r${run}`, startedAt: run } });
        const people = Array.from({ length: 1200 }, (_, i) => i);
        for (let at = 0; at < people.length; at += 500)
          await ledger.recordOutcomes(
            people.slice(at, at + 500).map((id) => ({
              employeeId: `E${id}`,
              json: json(id, `run ${run}`),
              refusedStatus: undefined,
            })),
          );
        if (run === 1) await ledger.forget('E7');
        else await ledger.close();
        await store.close();
      }
      const store = await again();
      const ledger = await openLedger({ store, keys, destination: 'test', run: undefined });
      expect(ledger.known).toBe(1200);
      expect((await ledger.fields('E1199'))?.holds('title', 'run 2')).toBe(true);
      expect((await ledger.fields('E0'))?.holds('title', 'run 1')).toBe(false);
      await ledger.close();
      await store.close();
    });

    it('carries rejects from run to run', async () => {
      const { again } = await fresh();
      const run = async (ids: string[], staysOpen: (id: string) => boolean) => {
        const store = await again();
        const rejects = await openRejects({
          store,
          schemaOf: () => '{"type":"SCHEMA","stream":"s"}',
          now: () => 0,
          retentionDays: null,
        });
        await rejects.keep(ids.map((id) => ({ stream: 's', record: `{"employeeId":"${id}"}`, id, row: id })));
        const left = await rejects.finish(({ id }) => staysOpen(id));
        const text = (await store.read('rejects.singer'))?.toString() ?? '';
        await store.close();
        return { left, text };
      };
      expect((await run(['E1', 'E2'], () => false)).left).toBe(2);
      const second = await run(['E3'], (id) => id === 'E2');
      expect(second.left).toBe(2);
      expect(second.text).toContain('"E2"');
      expect(second.text).not.toContain('"E1"');
      expect(await run([], () => false)).toEqual({ left: 0, text: '' });
    });
  });
}
