/** Thirty things that happen to people: what is played on the sandbox's employer, and on which days the run comes. */
import { expectedUsers } from '@ukg-together/sandbox/expected';
import type { LifeEvent } from '@ukg-together/sandbox/life';
import type { World } from '@ukg-together/sandbox/world';

export interface Stage {
  readonly world: World;
  /** A person active that Together holds, who leads no one. */
  readonly id: string;
  readonly other: string;
  /** `YYYY-MM-DD`, days from the run's today. */
  readonly day: (offset: number) => string;
}

export interface RehearsedEvent {
  readonly name: string;
  readonly title: string;
  /** What happens on each day, and how many days after the one before it. */
  readonly days: readonly {
    readonly after?: number;
    readonly play?: (stage: Stage) => LifeEvent | readonly LifeEvent[];
  }[];
  /** The first day; default 2026-03-02. */
  readonly begins?: string;
  /** A guard is to stop the run, and Together to hold what it held. */
  readonly stops?: true;
}

const one = (
  name: string,
  title: string,
  play: (stage: Stage) => LifeEvent | readonly LifeEvent[],
  ...later: RehearsedEvent['days'][number][]
): RehearsedEvent => ({ name, title, days: [{ play }, ...later] });
const leaves = ({ id }: Stage): LifeEvent => ({ kind: 'leave', employeeId: id });
const endIn =
  (offset: number) =>
  ({ id, day }: Stage): LifeEvent => ({ kind: 'leave', employeeId: id, date: day(offset) });
const anotherBoss = ({ world, id, other }: Stage): string => {
  const current = expectedUsers(world).get(id)?.user['supervisorId'];
  return (
    [...expectedUsers(world).values()].find(
      ({ employeeId: each, user }) =>
        each !== id && each !== other && each !== current && user['employeeStatusCode'] === 'A',
    )?.employeeId ?? other
  );
};
const company = ({ world }: Stage): string => world.tables.companies[0]?.id ?? '';

export const events: readonly RehearsedEvent[] = [
  { name: 'first-run', title: 'everybody, as they are', days: [{}] },
  { name: 'quiet-day', title: 'a day on which nothing happens', days: [{}, {}] },
  one('join', 'joins today', () => ({ kind: 'join' })),
  one(
    'join-ahead',
    'is hired ahead of time',
    ({ day }) => ({ kind: 'join', hireDate: day(3) }),
    { after: 2 },
    { after: 1 },
  ),
  one(
    'start-moved',
    'the first day moves',
    ({ day }) => ({ kind: 'join', hireDate: day(2) }),
    {
      after: 1,
      play: ({ world, day }) => ({
        kind: 'reschedule',
        which: 'start',
        employeeId: world.person(world.size - 1).employeeId,
        date: day(3),
      }),
    },
    { after: 1 },
    { after: 2 },
  ),
  one('leave', 'leaves', leaves),
  one('release', 'is released (a second code for leavers)', ({ id }) => ({
    kind: 'leave',
    employeeId: id,
    status: 'R',
  })),
  one('leave-ahead', 'leaves ahead of time', endIn(3), { after: 3 }, { after: 1 }),
  one(
    'end-moved',
    'the last day moves',
    endIn(2),
    { after: 1, play: ({ id, day }) => ({ kind: 'reschedule', which: 'end', employeeId: id, date: day(3) }) },
    { after: 2 },
    { after: 2 },
  ),
  one(
    'withdraw',
    'a termination is withdrawn',
    endIn(3),
    { after: 1, play: ({ id }) => ({ kind: 'withdraw', employeeId: id }) },
    { after: 4 },
  ),
  one(
    'withdraw-date',
    'a termination is withdrawn, and its day stays on the row',
    endIn(3),
    { after: 1, play: ({ id }) => ({ kind: 'withdraw', employeeId: id, keepDate: true }) },
    { after: 4 },
  ),
  one('rehire', 'leaves and is hired again', leaves, {
    after: 9,
    play: ({ id }) => ({ kind: 'rehire', employeeId: id }),
  }),
  one('rehire-date', 'is hired again, and the old end stays on the row', leaves, {
    after: 9,
    play: ({ id }) => ({ kind: 'rehire', employeeId: id, keepDate: true }),
  }),
  one('absence', 'goes on leave', ({ id }) => ({ kind: 'leave-of-absence', employeeId: id })),
  one('suspended', 'is suspended (a second code for people on leave)', ({ id }) => ({
    kind: 'leave-of-absence',
    employeeId: id,
    status: 'S',
  })),
  one('on-strike', 'joins on strike (a second code for active people)', () => ({
    kind: 'join',
    setEmployment: { status: 'O' },
  })),
  one('return', 'comes back from leave', ({ id }) => ({ kind: 'leave-of-absence', employeeId: id }), {
    after: 30,
    play: ({ id }) => ({ kind: 'return', employeeId: id }),
  }),
  one('transfer', 'goes to another company', ({ id }) => ({ kind: 'transfer', employeeId: id })),
  one('second-job', 'has a second job', ({ id }) => ({ kind: 'second-job', employeeId: id })),
  one('promote', 'is promoted', ({ id }) => ({ kind: 'promote', employeeId: id })),
  one('supervisor', 'gets another supervisor', (stage) => ({
    kind: 'change-supervisor',
    employeeId: stage.id,
    supervisor: anotherBoss(stage),
  })),
  one('no-supervisor', 'has no supervisor any more', ({ id }) => ({
    kind: 'change-supervisor',
    employeeId: id,
    supervisor: null,
  })),
  one('married', 'gets a married name and a new address', ({ id }) => ({ kind: 'rename', employeeId: id })),
  one('department', 'a department has another name', ({ world, id }) => ({
    kind: 'rename-department',
    code: expectedUsers(world).get(id)?.user['departmentId'] ?? '',
  })),
  one('corrected', 'the hire date is corrected back', ({ id }) => ({ kind: 'correct', employeeId: id })),
  one('silent', 'the hire date is corrected, and no change date is written', ({ id }) => ({
    kind: 'correct',
    employeeId: id,
    silent: true,
  })),
  one('address-emptied', 'the address is emptied', ({ id }) => ({ kind: 'empty-address', employeeId: id })),
  one('address-shared', 'two people have one address', ({ id, other }) => ({
    kind: 'hand-over-address',
    employeeId: id,
    to: other,
  })),
  one('address-handed-on', "a leaver's address goes to a new person", leaves, {
    after: 5,
    play: ({ id }) => ({ kind: 'hand-over-address', employeeId: id, empties: true }),
  }),
  one('placeholder', 'a date stands for none', ({ id }) => ({
    kind: 'placeholder-date',
    employeeId: id,
    field: 'lastHire',
    value: '9999-12-31T00:00:00',
  })),
  one('vanished', 'is in no answer any more', ({ id }) => ({ kind: 'vanish', employeeId: id })),
  {
    ...one('leap-day', 'the last day is the 29th of February', endIn(1), { after: 1 }, { after: 1 }),
    begins: '2028-02-28',
  },
  {
    ...one('new-domain', 'everybody has an address in a new domain', () => ({
      kind: 'change-domain',
      to: 'new.example.org',
    })),
    stops: true,
  },
  { ...one('renumbered', 'everybody has a new id', () => ({ kind: 'renumber-everybody' })), stops: true },
  one('join-company', 'joins in a company that is named', (stage) => ({ kind: 'join', companyId: company(stage) })),
];
