import type { Fault } from '../../model/person.ts';
import type { DropReason } from '../../model/run-summary.ts';
import type { People } from '../../people/person.ts';

/** What the checks of e-mail addresses and employeeIds share: each adds to the conflicts of those before it. */
export interface SetCheck {
  readonly people: People;
  /** What Together last accepted: first letter of the status; undefined: never accepted. */
  readonly statusOf: (id: string) => string | undefined;
  readonly conflicts: Map<number, readonly Fault[]>;
  readonly withoutEmail: Set<number>;
  readonly notes: Map<number, readonly Fault[]>;
  readonly leftOut: Map<number, string>;
  readonly newIds: Map<number, string>;
  readonly movedFrom: Set<string>;
  readonly mayBeOutside: Set<string>;
  /** Whether everybody was read. */
  readonly complete: boolean;
  /** Whether Together has deleted the account, and the record is the one that was refused for it. */
  readonly isDeleted: (person: number) => boolean;
  /** Whether Together has no such account any more, or none that can be changed. */
  readonly isGone: (id: string) => boolean;
  readonly mayBeHeldBack: (person: number) => boolean;
  /** Whether this very body was the last that Together accepted. */
  readonly isUnchanged: (person: number) => boolean;
}

/** The links that are sent, and why others are left out. */
export interface SupervisorLinks {
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

export interface Findings extends SupervisorLinks {
  /** People who must not be sent, with the faults of the whole set. */
  readonly conflicts: ReadonlyMap<number, readonly Fault[]>;
  /** People who are sent without their address: it waits, all else goes out. */
  readonly withoutEmail: ReadonlySet<number>;
  /** By position: what to look at of people who are sent, or left out, all the same. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  /** By position: why a person is left out though nothing is wrong with the record; stands where a filter's name stands. */
  readonly leftOut: ReadonlyMap<number, string>;
  /** By position: people who come under a new id, and the employeeId under which Together has them. */
  readonly newIds: ReadonlyMap<number, string>;
  /** employeeIds that are missing while their address comes under a new id: that proves no end. */
  readonly movedFrom: ReadonlySet<string>;
  /** The same where a filter leaves the new id out: who is missing is still reported as missing. */
  readonly mayBeOutside: ReadonlySet<string>;
  /** Previous owners of addresses: all of round 0 are sent before those of round 1, and they all before everybody else. */
  readonly handoverRounds: ReadonlyMap<number, number>;
  /** By next owner of an address: its previous owners. */
  readonly previousOwners: ReadonlyMap<number, readonly number[]>;
}

/** "lines 3, 9", "employeeIds 1, 2, 3 and 4 more". */
export function listed(noun: string, items: readonly (string | number)[]): string {
  return `${noun}${items.length > 1 ? 's' : ''} ${shortened(items)}`;
}

export function shortened(items: readonly (string | number)[]): string {
  const more = items.length - 3;
  return `${items.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
