import { ConnectorError } from '@ukg-together/kit/error';

export interface StreamFailure {
  readonly stream: string;
  readonly error: ConnectorError;
}

/** The exit code's error for a run whose streams failed: a missing right before an outage before anything else. */
export function worstFailure(failures: readonly StreamFailure[]): ConnectorError | undefined {
  const errors = failures.map(({ error }) => error);
  const worst =
    errors.find(({ kind }) => kind === 'credentials') ??
    errors.find(({ kind }) => kind === 'settings') ??
    errors.find(({ kind }) => kind === 'unreachable') ??
    errors[0];
  if (worst === undefined) return undefined;
  const names = failures.map(({ stream }) => stream).join(', ');
  return new ConnectorError(
    worst.kind,
    `${failures.length === 1 ? 'A stream' : `${failures.length} streams`} failed: ${names}.`,
    {
      hint: 'The others are complete, and their bookmarks are kept. The lines above tell what to do.',
      cause: worst,
    },
  );
}
