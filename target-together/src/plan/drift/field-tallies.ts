/** By field: how many people hold in Together what was accepted; and one bit a person and field for those who don't. */

import type { FieldTally, FieldVerdict } from '../../model/fields/verification.ts';
import { listedValue } from '../../together/list/remote-index.ts';
import type { RemoteUser } from '../../together/list/user-keys.ts';
import { isBlank } from './listed-value.ts';

type Found = 'different' | 'absent' | 'filled';

/** Of one person no one can say whether Together keeps a field in another form or a person has changed it. */
const fewestToTell = 2;

const custom = 'hrisFields';

export function fieldTallies(names: readonly string[], positions: number) {
  const words = Math.ceil(names.length / 32);
  const bits = new Uint32Array(positions * words);
  const counts = names.map(() => ({ confirmed: 0, different: 0, absent: 0, filled: 0 }));
  const unlisted = new Set(names);
  let listsCustom = false;
  const hasCustom = names.some((name) => name.startsWith(`${custom}.`));
  let verdicts: readonly FieldVerdict[] = [];
  /** The bits of the fields that are compared. */
  const compared = new Uint32Array(words);
  const flip = (number: number, position: number) => {
    const at = position * words + (number >> 5);
    bits[at] = (bits[at] as number) ^ (1 << (number & 31));
  };
  const isMarked = (number: number, position: number) =>
    ((bits[position * words + (number >> 5)] as number) & (1 << (number & 31))) !== 0;

  function verdictOf(field: string, number: number): FieldVerdict {
    const { confirmed, different, absent, filled } = counts[number] as (typeof counts)[number];
    if (confirmed > 0 || different + absent + filled < fewestToTell) return 'compared';
    if (!unlisted.has(field)) return 'not_comparable';
    return field.startsWith(`${custom}.`) && listsCustom ? 'not_set_up' : 'not_listed';
  }

  return {
    /** Of everybody listed: which fields the list has at all. */
    listed(user: RemoteUser): void {
      if (unlisted.size === 0) return;
      for (const name of unlisted) if (!isBlank(listedValue(user, name))) unlisted.delete(name);
      if (listsCustom || !hasCustom) return;
      // An object with nothing in it still says that the list has custom fields.
      listsCustom = typeof user[custom] === 'object' && user[custom] !== null;
      listsCustom ||= Object.keys(user).some((key) => key.startsWith(`${custom}.`) && !isBlank(user[key]));
    },
    confirm(number: number): void {
      (counts[number] as (typeof counts)[number]).confirmed++;
    },
    add(number: number, found: Found, position: number): void {
      (counts[number] as (typeof counts)[number])[found]++;
      flip(number, position);
    },
    /** What was called different is the same after all. */
    correct(number: number, position: number): void {
      if (!isMarked(number, position)) return;
      flip(number, position);
      const count = counts[number] as (typeof counts)[number];
      count.different--;
      count.confirmed++;
    },
    /** Once everybody was added. */
    result(): FieldTally[] {
      verdicts = names.map(verdictOf);
      for (const [number, verdict] of verdicts.entries())
        if (verdict === 'compared') compared[number >> 5] = (compared[number >> 5] as number) | (1 << (number & 31));
      return names.flatMap((field, number) => {
        const { confirmed, different, absent, filled } = counts[number] as (typeof counts)[number];
        const verdict = verdicts[number] as FieldVerdict;
        if (confirmed + different + absent + filled === 0) return [];
        return [{ field, verdict, confirmed, different: different + filled, absent }];
      });
    },
    /** Whether no compared field holds something else for this person; after `result`. */
    isSame(position: number): boolean {
      for (let word = 0; word < words; word++)
        if (((bits[position * words + word] as number) & (compared[word] as number)) !== 0) return false;
      return true;
    },
    /** Fields that hold something else for this person; after `result`. */
    of: (position: number): string[] =>
      names.filter((_, number) => verdicts[number] === 'compared' && isMarked(number, position)),
  };
}
