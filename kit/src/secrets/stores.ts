/**
 * Secret managers, loaded only when a setting names one. Vault and Doppler are one HTTPS request; the clouds' own SDKs
 * are optional packages, since each brings dozens of megabytes and a login procedure of its own.
 */

import { ConnectorError, said } from '../error.ts';
import { aws, azure, google } from './clouds.ts';
import { doppler } from './http-store.ts';
import type { SecretDeps } from './secret-deps.ts';
import { fieldOf } from './store-errors.ts';
import { vault } from './vault.ts';

/** `scheme://place#field`; the field picks a value out of a secret that is a JSON object. */
export async function storeSecret(reference: string, deps: SecretDeps): Promise<string> {
  const [, scheme = '', place = '', field] = /^([^:]+):\/\/([^#]*)(?:#\/?(.*))?$/.exec(reference) ?? [];
  if (place === '') throw new ConnectorError('settings', said`The secret reference ${reference} names no secret.`);
  switch (scheme) {
    case 'vault':
      return vault(reference, place, field, deps);
    case 'doppler':
      return doppler(reference, place, deps);
    case 'aws+sm':
      return pick(await aws(reference, place, deps), field, reference);
    case 'gcp+sm':
      return pick(await google(reference, place, deps), field, reference);
    default:
      return pick(await azure(reference, place, deps), field, reference);
  }
}

function pick(text: string, field: string | undefined, reference: string): string {
  if (field === undefined || field === '') return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConnectorError('settings', said`The secret ${reference} is no JSON object, so it has no field to pick.`);
  }
  return fieldOf(value, field, reference);
}
