import { expect, it } from 'vitest';
import type { PersonOutcome } from '../../model/person.ts';
import { ledgerKeys } from '../ledger/keys.ts';
import { memoryStore } from '../store/memory-store.ts';
import { heldAsOf } from './held-as-of.ts';
import { openKeptValues, valuesKeptOf } from './kept-values.ts';
import { revertOf } from './revert-of.ts';

const keys = ledgerKeys('k'.repeat(64));
const day = 86_400_000;

function world(days = 30) {
  const store = memoryStore();
  const at = (run: string, startedAt: number, keep = days) =>
    openKeptValues({
      ...{ store, keys, days: keep, run: { id: run, startedAt }, lookup: () => undefined },
      rules: () => ({ title: `rule of ${run}` }),
    });
  return { store, at, back: async (run: string) => await revertOf(store, keys, run) };
}

const taken = (id: string, title: string, isNew = false): PersonOutcome => ({
  delivery: {
    index: 0,
    employeeId: id,
    body: Buffer.from(JSON.stringify({ employeeId: id, title })),
    isNew,
  },
  outcome: { outcome: isNew ? 'created' : 'updated' },
});

async function run(values: ReturnType<ReturnType<typeof world>['at']>, outcomes: readonly PersonOutcome[]) {
  await values.sending(outcomes.map(({ delivery }) => delivery));
  await values.keep(outcomes);
  await values.end(true);
}

it('a run is taken back to what was accepted before it, and who changed since is left alone', async () => {
  const { at, back } = world();
  await run(at('r1', day), [taken('a', 'Clerk', true), taken('b', 'Clerk', true)]);
  await run(at('r2', 2 * day), [taken('a', 'wrong'), taken('b', 'wrong'), taken('c', 'wrong', true)]);
  await run(at('r3', 3 * day), [taken('a', 'wrong'), taken('b', 'Boss')]);
  expect(await back('r2')).toEqual({
    people: 3,
    restored: [{ employeeId: 'a', title: 'Clerk' }],
    emptied: new Map(),
    created: [{ employeeId: 'c', title: 'wrong' }],
    changedSince: 1,
    moved: 0,
    unknown: 0,
  });
  await expect(back('r9')).rejects.toThrow('Nothing is kept of a run r9');
});

it('whom a run that was cut off may have sent is taken back as well', async () => {
  const { at, back } = world();
  await run(at('r1', day), [taken('a', 'Clerk', true), taken('b', 'Clerk', true)]);
  const cut = at('r2', 2 * day);
  await cut.sending([taken('a', 'wrong').delivery, taken('b', 'wrong').delivery]);
  await cut.keep([taken('a', 'wrong')]);
  expect((await back('r2')).restored.map(({ employeeId }) => employeeId).sort()).toEqual(['a', 'b']);
});

it('what was replaced goes after its days, what holds now stays, and 0 removes all', async () => {
  const { store, at, back } = world(2);
  await run(at('r1', day), [taken('a', 'one', true)]);
  await run(at('r2', 2 * day), [taken('a', 'two')]);
  await run(at('r3', 3 * day), [taken('a', 'three')]);
  expect((await back('r2')).changedSince).toBe(1);
  await run(at('r4', 4 * day), []);
  await expect(back('r1')).rejects.toThrow('Nothing is kept');
  expect((await back('r3')).restored).toEqual([{ employeeId: 'a', title: 'two' }]);
  await at('r5', 5 * day, 0).end(true);
  expect(await store.names()).toEqual([]);
});

it('a forgotten person has no key and no line any more', async () => {
  const { store, at } = world();
  await run(at('r1', day), [taken('a', 'Clerk', true), taken('b', 'Clerk', true)]);
  const person = Buffer.from(keys.id('a'), 'latin1');
  const holds = async () =>
    (await Promise.all((await store.names()).map((name) => store.read(name)))).some((bytes) => bytes?.includes(person));
  expect([await holds(), await valuesKeptOf(store, keys, keys.id('a'))]).toEqual([true, 1]);
  expect([await at('', 0).forget('a'), await at('', 0).forget('a')]).toEqual([true, false]);
  expect([
    await holds(),
    await valuesKeptOf(store, keys, keys.id('a')),
    await valuesKeptOf(store, keys, keys.id('b')),
  ]).toEqual([false, 0, 1]);
});

it('what Together held of a person at a time, and which run and rule had brought each value, by id, address or number', async () => {
  const { store, at } = world();
  const user = (title: string): PersonOutcome => {
    const one = taken('a', title, title === 'Clerk');
    const body = Buffer.from(
      JSON.stringify({ employeeId: 'a', email: 'A@example.com', title, 'hrisFields.number': 4711 }),
    );
    return { ...one, delivery: { ...one.delivery, body } };
  };
  await run(at('r1', day), [user('Clerk')]);
  await run(at('r2', 2 * day), [user('wrong')]);
  const by = async (wanted: string, then: number) =>
    (await heldAsOf(store, keys, wanted, (start) => start <= then))?.map(({ field, value, run: of, rule, isOlder }) => [
      field,
      value,
      of,
      rule ?? '',
      isOlder,
    ]);
  const same = [
    ['employeeId', 'a', 'r1', '', false],
    ['email', 'A@example.com', 'r1', '', false],
  ];
  const number = ['hrisFields.number', 4711, 'r1', '', false];
  expect(await by('a', day)).toEqual([...same, ['title', 'Clerk', 'r1', 'rule of r1', false], number]);
  for (const wanted of ['a@example.com', '4711'])
    expect(await by(wanted, 3 * day)).toEqual([...same, ['title', 'wrong', 'r2', 'rule of r2', false], number]);
  expect([await by('a', 0), await by('b', 3 * day), await by('b@example.com', day)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('a line that was changed, taken out, moved or cut off is found, and so is a log that has gone', async () => {
  const { store, at, back } = world();
  await run(at('r1', day), [taken('a', 'Clerk', true), taken('b', 'Clerk', true)]);
  await run(at('r2', 2 * day), [taken('a', 'Boss'), taken('b', 'Boss')]);
  const whole = (await store.read('values.log'))?.toString('latin1') as string;
  const lines = whole.split(/(?<=\n)/);
  expect(lines.length).toBeGreaterThan(3);
  const put = async (text: string) => await store.replace('values.log', [Buffer.from(text, 'latin1')]);
  const [first, second, ...rest] = lines as [string, string, ...string[]];
  for (const text of [
    whole.replace(' r2 ', ' r1 '),
    whole.replace('created', 'changed'),
    [first, ...rest].join(''),
    [second, first, ...rest].join(''),
    lines.slice(0, -1).join(''),
    whole.slice(0, -1),
    '',
  ]) {
    await put(text);
    await expect(back('r2'), text).rejects.toThrow(/values\.log is damaged at byte \d+/);
    await expect(at('r3', 3 * day).keep([taken('a', 'New')]), text).rejects.toThrow('is damaged');
  }
  await store.remove('values.log');
  await expect(back('r2')).rejects.toThrow('is damaged');
  await put(whole);
  expect((await back('r2')).restored).toHaveLength(2);
  // What a run had appended before it was killed is more than the head tells, and whole.
  await store.replace('values.head', [Buffer.from(`${/ (\w+)\n/.exec(first)?.[1]}\n`)]);
  expect((await back('r2')).restored).toHaveLength(2);
});
