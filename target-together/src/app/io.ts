import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@ukg-together/kit/clock';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Redactor } from '@ukg-together/kit/log/redact';

/** What a run that was stopped says next to the signal. */
export const goesOn = 'Nothing is lost: run again, and it goes on where this run ended.';

/** The process, as far as a command may know it. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly redactor: Redactor;
  /** Whether stderr is read by a program (Meltano's JSON lines, Airbyte's messages). */
  readonly structured: boolean;
  /** Aborted by SIGTERM and SIGINT, with a ConnectorError as its reason. */
  readonly signal: AbortSignal;
}
