/** What the oracle knows between nights: what Together holds, as it was seen, and what runs must have remembered. */

/** A user of Together; only the fields that a life changes. */
export interface User {
  readonly employeeId: string;
  readonly email: string;
  readonly employeeStatusCode: string;
  readonly title?: string | undefined;
  readonly lastName?: string | undefined;
  readonly supervisorId?: string | undefined;
  readonly lastHireDate?: string | undefined;
  readonly dateOfTermination?: string | undefined;
}
export const fields = [
  'email',
  'employeeStatusCode',
  'title',
  'lastName',
  'supervisorId',
  'lastHireDate',
  'dateOfTermination',
] as const;
export type Field = (typeof fields)[number];

/** What one run did, for guards that count over a day. */
export interface Deeds {
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Memory {
  /** By employeeId. */
  together: ReadonlyMap<string, User>;
  /** Who was on the way when a run was killed: Together may have them, the ledger may not know. */
  readonly unsure: Set<string>;
  /** In Together when the state began, and not sent since: known of Together's list alone. No run ends them as missing. */
  readonly unsent: Set<string>;
  /** In Together with an end date when the state began, which no run since has sent or seen cleared: none knows that it is there. */
  readonly oldEnds: Set<string>;
  /** Whether the next run asks for Together's list: till a run has got somebody through; `may`: till one that was killed may have. */
  asksList: 'yes' | 'may' | 'no';
  /** Ids that Together's list let take the record of another one: what that held no run of theirs has sent. */
  readonly heirs: Set<string>;
  /** Old id → the new one that took its record. */
  readonly moved: Map<string, string>;
  /** Whom Together refused for good, with the row that it was about. */
  readonly forGood: Map<string, string>;
  /** Whom Together refused for now, when, and with which row. */
  readonly refused: Map<string, { at: number; content: string }>;
  /** Addresses with which people were read, and which Together has not taken from them. */
  readonly claims: Map<string, readonly string[]>;
  /** Of those, the address of whom a run that got to its end has sent without it, as another person has it: nothing of that is open. */
  readonly waits: Map<string, string>;
  /** Accounts deleted in Together, with their address, until Together has said so: the ledger still thinks that they have it. */
  readonly ghosts: Map<string, string>;
  /** Complete reads in a row without a person: counted only where the run ended well, and counted always. */
  readonly missed: Map<string, { sure: number; most: number }>;
  /** People of the last complete read that ended well, or of those that may count as that. */
  lastPeople: readonly number[];
  /** Whether the last run ended well, so that guards have something to compare with; `unknown` where the rules leave it open. */
  baseline: 'none' | 'good' | 'unknown';
  /** Whether a run that ended well has read everybody since the state began: whether a part is something to compare with is left open. */
  hasWhole: boolean;
  /** Mail domains that Together has had an address in, though it may have none there now, and those of reads whose plan was released. */
  readonly metDomains: Set<string>;
  readonly deeds: Deeds[];
  /** Whom the last run that ended well reported as leaving. */
  leaving: Set<string>;
}

export function createMemory(): Memory {
  return {
    together: new Map(),
    unsure: new Set(),
    unsent: new Set(),
    oldEnds: new Set(),
    asksList: 'yes',
    heirs: new Set(),
    moved: new Map(),
    forGood: new Map(),
    refused: new Map(),
    claims: new Map(),
    waits: new Map(),
    ghosts: new Map(),
    missed: new Map(),
    lastPeople: [],
    baseline: 'none',
    hasWhole: false,
    metDomains: new Set(),
    deeds: [],
    leaving: new Set(),
  };
}

/** The state folder is gone. Together is as it was. */
export function lose(memory: Memory): void {
  memory.moved.clear();
  memory.forGood.clear();
  memory.refused.clear();
  memory.claims.clear();
  memory.waits.clear();
  memory.ghosts.clear();
  memory.missed.clear();
  memory.unsure.clear();
  for (const [id, { dateOfTermination }] of memory.together) {
    memory.unsent.add(id);
    if (dateOfTermination !== undefined) memory.oldEnds.add(id);
  }
  memory.asksList = 'yes';
  memory.deeds.length = 0;
  memory.lastPeople = [];
  memory.baseline = 'none';
  memory.hasWhole = false;
  memory.metDomains.clear();
  meetDomains(memory);
  memory.leaving.clear();
}

/** Together's list tells of the domains that have an address now, also a run without a state. */
export function meetDomains(memory: Memory): void {
  for (const { email } of memory.together.values()) memory.metDomains.add(email.split('@')[1] ?? '');
}
