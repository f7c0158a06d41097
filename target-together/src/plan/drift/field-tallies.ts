/** By field: how many people hold in Together what was accepted; and one bit a person and field for those who don't. */

import type { FieldTally, FieldVerdict } from '../../model/fields/verification.ts';
import { isBlank } from './listed-value.ts';

type Found = 'confirmed' | 'different' | 'absent' | 'filled';

/** Of fewer people no one can say whether Together keeps a field in another form or a person has changed it. */
export const fewestToTell = 5;

const custom = 'hrisFields';

export function fieldTallies(names: readonly string[], positions: number) {
  const words = Math.ceil(names.length / 32);
  const bits = new Uint32Array(positions * words);
  const counts = names.map(() => ({ confirmed: 0, different: 0, absent: 0, filled: 0 }));
  const numbers = new Map(names.map((name, number) => [name, number]));
  const listedFields = new Set<string>();
  let verdicts: readonly FieldVerdict[] = [];
  const flip = (number: number, position: number) => {
    const at = position * words + (number >> 5);
    bits[at] = (bits[at] as number) ^ (1 << (number & 31));
  };
  const isMarked = (number: number, position: number) =>
    ((bits[position * words + (number >> 5)] as number) & (1 << (number & 31))) !== 0;

  function verdictOf(field: string, number: number): FieldVerdict {
    const { confirmed, different, absent, filled } = counts[number] as (typeof counts)[number];
    if (confirmed > 0 || different + absent + filled < fewestToTell) return 'compared';
    if (listedFields.has(field)) return 'not_comparable';
    return field.startsWith(`${custom}.`) && listedFields.has(custom) ? 'not_set_up' : 'not_listed';
  }

  return {
    /** Of everybody listed: which fields the list has at all. */
    listed(key: string, value: unknown): void {
      if (isBlank(value) || (listedFields.has(key) && key !== custom)) return;
      if (key === custom && typeof value === 'object') {
        for (const [inner, one] of Object.entries(value as object)) this.listed(`${custom}.${inner}`, one);
        return;
      }
      listedFields.add(key);
      if (key.startsWith(`${custom}.`)) listedFields.add(custom);
    },
    add(field: string, found: Found, position: number): void {
      const number = numbers.get(field) as number;
      (counts[number] as (typeof counts)[number])[found]++;
      if (found !== 'confirmed') flip(number, position);
    },
    /** What was called different is the same after all. */
    correct(field: string, position: number): void {
      const number = numbers.get(field) as number;
      if (!isMarked(number, position)) return;
      flip(number, position);
      const count = counts[number] as (typeof counts)[number];
      count.different--;
      count.confirmed++;
    },
    /** Once everybody was added. */
    result(): FieldTally[] {
      verdicts = names.map(verdictOf);
      return names.flatMap((field, number) => {
        const { confirmed, different, absent, filled } = counts[number] as (typeof counts)[number];
        const verdict = verdicts[number] as FieldVerdict;
        if (confirmed + different + absent + filled === 0) return [];
        return [{ field, verdict, confirmed, different: different + filled, absent }];
      });
    },
    /** Fields that hold something else for this person; after `result`. */
    of: (position: number): string[] =>
      names.filter((_, number) => verdicts[number] === 'compared' && isMarked(number, position)),
  };
}
