import { ConnectorError } from '@ukg-together/kit/error';

export interface StreamFailure {
  readonly stream: string;
  readonly error: ConnectorError;
}

const order = ['credentials', 'settings', 'unreachable'] as const;

/** A missing right before an outage before anything else. */
function worstOf(failures: readonly StreamFailure[]): StreamFailure | undefined {
  for (const kind of order) {
    const found = failures.find(({ error }) => error.kind === kind);
    if (found) return found;
  }
  return failures[0];
}

/**
 * What a run ends with whose streams failed: the worst of them, with its own sentence, since runners show the last line alone.
 * `tell` tells the others before it. `selected`: how many streams were to be read.
 */
export async function throwWorst(
  failures: readonly StreamFailure[],
  selected: number,
  tell: (error: ConnectorError) => unknown,
): Promise<void> {
  const worst = worstOf(failures);
  if (worst === undefined) return;
  for (const failure of failures) if (failure !== worst) await tell(failure.error);
  const { stream, error } = worst;
  const several = `${failures.length} streams failed: ${failures.map(({ stream: name }) => name).join(', ')}. ${stream}`;
  const hint = [
    error.hint,
    ...(failures.length < selected ? ['The other streams are complete, and their bookmarks are kept.'] : []),
  ];
  const { kind, internal } = error;
  const text = `${failures.length === 1 ? `Stream ${stream} failed` : several}: ${error.message}`;
  throw new ConnectorError(
    kind,
    { text, anchor: error.anchor },
    {
      ...(hint.some(Boolean) && { hint: hint.filter(Boolean).join(' ') }),
      ...(internal !== undefined && { internal }),
      stream,
      cause: error,
    },
  );
}
