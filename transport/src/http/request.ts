/**
 * One HTTP attempt, for both halves: no redirect is followed (every client measured leaks custom key headers to the other
 * host), TLS 1.2 and up with no off switch, proxies and CA files by the usual variables, and a timeout that counts only the
 * time spent waiting for the network, so that a slow reader downstream is never mistaken for a slow server.
 */
import { type Clock, systemClock } from '@ukg-together/kit/clock';
import { openAgents } from './agents.ts';
import { startAttempt } from './attempt.ts';
import { bodyOf, readText } from './body.ts';
import { startDeadline } from './deadline.ts';
import { attemptError } from './failure.ts';
import type { Send } from './message.ts';

export type { HttpRequest, HttpResponse, Send } from './message.ts';

export interface HttpOptions {
  /** Milliseconds of waiting for the network, for one attempt in all. */
  readonly timeoutMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly userAgent: string;
  readonly clock?: Clock;
  /** Connections kept to one host. */
  readonly connections?: number;
}

/** Opens the connection pools; `close()` lets the process end. */
export function createHttp(options: HttpOptions): { send: Send; close(): Promise<void> } {
  const clock = options.clock ?? systemClock;
  const agents = openAgents(options);
  const connectTimeoutMs = Math.min(options.timeoutMs, 30_000);

  const send: Send = async (request) => {
    const limit = startDeadline(request.timeoutMs ?? options.timeoutMs, request.signal, clock);
    try {
      const answer = await limit.during(
        startAttempt({
          request,
          signal: limit.signal,
          agent: agents.of(request.url),
          userAgent: options.userAgent,
          connectTimeoutMs,
        }),
      );
      const headers = flatten(answer.headers);
      return {
        status: answer.statusCode as number,
        headers,
        body: bodyOf(answer, headers, limit),
        text: (maxBytes) => readText(bodyOf(answer, headers, limit), maxBytes),
        async discard() {
          limit.end();
          answer.destroy();
        },
      };
    } catch (thrown) {
      limit.end();
      if (limit.abortedByCaller()) throw limit.signal.reason;
      throw attemptError(thrown, 'connect');
    }
  };

  return {
    send,
    async close() {
      agents.close();
    },
  };
}

function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
