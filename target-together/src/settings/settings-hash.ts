/** One hash for all settings that are no secret: equal settings, equal hash, whatever the order of their keys. */
import { createHash } from 'node:crypto';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { secretPaths } from '@ukg-together/kit/settings/schema';

/** Lower-case hex, 16 digits. `schema` marks the secrets. */
export function hashSettings(settings: Readonly<Record<string, unknown>>, schema: JsonSchema): string {
  const secrets = new Set(secretPaths(schema).map((path) => path.join('.')));
  const plain = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, at) => plain(item, `${path}.${at}`));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, path === '' ? key : `${path}.${key}`, inner] as const,
    );
    return Object.fromEntries(
      entries
        .filter(([, at]) => !secrets.has(at))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, at, inner]) => [key, plain(inner, at)]),
    );
  };
  return createHash('sha256')
    .update(JSON.stringify(plain(settings, '')))
    .digest('hex')
    .slice(0, 16);
}
