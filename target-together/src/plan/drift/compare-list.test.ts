/** In whatever order Together lists people, the same is told, and the fields file is not read more often than it must. */
import { expect, it } from 'vitest';
import { ledgerKeys } from '../../state/ledger/keys.ts';
import { openLedger } from '../../state/ledger/ledger.ts';
import { memoryStore } from '../../state/store/memory-store.ts';
import type { RemoteUser } from '../../together/list/user-keys.ts';
import { compareList } from './compare-list.ts';

const people = 4000;
/** The fields file has four. */
const blocks = 4;
const bodies = Array.from({ length: people }, (_, at) => ({
  employeeId: `E${at}`,
  employeeStatusCode: 'A',
  ...Object.fromEntries(Array.from({ length: 30 }, (__, field) => [`field${field}`, `${at % 7} ${field}`])),
}));
/** What somebody changed there: of every hundredth person a value, of every thousandth one is gone. */
const listed: RemoteUser[] = bodies.map((body, at) => ({
  ...body,
  ...(at % 100 === 1 && { field3: 'changed' }),
  ...(at % 1000 === 2 && { field4: '' }),
}));

/** An order that neighbours of the file have nothing in common in. */
const mixed = listed.map((_, at) => listed[(at * 7919) % people] as RemoteUser);
const inTwoHalves = listed.map((_, at) => listed[(at >> 1) + (at % 2) * (people / 2)] as RemoteUser);

async function accepted() {
  const store = memoryStore();
  const keys = ledgerKeys('a key of at least sixteen characters');
  const reads: number[] = [];
  const read: typeof store.read = (name, offset, length) => {
    if (name.startsWith('ledger-fields')) reads.push(offset ?? 0);
    return store.read(name, offset, length);
  };
  const options = { store: { ...store, read }, keys, destination: 'x', shared: (field: string) => field === 'field1' };
  const ledger = await openLedger({ ...options, run: { id: 'r', startedAt: 0 } });
  const outcomes = bodies.map((body) => ({
    employeeId: body.employeeId,
    json: JSON.stringify(body),
    refusedStatus: undefined,
  }));
  await ledger.recordOutcomes(outcomes);
  await ledger.close();
  return { ledger: await openLedger(options), reads };
}

it.each([
  ['its own', listed],
  ['the reverse', listed.toReversed()],
  ['two parts in turn', inTwoHalves],
  ['none', mixed],
])('tells the same of a list in this order: %s', async (_, users) => {
  const { ledger, reads } = await accepted();
  const taker = compareList({ ledger, emails: { hash: () => 1, idsOf: async () => new Map() } });
  for (const user of users) await taker.user(user);
  const compared = await taker.done();
  expect(compared).toMatchObject({ users: people, matched: people, unknown: 0, confirmed: people - 44 });
  expect(compared.fields.find(({ field }) => field === 'field3')).toMatchObject({ different: 40, absent: 0 });
  expect(compared.fields.find(({ field }) => field === 'field4')).toMatchObject({ different: 0, absent: 4 });
  expect(compared.of(ledger.find('E101') as { position: number })?.fields).toEqual(['field3']);
  expect(reads.length).toBeLessThanOrEqual(2 * blocks);
});
