/** What can happen to people, and what was done: data, so that events can be sent over HTTP and kept in files. */
import type { Employment, Person } from '../company/people.ts';

/** A day as `YYYY-MM-DD`; where it is left out, the world's own today. A day ahead is what UKG calls a future-dated change. */
type Day = string;
type Who = { employeeId: string };

export type LifeEvent =
  | { kind: 'join'; hireDate?: Day; companyId?: string; set?: Partial<Person>; setEmployment?: Partial<Employment> }
  /** Ends all jobs. With a day ahead the row says T at once and carries that day. */
  /** Without a date the last day was yesterday. */
  | ({ kind: 'leave'; date?: Day; status?: 'T' | 'R' } & Who)
  /** A termination is taken back: A again; `keepDate` leaves the day on the row. */
  | ({ kind: 'withdraw'; keepDate?: boolean } & Who)
  /** The first or last day moves. */
  | ({ kind: 'reschedule'; which: 'start' | 'end'; date: Day } & Who)
  /** `keepDate`: the old end date stays on the row. */
  | ({ kind: 'rehire'; date?: Day; keepDate?: boolean } & Who)
  /** Comes back as another record: a new id, the same name, number and address; the old record stays T. */
  | ({ kind: 'rehire-as-new'; date?: Day } & Who)
  /** `arrives`: the first day in the other company (default the day of the transfer), null: its row comes later. */
  | ({ kind: 'transfer'; companyId?: string; date?: Day; arrives?: Day | null } & Who)
  /** The other company's row of a transfer whose row was to come later. */
  | ({ kind: 'arrive'; companyId?: string; date?: Day } & Who)
  | ({ kind: 'second-job'; companyId?: string; date?: Day } & Who)
  | ({ kind: 'rename'; lastName?: string; email?: string } & Who)
  | ({ kind: 'promote'; job?: string; date?: Day } & Who)
  | { kind: 'rename-department'; code?: string; description?: string }
  | ({ kind: 'change-supervisor'; supervisor?: string | null } & Who)
  | ({ kind: 'correct'; date?: Day; silent?: boolean } & Who)
  | ({ kind: 'leave-of-absence'; date?: Day; status?: 'L' | 'S' } & Who)
  | ({ kind: 'return'; date?: Day } & Who)
  /** In no answer any more, and back. */
  | ({ kind: 'vanish' } & Who)
  | ({ kind: 'reappear' } & Who)
  /** One of the two halves of a person is missing, and back: a View right was narrowed, or a page was short. */
  | ({ kind: 'hide-rows'; rows: Rows } & Who)
  | ({ kind: 'show-rows'; rows: Rows } & Who)
  /** The person row or the main employment comes twice; `set` and `setEmployment` make the second one differ. */
  | ({ kind: 'double-row'; rows: Rows; set?: Partial<Person>; setEmployment?: Partial<Employment> } & Who)
  | ({ kind: 'renumber'; to?: string } & Who)
  | { kind: 'renumber-everybody' }
  /** The same person a second time under another id: `status` is the second record's. */
  | ({ kind: 'second-id'; status?: 'A' | 'T' } & Who)
  | ({ kind: 'empty-address' } & Who)
  /** The address goes to another person, or to one who joins now; its owner keeps it, or `empties` it. */
  | ({ kind: 'hand-over-address'; to?: string; empties?: boolean } & Who)
  | { kind: 'change-domain'; to: string }
  /** A date that stands for "none". */
  | ({ kind: 'placeholder-date'; field: PlaceholderField; value?: string } & Who)
  /** The payroll's stamp: the row's change date moves, nothing else does. */
  | ({ kind: 'stamp' } & Who)
  | ({
      kind: 'edit';
      set?: Partial<Person>;
      setEmployment?: Partial<Employment>;
      companyId?: string;
      silent?: boolean;
    } & Who);

export type Rows = 'person' | 'employments';
export type PlaceholderField = 'originalHire' | 'lastHire' | 'dateInJob' | 'seniority' | 'termination' | 'dateOfBirth';
export type EventOf<K extends LifeEvent['kind']> = Extract<LifeEvent, { kind: K }>;

/** Days that stand for "none" in one HRIS or another. */
export const PLACEHOLDER_DATES = [
  '0001-01-01T00:00:00',
  '1753-01-01T00:00:00',
  '1899-12-30T00:00:00',
  '1899-12-31T00:00:00',
  '1900-01-01T00:00:00',
  '1901-01-01T00:00:00',
  '2099-12-31T00:00:00',
  '9999-12-31T00:00:00',
  '0000-00-00T00:00:00',
] as const;

export interface Played {
  readonly kind: LifeEvent['kind'];
  /** The person it happened to; none for a department or a domain. */
  readonly employeeId?: string;
  readonly detail: string;
  /** The other record that came of it: a new hire, a second id. */
  readonly other?: string;
}
