import type { Guards } from '../../settings/settings.ts';
import type { GuardBaseline } from './baseline.ts';

/** Half of a handful of people is no handful: from this size on a limit also trips when it is done to more than half. */
const smallestCompany = 3;

export const passes = (
  limit: { readonly count: number; readonly percent: number },
  /** `half`: of `count`, those who must not be more than half. */
  { count, half, of }: { readonly count: number; readonly half: number; readonly of: number },
): 'limit' | 'half' | undefined => {
  if (count > limit.count && count * 100 > limit.percent * of) return 'limit';
  return of >= smallestCompany && half * 2 > of ? 'half' : undefined;
};

/** Whether so many people who come under new ids are no exceptions any more: then the plan relinks them, for a person to release it or not. */
export function isRenumbering(
  people: number,
  { max_moved: limit }: Guards,
  baseline: GuardBaseline | undefined,
): boolean {
  return (
    limit !== null &&
    baseline?.whole === true &&
    passes(limit, { count: people, half: people, of: baseline.known }) !== undefined
  );
}
