/** The settings of both halves as a runner's own files may have them: no secret among them, whatever the settings file holds. */
import { isObject } from '@ukg-together/kit/lines/json';
import { isReference } from '@ukg-together/kit/secrets/resolve';
import { envPrefix } from '@ukg-together/kit/text/environment';
import plugins from '../../../generated/plugins.json' with { type: 'json' };
import type { Section } from '../schedules.ts';

export type Half = keyof typeof plugins;

/** What stands in the place of a secret. `reference`: what the settings file has there; undefined: the secret itself. */
export type Instead = (variable: string, reference: string | undefined) => string;

/** A copy in which each secret is what `instead` makes of it. */
export function withoutSecrets(half: Half, section: Section, instead: Instead): Section {
  const copy = structuredClone(section) as Record<string, unknown>;
  delete copy['$schema'];
  for (const path of plugins[half].secrets) {
    const keys = path.split('.');
    const key = keys.at(-1) as string;
    const at = keys.slice(0, -1).reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), copy);
    if (!isObject(at) || typeof at[key] !== 'string') continue;
    const found = at[key];
    const usual = `${envPrefix(half)}_${keys.join('__').toUpperCase()}`;
    const [, named] = /^env:(.+)$/.exec(found) ?? [];
    at[key] = instead(named ?? usual, isReference(found) ? found : undefined);
  }
  return copy;
}

/** The fields that a catalog selects of the one stream in it. */
export function selectedFields(
  catalog: unknown,
): { readonly stream: string; readonly fields: readonly string[] } | undefined {
  const streams = isObject(catalog) && Array.isArray(catalog['streams']) ? (catalog['streams'] as unknown[]) : [];
  const [entry] = streams.filter(isObject);
  if (entry === undefined || !Array.isArray(entry['metadata'])) return undefined;
  const fields = entry['metadata'].flatMap((one: unknown) => {
    const { breadcrumb, metadata } = isObject(one) ? one : {};
    const isSelected = isObject(metadata) && metadata['selected'] === true;
    return isSelected && Array.isArray(breadcrumb) && breadcrumb.length === 2 ? [String(breadcrumb[1])] : [];
  });
  return { stream: String(entry['tap_stream_id'] ?? entry['stream']), fields };
}
