/**
 * Many changes, few reasons: people whose change shares a field and a pair of values are told as one ("71 of 83:
 * departmentName Fin Ops → Finance Operations"), and leavers and joiners by what most of them share.
 * Values appear only for fields that describe the organization, and only where several people share them.
 */
import type { Cause } from './report/model.ts';
import type { Action } from './types.ts';
import { fieldOf } from './user.ts';

export interface ChangedField {
  readonly field: string;
  /** Stands for the old value: its hash in the ledger. Undefined: the field was not there before. */
  readonly fromKey: string | undefined;
  /** The old value, where it is known. */
  readonly from: string | undefined;
  /** Undefined: the field is not sent any more. */
  readonly to: string | undefined;
}

export interface Causes {
  change(action: Action, changes: readonly ChangedField[]): void;
  /** Somebody who joins, leaves or vanishes, with their organisational values. */
  person(action: Action, values: Iterable<readonly [field: string, value: string]>): void;
  /**
   * Changes first, then most people; at most `limit`. `usual`: the share (0 to 1) of all people with a value: what everybody
   * has is no cause.
   */
  result(usual: (field: string, value: string) => number, limit?: number): Cause[];
}

/** Fewer people than this share no cause: their values would tell who they are. */
const fewest = 3;
/** Distinct pairs followed; beyond it a run has no common cause. */
const maxPairs = 20_000;

export const isOrganisational = (field: string): boolean => fieldOf(field)?.organisational === true;

export function createCauses(): Causes {
  const pairs = new Map<
    string,
    { action: Action; field: string; from: string | null; to: string | null; people: number }
  >();
  const totals = new Map<Action, number>();

  function count(action: Action, field: string, key: string, from: string | null, to: string | null): void {
    const known = pairs.get(key);
    if (known) known.people++;
    else if (pairs.size < maxPairs) pairs.set(key, { action, field, from, to, people: 1 });
  }

  return {
    change(action, changes) {
      totals.set(action, (totals.get(action) ?? 0) + 1);
      for (const { field, fromKey, from, to } of changes) {
        const open = isOrganisational(field);
        const key = open ? `${action}\0${field}\0${fromKey ?? ''}\0${to ?? ''}` : `${action}\0${field}`;
        count(action, field, key, open ? (from ?? null) : null, open ? (to ?? null) : null);
      }
    },
    person(action, values) {
      totals.set(action, (totals.get(action) ?? 0) + 1);
      for (const [field, value] of values) {
        if (isOrganisational(field)) count(action, field, `${action}\0${field}\0\0${value}`, null, value);
      }
    },
    result(usual, limit = 20) {
      const shared = [...pairs.values()]
        .map((pair) => ({ ...pair, of: totals.get(pair.action) ?? 0 }))
        .filter(({ people, of, action, field, to }) => {
          if (people < fewest) return false;
          return isChange(action) || (people * 2 >= of && people / of >= twice * usual(field, to ?? ''));
        });
      const rank = ({ action }: { action: Action }) => (isChange(action) ? 0 : 1);
      return shared
        .sort((a, b) => rank(a) - rank(b) || b.people - a.people || a.field.localeCompare(b.field))
        .slice(0, limit);
    },
  };
}

/** A value counts as a cause when the group has it so many times as often as everybody. */
const twice = 2;

const isChange = (action: Action) => action === 'change' || action === 'rehire';

/** The cause behind a guard, as a clause: "71 of 83 share departmentName Fin Ops → Finance Operations". */
export function causeWords(causes: readonly Cause[], forActions: readonly Action[]): string | null {
  const cause = causes.find(
    (candidate) => forActions.includes(candidate.action) && candidate.people * 2 >= candidate.of,
  );
  if (!cause) return null;
  const value =
    cause.to === null && cause.from === null
      ? `a changed ${cause.field}`
      : cause.from === null
        ? `${cause.field} ${cause.to ?? 'empty'}`
        : `${cause.field} ${cause.from} → ${cause.to ?? 'empty'}`;
  return `${cause.people} of ${cause.of} share ${value}`;
}

export interface Vocabulary {
  /** Field → hash (hex) → value: organisational values that several people share, so that a later run can name the old one. */
  readonly [field: string]: Readonly<Record<string, string>>;
}

/** Most values remembered for a field. */
const maxValues = 2000;

export function vocabularyOf(
  values: Iterable<{ readonly field: string; readonly value: string; readonly people: number }>,
  hash: (field: string, value: string) => string,
): Vocabulary {
  const found: Record<string, Record<string, string>> = {};
  for (const { field, value, people } of values) {
    if (people < fewest) continue;
    const known = (found[field] ??= {});
    if (Object.keys(known).length < maxValues) known[hash(field, value)] = value;
  }
  return found;
}
