/**
 * Every failure a user can meet, named by who can fix it. One class: the kind decides the exit code.
 */

import { codeText } from './text/error-code.ts';

/** The exit codes of all four executables. */
export const ExitCode = {
  ok: 0,
  unexpected: 1,
  settings: 2,
  guard: 3,
  refused: 4,
  unreachable: 5,
  credentials: 6,
  locked: 7,
  changes: 8,
  sigint: 130,
  sigterm: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Whether a run with this exit code did all that it had to. */
export const isGood = (code: number): boolean => code === ExitCode.ok || code === ExitCode.changes;

/**
 * - `unexpected`: a fault of ours, or of the machine (disk full, closed pipe).
 * - `input`: the messages on stdin can't be read.
 * - `settings`: a setting, a flag, a mapping, or a file that a flag names (a catalog, a state) is wrong.
 * - `guard`: a guard stopped the run before its first write.
 * - `refused`: more people were refused than allowed.
 * - `unreachable`: an API stayed unreachable, kept failing, or gave an answer that is not recognised.
 * - `credentials`: wrong credentials, or a missing right.
 * - `locked`: another run is under way.
 */
export type ErrorKind =
  | 'unexpected'
  | 'input'
  | 'settings'
  | 'guard'
  | 'refused'
  | 'unreachable'
  | 'credentials'
  | 'locked'
  | 'sigint'
  | 'sigterm';

const exitCodes: Record<ErrorKind, ExitCode> = {
  unexpected: ExitCode.unexpected,
  input: ExitCode.unexpected,
  settings: ExitCode.settings,
  guard: ExitCode.guard,
  refused: ExitCode.refused,
  unreachable: ExitCode.unreachable,
  credentials: ExitCode.credentials,
  locked: ExitCode.locked,
  sigint: ExitCode.sigint,
  sigterm: ExitCode.sigterm,
};

/** Where this project lives. */
export const repositoryUrl = 'https://github.com/ukg-together/ukg-together';

/** A sentence of an error, and its place in docs/troubleshooting.md. Made by `said` alone, so that no error is without. */
export interface Sentence {
  readonly text: string;
  readonly anchor: string;
}

/** Where the documentation explains a sentence. */
export const sentencePage = ({ anchor }: Pick<Sentence, 'anchor'>): string =>
  `${repositoryUrl}/blob/main/docs/troubleshooting.md#${anchor}`;

/** The anchor of a sentence: its words, without the values in it. */
export const anchorOf = (parts: readonly string[]): string =>
  parts
    .join(' ')
    .toLowerCase()
    .replaceAll("'", '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The page of all errors is generated from the places where this stands. */
export const said = (parts: TemplateStringsArray, ...values: readonly (string | number)[]): Sentence => ({
  text: String.raw({ raw: parts }, ...values),
  anchor: anchorOf(parts),
});

export interface ErrorDetail {
  /** What to do next, as a sentence to the user. */
  readonly hint?: string;
  /** What happened inside, for a bug report; masked before it is printed. Never a person's data. */
  readonly internal?: string;
  /** The stream it happened in, where there is one. */
  readonly stream?: string;
  readonly cause?: unknown;
}

/**
 * A failure with a sentence for the user: what was tried, what came back, which setting or record key.
 * Neither `message` nor `hint` ever holds a name, an address, a birth date or a secret.
 */
export class ConnectorError extends Error {
  /** A bundle in parts holds this class more than once: `instanceof` means what it is, not which copy made it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ConnectorError' && 'kind' in value;
  }

  readonly kind: ErrorKind;
  /** Its place in docs/troubleshooting.md. */
  readonly anchor: string;
  readonly hint: string | undefined;
  readonly internal: string | undefined;
  readonly stream: string | undefined;

  constructor(kind: ErrorKind, { text, anchor }: Sentence, detail: ErrorDetail = {}) {
    // A list of faults ends without a full stop, and the advice is printed behind it.
    const message = /[.:!?]$/.test(text) ? text : `${text}.`;
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ConnectorError';
    this.kind = kind;
    this.anchor = anchor;
    this.hint = detail.hint;
    this.internal = detail.internal;
    this.stream = detail.stream;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.kind];
  }

  get sentence(): Sentence {
    return { text: this.message, anchor: this.anchor };
  }

  /** Where the documentation explains it. */
  get docs(): string {
    return sentencePage(this);
  }

  /** What is printed below the sentence: what to do next, and where more stands. */
  get advice(): string[] {
    return [...(this.hint === undefined ? [] : [this.hint]), `See ${this.docs}`];
  }
}

/**
 * The same failure, reported for the stream that was selected. A joined stream fails in one of its sources, and a runner knows
 * no stream by the source's name.
 */
export function inStream(error: ConnectorError, stream: string): ConnectorError {
  if (error.stream === stream) return error;
  const { kind, sentence, hint, internal, cause, stack } = error;
  const named = new ConnectorError(kind, sentence, {
    ...(hint !== undefined && { hint }),
    ...(internal !== undefined && { internal }),
    stream,
    cause,
  });
  if (stack !== undefined) named.stack = stack;
  return named;
}

/** The `code` that Node gives its errors (`ENOENT`, `ECONNRESET`), or `unknown`: a word that is safe to print. */
export function errorCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'unknown';
}

/** Its code in words, where it has one: "the disk is full (ENOSPC)". */
export const errorText = (thrown: unknown): string => codeText(errorCode(thrown));

/** Where an error happened, without its message: a foreign one may repeat what it choked on, and that may be a person. */
export function safeStack(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}

/** Wraps anything thrown: a ConnectorError stays, the rest becomes `unexpected` without repeating its text to the user. */
export function asConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const code = (thrown as { code?: unknown } | null)?.code;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return new ConnectorError(
    'unexpected',
    said`Unexpected failure: ${typeof code === 'string' ? codeText(code) : name}.`,
    {
      hint: 'Run again with LOGLEVEL=DEBUG and report the stack that it prints.',
      ...(thrown instanceof Error && { internal: safeStack(thrown) }),
      cause: thrown,
    },
  );
}
