import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import type { StateStore } from '../store/store.ts';
import { ledgerKeys, loadLedgerKeys } from './keys.ts';
import { type Ledger, type LedgerOptions, openLedger } from './ledger.ts';

const keys = ledgerKeys('a key of at least sixteen characters');
const day = 86_400_000;
const body = (employeeId: string, more: object = {}) =>
  JSON.stringify({
    employeeId,
    email: `${employeeId}@example.com`,
    employeeStatusCode: 'A',
    departmentName: 'Finance',
    ...more,
  });
const accepted = (employeeId: string, more: object = {}) => ({
  employeeId,
  json: body(employeeId, more),
  refusedStatus: undefined,
});
const refused = (employeeId: string, refusedStatus: number, more: object = {}) => ({
  employeeId,
  json: body(employeeId, more),
  refusedStatus,
});

function open(store: StateStore, run = 1, options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  return openLedger({
    store,
    keys,
    destination: 'api.example.com org-1',
    run: { id: `run-${run}`, startedAt: run * day },
    shared: (field) => field === 'departmentName',
    ...options,
  });
}

async function listed(ledger: Ledger): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for await (const one of ledger.entries()) {
    expect(all.has(one.employeeId)).toBe(false);
    all.set(one.employeeId, `${one.status ?? '-'} ${one.run ?? '-'} ${one.refused?.status ?? '-'}`);
  }
  return all;
}

