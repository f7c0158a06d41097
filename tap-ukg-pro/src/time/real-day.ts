import { isNoDate } from '@ukg-together/kit/days/no-dates';

/**
 * The day, or null where it is absent or stands for none. Days as YYYY-MM-DD. The tap passes such days on as UKG wrote them; where it
 * decides by a day itself, they count as empty.
 */
export const realDay = (day: unknown): string | null =>
  typeof day === 'string' && day !== '' && !isNoDate(day) ? day : null;
