/** Who starts, leaves or returns on a day that lies ahead, from run to run. */
import type { UpcomingDay } from '../../model/upcoming.ts';
import { Kind, type People } from '../../people/person.ts';
import type { Collected } from '../collected.ts';

/** More is no list that anyone reads. */
const mostDays = 20_000;

export interface Calendar {
  /** As far as the runs up to this one have read, by day. */
  readonly calendar: readonly UpcomingDay[];
  /** employeeIds that were to leave, and are not any more. */
  readonly withdrawn: readonly string[];
}

/** An increment says nothing of the people it did not read: their days stay. */
export function calendarAfter(
  before: readonly UpcomingDay[],
  { complete, upcoming }: Pick<Collected, 'complete' | 'upcoming'>,
  people: People,
): Calendar {
  const now = new Set(upcoming.map(({ id }) => id));
  const stays = (id: string) => {
    const person = people.find(id);
    return person >= 0 && people.kind(person) === Kind.user && people.status(person) !== 'T';
  };
  const kept = complete ? [] : before.filter(({ id }) => people.find(id) < 0);
  return {
    calendar: [...kept, ...upcoming].sort(byDay).slice(0, mostDays),
    withdrawn: before.filter(({ id, kind }) => kind === 'leaves' && !now.has(id) && stays(id)).map(({ id }) => id),
  };
}

const byDay = (a: UpcomingDay, b: UpcomingDay): number =>
  a.day === b.day ? (a.id < b.id ? -1 : 1) : a.day < b.day ? -1 : 1;
