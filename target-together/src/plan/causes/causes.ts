/**
 * Many changes, few reasons: people whose change shares a field and a pair of values are reported as one ("71 of 83:
 * departmentName Fin Ops → Finance Operations"), and leavers, joiners and vanished people by what most of them share.
 * Values appear only for fields that describe the organization, for ids, and only where several people share them; of a
 * personal field the report says only that they have one new value.
 */

import type { Action } from '../../model/outcome.ts';
import type { Cause } from '../../model/run-summary.ts';
import { fewest } from '../../model/text/shown-value.ts';
import { type ChangedField, isOrganisational, isReference, isSharedDay } from '../../model/user-fields.ts';

export interface Causes {
  change(action: Action, changes: readonly ChangedField[]): void;
  /** A person who joins, leaves or vanishes, with their organisational values and their last or first day. */
  person(action: Action, values: Iterable<readonly [field: string, value: string]>): void;
  /**
   * Changes first, then most people; at most `limit`. `usual`: the share (0 to 1) of all people with a value: what all
   * have is no cause. `idOf`: the id that a hash of an old value stands for.
   */
  result(
    usual: (field: string, value: string) => number,
    idOf?: (field: string, fromKey: string) => string | undefined,
    limit?: number,
  ): Cause[];
}
/** Distinct pairs followed; beyond it a run has no common cause. */
const maxPairs = 20_000;

interface Pair {
  readonly action: Action;
  readonly field: string;
  readonly fromKey: string | undefined;
  readonly from: string | null;
  readonly to: string | null;
  readonly same: boolean;
  people: number;
}

export function createCauses(): Causes {
  const pairs = new Map<string, Pair>();
  /** Of fields whose values may be shown: people by the new value, whatever the old one was. */
  const gathered = new Map<string, Pair>();
  /** New values of personal fields: counted, never shown. */
  const hidden = new Map<string, Pair>();
  const totals = new Map<Action, number>();

  function count(counts: Map<string, Pair>, key: string, pair: Omit<Pair, 'people'>): void {
    const known = counts.get(key);
    if (known) known.people++;
    else if (counts.size < maxPairs) counts.set(key, { ...pair, people: 1 });
  }

  return {
    change(action, changes) {
      totals.set(action, (totals.get(action) ?? 0) + 1);
      for (const { field, fromKey, from, to } of changes) {
        const silent = { action, field, fromKey: undefined, from: null, to: null };
        count(pairs, `${action}\0${field}`, { ...silent, same: false });
        if (isOrganisational(field) || isReference(field)) {
          const key = `${action}\0${field}\0${fromKey ?? ''}\0${to ?? ''}`;
          count(pairs, key, { ...silent, fromKey, from: from ?? null, to: to || null, same: true });
          if (to) count(gathered, `${action}\0${field}\0${to}`, { ...silent, to, same: true });
        } else if (to !== undefined) {
          count(hidden, `${action}\0${field}\0${to}`, { ...silent, same: true });
        }
      }
    },
    person(action, values) {
      totals.set(action, (totals.get(action) ?? 0) + 1);
      for (const [field, value] of values) {
        if (!isOrganisational(field) && !isSharedDay(field, action)) continue;
        const pair = { action, field, fromKey: undefined, from: null, to: value, same: true };
        count(pairs, `${action}\0${field}\0\0${value}`, pair);
      }
    },
    result(usual, idOf = () => undefined, limit = 20) {
      const largest = new Map<string, number>();
      const end = ({ action, field, to }: Pair) => `${action}\0${field}\0${to}`;
      for (const pair of pairs.values())
        if (pair.same) largest.set(end(pair), Math.max(pair.people, largest.get(end(pair)) ?? 0));
      // Where the old values are many, the new one alone is the cause.
      const isMixed = (one: Pair | undefined) => one !== undefined && one.people >= 2 * (largest.get(end(one)) ?? 0);
      const paired = [...pairs.values()].filter((pair) => !pair.same || !isMixed(gathered.get(end(pair))));
      const mixed = [...gathered.values()].filter(isMixed);
      const shared = [...paired, ...mixed, ...hidden.values()].filter(({ people, action, field, to }) => {
        const of = totals.get(action) ?? 0;
        if (people < fewest || people * 100 < of) return false;
        return isChange(action) || (people * 2 >= of && people / of >= twice * usual(field, to ?? ''));
      });
      // The values that most of them share say it already.
      const covers = (pair: Pair, other: Pair) =>
        other.same && other.action === pair.action && other.field === pair.field && other.people * 2 >= pair.people;
      // What goes with an office or a department is no cause of its own.
      const follows = (pair: Pair) =>
        shared.some(
          ({ action, field, people }) => action === pair.action && field === leads[pair.field] && people >= pair.people,
        );
      const rank = ({ action, same }: Pair) => (isChange(action) ? 0 : 2) + (same ? 0 : 1);
      return shared
        .filter((pair) => (pair.same || !shared.some((other) => covers(pair, other))) && !follows(pair))
        .sort((a, b) => rank(a) - rank(b) || b.people - a.people || a.field.localeCompare(b.field))
        .slice(0, limit)
        .map(({ fromKey, ...pair }) => ({
          ...pair,
          from: pair.from ?? (fromKey === undefined ? null : (idOf(pair.field, fromKey) ?? null)),
          of: totals.get(pair.action) ?? 0,
        }));
    },
  };
}

/** A field that follows from another, as long as not more people share it. */
const leads: Readonly<Record<string, string>> = {
  departmentId: 'departmentName',
  officeAddress: 'officeId',
  addressState: 'officeId',
  addressCountry: 'officeId',
};

/** A value counts as a cause when the group has it so many times as often as all people. */
const twice = 2;

const isChange = (action: Action) => action === 'change' || action === 'rehire';