describe('the ledger', () => {
  it('remembers what was accepted, when, and with which status', async () => {
    const store = memoryStore();
    const first = await open(store);
    await first.recordOutcomes([
      accepted('E1'),
      accepted('E2', { employeeStatusCode: 'T' }),
      accepted('E3', { employeeStatusCode: undefined }),
    ]);
    await first.close();
    const ledger = await open(store, 2);
    expect(ledger.lookup('E1')).toMatchObject({ status: 'A', acceptedAt: day, run: 'run-1', refused: undefined });
    expect(ledger.lookup('E1')?.hash).toEqual(new Uint8Array(ledger.hash(body('E1'))));
    expect(ledger.lookup('E2')?.status).toBe('T');
    expect(ledger.lookup('E3')?.status).toBe('?');
    expect(ledger.lookup('E4')).toBeUndefined();
    expect([ledger.known, ledger.active]).toEqual([3, 2]);
  });

  it("takes in whom Together's own list names, counts them as accepted by no run, and knows better of people who were sent", async () => {
    const store = memoryStore();
    const first = await open(store);
    await first.recordOutcomes([accepted('E1'), refused('E2', 400)]);
    await first.list([
      ['E1', 'T'],
      ['E2', 'L'],
      ['E3', 'A'],
      ['E4', 'A'],
    ]);
    await first.recordOutcomes([accepted('E4', { employeeStatusCode: 'T' })]);
    await first.list([['E3', 'T']]);
    await first.close();
    const ledger = await open(store, 2);
    expect(Object.fromEntries(await listed(ledger))).toEqual({
      E1: 'A run-1 -',
      E2: 'L - 400',
      E3: 'T - -',
      E4: 'T run-1 -',
    });
    expect(ledger.lookup('E3')).toMatchObject({ status: 'T', hash: undefined, acceptedAt: 0 });
    expect({ known: ledger.known, active: ledger.active }).toEqual({ known: 2, active: 1 });
  });

  it('keeps what was accepted when a later body is refused, until one is accepted again', async () => {
    const store = memoryStore();
    const ledger = await open(store);
    await ledger.recordOutcomes([accepted('E1'), refused('E2', 410)]);
    await ledger.recordOutcomes([refused('E1', 400, { title: 'new' })]);
    const after = await open(store, 2);
    expect(after.lookup('E1')).toMatchObject({ status: 'A', refused: { status: 400, at: day } });
    expect(Buffer.from(after.lookup('E1')?.refused?.hash ?? [])).toEqual(
      Buffer.from(after.hash(body('E1', { title: 'new' }))),
    );
    expect(after.lookup('E2')).toMatchObject({ status: undefined, hash: undefined, refused: { status: 410 } });
    expect([after.known, after.active]).toEqual([1, 1]);
    await after.recordOutcomes([accepted('E1', { title: 'new' })]);
    expect(after.lookup('E1')).toMatchObject({ run: 'run-2', refused: undefined });
  });

  it('tells which fields changed, and keeps those that were not sent', async () => {
    const store = memoryStore();
    await (await open(store)).recordOutcomes([accepted('E1', { title: 'Engineer' }), accepted('E2')]);
    const ledger = await open(store, 2);
    const fields = await ledger.fields('E1');
    expect(fields?.holds('title', 'Engineer')).toBe(true);
    expect(fields?.holds('title', 'Manager')).toBe(false);
    expect(fields?.key('officeId')).toBeUndefined();
    expect(new Set(fields?.names)).toEqual(
      new Set(['employeeId', 'email', 'employeeStatusCode', 'departmentName', 'title']),
    );
    await ledger.recordOutcomes([
      { employeeId: 'E1', json: '{"employeeId":"E1","employeeStatusCode":"T"}', refusedStatus: undefined },
    ]);
    const after = await ledger.fields('E1');
    expect(after?.holds('title', 'Engineer')).toBe(true);
    expect(after?.holds('employeeStatusCode', 'T')).toBe(true);
    expect(ledger.lookup('E1')?.status).toBe('T');
    expect(await ledger.fields('E9')).toBeUndefined();
  });

  it('gives equal values of two people equal keys only where they describe the organization', async () => {
    const ledger = await open(memoryStore());
    await ledger.recordOutcomes([accepted('E1', { gender: 'F' }), accepted('E2', { gender: 'F' })]);
    const [one, two] = [await ledger.fields('E1'), await ledger.fields('E2')];
    expect(one?.key('departmentName')).toBe(two?.key('departmentName'));
    expect(one?.key('departmentName')).toBe(ledger.fieldKey('E9', 'departmentName', 'Finance'));
    expect(one?.key('gender')).not.toBe(two?.key('gender'));
    expect(one?.key('gender')).toBe(ledger.fieldKey('E1', 'gender', 'F'));
    expect(one?.holds('gender', true)).toBe(false);
  });

  it('holds no personal value, neither in clear nor as a hash that needs no key', async () => {
    const files = new Map<string, Buffer>();
    const ledger = await open(memoryStore(files));
    await ledger.recordOutcomes([accepted('E1', { firstName: 'Canary', dateOfBirth: '1900-02-28', gender: 'F' })]);
    await ledger.recordOutcomes([refused('E1', 400, { firstName: 'Canary', lastName: 'Bird' })]);
    const all = Buffer.concat([...files.values()]).toString('latin1');
    for (const value of ['Canary', 'Bird', '1900-02', 'example.com', 'Finance']) expect(all).not.toContain(value);
    const other = await openLedger({
      store: memoryStore(),
      keys: ledgerKeys('another key of enough characters'),
      destination: 'x',
    });
    expect(other.hash(body('E1'))).not.toEqual(ledger.hash(body('E1')));
  });

  it('forgets a person without a trace', async () => {
    const files = new Map<string, Buffer>();
    const store = memoryStore(files);
    const ledger = await open(store);
    await ledger.recordOutcomes([accepted('KEEP-1'), accepted('FORGET-ME'), refused('KEEP-2', 409)]);
    expect(await ledger.forget('NOBODY')).toBe(false);
    expect(await ledger.forget('FORGET-ME')).toBe(true);
    expect(Buffer.concat([...files.values()]).toString('latin1')).not.toContain('FORGET-ME');
    const after = await open(store, 2);
    expect(after.lookup('FORGET-ME')).toBeUndefined();
    expect([...(await listed(after)).keys()]).toEqual(['KEEP-1', 'KEEP-2']);
    expect((await after.fields('KEEP-1'))?.holds('departmentName', 'Finance')).toBe(true);
  });

  it('changes its stamp with every settlement, and not by being read', async () => {
    const store = memoryStore();
    const ledger = await open(store);
    const before = ledger.stamp;
    await ledger.recordOutcomes([accepted('E1')]);
    expect(ledger.stamp).not.toBe(before);
    await ledger.close();
    const reader = await open(store, 2, { run: undefined });
    expect(reader.stamp).toBe(ledger.stamp);
    await expect(reader.recordOutcomes([accepted('E1')])).rejects.toThrow();
  });

  it('has one stamp while it is empty, so that a plan made before the first run holds when that run opens it', async () => {
    const files = new Map<string, Buffer>();
    const looked = await open(memoryStore(files), 1, { run: undefined });
    const again = await open(memoryStore(files), 1, { run: undefined });
    const run = await open(memoryStore(files));
    expect([again.stamp, run.stamp]).toEqual([looked.stamp, looked.stamp]);
    await run.recordOutcomes([accepted('E1')]);
    expect(run.stamp).not.toBe(looked.stamp);
  });

  it('is left alone by who only reads it', async () => {
    const files = new Map<string, Buffer>();
    const reader = await open(memoryStore(files), 1, { run: undefined });
    await reader.close();
    expect(files.size).toBe(0);
  });

  it('agrees with a plain map through any history, reopened and rewritten at any point', async () => {
    const id = fc.integer({ min: 0, max: 30 }).map((n) => `E${n}`);
    const status = fc.constantFrom('A', 'L', 'T');
    const settlement = fc.record({
      id,
      status,
      title: fc.nat(3),
      refusedStatus: fc.option(fc.constantFrom(400, 409), { nil: undefined, freq: 3 }),
    });
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.uniqueArray(settlement, { maxLength: 8, selector: (one) => one.id }) },
      { weight: 1, arbitrary: fc.constant('reopen' as const) },
      { weight: 1, arbitrary: id.map((forget) => ({ forget })) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const store = memoryStore();
        let run = 1;
        let ledger = await open(store, run);
        const model = new Map<string, { status?: string; run?: string; refused?: number; title?: number }>();
        for (const one of steps) {
          if (one === 'reopen') {
            await ledger.close();
            ledger = await open(store, ++run);
          } else if ('forget' in one) {
            expect(await ledger.forget(one.forget)).toBe(model.delete(one.forget));
            await ledger.close();
            ledger = await open(store, ++run);
          } else {
            await ledger.recordOutcomes(
              one.map((person) => ({
                employeeId: person.id,
                json: body(person.id, { employeeStatusCode: person.status, title: person.title }),
                refusedStatus: person.refusedStatus,
              })),
            );
            for (const person of one) {
              const before = model.get(person.id) ?? {};
              model.set(
                person.id,
                person.refusedStatus === undefined
                  ? { status: person.status, run: `run-${run}`, title: person.title }
                  : { ...before, refused: person.refusedStatus },
              );
            }
          }
        }
        const expected = new Map(
          [...model].map(([key, one]) => [key, `${one.status ?? '-'} ${one.run ?? '-'} ${one.refused ?? '-'}`]),
        );
        for (const reopened of [ledger, await open(store, run + 1)]) {
          expect(await listed(reopened)).toEqual(expected);
          expect(reopened.known).toBe([...model.values()].filter((one) => one.status !== undefined).length);
          expect(reopened.active).toBe(
            [...model.values()].filter((one) => one.status !== undefined && one.status !== 'T').length,
          );
          for (const [key, one] of model) {
            if (one.title !== undefined) expect((await reopened.fields(key))?.holds('title', one.title)).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('rewriting', () => {
  it('drops what later entries replaced once that is most of the log', async () => {
    const files = new Map<string, Buffer>();
    const store = memoryStore(files);
    const people = Array.from({ length: 2000 }, (_, i) => `E${i}`);
    for (let run = 1; run <= 14; run++) {
      const ledger = await open(store, run);
      for (let at = 0; at < people.length; at += 500)
        await ledger.recordOutcomes(people.slice(at, at + 500).map((one) => accepted(one, { title: run })));
      await ledger.close();
    }
    const names = [...files.keys()].sort();
    expect(names).toHaveLength(2);
    expect(files.get('ledger.log')?.length).toBeLessThan(2000 * 100 * 5);
    const ledger = await open(store, 20);
    expect([ledger.known, ledger.lookup('E1999')?.run]).toEqual([2000, 'run-14']);
    expect((await ledger.fields('E1999'))?.holds('title', 14)).toBe(true);
  });

  it('leaves the old ledger whole when it is interrupted, and its strays are removed', async () => {
    const files = new Map<string, Buffer>();
    const store = memoryStore(files);
    const ledger = await open(store);
    await ledger.recordOutcomes([accepted('E1'), accepted('E2')]);
    const failing: StateStore = { ...store, replace: () => Promise.reject(new Error('killed')) };
    files.set(`ledger-fields-${'ab'.repeat(16)}.log`, Buffer.from('stray'));
    const second = await open(failing, 2);
    await expect(second.forget('E1')).rejects.toThrow('killed');
    expect([...files.keys()].filter((name) => name.includes('abab'))).toEqual([]);
    const third = await open(store, 3);
    expect(third.lookup('E2')?.status).toBe('A');
  });
});

describe('a ledger that can not be trusted', () => {
  const settled = async (batches = 4) => {
    const files = new Map<string, Buffer>();
    const store = memoryStore(files);
    const ledger = await open(store);
    for (let batch = 0; batch < batches; batch++)
      await ledger.recordOutcomes([accepted(`E${2 * batch}`), accepted(`E${2 * batch + 1}`)]);
    await ledger.close();
    return { files, store, log: files.get('ledger.log') as Buffer };
  };

  it('cut anywhere in its last append loses that append only', async () => {
    const three = (await settled(3)).log.length;
    const { files, store, log } = await settled(4);
    // Both ledgers have the same bytes up to random parts of equal length.
    for (let size = three + 1; size < log.length; size += 7) {
      files.set('ledger.log', log.subarray(0, size));
      const ledger = await open(store, 2);
      expect(ledger.known).toBe(6);
      expect(ledger.truncated).toBe(size - three);
      await ledger.recordOutcomes([accepted('E6')]);
      expect((await open(store, 3)).known).toBe(7);
    }
  });

  it('cut together with its fields still says that an append is lost', async () => {
    const { files, store, log } = await settled(4);
    files.set('ledger.log', log.subarray(0, log.length - 7));
    const fields = [...files.keys()].find((name) => name.startsWith('ledger-fields')) as string;
    files.set(fields, (files.get(fields) as Buffer).subarray(0, 30));
    const ledger = await open(store, 2);
    expect([ledger.known, ledger.truncated > 0]).toEqual([6, true]);
  });

  it('with its last append half on disk loses that append only', async () => {
    const { files, store, log } = await settled(4);
    const three = (await settled(3)).log.length;
    const holed = Buffer.from(log);
    holed.fill(0, three + 20, log.length - 5);
    files.set('ledger.log', holed);
    expect((await open(store, 2)).known).toBe(6);
    const zeros = Buffer.from(log);
    zeros.fill(0, three);
    files.set('ledger.log', zeros);
    expect((await open(store, 2)).known).toBe(6);
  });

  it('damaged before its last append is a loud error that names file and fix, whatever the byte', async () => {
    const { files, store, log } = await settled(4);
    const three = (await settled(3)).log.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: three - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(log);
        damaged[at] = (damaged[at] as number) ^ flip;
        files.set('ledger.log', damaged);
        const error = await open(store, 2).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: 'ConnectorError',
          message: expect.stringContaining('ledger.log'),
          hint: expect.stringMatching(/backup|version/),
        });
        expect(files.get('ledger.log')).toEqual(damaged);
      }),
    );
    for (const garbage of ['', 'x', 'TGLEDGER', '\0'.repeat(200)]) {
      files.set('ledger.log', Buffer.from(garbage));
      await expect(open(store, 2)).rejects.toThrow('ledger.log');
    }
  });

  it('with damaged fields still knows who was accepted, and says nothing of fields', async () => {
    const { files, store } = await settled(2);
    const name = [...files.keys()].find((file) => file.startsWith('ledger-fields')) as string;
    files.set(name, Buffer.alloc(40, 7));
    const ledger = await open(store, 2);
    expect(ledger.known).toBe(4);
    expect(await ledger.fields('E0')).toBeUndefined();
    await ledger.recordOutcomes([accepted('E0', { title: 'x' })]);
    expect((await ledger.fields('E0'))?.holds('title', 'x')).toBe(true);
    files.delete(name);
    expect((await open(store, 3)).known).toBe(4);
  });

  it('of another key, organization or version is refused', async () => {
    const { files, store, log } = await settled(1);
    await expect(open(store, 2, { keys: ledgerKeys('another key of enough characters') })).rejects.toThrow(
      'another key',
    );
    await expect(open(store, 2, { destination: 'api.example.com org-2' })).rejects.toThrow(
      'another host or organization',
    );
    const newer = Buffer.from(log);
    newer.writeUInt32LE(99, 8);
    files.set('ledger.log', newer);
    await expect(open(store, 2)).rejects.toThrow('later version');
  });

  it('of another organization is taken over while it holds nobody', async () => {
    const { store } = await settled(0);
    const ledger = await open(store, 2, { destination: 'api.example.com org-2' });
    await ledger.recordOutcomes([accepted('E1', { title: 'x' })]);
    await expect(open(store, 3)).rejects.toThrow('another host or organization');
    expect((await open(store, 3, { destination: 'api.example.com org-2' })).known).toBe(1);
  });

  it('is not written by two at once', async () => {
    const { store } = await settled(1);
    const [one, two] = [await open(store, 2), await open(store, 3)];
    await one.recordOutcomes([accepted('E1', { title: 'one' })]);
    await expect(two.recordOutcomes([accepted('E1', { title: 'two' })])).rejects.toMatchObject({ exitCode: 7 });
  });
});

describe('the key of the ledger', () => {
  it('is the setting, else made once and kept', async () => {
    const store = memoryStore();
    const made = await loadLedgerKeys(store, undefined, false);
    expect((await loadLedgerKeys(store, undefined, true)).check).toEqual(made.check);
    const set = await loadLedgerKeys(store, 'a key of at least sixteen characters', true);
    expect(set.check).toEqual(keys.check);
    expect(set.check).not.toEqual(made.check);
    expect(set.derive('plan', 32)).not.toEqual(set.derive('other', 32));
  });

  it('is never made anew for a ledger that has one', async () => {
    await expect(loadLedgerKeys(memoryStore(), undefined, true)).rejects.toThrow('ledger.key is missing');
    const broken = memoryStore(new Map([['ledger.key', Buffer.from('short')]]));
    await expect(loadLedgerKeys(broken, undefined, false)).rejects.toThrow('ledger.key is broken');
  });
});
