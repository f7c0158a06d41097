/** SIGTERM and SIGINT as one signal to stop. */
import { ConnectorError } from '@ukg-together/protocol/error';

/**
 * Aborted by the first SIGTERM or SIGINT; more of them change nothing (a runner's Ctrl-C sends both): the request in flight is
 * always finished and settled.
 */
export function stopSignal(source: Pick<NodeJS.Process, 'on'>): AbortSignal {
  const stop = new AbortController();
  for (const [name, kind] of [
    ['SIGTERM', 'sigterm'],
    ['SIGINT', 'sigint'],
  ] as const) {
    source.on(name, () => {
      if (stop.signal.aborted) return;
      stop.abort(
        new ConnectorError(kind, `Stopped by ${name}.`, {
          hint: 'Nothing is lost: run again, and it goes on where this run ended.',
        }),
      );
    });
  }
  return stop.signal;
}
