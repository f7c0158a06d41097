import type { Fault } from '../../model/person.ts';

export const dropReasons = ['none', 'unknown', 'excluded', 'invalid', 'self', 'loop'] as const;

export type DropReason = Exclude<(typeof dropReasons)[number], 'none'>;

export interface Findings {
  /** People who must not be sent, with the faults of the whole set. */
  readonly conflicts: ReadonlyMap<number, readonly Fault[]>;
  /** Leavers who are sent without their address. */
  readonly withoutEmail: ReadonlySet<number>;
  /** Who gives an address up to somebody of this run: all of turn 0 before those of turn 1, and they all before everybody else. */
  readonly turns: ReadonlyMap<number, number>;
  /** By who gets an address: who gives it up. */
  readonly givers: ReadonlyMap<number, readonly number[]>;
  /** Why the person's supervisor link is left out; undefined where it stays. */
  dropped(person: number): DropReason | undefined;
  readonly droppedTotal: number;
  /** Each loop as the ids around it, beginning with the smallest; at most a hundred. */
  readonly loops: readonly (readonly string[])[];
  /** People not read in this run whose link stays left out, because it is part of a loop. */
  readonly stillLooping: ReadonlySet<string>;
  /** Position of the supervisor among the people read, or -1: the links that are sent. */
  readonly parent: Int32Array;
}

/** "line 3 and line 9", "employeeId 1, 2, 3 and 4 more": nobody reads a list of thousands. */
export function listed(noun: string, items: readonly (string | number)[]): string {
  return `${noun}${items.length > 1 ? 's' : ''} ${shortened(items)}`;
}

export function shortened(items: readonly (string | number)[]): string {
  const more = items.length - 3;
  return `${items.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
