/**
 * Node's own connection pools: which one serves a host, with which certificates and through which proxy. Each is opened when
 * first asked for: certificates are many, and who speaks plain HTTP with this machine needs none.
 */
import { readFileSync } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { proxyFor } from './proxy.ts';
import { tunnelling } from './tunnel.ts';
import { isLoopback } from './url.ts';

export interface Agents {
  of(url: URL): HttpAgent;
  close(): void;
}

export function openAgents(options: {
  readonly env: NodeJS.ProcessEnv;
  /** Connections kept to one host. */
  readonly connections?: number;
}): Agents {
  const { env } = options;
  const pool = { keepAlive: true, maxSockets: options.connections ?? 8 } as const;
  const opened = new Map<string, HttpAgent>();
  const agent = (key: string, make: () => HttpAgent): HttpAgent => {
    const known = opened.get(key) ?? make();
    opened.set(key, known);
    return known;
  };
  return {
    of(url) {
      if (url.protocol === 'http:') return agent('plain', () => wary(new HttpAgent(pool)));
      // Loopback is this very machine: no proxy could reach it.
      const proxy = isLoopback(url) ? undefined : proxyFor(url, env);
      return agent(proxy?.href ?? 'direct', () => {
        const tls = tlsOptions(env);
        const direct = wary(new HttpsAgent({ ...pool, ...tls }));
        return proxy ? tunnelling(direct, proxy, tls) : direct;
      });
    },
    close() {
      for (const one of opened.values()) one.destroy();
    },
  };
}

/**
 * What arrives on a kept connection without a request (a gateway's 408 before it hangs up) would be read as the answer to the
 * next request: such a connection is closed instead.
 */
function wary<A extends HttpAgent>(agent: A): A {
  const { keepSocketAlive, reuseSocket } = agent as unknown as Keeping;
  const unasked = function (this: Socket) {
    this.destroy();
  };
  return Object.assign(agent, {
    keepSocketAlive(socket: Socket): boolean {
      const keeps = keepSocketAlive.call(agent, socket);
      if (keeps) socket.on('data', unasked);
      return keeps;
    },
    reuseSocket(socket: Socket, request: ClientRequest): void {
      socket.off('data', unasked);
      reuseSocket.call(agent, socket, request);
    },
  });
}

/** Methods that Node documents for agents of one's own, and its types leave out. */
interface Keeping {
  keepSocketAlive(socket: Socket): boolean;
  reuseSocket(socket: Socket, request: ClientRequest): void;
}

function tlsOptions(env: NodeJS.ProcessEnv): AgentOptions {
  const ca = extraCertificates(env);
  // rejectUnauthorized is said aloud so that NODE_TLS_REJECT_UNAUTHORIZED=0 can't switch the check off.
  return { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca ? { ca } : {}) };
}

/** SSL_CERT_FILE adds to the built-in roots; NODE_EXTRA_CA_CERTS is read by Node itself, but not once `ca` is given. */
function extraCertificates(env: NodeJS.ProcessEnv): string[] | undefined {
  if (!env['SSL_CERT_FILE']) return undefined;
  const pems = [env['SSL_CERT_FILE'], env['NODE_EXTRA_CA_CERTS']].filter((path) => path !== undefined && path !== '');
  return [
    ...rootCertificates,
    ...(pems as string[]).map((path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch (cause) {
        throw new ConnectorError('settings', said`The CA file ${path} can't be read.`, {
          hint: 'SSL_CERT_FILE and NODE_EXTRA_CA_CERTS must name a readable PEM file.',
          cause,
        });
      }
    }),
  ];
}

/**
 * Node's own switch for all TLS checks is turned back on: requests here always check, but libraries that fetch secrets or
 * speak to Redis would obey it.
 */
export function withoutTlsSwitch(env: NodeJS.ProcessEnv, warn: (message: string) => void): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
  warn(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: certificates are always checked. Name the authority of your company with NODE_EXTRA_CA_CERTS.',
  );
}
