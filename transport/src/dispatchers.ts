/**
 * undici's connection pools: which one serves a host, with which certificates and through which proxy. Each is opened when
 * first asked for: certificates are many, and who speaks plain HTTP with this machine needs none.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { ConnectorError } from '@ukg-together/protocol/error';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { isLoopback } from './url.ts';

export interface Dispatchers {
  of(url: URL): Dispatcher;
  close(): Promise<void>;
}

export function openDispatchers(options: {
  readonly env: NodeJS.ProcessEnv;
  /** Connections kept to one host. */
  readonly connections?: number;
  readonly connectTimeoutMs: number;
}): Dispatchers {
  const { env, connectTimeoutMs } = options;
  const common = { connections: options.connections ?? 8, headersTimeout: 0, bodyTimeout: 0 };
  const timeout = { timeout: connectTimeoutMs };
  const tls = once(() => {
    const ca = extraCertificates(env);
    // rejectUnauthorized is said aloud so that NODE_TLS_REJECT_UNAUTHORIZED=0 can't switch the check off.
    return { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca ? { ca } : {}) } as const;
  });
  const opened: Dispatcher[] = [];
  const pool = (make: () => Dispatcher) =>
    once(() => {
      const dispatcher = make();
      opened.push(dispatcher);
      return dispatcher;
    });
  const plain = pool(() => new Agent({ ...common, connect: timeout }));
  const direct = pool(() => new Agent({ ...common, connect: { ...tls(), ...timeout } }));
  const proxied = pool(
    () =>
      new EnvHttpProxyAgent({
        ...common,
        connect: { ...tls(), ...timeout },
        requestTls: tls(),
        proxyTls: tls(),
        ...proxySettings(env),
      }),
  );
  return {
    of(url) {
      if (!isLoopback(url)) return proxied();
      return url.protocol === 'http:' ? plain() : direct();
    },
    async close() {
      await Promise.all(opened.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
        throw new ConnectorError('settings', `The CA file ${path} can't be read.`, {
          hint: 'SSL_CERT_FILE and NODE_EXTRA_CA_CERTS must name a readable PEM file.',
          cause,
        });
      }
    }),
  ];
}

function proxySettings(env: NodeJS.ProcessEnv) {
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'];
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'];
  return {
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    ...(noProxy ? { noProxy } : {}),
  };
}
