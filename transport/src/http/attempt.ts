/** One request on one connection, up to the head of its answer. */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { AttemptError, attemptError, type Phase, placeOf } from './failure.ts';
import type { HttpRequest } from './message.ts';

interface Attempt {
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
  readonly agent: Agent;
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
}

/** Resolves with the answer's head. Rejects with an AttemptError that says how far it got. */
export function startAttempt({
  request,
  signal,
  agent,
  userAgent,
  connectTimeoutMs,
}: Attempt): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let phase: Phase = 'connect';
    const resolved: string[] = [];
    const failed = (error: Error) => reject(attemptError(error, phase, placeOf(request.url, error, resolved)));
    const asked = (request.url.protocol === 'https:' ? httpsRequest : httpRequest)(request.url, {
      method: request.method,
      agent,
      headers: { 'accept-encoding': 'gzip, br', 'user-agent': userAgent, ...request.headers },
    });
    // Destroyed before it has a connection, a request says nothing until one comes.
    const giveUp = (reason: Error) => {
      failed(reason);
      asked.destroy(reason);
    };
    const silent = Object.assign(new Error('no connection'), { code: 'CONNECT_TIMEOUT' });
    const connecting = setTimeout(() => giveUp(silent), connectTimeoutMs);
    const onAbort = () => giveUp(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const connected = () => {
      clearTimeout(connecting);
      try {
        request.permit?.();
      } catch (expired) {
        giveUp(expired as Error);
        return;
      }
      phase = 'headers';
      asked.end(request.body);
    };
    asked.once('socket', (socket) => {
      // A kept connection is there already, a tunnel comes with its handshake done: neither looks up a name.
      if (socket.connecting) socket.on('lookup', (_error, address) => address && resolved.push(address));
      const { authorized } = socket as Partial<TLSSocket>;
      if (authorized ?? !socket.connecting) connected();
      else socket.once(authorized === undefined ? 'connect' : 'secureConnect', connected);
    });
    asked.once('response', (answer) => {
      // The reader of the body gets the error there; no other handler must.
      answer.on('error', () => {});
      resolve(answer);
    });
    asked.on('error', failed);
    asked.once('close', () => {
      clearTimeout(connecting);
      signal.removeEventListener('abort', onAbort);
      reject(new AttemptError({ phase, code: 'CLOSED' }));
    });
  });
}
