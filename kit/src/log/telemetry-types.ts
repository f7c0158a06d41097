import type { Clock } from '../clock.ts';
import type { Environment } from '../text/environment.ts';
import type { Logger } from './log.ts';
import type { Redactor } from './redact.ts';

export interface Watched {
  /** The executable's name and version. */
  readonly name: string;
  readonly version: string;
  /** What is done: `sync`, `run`, `plan` … */
  readonly command: string;
  readonly env: Environment;
  readonly log: Logger;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** What telemetry.ts needs of an SDK. */
export interface Telemetry {
  /** The same log; what it measures goes to the SDK too. */
  watch(log: Logger): Logger;
  /** The outermost span; `job` gives the exit code. */
  root(name: string, job: () => Promise<number>): Promise<number>;
  /** Hands over what is left, and waits for it no longer than a few seconds. */
  close(): Promise<void>;
}

/** Which signals the environment asks for, by OpenTelemetry's own variables. */
export interface Signals {
  readonly traces: boolean;
  readonly metrics: boolean;
}
