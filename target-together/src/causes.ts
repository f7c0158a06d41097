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
  /** Most people first; at most `limit`. */
  result(limit?: number): Cause[];
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
    result(limit = 20) {
      const shared = [...pairs.values()]
        .map((pair) => ({ ...pair, of: totals.get(pair.action) ?? 0 }))
        .filter(({ people, of, action }) => people >= fewest && (isChange(action) || people * 2 >= of));
      // Everybody who leaves has status T, and often one country: the rarer value says more, so that is told first.
      return shared.sort((a, b) => b.people - a.people || a.field.localeCompare(b.field)).slice(0, limit);
    },
  };
}

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

export interface VocabularyBuilder {
  add(field: string, value: string): void;
  result(hash: (field: string, value: string) => string): Vocabulary;
}

const maxValues = 5000;

export function vocabularyBuilder(): VocabularyBuilder {
  const counts = new Map<string, Map<string, number>>();
  return {
    add(field, value) {
      let values = counts.get(field);
      if (!values) counts.set(field, (values = new Map()));
      const known = values.get(value);
      if (known !== undefined) values.set(value, known + 1);
      else if (values.size < maxValues) values.set(value, 1);
    },
    result: (hash) =>
      Object.fromEntries(
        [...counts].map(([field, values]) => [
          field,
          Object.fromEntries(
            [...values].filter(([, people]) => people >= fewest).map(([value]) => [hash(field, value), value]),
          ),
        ]),
      ),
  };
}
