import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, said } from '../error.ts';
import { isObject } from '../lines/json.ts';
import { get, refuseUnless200 } from './http-store.ts';
import type { SecretDeps } from './secret-deps.ts';
import { fieldOf } from './store-errors.ts';

/**
 * HashiCorp Vault, KV version 2, then 1: `vault://mount/path#field`. Address, token and namespace come from Vault's own
 * variables. https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
export async function vault(
  reference: string,
  place: string,
  field: string | undefined,
  deps: SecretDeps,
): Promise<string> {
  const address = deps.env['VAULT_ADDR'];
  if (!address) throw new ConnectorError('settings', said`${reference} needs VAULT_ADDR in the environment.`);
  const token = deps.env['VAULT_TOKEN'] || (await vaultTokenFile(deps));
  if (!token)
    throw new ConnectorError(
      'settings',
      said`${reference} needs VAULT_TOKEN in the environment, or the token file of "vault login".`,
    );
  const headers: Record<string, string> = { 'x-vault-token': token, 'x-vault-request': 'true' };
  const namespace = deps.env['VAULT_NAMESPACE'];
  if (namespace) headers['x-vault-namespace'] = namespace;
  const [mount = '', ...path] = place.split('/').map(encodeURIComponent);
  const ask = (way: string) =>
    get(reference, `${address.replace(/\/+$/, '')}/v1/${mount}/${way}${path.join('/')}`, headers, deps);
  let { status, body } = await ask('data/');
  let data = isObject(body?.['data']) ? body['data']['data'] : undefined;
  if (status === 404 || status === 403) {
    // A policy for a secret of version 1 forbids the place where version 2 would have it.
    const older = await ask('');
    data = older.body?.['data'];
    if (older.status !== 403) ({ status, body } = older);
  }
  refuseUnless200(reference, address, status);
  if (!isObject(data)) throw new ConnectorError('settings', said`${reference}: Vault holds no secret there.`);
  const names = Object.keys(data);
  if (field) return fieldOf(data, field, reference);
  if (names.length === 1) return fieldOf(data, names[0] as string, reference);
  throw new ConnectorError(
    'settings',
    said`${reference} holds ${names.length} fields: say which, as in ${reference}#password.`,
  );
}

async function vaultTokenFile(deps: SecretDeps): Promise<string | undefined> {
  const home = deps.env['HOME'] ?? deps.env['USERPROFILE'];
  if (!home) return undefined;
  return readFile(join(home, '.vault-token'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
