/** What a state folder and a plan file hold: bytes that were ours, until a disk or a hand changed them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openPlan, type PlannedPerson, type UnsentPerson } from '../../../target-together/src/plan/file/read-plan.ts';
import { writePlan } from '../../../target-together/src/plan/file/write-plan.ts';
import { auditChain, genesis } from '../../../target-together/src/state/audit/chain.ts';
import { verifyAudit } from '../../../target-together/src/state/audit/verify.ts';
import { ledgerKeys } from '../../../target-together/src/state/ledger/keys.ts';
import { openLedger } from '../../../target-together/src/state/ledger/ledger.ts';
import { listRejects } from '../../../target-together/src/state/rejects/rejects.ts';
import { openRunState } from '../../../target-together/src/state/run-state.ts';
import { memoryStore } from '../../../target-together/src/state/store/memory-store.ts';
import { everybody, world } from '../../../target-together/src/testing/run.ts';
import { wounded } from '../inputs.ts';
import { canary, judge, pack, quiet, type Target, unpack, Violation } from '../target.ts';

const keys = ledgerKeys('a key for tests');
const secret = Buffer.alloc(32, 7);
const user = (id: number, title = 'Engineer') => ({
  employeeId: `E${id}`,
  email: `${canary}${id}@example.com`,
  firstName: `${canary}Ada`,
  employeeStatusCode: 'A',
  title,
});

/** The files of two runs, by name. */
async function twoRuns(): Promise<Map<string, Buffer>> {
  const { day, files } = world();
  await day({ events: everybody([user(1), user(2), user(3)]) });
  await day({ events: everybody([user(1), user(2, 'Manager'), user(4)]) });
  return files;
}
const files = await twoRuns();
const names = [...files.keys()].sort();

const planned: readonly PlannedPerson[] = [
  { id: 'E1', action: 'join', new: true, json: JSON.stringify(user(1)) },
  { id: 'E2', action: 'change', new: false, changes: [{ field: 'title' }], json: JSON.stringify(user(2)) },
];
const states = [{ type: 'state', value: { bookmarks: {} } }];
const unsent: readonly UnsentPerson[] = [{ id: 'E3', action: 'same', user: { email: `${canary}3@example.com` } }];

async function plan(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const path = join(folder, 'plan.json');
  await writePlan(
    path,
    secret,
    {
      plan_hash: '0123456789abcdef',
      run_id: 'r',
      created_at: '2026-03-31T04:00:00.000Z',
      read_at: '2026-03-31T03:59:00.000Z',
      tool: { name: 'target-together', version: '1', node: '20' },
      destination: { host: 'h', region: 'us', organization_id: 'o' },
      hashes: { settings: 's', mapping: 'm', ledger: 'l' },
      redaction: 'ids',
      complete: true,
      people_read: 2,
      actions: { join: 1, change: 1, leave: 0, rehire: 0, move: 0, same: 0, vanished: 0, excluded: 0, invalid: 0 },
      guards: [],
      causes: [],
      to_send: planned.length,
    },
    { read: { states }, people: planned, unsent },
  );
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

const rejects = `${JSON.stringify({ type: 'SCHEMA', stream: 'employees', schema: { properties: {} }, key_properties: [] })}\n${JSON.stringify({ type: 'RECORD', stream: 'employees', record: user(1), reject: { id: 'E1', since: '2026-01-01T00:00:00.000Z' } })}\n`;
const audit = `${auditChain(secret).line(genesis, { type: 'run', at: '2026-01-01T00:00:00.000Z' }).line}\n`;

export const targets: readonly Target[] = [
  {
    name: 'plan',
    input: wounded([await plan()]),
    async run(bytes) {
      const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
      const path = join(folder, 'plan.json');
      writeFileSync(path, bytes);
      try {
        await judge(['settings', 'input'], async () => {
          const opened = await openPlan(path, [secret]);
          let at = 0;
          for await (const person of opened.people()) {
            // Only what was planned may ever be sent.
            if (person.json !== planned[at++]?.json) throw new Violation('a body that nobody planned');
          }
          for await (const one of opened.unsent())
            if (one.id !== 'E3') throw new Violation('a person that nobody read');
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'ledger',
    input: fc.tuple(...names.map((name) => wounded([files.get(name) as Buffer]))).map(pack),
    async run(bytes) {
      const parts = unpack(bytes, names.length);
      const stored = () => new Map(names.map((name, i) => [name, Buffer.from(parts[i] as Buffer)]));
      // Damage is reported to the reader; a truncated end is no damage. Nobody may be known who never was.
      await judge(['unexpected', 'settings', 'input'], async () => {
        const ledger = await openLedger({ store: memoryStore(stored()), keys, destination: 'test' });
        for (const id of ['E1', 'E2', 'E3', 'E4', 'E9']) {
          ledger.lookup(id);
          await ledger.fields(id);
        }
        let count = 0;
        for await (const _ of ledger.entries()) if (++count > 1000) throw new Violation('entries without an end');
        await ledger.close();
      });
      await judge(['unexpected', 'settings', 'input'], async (said) => {
        const state = await openRunState({
          store: memoryStore(stored()),
          keys,
          destination: 'test',
          keeps: true,
          run: { id: 'r', startedAt: 1_800_000_000_000 },
          warn: (message) => said.push(message),
        });
        state.lookup('E1');
        await state.close();
      });
    },
  },
  {
    name: 'rejects-audit',
    input: fc.tuple(wounded([rejects]), wounded([audit, '{"seq":1,"hash":"0"}'])).map(pack),
    async run(bytes) {
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = unpack(bytes, 2);
      const store = memoryStore(
        new Map([
          ['rejects.singer', Buffer.from(first)],
          ['audit-2026-01.jsonl', Buffer.from(second)],
          ['audit.head', Buffer.from(second)],
        ]),
      );
      await judge(['unexpected', 'input'], async () => {
        for await (const open of listRejects(store)) if (typeof open.id !== 'string') throw new Violation('no id');
      });
      await judge(['unexpected', 'input'], async () => {
        quiet([JSON.stringify(await verifyAudit({ store, key: secret, knowsRuns: false }))]);
      });
    },
  },
];
