/** Random lives, as plain data: what a shrunk counter-example is kept as. */
import fc from 'fast-check';
import type { Event } from './hr.ts';

export interface Night {
  /** Since the night before; most are a day apart. */
  readonly hours: number;
  /**
   * `all`: everybody, and the source says so at its end; `announced`: it said so before the first row, which proves nothing; `cut`: it
   * died before its end; `changes`: what changed since the bookmark.
   */
  readonly reads: 'all' | 'announced' | 'cut' | 'changes';
  readonly events: readonly Event[];
  /** `kill`: the process is killed at a request, before or after Together acted on it. */
  readonly mishap: 'none' | 'kill' | 'kill-after' | 'lost-state';
  /** The request at which it is killed, from 1. */
  readonly at: number;
  readonly refusals: readonly { readonly who: number; readonly status: 400 | 409 | 410 }[];
  /** What a guard stops is released. */
  readonly accept: boolean;
  /** As a process of its own, with its clock set. */
  readonly apart: boolean;
  /** So many hours the clock of the run is ahead, this night alone. */
  readonly ahead: number;
}

export interface Life {
  readonly size: number;
  readonly zone: string;
  /** The first night, milliseconds since 1970. */
  readonly begins: number;
  readonly lead: number | null;
  readonly end: 'day_after' | 'day_of' | 'status';
  readonly onNewId: 'hold' | 'relink';
  readonly vanished: 'report' | 'terminate';
  readonly outOfScope: 'report' | 'terminate';
  readonly leaverEmail: boolean;
  readonly completeReads: 'declared' | 'always';
  /** Users whom an admin has made in Together before the first night: under the ids of the HRIS, and under others, with the same addresses. */
  readonly prefilled: { readonly byId: number; readonly byAddress: number };
  readonly maxRejectedPercent: number;
  readonly batch: number;
  /** How the source marks a deleted row: a position in the sandbox's list. */
  readonly mark: number;
  readonly nights: readonly Night[];
}

const who = fc.nat(200);
const often = <T>(value: T, weight: number) => ({ arbitrary: fc.constant(value), weight });

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      ahead: fc.constantFrom(0, 0, 1, 3, 9, 20),
      address: fc.constantFrom('own' as const, 'own' as const, 'own' as const, 'of' as const, 'with' as const),
      who,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('leave' as const), who, days: fc.constantFrom(null, -30, -1, 0, 1, 5, 14) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, keep: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move-end' as const), who, days: fc.integer({ min: -3, max: 9 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('rehire' as const),
      who,
      ahead: fc.constantFrom(0, 0, 4),
      keep: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rename' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('promote' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('boss' as const), who, other: who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave-of-absence' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('return' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('swap-addresses' as const), who, other: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take-address' as const), who, other: who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('empty-address' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('new-address' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hide' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('show' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renumber' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('second-id' as const), who, ended: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('double' as const),
      who,
      how: fc.constantFrom('equal' as const, 'different' as const, 'no' as const, 'no' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('placeholder' as const),
      who,
      field: fc.constantFrom('start' as const, 'end' as const),
      which: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stamp' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nameless' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scope' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), who, keyOnly: fc.boolean() }) },
);

const mass: fc.Arbitrary<Event> = fc.record({
  do: fc.constant('mass' as const),
  what: fc.constantFrom('renumber', 'new-tenant', 'domain', 'leave', 'hide'),
});

const night: fc.Arbitrary<Night> = fc.record({
  hours: fc.oneof(often(24, 6), { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }),
  reads: fc.oneof(
    often('all' as const, 10),
    often('changes' as const, 4),
    often('announced' as const, 1),
    often('cut' as const, 1),
  ),
  events: fc.oneof(
    { weight: 30, arbitrary: fc.array(event, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(mass, { minLength: 1, maxLength: 1 }) },
  ),
  mishap: fc.oneof(
    often('none' as const, 20),
    often('kill' as const, 1),
    often('kill-after' as const, 1),
    often('lost-state' as const, 1),
  ),
  at: fc.integer({ min: 1, max: 4 }),
  refusals: fc.oneof(often([] as Night['refusals'], 12), {
    weight: 1,
    arbitrary: fc.array(
      fc.record({ who, status: fc.constantFrom(400 as const, 400 as const, 409 as const, 410 as const) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  }),
  accept: fc.boolean(),
  apart: fc.oneof(often(false, 15), often(true, 1)),
  ahead: fc.oneof(often(0, 25), { weight: 1, arbitrary: fc.constantFrom(1, 26, 24 * 10, 24 * 400) }),
});

const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/Sao_Paulo',
  'Pacific/Apia',
];

/** A life of at most so many nights; a year of them, from a random day on. */
export const lives = (mostNights: number): fc.Arbitrary<Life> =>
  fc.record({
    size: fc.integer({ min: 3, max: 40 }),
    zone: fc.constantFrom(...zones),
    begins: fc.integer({ min: 0, max: 365 * 24 }).map((hour) => Date.UTC(2026, 0, 1) + hour * 3_600_000),
    lead: fc.oneof(often<number | null>(0, 6), often<number | null>(3, 1), often<number | null>(null, 1)),
    end: fc.oneof(often('day_after' as const, 6), often('day_of' as const, 1), often('status' as const, 1)),
    onNewId: fc.oneof(often('hold' as const, 3), often('relink' as const, 1)),
    vanished: fc.oneof(often('report' as const, 2), often('terminate' as const, 1)),
    outOfScope: fc.oneof(often('report' as const, 2), often('terminate' as const, 1)),
    leaverEmail: fc.oneof(often(false, 2), often(true, 1)),
    completeReads: fc.oneof(often('declared' as const, 4), often('always' as const, 1)),
    prefilled: fc.oneof(often({ byId: 0, byAddress: 0 }, 4), {
      weight: 1,
      arbitrary: fc.record({ byId: fc.nat(30), byAddress: fc.nat(14) }),
    }),
    maxRejectedPercent: fc.constantFrom(5, 100),
    batch: fc.integer({ min: 1, max: 7 }),
    mark: fc.nat(5),
    nights: fc.array(night, { minLength: 1, maxLength: mostNights, size: 'max' }),
  });
