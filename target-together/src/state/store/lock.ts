/**
 * One run at a time, by locks that the kernel owns: they can't outlive their process and can't be stolen from a busy one.
 * Linux: an abstract socket. Windows: a named pipe. Elsewhere: a loopback port, distinguished from a foreign one by its greeting.
 * They hold for one machine (on Linux: for one network namespace); across machines see the setting `limiter`.
 */
import { createHash } from 'node:crypto';
import { connect, createServer, type ListenOptions, type Server } from 'node:net';
import { platform as currentPlatform } from 'node:os';
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { isLoopback } from '@ukg-together/transport/http/url';

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** What is locked: hashed into the lock's name, so it may be long. Never a secret. */
  readonly name: string;
  /** For the message: "this Together key", "the state folder /x". */
  readonly what: string;
  readonly pid: number;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly platform?: NodeJS.Platform;
}

interface Holder {
  readonly lock: string;
  readonly pid: number;
  readonly since: string;
}

/** The room for an abstract socket's name on Linux, its leading NUL included. Source: unix(7), sun_path. */
const abstractNameBytes = 108;

/** Together counts requests by key, whatever sends them: so the lock is by host, organization and client. */
export function accountLockName(account: { apiUrl: string; organizationId: string; clientId: string }): string {
  const url = new URL(account.apiUrl);
  // A proxy on this machine is one, by whichever of its names.
  const host = isLoopback(url) ? `localhost:${url.port}` : url.host;
  return `account ${host} ${account.organizationId} ${account.clientId}`;
}

const digestOf = (name: string): string =>
  createHash('sha256').update(`ukg-together ${name}`).digest('hex').slice(0, 32);

/** Who holds the lock of this name now; undefined: no process of this machine. Takes nothing. */
export async function lockHolder(
  name: string,
  platform: NodeJS.Platform = currentPlatform(),
): Promise<Pick<Holder, 'pid' | 'since'> | undefined> {
  const digest = digestOf(name);
  for (const address of addressesOf(digest, platform)) {
    const holder = await greeting(address);
    if (holder?.lock === digest) return { pid: holder.pid, since: holder.since };
  }
  return undefined;
}

/** Takes the lock or throws ConnectorError `locked`, naming who holds it. */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const digest = digestOf(options.name);
  const holder: Holder = { lock: digest, pid: options.pid, since: new Date(options.now()).toISOString() };
  const addresses = addressesOf(digest, options.platform ?? currentPlatform());
  const held: Server[] = [];
  const release = async () => {
    await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  };
  let foreign = 0;
  for (const address of addresses) {
    let server = await listen(address, holder);
    const other = server ? undefined : await greeting(address);
    // No answer: the run that had it has ended meanwhile, or is too busy to answer.
    if (!server && !other) server = await listen(address, holder);
    if (server) {
      held.push(server);
      if (held.length * 2 > addresses.length) return { release };
      continue;
    }
    // A port may belong to another program; an abstract socket or a pipe of this name to no one else.
    if (addresses.length > 1 && other?.lock !== digest) {
      foreign++;
      continue;
    }
    await release();
    throw new ConnectorError(
      'locked',
      said`Another run uses ${options.what}${other ? ` (process ${other.pid}, since ${other.since})` : ''}.`,
      {
        hint: 'Wait until it has ended, or stop it. Nothing was sent by this run.',
      },
    );
  }
  await release();
  throw new ConnectorError(
    'locked',
    said`Could not lock ${options.what}: other programs hold ${foreign} of its ${addresses.length} loopback ports.`,
    {
      hint: `Free one of 127.0.0.1:${addresses.map((address) => address.port).join(', ')}. Nothing was sent.`,
    },
  );
}

/**
 * One address, or three ports of which most must be had: one port taken by another program locks no one out, and no two runs
 * can hold two of three. Ports below the ranges that systems hand out by themselves.
 */
function addressesOf(digest: string, platform: NodeJS.Platform): ListenOptions[] {
  // The whole of sun_path: Node.js 20 pads a shorter name to this length and later versions don't, so neither would see the other.
  if (platform === 'linux') return [{ path: `\0ukg-together-${digest}`.padEnd(abstractNameBytes, '-') }];
  if (platform === 'win32') return [{ path: `\\\\.\\pipe\\ukg-together-${digest}` }];
  // Each in a range of its own: three that differ.
  return [0, 1, 2].map((n) => ({
    host: '127.0.0.1',
    port: 10_000 + n * 6_666 + (Number.parseInt(digest.slice(8 * n, 8 * n + 8), 16) % 6_666),
    exclusive: true,
  }));
}

/** undefined: another person has the address. */
function listen(address: ListenOptions, holder: Holder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(`${JSON.stringify(holder)}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else
        reject(
          new ConnectorError('unexpected', said`The run lock could not be taken: ${errorText(error)}.`, {
            cause: error,
          }),
        );
    });
    server.listen(address, () => {
      // The lock must not keep the process alive.
      server.unref();
      resolve(server);
    });
  });
}

/** Asks the holder who it is; undefined when it is too busy to answer, or no run of ours. */
function greeting(address: ListenOptions): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    const socket =
      address.path === undefined
        ? connect({ host: address.host ?? '127.0.0.1', port: address.port ?? 0 })
        : connect({ path: address.path });
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(parseHolder(text));
    };
    socket.setEncoding('utf8');
    socket.setTimeout(1000, finish);
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > 1000 || text.includes('\n')) finish();
    });
    socket.on('end', finish);
    socket.on('error', finish);
  });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    const { lock, pid, since } = value ?? {};
    if (typeof lock !== 'string' || !Number.isSafeInteger(pid) || typeof since !== 'string') return undefined;
    return { lock, pid: pid as number, since: /^[\d:TZ.-]{1,30}$/.test(since) ? since : 'unknown' };
  } catch {
    return undefined;
  }
}
