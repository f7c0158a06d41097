/** Where a run keeps what the next one needs. */

import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { redisState } from '../settings/cross-checks.ts';

export interface PlaceInput {
  readonly state_dir?: string | null | undefined;
  readonly organization_id: string;
  readonly limiter:
    | { readonly type: 'local' }
    | { readonly type: 'redis'; readonly url: string; readonly prefix: string };
}

export type StatePlace =
  /** `where`: the folder's path. */
  | { readonly kind: 'folder'; readonly where: string }
  /** `where`: for messages; `keys`: starts the names of all keys. */
  | { readonly kind: 'redis'; readonly where: string; readonly keys: string };

/**
 * The place, or null to keep nothing. Each host and organization has a folder of its own by default.
 * Source of its place: XDG Base Directory Specification.
 */
export function statePlace(
  settings: PlaceInput,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): StatePlace | null {
  const { state_dir, limiter, organization_id } = settings;
  if (state_dir === null || state_dir === 'none') return null;
  const redis = redisState.exec(state_dir ?? '');
  if (redis && limiter.type === 'redis') {
    const name = redis[1] ?? 'default';
    const tag = `${limiter.prefix}:${sharedName(host, organization_id)}:${name}`;
    return {
      kind: 'redis',
      where: `the state ${name} in Redis at ${new URL(limiter.url).host}`,
      keys: `ukg-together:{${tag}}`,
    };
  }
  if (state_dir !== undefined) return { kind: 'folder', where: state_dir };
  const named = env['XDG_STATE_HOME'];
  // By the specification a relative one does not count.
  const base = named && isAbsolute(named) ? named : join(home, '.local', 'state');
  const folder = `${host}_${organization_id}`.replace(/[^A-Za-z0-9._-]/g, '_');
  return { kind: 'folder', where: join(base, 'target-together', folder) };
}

/**
 * Stands for an organization in the names of keys that machines share.
 * UNVERIFIED: whether Together counts requests by key, by client id or by organization; taking turns in the whole organization is
 * right in each case.
 */
export function sharedName(host: string, organizationId: string): string {
  return createHash('sha256').update(`${host}\n${organizationId}`).digest('hex').slice(0, 16);
}
