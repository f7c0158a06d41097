/**
 * The few Redis commands that lanes, locks and ledgers of several machines need. ioredis is an optional package: it is loaded
 * only when a setting asks for Redis, and one sentence says how to install it.
 */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { loadPackage } from '@ukg-together/kit/secrets/optional-package';
import { isPrivateRedis } from '../http/url.ts';

/** Resolves with Redis' answer, or throws ConnectorError `unreachable` once Redis stayed away for `giveUpMs`. */
export interface RedisClient {
  command(...parts: (string | Buffer)[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface RedisOptions {
  /** `redis://` or `rediss://` (TLS); may hold a password, which is never printed. */
  readonly url: string;
  /** Whether `redis://` may lead to another machine. */
  readonly allowPlain?: boolean;
  /** PEM: who signed the server's certificate, where that is no public authority. */
  readonly ca?: string | undefined;
  /** How long Redis may be away (a restart) before the run stops, milliseconds (default 30,000). */
  readonly giveUpMs?: number;
}

export async function connectRedis(options: RedisOptions): Promise<RedisClient> {
  const { url, allowPlain = false, ca, giveUpMs = 30_000 } = options;
  if (!allowPlain && !isPrivateRedis(url)) {
    throw new ConnectorError('settings', said`Redis at ${safeHost(url)} would be spoken to without TLS.`, {
      hint: 'Give limiter.url a rediss:// address, or set limiter.allow_plain where no other program can listen.',
    });
  }
  const { Redis } = await load();
  const redis = new Redis(url, {
    lazyConnect: true,
    commandTimeout: 5000,
    connectTimeout: 5000,
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    retryStrategy: () => 200,
  });
  if (ca !== undefined && redis.options.tls) redis.options.tls = { ca };
  // Connection errors surface in the command that needed the connection; unheard events would end the process.
  redis.on('error', () => {});

  const gone = (cause: unknown) =>
    new ConnectorError('unreachable', said`Redis at ${safeHost(url)} stayed unreachable.`, {
      hint: 'The run stopped rather than send without the shared limit. Start it again when Redis is back.',
      internal: cause instanceof Error ? cause.name : String(cause),
      cause,
    });

  async function command(...parts: (string | Buffer)[]): Promise<unknown> {
    const [name, ...args] = parts;
    const until = performance.now() + giveUpMs;
    for (;;) {
      try {
        return await redis.callBuffer(String(name), ...args);
      } catch (thrown) {
        const word = replyWord(thrown);
        if (word !== undefined && !transient.has(word)) throw refused(safeHost(url), word, thrown);
        if (performance.now() >= until) throw gone(thrown);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  try {
    await redis.connect().catch(() => {});
    await command('PING');
  } catch (thrown) {
    redis.disconnect();
    throw thrown;
  }
  return {
    command,
    async close() {
      redis.disconnect();
    },
  };
}

/** The first word of Redis' own refusal; undefined when there was no answer at all. */
function replyWord(thrown: unknown): string | undefined {
  return thrown instanceof Error && thrown.name === 'ReplyError' ? (thrown.message.split(' ')[0] ?? '') : undefined;
}

/** Refusals that pass by themselves: a server that starts, a replica that is taking over. */
const transient = new Set(['LOADING', 'MASTERDOWN', 'READONLY', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY']);

function refused(host: string, word: string, cause: unknown): ConnectorError {
  const detail = { internal: word, cause };
  if (word === 'OOM') {
    return new ConnectorError('unexpected', said`Redis at ${host} is full (OOM).`, {
      hint: 'Give it more memory (maxmemory) and run again: what was acknowledged before is kept.',
      ...detail,
    });
  }
  if (word === 'MISCONF') {
    return new ConnectorError(
      'unexpected',
      said`Redis at ${host} can't save to its disk (MISCONF) and takes no writes.`,
      {
        hint: 'See its log and its disk, then run again: what was acknowledged before is kept.',
        ...detail,
      },
    );
  }
  return new ConnectorError('settings', said`Redis at ${host} refused a command (${word}).`, {
    hint: 'Check the user name, the password and the rights in limiter.url.',
    ...detail,
  });
}

async function load(): Promise<{ Redis: typeof import('ioredis').Redis }> {
  try {
    return (await loadPackage('ioredis')) as { Redis: typeof import('ioredis').Redis };
  } catch (cause) {
    throw new ConnectorError('settings', said`limiter.type is "redis", but the package ioredis is not installed.`, {
      hint: 'Install it beside the connector: npm i ioredis@5',
      cause,
    });
  }
}

function safeHost(url: string): string {
  try {
    return new URL(url).host;
  } catch (thrown) {
    if (thrown instanceof ConnectorError) throw thrown;
    return 'limiter.url';
  }
}
