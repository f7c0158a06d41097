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
  const proxied = pool(() => {
    const proxy = proxyOf(env);
    if (!proxy) return direct();
    const connect = { ...tls(), ...timeout };
    const settings = { httpProxy: proxy, httpsProxy: proxy, noProxy: noProxyOf(env) };
    return new EnvHttpProxyAgent({ ...common, connect, requestTls: tls(), proxyTls: tls(), ...settings });
  });
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

/**
 * The proxy's address, from the usual variables; lower case goes before upper case, as with curl. Throws a settings error
 * that names the variable and never its value, which may hold a password.
 */
function proxyOf(env: NodeJS.ProcessEnv): string | undefined {
  const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;
  const variable = variables.find((name) => env[name]?.trim());
  if (variable === undefined) return undefined;
  const value = (env[variable] as string).trim();
  // `proxy.example.com:3128`, as many write it.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (/^https?:\/\//i.test(address) && URL.canParse(address)) return address;
  throw new ConnectorError('settings', `The environment variable ${variable} does not name an HTTP proxy.`, {
    hint: 'It must look like http://proxy.example.com:3128, with http:// or https://; SOCKS is not spoken.',
  });
}

/** Hosts that are asked directly. Where `*` stands among others it still means all of them. */
function noProxyOf(env: NodeJS.ProcessEnv): string {
  const list = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return list.split(/[,\s]+/).includes('*') ? '*' : list;
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
