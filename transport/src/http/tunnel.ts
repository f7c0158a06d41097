/** HTTPS through a proxy's CONNECT. Goes when every Node we support has `proxyEnv` (22.21, 24.5). */
import { type Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { type AgentOptions, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { unescape as decoded } from 'node:querystring';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

type Connected = (error: Error | null, socket?: Duplex) => void;

/**
 * The same pool, its connections made through `proxy`. What a proxy itself answers is the failure `PROXY_ANSWERED_<status>`, never taken
 * for an answer of the host behind it: a proxy's 403 is no missing right, and its 204 no acceptance.
 */
export function tunnelling(agent: Agent, proxy: URL, tls: AgentOptions): Agent {
  const opening = new Set<ClientRequest>();
  const create = (options: ConnectionOptions & { signal?: AbortSignal }, done: Connected): undefined => {
    const host = `${options.host}:${options.port}`;
    const asked: ClientRequest = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      ...tls,
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: host,
      headers: { host, ...authorization(proxy) },
      agent: false,
      // No one waits for a tunnel longer than for the host itself.
      timeout: 30_000,
    });
    opening.add(asked);
    const finish: Connected = (error, socket) => {
      if (opening.delete(asked)) done(error, socket);
      else socket?.destroy();
    };
    asked.on('timeout', () => asked.destroy(Object.assign(new Error('silent proxy'), { code: 'PROXY_TIMEOUT' })));
    asked.on('error', (error) => finish(error));
    asked.on('response', (response) => {
      response.resume();
      refuse(response.statusCode);
    });
    asked.on('connect', (response, socket: Socket) => {
      if (Math.floor((response.statusCode ?? 0) / 100) !== 2) {
        socket.destroy();
        refuse(response.statusCode);
        return;
      }
      socket.setTimeout(0);
      const secured = connect({ ...options, socket });
      secured.once('error', (error) => finish(error));
      secured.once('secureConnect', () => finish(null, secured));
    });
    asked.end();
    function refuse(status = 0): void {
      finish(Object.assign(new Error('the proxy refused the tunnel'), { code: `PROXY_ANSWERED_${status}` }));
    }
    return undefined;
  };
  const destroy = agent.destroy.bind(agent);
  return Object.assign(agent, {
    createConnection: create,
    destroy() {
      for (const asked of opening) asked.destroy();
      destroy();
    },
  });
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === '' && proxy.password === '') return {};
  // Unlike decodeURIComponent, this takes a `%` that begins no escape as it stands: passwords are pasted as they are.
  const pair = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
