/** Who may do what: Basic credentials, the customer key, rights by web service, the quota. */
import { header, json, type Reply, text } from '../server/reply.ts';
import type { Right } from './endpoints.ts';

export interface Credentials {
  username: string;
  password: string;
  customerApiKey: string;
  /** Where set, `x-api-key` is required too. */
  userApiKey?: string;
}
export const UKG_CREDENTIALS: Readonly<Credentials> = {
  username: 'sandbox-reader',
  password: 'not-a-secret:1',
  customerApiKey: 'K3Y5X',
};

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The 401 of a request with wrong credentials; its body is not JSON, on purpose: nothing documents one. */
export function refusedCredentials(headers: Headers, good: Credentials): Reply | undefined {
  const refused = text(401, 'Unauthorized', { 'www-authenticate': 'Basic' });
  const basic = /^Basic\s+(\S+)$/i.exec(header(headers, 'authorization'))?.[1];
  if (basic === undefined || Buffer.from(basic, 'base64').toString() !== `${good.username}:${good.password}`)
    return refused;
  if (headers['us-customer-api-key'] !== good.customerApiKey) return refused;
  if (good.userApiKey !== undefined && headers['x-api-key'] !== good.userApiKey) return refused;
  return undefined;
}

/** UNVERIFIED: what a missing View right answers is not documented; 403, 401 and an empty list are all imaginable. */
export type MissingRight = 403 | 401 | 'empty';

export function refusedRight(
  right: Right | null,
  granted: 'all' | readonly string[],
  missing: MissingRight,
): Reply | undefined {
  if (right === null || granted === 'all' || granted.includes(right)) return undefined;
  if (missing === 'empty') return json(200, []);
  if (missing === 401) return text(401, 'Unauthorized');
  return json(403, { errors: { general: { message: 'The web service account is not allowed to use this service.' } } });
}

export type RetryAfter = 'none' | 'seconds' | 'date';

/** Requests in a fixed window of a minute; beyond the quota a bodyless 429. */
export function createQuota(now: {
  mono: () => number;
  wall: () => number;
}): (perMinute: number, retryAfter: RetryAfter) => Reply | undefined {
  let [began, used] = [now.mono(), 0];
  return (perMinute, retryAfter) => {
    if (now.mono() - began >= 60_000) [began, used] = [now.mono(), 0];
    if (++used <= perMinute) return undefined;
    const left = 60_000 - (now.mono() - began);
    const value = retryAfter === 'seconds' ? `${Math.ceil(left / 1000)}` : new Date(now.wall() + left).toUTCString();
    return { status: 429, headers: retryAfter === 'none' ? {} : { 'retry-after': value }, body: '' };
  };
}

/** employee-changes may be called eight times a day, three hours apart; where that is enforced, beyond it a bodyless 429. */
export function createChangesRule(
  options: { enforceChangesRule?: boolean },
  world: { now(): number },
): { refused(page: number): Reply | undefined; reset(): void } {
  let calls: number[] = [];
  return {
    refused: (page) => {
      if (options.enforceChangesRule !== true || page > 1) return undefined;
      const now = world.now();
      calls = calls.filter((at) => now - at < 86_400_000);
      const last = calls.at(-1);
      if (calls.length >= 8 || (last !== undefined && now - last < 3 * 3_600_000)) return { status: 429, body: '' };
      calls.push(now);
      return undefined;
    },
    reset: () => {
      calls = [];
    },
  };
}
