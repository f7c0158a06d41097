export interface Metric {
  /** A gauge is no metric of the SDK's: it is for telemetry.ts, and logged at level debug only. */
  readonly type: 'counter' | 'timer' | 'gauge';
  /** The SDK's names: record_count, http_request_duration, sync_duration, batch_processing_time … */
  readonly metric: string;
  /** Timers: seconds. */
  readonly value: number;
  readonly tags?: Tags;
}

/** Strings, numbers and booleans; never a person's data, nor an employeeId. */
export type Tags = Readonly<Record<string, unknown>>;

/** Structured additions; `error` becomes the line's exception. Never a person's data. */
export type Extra = Readonly<Record<string, unknown>>;

export const levels = { debug: 10, info: 20, warning: 30, error: 40 } as const;

export type LogLevel = keyof typeof levels;

export type LogMode = 'json' | 'bare' | 'plain' | 'human';

export interface Entry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly name: string;
  readonly pid: number;
  readonly message: string;
  readonly stream?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly metric?: Metric;
  readonly exception?: unknown;
}
