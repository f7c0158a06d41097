/** A span for each request to an API: its method, host, path and status. Never its query, its headers or its body. */
import type { Logger } from '@ukg-together/kit/log/log';
import { AttemptError } from './failure.ts';
import type { Send } from './request.ts';

/**
 * The same `send`; each attempt is a span of its own, from the request to the answer's headers, where telemetry is on. For APIs
 * whose paths name collections only: a webhook's path is a secret.
 */
export function traced(send: Send, log: Logger): Send {
  const { span, mark } = log;
  if (!span) return send;
  return (request) => {
    const { method, url } = request;
    const attributes = {
      'http.request.method': method,
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'http:' ? 80 : 443)),
      'url.path': url.pathname,
    };
    return span(`${method} ${url.pathname}`, { client: true, attributes }, async () => {
      try {
        const response = await send(request);
        const { status } = response;
        mark?.({ 'http.response.status_code': status, ...(status >= 400 ? { 'error.type': String(status) } : {}) });
        return response;
      } catch (thrown) {
        if (thrown instanceof AttemptError) mark?.({ 'error.type': thrown.failure.code ?? thrown.failure.phase });
        throw thrown;
      }
    });
  };
}
