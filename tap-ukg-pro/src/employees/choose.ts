/**
 * Which of a person's employments counts today. UKG keeps one for each company that a person works or has worked for; all
 * of them may be active at once, an old one stays terminated after a transfer, and a new one is listed before it begins.
 */
import { addDays } from '@ukg-together/kit/days/calendar-day';
import { realDay } from '../time/real-day.ts';

/** Days as YYYY-MM-DD. */
export interface Employment {
  readonly companyId: string | null;
  readonly employeeStatusCode: string | null;
  readonly lastHireDate: string | null;
  readonly originalHireDate: string | null;
  readonly dateOfTermination: string | null;
  readonly dateTimeChanged?: unknown;
}

/** What decides whether an employment has begun or ended. */
export interface Calendar {
  /** The day of the run, in the tenant's zone. */
  readonly today: string;
  /** See the setting `hire_lead_days`. */
  readonly leadDays: number | null;
}

export const employmentReasons = [
  'only_employment',
  'begun',
  'status',
  'home_company',
  'latest_hire',
  'company_id',
  'latest_change',
] as const;
/** The rule that decided, i.e. the first one in which the employment that counts was ahead of all others. */
export type EmploymentReason = (typeof employmentReasons)[number];

/** The codes of an employment that ends or has ended. Source: UKG's SOAP documentation, confirmed in captured answers. */
const isEnd = (code: string | null) => code === 'T' || code === 'R';

/** Whether an employment begins after today, and after the lead. */
export function beginsLater(one: Employment, { today, leadDays }: Calendar): boolean {
  if (leadDays === null || isEnd(one.employeeStatusCode)) return false;
  const first = realDay(one.lastHireDate) ?? realDay(one.originalHireDate);
  return first !== null && first > addDays(today, leadDays);
}

/** Whether an employment is over: terminated or released, and its last day is not ahead. Access ends the day after. */
export function hasEnded(one: Employment, { today }: Pick<Calendar, 'today'>): boolean {
  if (!isEnd(one.employeeStatusCode)) return false;
  const last = realDay(one.dateOfTermination);
  return last === null || last < today;
}

/**
 * Active (A) and on strike (O) before on leave (L) and suspended (S), before terminated or released with the last day still
 * ahead, before a code that is not known, before terminated (T) and released (R).
 */
export function statusRank(one: Employment, calendar: Pick<Calendar, 'today'>): number {
  switch (one.employeeStatusCode ?? '') {
    case 'A':
    case 'O':
      return 0;
    case 'L':
    case 'S':
      return 1;
    case 'R':
    case 'T':
      return hasEnded(one, calendar) ? 4 : 2;
    default:
      return 3;
  }
}

/**
 * The employment that counts: one that has begun before one that begins later; then by status (see `statusRank`), then the
 * home company's, then the latest hire, then the lowest company id; of two rows of one company the one that changed last.
 * Does not depend on the order of `employments`, which must not be empty.
 */
export function chooseEmployment<T extends Employment>(
  employments: readonly T[],
  homeCompanyId: string | null,
  calendar: Calendar,
): { employment: T; reason: EmploymentReason } {
  if (employments.length === 1) return { employment: employments[0] as T, reason: 'only_employment' };
  let left = employments;
  const rules: readonly [EmploymentReason, (one: T) => string | number][] = [
    ['begun', (one) => (beginsLater(one, calendar) ? 0 : 1)],
    ['status', (one) => -statusRank(one, calendar)],
    ['home_company', (one) => (homeCompanyId !== null && one.companyId === homeCompanyId ? 1 : 0)],
    ['latest_hire', (one) => realDay(one.lastHireDate) ?? realDay(one.originalHireDate) ?? ''],
  ];
  for (const [reason, rank] of rules) {
    left = best(left, rank);
    if (left.length === 1) return { employment: left[0] as T, reason };
  }
  const lowest = left.map(({ companyId }) => companyId ?? '').reduce((a, b) => (a <= b ? a : b));
  left = left.filter(({ companyId }) => (companyId ?? '') === lowest);
  if (left.length === 1) return { employment: left[0] as T, reason: 'company_id' };
  const latest = best(left, (one) => String(one.dateTimeChanged ?? ''));
  return { employment: best(latest, (one) => JSON.stringify(one))[0] as T, reason: 'latest_change' };
}

/** Those of the highest rank. Ranks may be text, which Math.max would turn into NaN. */
function best<T>(all: readonly T[], rank: (one: T) => string | number): readonly T[] {
  const highest = all.map(rank).reduce((a, b) => (a >= b ? a : b));
  return all.filter((one) => rank(one) === highest);
}

/** Whether knowing the home company could change which employment counts. */
export function decidedByHome(own: readonly Employment[], calendar: Calendar): boolean {
  if (new Set(own.map(({ companyId }) => companyId)).size < 2) return false;
  return !['begun', 'status'].includes(chooseEmployment(own, null, calendar).reason);
}
