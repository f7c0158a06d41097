/** A doctor's look at the certificate of a host, by a handshake alone: no request is sent, so that no limit counts it. */
import { isIP } from 'node:net';
import type { ConnectionOptions, connect, TLSSocket } from 'node:tls';
import type { Clock } from '@ukg-together/kit/clock';
import { type Check, type Outcome, skipped } from '@ukg-together/kit/doctor/finding';
import { ConnectorError, errorCode, said } from '@ukg-together/kit/error';
import { codeText } from '@ukg-together/kit/text/error-code';
import { openAgents } from './agents.ts';

/** Renewals happen a month before the end: later, one has been missed. */
const soonDays = 14;
const dayMs = 86_400_000;
const timeoutMs = 15_000;

/** `url`: undefined where no setting tells the host. */
export const certificateCheck = (url: URL | undefined, env: NodeJS.ProcessEnv, clock: Pick<Clock, 'now'>): Check => [
  'tls',
  async () => {
    if (url === undefined) return skipped('Needs the settings that are wrong or missing.');
    if (url.protocol === 'http:') return skipped(`Plain HTTP to ${url.host}: there is no certificate.`);
    try {
      const { issuer, ends, protocol } = await handshake(url, env);
      return judged(url, issuer, ends, protocol, clock.now());
    } catch (thrown) {
      return refused(url, thrown, clock.now());
    }
  },
];

function judged(url: URL, issuer: string, ends: number, protocol: string, now: number): Outcome {
  const day = new Date(ends).toISOString().slice(0, 10);
  const days = Math.floor((ends - now) / dayMs);
  const message = `${url.host}: ${protocol}, signed by ${issuer}, until ${day}.`;
  if (days >= soonDays) return message;
  return {
    verdict: 'warning',
    message: `${message} That is in ${days} days.`,
    hint: "Only its owner can renew it: Together's or UKG's support, or whoever keeps the proxy that signs for it.",
  };
}

function refused(url: URL, thrown: unknown, now: number): Outcome {
  if (thrown instanceof ConnectorError) throw thrown;
  const code = errorCode(thrown);
  if (!/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/.test(code))
    return skipped(`No connection to ${url.host}: ${codeText(code)}.`, 'The check of the host itself tells more.');
  const dated = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  throw new ConnectorError('unreachable', said`${url.host} is not trusted: ${codeText(code)}.`, {
    hint: dated
      ? `This machine's clock says ${new Date(now).toISOString()}: where that is wrong, set it (timedatectl set-ntp true); else only the certificate's owner can renew it.`
      : 'Where a proxy reads along, name its authority: NODE_EXTRA_CA_CERTS=/path/authority.pem. docs/network.md has more.',
  });
}

interface Handshake {
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
  readonly protocol: string;
}

/** With the authorities and through the proxy of every request. */
async function handshake(url: URL, env: NodeJS.ProcessEnv): Promise<Handshake> {
  const agents = openAgents({ env });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const agent = agents.of(url) as unknown as Creating;
  const options = {
    ...agent.options,
    host,
    port: Number(url.port || 443),
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
  };
  let socket: TLSSocket | undefined;
  try {
    socket = await new Promise<TLSSocket>((done, fail) => {
      const timer = setTimeout(() => fail(Object.assign(new Error('silent'), { code: 'CONNECT_TIMEOUT' })), timeoutMs);
      const settled = (error: Error | null, one?: TLSSocket) => {
        clearTimeout(timer);
        if (error) fail(error);
        else if (one) done(one);
      };
      const direct = agent.createConnection(options, settled);
      if (direct === undefined) return;
      direct.once('error', settled);
      direct.once('secureConnect', () => settled(null, direct));
    });
    const { issuer, valid_to } = socket.getPeerCertificate();
    const name = issuer?.O ?? issuer?.CN ?? 'an authority without a name';
    return { issuer: String(name), ends: Date.parse(valid_to), protocol: socket.getProtocol() ?? 'TLS' };
  } finally {
    socket?.destroy();
    agents.close();
  }
}

/** What Node documents for agents, and its types leave out. */
interface Creating {
  readonly options: ConnectionOptions;
  createConnection(
    options: ConnectionOptions,
    done: (error: Error | null, socket?: TLSSocket) => void,
  ): ReturnType<typeof connect> | undefined;
}
