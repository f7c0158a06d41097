import { describe, expect, it } from 'vitest';
import { peopleOf, person, type Row } from '../../testing/people.ts';
import { checkWholeSet } from './check-people.ts';
import { sentAfter } from './email-handover.ts';

interface Case {
  readonly what: string;
  readonly rows: readonly Row[];
  /** Next owner → previous owners of the address, as earlier runs have seen. */
  readonly handedOver: Readonly<Record<string, readonly string[]>>;
  readonly accepted?: readonly string[];
  readonly heldBack?: readonly string[];
  readonly rounds: Readonly<Record<string, number>>;
  readonly waiting?: readonly string[];
  readonly withoutEmail?: readonly string[];
}

const at = (id: string, email: string, over = {}) => person(id, { email: `${email}@example.com`, ...over });

const cases: readonly Case[] = [
  {
    what: 'one previous owner goes first',
    rows: [at('next', 'x'), at('before', 'y')],
    handedOver: { next: ['before'] },
    rounds: { before: 0 },
  },
  {
    what: 'a chain goes in rounds',
    rows: [at('c', 'b'), at('b', 'a'), at('a', 'new')],
    handedOver: { c: ['b'], b: ['a'] },
    rounds: { a: 0, b: 1 },
  },
  {
    what: 'in a circle of known people only the addresses wait',
    rows: [at('a', 'b'), at('b', 'a'), at('c', 'c')],
    handedOver: { a: ['b'], b: ['a'] },
    rounds: {},
    withoutEmail: ['a', 'b'],
  },
  {
    what: 'a previous owner who may be held back keeps the address',
    rows: [at('next', 'x'), at('before', 'y')],
    handedOver: { next: ['before'] },
    accepted: ['before'],
    heldBack: ['before'],
    rounds: {},
    waiting: ['next'],
  },
  {
    what: 'a previous owner out of scope keeps the address',
    rows: [at('next', 'x'), { user: at('before', 'y'), filter: 'company' }],
    handedOver: { next: ['before'] },
    accepted: ['before'],
    rounds: {},
    waiting: ['next'],
  },
  {
    what: 'a leaver does not wait, and goes without the address',
    rows: [at('leaver', 'x', { employeeStatusCode: 'T' }), at('before', 'y')],
    handedOver: { leaver: ['before'] },
    rounds: {},
    withoutEmail: ['leaver'],
  },
  {
    what: 'an owner that Together never accepted has nothing to give up',
    rows: [at('next', 'x'), at('before', 'y')],
    handedOver: { next: ['before'] },
    accepted: ['next'],
    rounds: {},
  },
];

describe('an address that changes hands', () => {
  it.each(cases)('$what', ({ rows, handedOver, accepted, heldBack = [], rounds, waiting = [], withoutEmail = [] }) => {
    const people = peopleOf(rows);
    const found = checkWholeSet({
      people,
      statusOf: (id) => (!accepted || accepted.includes(id) ? 'A' : undefined),
      owners: {
        elsewhere: new Map(),
        leavers: new Map(),
        handedOver: new Map(
          Object.entries(handedOver).map(([id, owners]) => [people.emailHash(people.find(id)), owners]),
        ),
      },
      mayBeHeldBack: (one) => heldBack.includes(people.id(one) as string),
    });
    const ids = (list: Iterable<number>) => [...list].map((one) => people.id(one));
    expect({
      rounds: Object.fromEntries([...found.handoverRounds].map(([one, round]) => [people.id(one), round])),
      waiting: ids(found.conflicts.keys()),
      withoutEmail: ids(found.withoutEmail),
      // Whose address is not sent need not wait for its owner.
      leaversWait: [...found.withoutEmail].some((one) => sentAfter(found, one) !== undefined),
    }).toEqual({ rounds, waiting, withoutEmail, leaversWait: false });
  });
});
