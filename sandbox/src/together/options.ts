/** The options of the Together server. */
import type { ServeOptions } from '../server/http.ts';
import type { AnswerShape } from './answers.ts';
import type { ListForms } from './forms.ts';
import type { Blank } from './validate.ts';

export interface TogetherCredentials {
  organizationId: string;
  clientId: string;
  apiKey: string;
}
export const TOGETHER_CREDENTIALS: Readonly<TogetherCredentials> = {
  organizationId: 'sandbox-org',
  clientId: 'sandbox-client',
  apiKey: 'not-a-secret-either',
};

/** Who may come in, how often, with how much. */
export interface DoorOptions {
  credentials?: TogetherCredentials;
  /** The least time between two arrivals. Default 1000; 0 switches the limits off. */
  intervalMs?: number;
  /** A broken limit revokes the key: every later call is 401. Default true; otherwise only 429. */
  revoke?: boolean;
  /** Arrays are refused altogether beyond so many users (413). */
  maxUsers?: number;
}

/** What answers look like. */
export interface AnswerOptions {
  /** How an array is answered. Default `bare`. */
  answer?: AnswerShape;
  /** Per-user results come with 207 instead of 200. */
  multiStatus?: boolean;
  /** With a refused user in an array: the others are processed all the same, or none is. Default `each`. */
  arrays?: 'each' | 'atomic';
  /**
   * What GET /public/user answers. Default `array`. `pages`: ten at a time, with a Link; `first page`: ten, how many there are, and no way
   * to the others.
   */
  list?: 'array' | 'users' | 'data' | 'nested' | 'pages' | 'first page' | 'empty' | 'html' | 'unrecognised' | 404;
  /** Whether GET answers carry hrisFields. Default true. */
  listHrisFields?: boolean;
  /** Other forms of the values in GET answers. Default: as they were sent. */
  forms?: ListForms;
}

/** What becomes of a user that is sent. */
export interface UserOptions {
  nullMeans?: Blank;
  emptyMeans?: Blank;
  unknownFields?: 'ignore' | 'reject';
  /** Default true: a user without employeeId is refused when new. False: matched by e-mail, or created. */
  requireEmployeeId?: boolean;
  /** A supervisorId that no user has: taken, or 400. Default `accept`. */
  unknownSupervisor?: 'accept' | 'reject';
  /** A changed e-mail address that another user has: 400, or taken. Default `reject`. */
  takenEmail?: 'reject' | 'accept';
  /**
   * A record that only its address finds. UNVERIFIED: the guide says that a match is patched; whether its employeeId is too is
   * not documented. `relink` (the default): it becomes the person who was sent; `keep`: patched, with its own employeeId;
   * `refuse`: 409; `create`: it stays, and a second record is made.
   */
  matchByEmail?: 'relink' | 'keep' | 'refuse' | 'create';
  /** hrisFields keys that the organization has set up; others are taken and shown nowhere. Default all. */
  hrisFields?: 'all' | readonly string[];
}

/** All options of the server. */
export interface TogetherOptions extends ServeOptions, DoorOptions, AnswerOptions, UserOptions {}
