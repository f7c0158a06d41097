import { expect, it } from 'vitest';
import { peopleOf, person, type Row } from '../testing/people.ts';
import { openEmailOwners, type RunEmails } from './email-owners.ts';
import { memoryStore } from './store/memory-store.ts';

const dayMs = 86_400_000;
const startedAt = 1000 * dayMs;

function setUp(accepted: readonly string[]) {
  const statusOf = (id: string) => (accepted.includes(id) ? 'A' : undefined);
  const owners = openEmailOwners(
    memoryStore(new Map()),
    { derive: (_purpose, bytes) => Buffer.alloc(bytes) },
    statusOf,
  );
  const run = (rows: readonly Row[], over: Partial<RunEmails> = {}): RunEmails => ({
    people: peopleOf(rows),
    startedAt,
    isSentWithout: () => false,
    isTaken: () => true,
    ...over,
  });
  /** Who owns a@example.com, as a run sees it that reads `rows` beside a new person with that address. */
  async function othersOf(rows: readonly Row[] = [], all = false) {
    const people = peopleOf([person('new', { email: 'A@example.com' }), ...rows]);
    const { elsewhere, handedOver } = await owners.othersOf(people, all);
    return { elsewhere: [...elsewhere.values()].flat(), handedOver: [...handedOver.values()].flat() };
  }
  return { owners, run, othersOf };
}

const moved = person('a', { email: 'moved@example.com' });
const { email: _, ...cleared } = person('a');

it('tells apart who is not read today and who has another address now', async () => {
  const { owners, run, othersOf } = setUp(['a']);
  await owners.end(run([person('a')]), true);
  expect({
    notRead: await othersOf(),
    readAgain: await othersOf([person('a')]),
    moved: await othersOf([moved]),
    cleared: await othersOf([cleared]),
  }).toEqual({
    notRead: { elsewhere: ['a'], handedOver: [] },
    readAgain: { elsewhere: [], handedOver: [] },
    moved: { elsewhere: [], handedOver: ['a'] },
    cleared: { elsewhere: ['a'], handedOver: [] },
  });
});

it('remembers who waits for an address, of those whom Together has, till they are read again', async () => {
  const { owners, run } = setUp(['b']);
  const waiting = async (rows: readonly Row[] = []) => {
    const people = peopleOf([person('new', { email: 'a@example.com' }), ...rows]);
    return [...((await owners.othersOf(people)).waiting?.values() ?? [])].flat();
  };
  const [claimsA, unknown] = [person('b', { email: 'a@example.com' }), person('c', { email: 'a@example.com' })];
  const swapped = run([person('a'), claimsA, unknown], { isSentWithout: (at) => at > 0 });
  await owners.begin(swapped);
  await owners.end(swapped, true);
  expect({ notRead: await waiting(), readAgain: await waiting([claimsA]) }).toEqual({ notRead: ['b'], readAgain: [] });
  expect(await owners.idsOf(new Set([owners.hash('a@example.com')]))).toEqual(new Map());
  await owners.end(run([person('b')]), true);
  expect(await waiting()).toEqual([]);
});

it('frees an address that the HRIS has emptied only where Together never had its owner', async () => {
  const { owners, run, othersOf } = setUp([]);
  await owners.end(run([person('a')]), false);
  expect(await othersOf([cleared])).toEqual({ elsewhere: [], handedOver: [] });
});

it('frees an address of an owner whom Together never had once everybody is read without them', async () => {
  const never = setUp([]);
  const known = setUp(['a']);
  for (const { owners, run } of [never, known]) await owners.end(run([person('a')]), true);
  expect({ part: (await never.othersOf()).elsewhere, all: (await never.othersOf([], true)).elsewhere }).toEqual({
    part: ['a'],
    all: [],
  });
  expect((await known.othersOf([], true)).elsewhere).toEqual(['a']);
});

it("remembers whose address Together's own list says it is, once for each person, until another list", async () => {
  const { owners, run, othersOf } = setUp(['a', 'b']);
  const hash = owners.hash('a@example.com');
  await owners.begin(run([person('b')]), [
    { id: 'a', hash },
    { id: 'b', hash: owners.hash('b@example.com') },
  ]);
  await owners.end(run([person('b')]), true);
  expect(await othersOf()).toEqual({ elsewhere: ['a'], handedOver: [] });
  expect([(await owners.addressesOf('a')).size, (await owners.addressesOf('b')).size]).toEqual([1, 1]);
  await owners.begin(run([]), []);
  expect(await othersOf()).toEqual({ elsewhere: [], handedOver: [] });
});

it("remembers an address of Together's own list for its owner, also where it waits in this run", async () => {
  const { owners, run, othersOf } = setUp(['a']);
  const waits = run([person('a')], { isSentWithout: () => true });
  await owners.begin(waits, [{ id: 'a', hash: owners.hash('a@example.com') }]);
  await owners.end(waits, true);
  expect((await othersOf()).elsewhere).toEqual(['a']);
});

it('keeps an owner whose address the HRIS has emptied, run after run', async () => {
  const { owners, run, othersOf } = setUp(['a']);
  await owners.end(run([person('a')]), true);
  for (let night = 0; night < 2; night++) {
    await owners.begin(run([cleared]));
    await owners.end(run([cleared]), true);
  }
  expect((await othersOf([cleared])).elsewhere).toEqual(['a']);
});

it.each([
  { what: 'Together took the new address', over: {}, owner: [] },
  { what: 'Together has not taken the new address', over: { isTaken: () => false }, owner: ['a'] },
  {
    what: 'the leaver went without an address',
    over: { isSentWithout: (person: number) => person === 0 },
    owner: ['a'],
  },
])('after a run, when $what, the old address is owned by $owner', async ({ over, owner }) => {
  const { owners, run, othersOf } = setUp(['a']);
  await owners.end(run([person('a')]), true);
  await owners.begin(run([moved], { isTaken: () => false }));
  await owners.end(run([moved], over), true);
  expect((await othersOf()).elsewhere).toEqual(owner);
});

it.each([
  { what: 'Together has them, whatever was read', accepted: ['a'], complete: true, days: 400, owner: ['a'] },
  { what: 'a partial read shows others', accepted: [], complete: false, days: 35, owner: ['a'] },
  { what: 'no run has read them for long', accepted: [], complete: false, days: 36, owner: [] },
  { what: 'a complete read shows that they are gone', accepted: [], complete: true, days: 1, owner: [] },
])('of people who are not read, when $what, the owner is $owner', async ({ accepted, complete, days, owner }) => {
  const { owners, run, othersOf } = setUp(accepted);
  await owners.end(run([person('a')]), true);
  await owners.end(run([person('b')], { startedAt: startedAt + days * dayMs }), complete);
  expect((await othersOf()).elsewhere).toEqual(owner);
});

it('counts addresses of people out of scope only where Together has them', async () => {
  const rows: Row[] = [{ user: person('a'), filter: 'company' }];
  const known = setUp(['a']);
  const unknown = setUp([]);
  for (const { owners, run } of [known, unknown]) await owners.end(run(rows), true);
  expect({ known: (await known.othersOf()).elsewhere, unknown: (await unknown.othersOf()).elsewhere }).toEqual({
    known: ['a'],
    unknown: [],
  });
});
