import type { Readable, Writable } from 'node:stream';
import { type Clock, systemClock } from '@ukg-together/kit/clock';
import { stopSignal } from '@ukg-together/kit/command/stop-signal';
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

/** This process: its streams, the real clock and signals. `stopped`: what to say beside the signal. */
export function processIo(own: Pick<Io, 'env' | 'log' | 'redactor' | 'structured'>, stopped: string = goesOn): Io {
  const { stdin, stdout, stderr } = process;
  const signal = stopSignal(process, stopped);
  return { ...own, stdin, stdout, stderr, clock: systemClock, random: Math.random, signal };
}
