import type { ExitCode, Sentence } from '@ukg-together/kit/error';

export interface ServiceReport {
  /** Resource path. */
  readonly service: string;
  /** The right's name on UKG's screen. */
  readonly right: string;
  readonly result: 'ok' | 'denied' | 'failed' | 'not_tried';
  readonly status?: number;
  /** What is wrong, for people. */
  readonly problem?: string;
  /** It was not asked, since a setting that says what to ask for is missing. */
  readonly setting?: true;
  /** Streams that can't be read without it. */
  readonly streams: readonly string[];
}

export interface Checkup {
  readonly verdict: 'ok' | 'wrong_credentials' | 'missing_rights' | 'unreachable' | 'failed';
  readonly exitCode: ExitCode;
  readonly host: string;
  readonly sentence: Sentence;
  readonly hint?: string;
  readonly missingRights: readonly string[];
  readonly services: readonly ServiceReport[];
}
