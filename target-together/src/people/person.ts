import type { IdIndex } from '@ukg-together/kit/ids/id-index';
import type { Fault, Mapped, Reference, TogetherUser } from '../model/person.ts';
import type { PersonLabel } from '../model/text/display-name.ts';

export const Kind = { user: 0, invalid: 1, excluded: 2, superseded: 3 } as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

export interface Sighting {
  readonly mapped: Mapped;
  /** The row's key as text; undefined where the stream has none. */
  readonly rowKey: string | undefined;
  /** The record as JSON, as it came. */
  readonly raw: string;
  readonly line: number;
  /** The manager is named by this, and the person's own number where the source has one. */
  readonly reference?: Reference | undefined;
  readonly label?: PersonLabel | undefined;
}

export interface People {
  /** Positions in use, superseded ones included. */
  readonly size: number;
  /** People read: distinct rows. */
  readonly count: number;
  /** Every employeeId and supervisorId met. */
  readonly ids: IdIndex;
  /** Takes a sighting up; returns the person's position. `json` is the user's body, `hash` its 16-byte keyed hash. */
  add(sighting: Sighting, json: string, hash: Uint8Array | undefined): number;
  /** A number that the caller keeps with the person: which set of fields the body has. */
  setFields(person: number, fields: number): void;
  fields(person: number): number;
  kind(person: number): Kind;
  /** employeeId; undefined where the record had none. */
  id(person: number): string | undefined;
  /** Position of the employeeId in `ids`, or -1. */
  idAt(person: number): number;
  /** The first person with this id position, or -1; `sharing` finds the others. */
  personOf(idAt: number): number;
  /** Position of the person read with this employeeId, or -1. */
  find(employeeId: string): number;
  /**
   * Once everything is read: rows of one employeeId that map to the same user become one, the last of them; rows that a filter leaves
   * out go where another row of the id is in scope.
   */
  mergeRows(): void;
  /** All people who share an employeeId, in groups. */
  sharing(): number[][];
  /** Position of the supervisor's id in `ids`, or -1. */
  supervisorAt(person: number): number;
  /** Whether anyone's manager is named otherwise than by employeeId. */
  usesReferences(): boolean;
  /** What names the manager, as long as no employeeId was found for it. */
  matchOf(person: number): Reference['match'] | undefined;
  /** Whether the manager was found by `matchOf`. */
  isLinked(person: number): boolean;
  /** Puts the manager's employeeId in place of what named the manager. */
  link(person: number, supervisorId: string, hash: (json: string) => Uint8Array): void;
  /** Puts a status in place of the one that was read. */
  holdStatus(person: number, status: string, hash: (json: string) => Uint8Array): void;
  /** Several people have what names the manager. */
  linkFails(person: number): void;
  isAmbiguous(person: number): boolean;
  /** Employee numbers by person, where managers are named so. */
  readonly numbers: ReadonlyMap<number, string>;
  /** Only where the caller gave one. */
  label(person: number): PersonLabel | undefined;
  hashOfAddress(address: string): number;
  /** First letter of employeeStatusCode, '' where there is none. */
  status(person: number): string;
  /** Hash of the address without case, 0 where there is none. Equal addresses have equal hashes, not the other way round. */
  emailHash(person: number): number;
  /** The same of a leaver's row, where another address is sent, or none; 0: it has none. */
  rowEmailHash(person: number): number;
  hash(person: number): Uint8Array;
  json(person: number): string;
  /** The bytes of `json`, which stay as they are. */
  body(person: number): Buffer;
  user(person: number): TogetherUser;
  faults(person: number): readonly Fault[];
  notes(person: number): readonly Fault[];
  /** Whether there are any `notes` or `patchOnly`. */
  hasNotes(person: number): boolean;
  /** Why Together may only patch this person, never create them: a leaver who lacks a required field. Empty: may be created. */
  patchOnly(person: number): readonly Fault[];
  isPatchOnly(person: number): boolean;
  filter(person: number): string | undefined;
  raw(person: number): string;
  line(person: number): number;
}
