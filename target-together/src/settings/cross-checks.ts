/** Checks of one setting beside others, or that no type says. */

import { isAbsolute } from 'node:path';
import { isKnownZone } from '@ukg-together/kit/days/zone';
import { isLoopback, isPrivateRedis, requireSecure } from '@ukg-together/transport/http/url';

/** Settings as they came: any of them may be missing or of another type. */
export interface RawSettings {
  readonly region?: unknown;
  readonly api_url?: unknown;
  readonly min_interval_ms?: unknown;
  readonly time_zone?: unknown;
  readonly webhook?: { readonly url?: unknown } | null | undefined;
  readonly state_dir?: unknown;
  readonly ledger_key?: unknown;
  readonly limiter?: { readonly type?: unknown; readonly url?: unknown; readonly allow_plain?: unknown } | undefined;
  readonly load_method?: unknown;
}

export interface CrossCheck {
  /** The setting that the message is about. */
  readonly path: keyof RawSettings;
  readonly message: string;
  readonly holds: (raw: RawSettings) => boolean;
}

/** In the order in which faults are reported. */
export const crossChecks: readonly CrossCheck[] = [
  {
    path: 'region',
    message: 'is required: eu, au, ca or us (or set api_url); it has no default, for data residency',
    holds: ({ region, api_url }) => !!region || !!api_url,
  },
  {
    path: 'api_url',
    message: 'and region exclude each other: remove one',
    holds: ({ region, api_url }) => !(region && api_url),
  },
  {
    path: 'api_url',
    message: 'must start with https:// and hold no credentials (plain http is allowed only on 127.0.0.1)',
    holds: ({ api_url }) => isSecure(api_url),
  },
  {
    path: 'min_interval_ms',
    message: 'must be at least 1000: Together revokes keys that send faster than one request a second',
    holds: ({ min_interval_ms, api_url }) =>
      typeof min_interval_ms !== 'number' || min_interval_ms >= 1000 || isLoopbackUrl(api_url),
  },
  {
    path: 'time_zone',
    message: 'must be an IANA time zone, e.g. America/New_York',
    holds: ({ time_zone }) => isZone(time_zone),
  },
  {
    path: 'webhook',
    message: 'url must start with https:// (plain http is allowed only on 127.0.0.1)',
    holds: ({ webhook }) => isSecure(webhook?.url),
  },
  {
    path: 'limiter',
    message:
      'url must start with rediss:// (plain redis:// is allowed only on 127.0.0.1, or with "allow_plain": true where no other program can listen)',
    holds: ({ limiter }) => limiter?.allow_plain === true || isPrivateRedis(limiter?.url),
  },
  {
    path: 'state_dir',
    message: 'is "redis", so limiter must be {"type": "redis", "url": …}: the state lies in the same Redis',
    holds: ({ state_dir, limiter }) => !isRedisState(state_dir) || limiter?.type === 'redis',
  },
  {
    path: 'state_dir',
    message: 'must not be a URL: put that into limiter.url, which is kept secret, and "redis" or "redis:NAME" here',
    holds: ({ state_dir }) => !/^rediss?:\/\//.test(String(state_dir)),
  },
  {
    path: 'state_dir',
    message:
      'is a relative path, which counts from the folder of a settings file of your own; here it must be a whole path',
    holds: ({ state_dir }) => typeof state_dir !== 'string' || !namesFolder(state_dir) || isAbsolute(state_dir),
  },
  {
    path: 'ledger_key',
    message: 'is required with state_dir "redis": the key of the state must not lie beside it (openssl rand -hex 32)',
    holds: ({ state_dir, ledger_key }) => !isRedisState(state_dir) || !!ledger_key,
  },
  {
    path: 'load_method',
    message:
      'overwrite is refused: it would delete everybody who is not in this run; use upsert, and vanished: terminate',
    holds: ({ load_method }) => load_method !== 'overwrite',
  },
];

/** `redis`, or `redis:NAME` for one of several states of an organization. */
export const redisState = /^redis(?::([A-Za-z0-9._-]+))?$/;

const isRedisState = (value: unknown): boolean => typeof value === 'string' && redisState.test(value);

/** Whether a `state_dir` is a path. */
export const namesFolder = (text: string): boolean =>
  text !== 'none' && !isRedisState(text) && !/^rediss?:\/\//.test(text);

const urlOf = (value: unknown): URL | undefined =>
  typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;

function isLoopbackUrl(value: unknown): boolean {
  const url = urlOf(value);
  return url !== undefined && isLoopback(url);
}

/** Also true of what is no URL: its type says that. */
function isSecure(value: unknown): boolean {
  const url = urlOf(value);
  if (!url) return true;
  try {
    requireSecure(url, 'url');
    return true;
  } catch {
    return false;
  }
}

const isZone = (value: unknown): boolean => isKnownZone(String(value ?? 'UTC'));
