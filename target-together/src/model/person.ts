import type { OutcomeName } from './outcome.ts';
/** The types that cross files in this half: a person on the way from record to outcome. */

/** What Together is sent for one person: only the fields to be overwritten. `hrisFields.<key>` are flat, dotted names. */
export interface TogetherUser {
  employeeId: string;
  supervisorId?: string;
  employeeStatusCode?: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  [field: string]: string | boolean | number | null | string[] | undefined;
}

/** Something wrong with one person's record. Never holds a personal value; `value` only for codes (status, country …). */
export interface Fault {
  /** Together field, e.g. `employeeStatusCode`. */
  readonly field: string;
  /** Stable name of the fault, e.g. `missing`, `unknown_code`, `not_a_date`, `duplicate_email`. */
  readonly code: string;
  /** Source path, where one is known. */
  readonly source?: string;
  /** A code that could not be translated, never a personal value. */
  readonly value?: string;
  /** A sentence for HR: what is wrong. */
  readonly message: string;
  /** What to do, and where. */
  readonly fix: string;
}

/** What the mapping has put right or noticed on the way: the value is sent all the same, or stands for none. Counted by field. */
export const remarkCodes = [
  'no_date',
  'format_characters',
  'html_entity',
  'encoded_twice',
  'direction_marks',
  'not_a_json_number',
  'blank_row',
] as const;
export type RemarkCode = (typeof remarkCodes)[number];

export interface Remark {
  /** Together field. */
  readonly field: string;
  readonly code: RemarkCode;
}

/** How the source names managers, where not by employeeId. */
export interface Reference {
  readonly match: 'email' | 'employeeNumber';
  /** The person's own employee number, where the source has one. */
  readonly number?: string;
}

/** A record after mapping. `notes` don't stop a person (an unmapped country: the field is left out). */
export type Mapped =
  | {
      readonly kind: 'user';
      readonly user: TogetherUser;
      readonly notes: readonly Fault[];
      /** Absent: none. */
      readonly remarks?: readonly Remark[];
      /** A leaver that only Together's own record completes (say, the HRIS has emptied the address): why it makes no new user. */
      readonly patchOnly?: readonly Fault[];
      /** The row says that it is deleted, and nothing of the person: the end is all that is sent. */
      readonly isDeletion?: true;
      readonly reference?: Reference;
      /** The address of a leaver's row, where another one is sent, or none. */
      readonly rowEmail?: string | undefined;
    }
  | {
      readonly kind: 'invalid';
      readonly id: string | undefined;
      readonly faults: readonly Fault[];
      /** For reports that may show it. */
      readonly name?: string | undefined;
      /** Of a row without an id: it shows whose the row probably is. */
      readonly email?: string | undefined;
    }
  | {
      readonly kind: 'excluded';
      readonly id: string | undefined;
      readonly user: TogetherUser | undefined;
      readonly filter: string;
    };

/** What one person's delivery came to. */
export interface Outcome {
  readonly outcome: OutcomeName;
  /** HTTP status that decided it, where there was one. */
  readonly status?: number;
  /** Why, without personal data (Together's own text only after masking). */
  readonly reason?: string;
}

/** One user as it goes on the wire. */
export interface Delivery {
  /** Position in the store: the handle by which every other file knows this person. */
  readonly index: number;
  readonly employeeId: string;
  /** The user as JSON, UTF-8, sent byte for byte; stays as it is. */
  readonly body: Buffer;
  /** Fields that `body` empties, and the user without them: what the ledger compares, and what is sent where Together refuses them. */
  readonly clears?: { readonly fields: readonly string[]; readonly without: Buffer };
  /** Together refused to empty these fields: they are in `body` no more. */
  readonly refusedClears?: readonly string[];
  /** Together has never accepted this person: decides between created and updated where the answer is a bare status. */
  readonly isNew: boolean;
  /** The employeeId under which Together has this person, who comes under a new one: its record gets the new id. */
  readonly movedFrom?: string | undefined;
  /** Previous owners of this person's address, by `index`: Together must have taken them before this one is sent. */
  readonly after?: readonly number[] | undefined;
}

/** What one person's delivery came to. */
export interface PersonOutcome {
  readonly delivery: Delivery;
  readonly outcome: Outcome;
}

/** Together took a person under a new id for another person, and made another record. */
export const isSecondRecord = ({ delivery, outcome }: PersonOutcome): boolean =>
  delivery.movedFrom !== undefined && outcome.status === 201;
