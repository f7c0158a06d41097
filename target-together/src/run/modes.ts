/** What each way of running does, as a table: one row a mode, one a protocol. The steps ask the values, never the name. */
import type { RunMode } from '../model/run-summary.ts';
import { type ReadRaw, readAirbyteRecord, readSingerRecord } from '../state/rejects/reject-messages.ts';

/** What the command line asks for, beyond the mode. */
export interface Asked {
  /** `--input`: the messages come from a file. */
  readonly input?: boolean;
  /** `--out`: the plan is written to a file. */
  readonly planFile?: boolean;
  /** `--report`. */
  readonly report?: boolean;
  /** `--compare remote`. */
  readonly compareRemote?: boolean;
  /** `--only`: employeeIds. */
  readonly only?: ReadonlySet<string> | undefined;
  /** `--verify`; the setting `verify_after_run` means the same for each run. */
  readonly verify?: boolean;
  /** `--detailed-exitcode`. */
  readonly changesExitCode?: boolean;
}

/** What is known once the state is open. */
export interface KeptState {
  /** false: nothing outlives the process (`state_dir` is null). */
  readonly keeps: boolean;
  /** People Together has accepted from here. */
  readonly known: number;
}

interface Row {
  /** As the summary, the report and the audit log name it. */
  readonly name: RunMode;
  /** Takes the locks, sends, gives checkpoints back, and leaves something to the next run. */
  readonly writes: boolean;
  /** Ends with the summary on stderr. */
  readonly printsSummary: boolean;
  /** Whether records are kept as they came. */
  readonly keepsRecords: (asked: Asked, state: KeptState) => boolean;
  /** Whether each body is hashed, to compare it with the ledger and to name the plan. */
  readonly hashes: (state: KeptState) => boolean;
  /** Whether Together is asked for its list of users before planning. */
  readonly listsRemote: (asked: Asked, state: KeptState) => boolean;
}

/** Once, before there is a ledger: Together may have everybody already. */
const onFirstRun = (_asked: Asked, { keeps, known }: KeptState) => keeps && known === 0;
const never = () => false;
const always = () => true;

export const modes = {
  run: {
    name: 'run',
    writes: true,
    printsSummary: true,
    // The file of rejects takes records as they came, and a reject given back with --input is known by its message.
    keepsRecords: ({ input }, { keeps }) => keeps || input === true,
    // Without a ledger there is nothing to compare with, and no later command that asks for the plan's hash.
    hashes: ({ keeps }) => keeps,
    listsRemote: onFirstRun,
  },
  'dry-run': {
    name: 'dry-run',
    writes: false,
    printsSummary: true,
    // No rejects are written; a reject given back would be tried again all the same.
    keepsRecords: ({ input }) => input === true,
    // Its hash is what --accept releases in the run after it.
    hashes: always,
    listsRemote: onFirstRun,
  },
  plan: {
    name: 'plan',
    writes: false,
    printsSummary: true,
    // The run that applies the plan keeps the records of people Together refuses.
    keepsRecords: ({ planFile }) => planFile === true,
    hashes: always,
    listsRemote: (asked, state) => asked.compareRemote === true || onFirstRun(asked, state),
  },
  apply: {
    name: 'apply',
    writes: true,
    printsSummary: true,
    // They come from the plan file.
    keepsRecords: (_asked, { keeps }) => keeps,
    hashes: always,
    // The plan was made already.
    listsRemote: never,
  },
  show: {
    name: 'plan',
    writes: false,
    // It prints the plan instead, in the form that was asked for.
    printsSummary: false,
    // The plan was made already.
    keepsRecords: never,
    hashes: always,
    listsRemote: never,
  },
  against: {
    name: 'plan',
    writes: false,
    // The settings of now, beside the plan of the next ones: that one is reported.
    printsSummary: false,
    keepsRecords: never,
    hashes: always,
    listsRemote: never,
  },
  explain: {
    name: 'dry-run',
    writes: false,
    // It prints one person's story instead.
    printsSummary: false,
    // The story begins with the record.
    keepsRecords: always,
    hashes: always,
    listsRemote: never,
  },
} as const satisfies Record<string, Row>;

export type ModeName = keyof typeof modes;

/** A row, decided for one run. */
export interface Mode {
  readonly name: RunMode;
  readonly writes: boolean;
  readonly keepsRecords: boolean;
  /** Whether something shows people by employee number and name. */
  readonly keepsLabels: boolean;
  readonly hashes: boolean;
  readonly listsRemote: boolean;
  /** A plan with something to send ends with exit code 8. */
  readonly changesExitCode: boolean;
}

export function modeFor(name: ModeName, asked: Asked, state: KeptState): Mode {
  const row: Row = modes[name];
  return {
    name: row.name,
    writes: row.writes,
    keepsRecords: row.keepsRecords(asked, state),
    keepsLabels: asked.report === true || asked.planFile === true || (!row.printsSummary && name !== 'against'),
    hashes: row.hashes(state),
    listsRemote: row.listsRemote(asked, state),
    changesExitCode: asked.changesExitCode === true,
  };
}

/** What differs between the protocols, once messages are events. */
export interface Protocol {
  /** Every checkpoint must be given back; else a later one stands for those before it. */
  readonly everyCheckpoint: boolean;
  /** A source that was not cut off ends with a checkpoint. */
  readonly endsWithCheckpoint: boolean;
  /** A message as it came → stream and record. */
  readonly readRecord: ReadRaw;
}

export const protocols = {
  // Meltano keeps the last STATE only, and a Singer tap may end without one.
  singer: { everyCheckpoint: false, endsWithCheckpoint: false, readRecord: readSingerRecord },
  // Airbyte counts the records of each checkpoint, and its sources end each stream with one.
  airbyte: { everyCheckpoint: true, endsWithCheckpoint: true, readRecord: readAirbyteRecord },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;
