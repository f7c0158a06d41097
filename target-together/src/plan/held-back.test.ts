import { describe, expect, it } from 'vitest';
import type { TogetherUser } from '../model/person.ts';
import type { Known } from '../state/ledger/ledger.ts';
import { peopleOf, person, testHash } from '../testing/people.ts';
import { checkWholeSet } from './checks/check-people.ts';
import { isStillDeleted, mayBeHeldBack, type RetryRules } from './held-back.ts';

const now = Date.UTC(2026, 2, 31, 4);
const hour = 3_600_000;

interface Case {
  readonly what: string;
  /** As it is read now. */
  readonly user: TogetherUser;
  /** As it was when Together refused it; default: as it is read now. */
  readonly refusedUser?: TogetherUser;
  readonly status?: number;
  readonly hours?: number;
  readonly accepted?: string;
  readonly isReplayed?: boolean;
  readonly held: boolean;
}

const linked = person('a', { supervisorId: 'boss' });
const leaver = person('a', { employeeStatusCode: 'T' });
const { supervisorId: _, ...unlinked } = linked;

const cases: readonly Case[] = [
  { what: 'the same body, an hour later', user: person('a'), held: true },
  { what: 'the same body, after the resend window', user: person('a'), hours: 25, held: false },
  { what: 'another body', user: person('a', { title: 'new' }), refusedUser: person('a'), held: false },
  { what: '409, a year later', user: person('a'), status: 409, hours: 9000, held: true },
  { what: '410, a year later', user: person('a'), status: 410, hours: 9000, held: true },
  { what: 'a reject that was given back', user: person('a'), isReplayed: true, held: false },
  { what: 'a 410 that was given back', user: person('a'), status: 410, isReplayed: true, held: true },
  { what: 'a leaver that Together has as active', user: leaver, accepted: 'A', held: false },
  { what: 'a leaver that Together has as terminated', user: leaver, accepted: 'T', held: true },
  { what: 'a leaver whose account is gone', user: leaver, accepted: 'A', status: 410, held: true },
  { what: 'a body refused without its supervisor', user: linked, refusedUser: unlinked, held: true },
  { what: 'a body refused with another supervisor', user: unlinked, refusedUser: linked, held: false },
];

const knownOf = ({ user, refusedUser = user, status = 400, hours = 1, accepted }: Case): Known => ({
  status: accepted,
  hash: undefined,
  acceptedAt: 0,
  run: undefined,
  refused: { status, hash: testHash(JSON.stringify(refusedUser)), at: now - hours * hour },
});

describe('held back', () => {
  it.each(cases)('$what: $held', (one) => {
    const rules: RetryRules = {
      people: peopleOf([one.user]),
      known: () => knownOf(one),
      hash: testHash,
      now,
      resendAfterHours: 24,
      replayed: () => one.isReplayed === true,
    };
    expect(mayBeHeldBack(rules, 0)).toBe(one.held);
  });

  it('a deleted account has no address while the record is as it was refused, with or without its link', () => {
    const isDeleted = (user: TogetherUser, refusedUser: TogetherUser, canLink: boolean, status = 410) =>
      isStillDeleted(
        {
          ...{ people: peopleOf([user]), hash: testHash, now, resendAfterHours: 24 },
          known: () => knownOf({ what: '', user, refusedUser, status, held: true }),
        },
        0,
        () => canLink,
      );
    expect({
      same: isDeleted(linked, linked, true),
      withoutLink: isDeleted(linked, unlinked, false),
      linkComes: isDeleted(linked, unlinked, true),
      linkGoes: isDeleted(linked, linked, false),
      locked: isDeleted(linked, linked, true, 409),
    }).toEqual({ same: true, withoutLink: true, linkComes: false, linkGoes: false, locked: false });
  });

  it('does nothing while the ledger is empty; without a resend window, only a change ends it', () => {
    const rules = { people: peopleOf([person('a')]), known: undefined, hash: testHash, now, resendAfterHours: 24 };
    const known = () => knownOf({ what: '', user: person('a'), hours: 9000, held: true });
    expect({
      empty: mayBeHeldBack(rules, 0),
      never: mayBeHeldBack({ ...rules, known, resendAfterHours: null }, 0),
    }).toEqual({ empty: false, never: true });
  });

  it('keeps an address from its next owner, and from who waits behind that one', () => {
    const people = peopleOf([
      person('first', { email: 'new@example.com' }),
      person('second', { email: 'first@example.com' }),
      person('third', { email: 'second@example.com' }),
    ]);
    const handedOver = new Map([
      [people.emailHash(1), ['first']],
      [people.emailHash(2), ['second']],
    ]);
    const waiting = (held: boolean) => [
      ...checkWholeSet({
        people,
        statusOf: () => 'A',
        owners: { elsewhere: new Map(), leavers: new Map(), handedOver },
        mayBeHeldBack: (at) => held && at === 0,
      }).withoutEmail,
    ];
    expect({ held: waiting(true).map((at) => people.id(at)), free: waiting(false) }).toEqual({
      held: ['second', 'third'],
      free: [],
    });
  });
});
