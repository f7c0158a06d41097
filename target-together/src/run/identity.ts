/** Which run this is: what every step may know, and no step changes. */
import { randomBytes } from 'node:crypto';
import type { RunSummary } from '../model/run-summary.ts';
import type { Settings } from '../settings/settings.ts';
import type { Mode, Protocol } from './modes.ts';

export interface RunIdentity {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly mode: Mode;
  readonly protocol: Protocol;
  readonly settings: Settings;
  readonly settingsHash: string;
  readonly about: Pick<RunSummary, 'tool' | 'destination'> & { readonly packageHash: string | null };
  /** The plan hash given with --accept or accept_plan. */
  readonly accept?: string | undefined;
  /** employeeIds of `--only`: nothing is sent of the others. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly files: RunSummary['files'];
}

/** `20260331-040012-41ab`: sorts by time, and two runs of one second differ. */
export const newRunId = (now: number): string =>
  `${new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${randomBytes(2).toString('hex')}`;
