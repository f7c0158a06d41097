/**
 * Midnight in 27 zones, on both sides of a change of clocks where there is one: what each situation means a second before the day on
 * which it turns, and a second after it began. The meanings are written down by hand; the instant of midnight is found through Intl.
 */
import { calendarDay } from '@ukg-together/kit/days/calendar-day';
import { isNoDate } from '@ukg-together/kit/days/no-dates';
import { describe, expect, it } from 'vitest';
import { beginsLater, hasEnded } from '../../tap-ukg-pro/src/employees/choose.ts';
import { createTimes } from '../../tap-ukg-pro/src/time/time.ts';
import { asOfToday } from '../../target-together/src/collect/days/effective-dates.ts';
import { type Dated, dayIn, type EndRule, type Meaning, meaningOf, plusDays, startOf } from './days.ts';

/** Each with the day before and the day after a change of its clocks; where there is none, two days of the year. */
const zones: readonly (readonly [zone: string, ...days: string[]])[] = [
  ['UTC', '2026-01-31', '2026-02-28'],
  ['America/New_York', '2026-03-07', '2026-03-08', '2026-10-31', '2026-11-01'],
  ['America/Chicago', '2026-03-08', '2026-11-01'],
  ['America/Denver', '2026-03-08', '2026-11-01'],
  ['America/Phoenix', '2026-03-08', '2026-12-31'],
  ['America/Los_Angeles', '2026-03-08', '2026-11-01'],
  ['America/Anchorage', '2026-03-08', '2026-11-01'],
  ['Pacific/Honolulu', '2026-03-08', '2028-02-29'],
  ['America/St_Johns', '2026-03-08', '2026-11-01'],
  ['America/Halifax', '2026-03-08', '2026-11-01'],
  ['America/Sao_Paulo', '2018-11-03', '2018-11-04', '2019-02-16', '2026-06-15'],
  ['America/Santiago', '2026-04-04', '2026-04-05', '2026-09-05', '2026-09-06'],
  ['America/Havana', '2026-03-07', '2026-03-08', '2026-11-01'],
  ['Europe/London', '2026-03-29', '2026-10-25'],
  ['Europe/Dublin', '2026-03-29', '2026-10-25'],
  ['Europe/Berlin', '2026-03-29', '2026-10-25'],
  ['Africa/Cairo', '2026-04-23', '2026-04-24', '2026-10-29'],
  ['Asia/Beirut', '2026-03-28', '2026-03-29', '2026-10-24'],
  ['Asia/Kolkata', '2026-03-29', '2026-12-31'],
  ['Asia/Kathmandu', '2026-03-29', '2026-12-31'],
  ['Asia/Tokyo', '2026-03-29', '2026-12-31'],
  ['Australia/Sydney', '2026-04-05', '2026-10-04'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-10-04'],
  ['Pacific/Auckland', '2026-04-05', '2026-09-27'],
  ['Pacific/Chatham', '2026-04-05', '2026-09-27'],
  ['Pacific/Kiritimati', '2026-03-29', '2026-12-31'],
  ['Pacific/Apia', '2011-12-29', '2011-12-31', '2026-03-29'],
];

interface Permit {
  readonly what: string;
  /** The person on the source's side; `day` is the one that begins at the midnight in question. */
  readonly person: (day: string) => Dated;
  readonly lead?: number | null;
  readonly end?: EndRule;
  readonly before: (day: string) => Meaning;
  readonly after: (day: string) => Meaning;
}
const status = (code: 'A' | 'L' | 'T') => (): Meaning => ({ is: 'status', status: code });
const eve = (day: string) => plusDays(day, -1);

const turns: readonly Permit[] = [
  {
    what: 'T ends the day after its last day',
    person: (day) => ({ status: 'T', start: '2001-02-03', end: eve(day) }),
    before: (day) => ({ is: 'leaving', on: eve(day) }),
    after: status('T'),
  },
  {
    what: 'T is still there on its last day',
    person: (day) => ({ status: 'T', start: '2001-02-03', end: day }),
    before: (day) => ({ is: 'leaving', on: day }),
    after: (day) => ({ is: 'leaving', on: day }),
  },
  {
    what: 'T ends on its last day, where the setting says so',
    end: 'day_of',
    person: (day) => ({ status: 'T', start: '2001-02-03', end: day }),
    before: (day) => ({ is: 'leaving', on: day }),
    after: status('T'),
  },
  {
    what: 'T as the source sends it, where the setting says so',
    end: 'status',
    person: (day) => ({ status: 'T', start: '2001-02-03', end: plusDays(day, 40) }),
    before: status('T'),
    after: status('T'),
  },
  { what: 'T without a day', person: () => ({ status: 'T', end: null }), before: status('T'), after: status('T') },
  {
    what: 'T with a day that stands for none',
    person: () => ({ status: 'T', end: '9999-12-31' }),
    before: status('T'),
    after: status('T'),
  },
  {
    what: 'A begins on the first day',
    person: (day) => ({ status: 'A', start: day }),
    before: (day) => ({ is: 'starts later', on: day }),
    after: status('A'),
  },
  {
    what: 'L begins on the first day',
    person: (day) => ({ status: 'L', start: day }),
    before: (day) => ({ is: 'starts later', on: day }),
    after: status('L'),
  },
  {
    what: 'A is sent three days ahead of the first one, where the lead says so',
    lead: 3,
    person: (day) => ({ status: 'A', start: plusDays(day, 3) }),
    before: (day) => ({ is: 'starts later', on: plusDays(day, 3) }),
    after: status('A'),
  },
  {
    what: 'A is sent as soon as it is seen, where the lead is null',
    lead: null,
    person: (day) => ({ status: 'A', start: plusDays(day, 300) }),
    before: status('A'),
    after: status('A'),
  },
  {
    what: 'A with a hire date that stands for none',
    person: () => ({ status: 'A', start: '1901-01-01' }),
    before: status('A'),
    after: status('A'),
  },
  {
    what: 'A with an end date, stale or ahead',
    person: (day) => ({ status: 'A', start: '2001-02-03', end: plusDays(day, 5) }),
    before: status('A'),
    after: status('A'),
  },
];

const cases = zones.flatMap(([zone, ...days]) => days.map((day) => ({ zone, day })));

/** Holds an implementation against the table. */
function holds(of: typeof meaningOf): void {
  for (const { zone, day } of cases) {
    const midnight = startOf(day, zone);
    if (midnight === undefined) throw new Error(`${day} is no day of ${zone}`);
    for (const { what, person, lead = 0, end = 'day_after', before, after } of turns) {
      const rules = { zone, lead, end };
      const found = {
        before: of(person(day), rules, midnight - 1000),
        after: of(person(day), rules, midnight + 1000),
      };
      // Where the eve is no day of the calendar (Apia), the one before it is the eve of everything.
      const wanted = { before: before(day), after: after(day) };
      expect(found, `${what}: ${zone}, ${day}`).toEqual(wanted);
    }
  }
}

/** target-together's answer in the table's words. A mapped user has no days that stand for none. */
const byTarget: typeof meaningOf = ({ status: code, start, end }, { zone, lead, end: endRule }, now) => {
  const days = { lastHireDate: start ?? '', dateOfTermination: end ?? '' };
  const real = Object.fromEntries(Object.entries(days).filter(([, day]) => day !== '' && !isNoDate(day)));
  const rules = { today: calendarDay(now, zone), hireLeadDays: lead, end: endRule, acceptedStatus: () => undefined };
  const { user, upcoming, early } = asOfToday({ employeeId: '1', employeeStatusCode: code, ...real }, rules);
  if (early && upcoming) return { is: 'starts later', on: upcoming.day };
  if (upcoming) return { is: 'leaving', on: upcoming.day };
  return { is: 'status', status: user.employeeStatusCode as 'A' };
};

describe('midnight in 27 zones', () => {
  it('are 27, and each of their days begins when Intl says that it does', () => {
    expect(new Set(zones.map(([zone]) => zone)).size).toBe(27);
    for (const { zone, day } of cases) {
      const midnight = startOf(day, zone) ?? Number.NaN;
      expect({ zone, day, is: dayIn(zone, midnight) }).toEqual({ zone, day, is: day });
      expect(dayIn(zone, midnight - 1) < day, `${zone} ${day}`).toBe(true);
    }
  });
  it('come with clocks that skip midnight, turn by half an hour, and leave a day out', () => {
    const hour = (day: string, zone: string) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(
        startOf(day, zone),
      );
    expect(hour('2018-11-04', 'America/Sao_Paulo')).toBe('01:00');
    expect(hour('2026-03-08', 'America/Havana')).toBe('01:00');
    expect(hour('2026-04-24', 'Africa/Cairo')).toBe('01:00');
    expect(startOf('2011-12-30', 'Pacific/Apia')).toBeUndefined();
  });
  it('each situation turns at its midnight and nowhere else, by the oracle', () => {
    holds(meaningOf);
  });
  it('each situation turns at its midnight and nowhere else, by target-together', () => {
    holds(byTarget);
  });
  it('both halves say the same day, a second before midnight, at it and a second after it', async () => {
    for (const { zone, day } of cases) {
      const { localDay } = await createTimes(zone);
      const midnight = startOf(day, zone) ?? Number.NaN;
      for (const now of [midnight - 1000, midnight - 1, midnight, midnight + 1000]) {
        const right = dayIn(zone, now);
        expect({ tap: localDay(now), target: calendarDay(now, zone) }, `${zone} ${now}`).toEqual({
          ...{ tap: right, target: right },
        });
      }
    }
  });
  it('the tap has an employment begin and end at the same midnight', async () => {
    for (const { zone, day } of cases) {
      const { localDay } = await createTimes(zone);
      const midnight = startOf(day, zone) ?? Number.NaN;
      const at = (now: number, status: string, first: string, last: string | null) => {
        const calendar = { today: localDay(now), leadDays: 0 };
        const one = { companyId: 'C', originalHireDate: first, dateTimeChanged: '' };
        const employment = { ...one, employeeStatusCode: status, lastHireDate: first, dateOfTermination: last };
        return { later: beginsLater(employment, calendar), over: hasEnded(employment, calendar) };
      };
      const found = [-1000, 1000].flatMap((ms) => [
        at(midnight + ms, 'A', day, null).later,
        at(midnight + ms, 'T', '2001-02-03', eve(day)).over,
      ]);
      expect(found, `${zone} ${day}`).toEqual([true, false, false, true]);
    }
  });
});
