import { requireSecure } from '@ukg-together/transport/http/url';

export const url = (value: unknown): URL | undefined =>
  typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;

export function isSecure(value: unknown): boolean {
  const parsed = url(value);
  if (!parsed) return true;
  try {
    requireSecure(parsed, 'url');
    return true;
  } catch {
    return false;
  }
}

export function isZone(value: unknown): boolean {
  // The default needs no table of zones, which takes longer to load than all other settings to check.
  if (value === undefined || value === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(value ?? 'UTC') });
    return true;
  } catch {
    return false;
  }
}

export const isRedisState = (raw: { readonly state_dir?: unknown }): boolean =>
  typeof raw.state_dir === 'string' && redisState.test(raw.state_dir);

/** `redis`, or `redis:NAME` for one of several states of an organization. */
export const redisState = /^redis(?::([A-Za-z0-9._-]+))?$/;
