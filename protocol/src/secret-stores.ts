/**
 * Secret managers, loaded only when a setting names one. Vault and Doppler are one HTTPS request; the clouds' own SDKs
 * are optional packages, since each brings dozens of megabytes and a login procedure of its own.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError } from './error.ts';
import { isObject } from './json.ts';
import { loadPackage } from './optional-package.ts';
import type { SecretDeps } from './secrets.ts';

/** `scheme://place#field`; the field picks a value out of a secret that is a JSON object. */
export async function storeSecret(reference: string, deps: SecretDeps): Promise<string> {
  const [, scheme = '', place = '', field] = /^([^:]+):\/\/([^#]*)(?:#\/?(.*))?$/.exec(reference) ?? [];
  if (place === '') throw new ConnectorError('settings', `The secret reference ${reference} names no secret.`);
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
    throw new ConnectorError('settings', `The secret ${reference} is no JSON object, so it has no field to pick.`);
  }
  return fieldOf(value, field, reference);
}

function fieldOf(value: unknown, field: string, reference: string): string {
  const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (typeof found !== 'string' && typeof found !== 'number')
    throw new ConnectorError('settings', `The secret ${reference} has no field of that name.`);
  return String(found);
}

/**
 * HashiCorp Vault, KV version 2, then 1: `vault://mount/path#field`. Address, token and namespace come from Vault's own
 * variables. https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
async function vault(reference: string, place: string, field: string | undefined, deps: SecretDeps): Promise<string> {
  const address = deps.env['VAULT_ADDR'];
  if (!address) throw new ConnectorError('settings', `${reference} needs VAULT_ADDR in the environment.`);
  const token = deps.env['VAULT_TOKEN'] || (await vaultTokenFile(deps));
  if (!token)
    throw new ConnectorError(
      'settings',
      `${reference} needs VAULT_TOKEN in the environment, or the token file of "vault login".`,
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
  if (!isObject(data)) throw new ConnectorError('settings', `${reference}: Vault holds no secret there.`);
  const names = Object.keys(data);
  if (field) return fieldOf(data, field, reference);
  if (names.length === 1) return fieldOf(data, names[0] as string, reference);
  throw new ConnectorError(
    'settings',
    `${reference} holds ${names.length} fields: say which, as in ${reference}#password.`,
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

/** `doppler://project/config/NAME`, with DOPPLER_TOKEN. https://docs.doppler.com/reference/secrets-get */
async function doppler(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const token = deps.env['DOPPLER_TOKEN'];
  if (!token) throw new ConnectorError('settings', `${reference} needs DOPPLER_TOKEN in the environment.`);
  const [project, config, name, ...more] = place.split('/');
  if (!project || !config || !name || more.length > 0) {
    throw new ConnectorError('settings', `${reference} must read doppler://project/config/NAME.`);
  }
  const base = (deps.env['DOPPLER_API_HOST'] ?? 'https://api.doppler.com').replace(/\/+$/, '');
  const query = new URLSearchParams({ project, config, name });
  const answer = await get(
    reference,
    `${base}/v3/configs/config/secret?${query.toString()}`,
    { authorization: `Bearer ${token}`, accept: 'application/json' },
    deps,
  );
  refuseUnless200(reference, base, answer.status);
  const value = answer.body?.['value'];
  if (!isObject(value)) throw new ConnectorError('settings', `${reference}: Doppler's answer holds no value.`);
  return fieldOf(value, value['computed'] === undefined || value['computed'] === null ? 'raw' : 'computed', reference);
}

/** One request. Throws what no status tells: no way to ask, an address that must not be asked, a 200 that is no JSON object. */
async function get(
  reference: string,
  address: string,
  headers: Record<string, string>,
  { send }: SecretDeps,
): Promise<{ status: number; body?: Record<string, unknown> }> {
  if (send === undefined) throw new ConnectorError('settings', `${reference} can't be asked for by this command.`);
  if (!URL.canParse(address)) throw new ConnectorError('settings', `${reference}: the store's address is no URL.`);
  const url = new URL(address);
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !loopback)
    throw new ConnectorError('settings', `${reference}: the store's address must be https.`);
  const response = await send({ method: 'GET', url, headers });
  const text = await response.text(1024 * 1024);
  if (response.status !== 200) return { status: response.status };
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { status: 200, body: value };
  } catch {
    // Told below: whatever it is, it is no answer of a secret store.
  }
  throw new ConnectorError('unreachable', `${reference}: ${url.host} gave no JSON object.`);
}

function refuseUnless200(reference: string, address: string, status: number): void {
  if (status === 200) return;
  const { host } = new URL(address);
  if (status === 401 || status === 403)
    throw new ConnectorError('credentials', `${reference}: ${host} refused the token (status ${status}).`);
  if (status === 404) throw new ConnectorError('settings', `${reference}: ${host} has no such secret.`);
  throw new ConnectorError('unreachable', `${reference}: ${host} answered with status ${status}.`);
}

// biome-ignore lint/suspicious/noExplicitAny: the clouds' packages are optional, so their types can't be imported.
type Loose = any;

/** `aws+sm://name-or-arn#field`; region, credentials and endpoint by the SDK's own chain. */
async function aws(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const { SecretsManagerClient, GetSecretValueCommand } = await optional(
    '@aws-sdk/client-secrets-manager',
    reference,
    deps,
  );
  const client = new SecretsManagerClient({});
  try {
    const answer = await asked(reference, 'AWS Secrets Manager', () =>
      client.send(new GetSecretValueCommand({ SecretId: place })),
    );
    return answer.SecretString ?? Buffer.from(answer.SecretBinary ?? '').toString('utf8');
  } finally {
    client.destroy();
  }
}

/** `gcp+sm://project/name` or `gcp+sm://project/name/version`, with Application Default Credentials. */
async function google(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const { SecretManagerServiceClient } = await optional('@google-cloud/secret-manager', reference, deps);
  const [project, name, version = 'latest'] = place.split('/');
  if (!project || !name) throw new ConnectorError('settings', `${reference} must read gcp+sm://project/name.`);
  const client = new SecretManagerServiceClient();
  try {
    const [answer] = await asked(reference, 'Google Secret Manager', () =>
      client.accessSecretVersion({ name: `projects/${project}/secrets/${name}/versions/${version}` }),
    );
    return Buffer.from(answer.payload?.data ?? '').toString('utf8');
  } finally {
    // Its connection would keep the process alive.
    await client.close();
  }
}

/** `azure+kv://vault/name` or `azure+kv://vault/name/version`, with DefaultAzureCredential. */
async function azure(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const { DefaultAzureCredential } = await optional('@azure/identity', reference, deps);
  const { SecretClient } = await optional('@azure/keyvault-secrets', reference, deps);
  const [store, name, version] = place.split('/');
  if (!store || !name) throw new ConnectorError('settings', `${reference} must read azure+kv://vault/name.`);
  const url = `https://${store.includes('.') ? store : `${store}.vault.azure.net`}`;
  const client = new SecretClient(url, new DefaultAzureCredential());
  const answer = await asked(reference, 'Azure Key Vault', () => client.getSecret(name, version ? { version } : {}));
  return answer.value ?? '';
}

async function asked(reference: string, store: string, ask: () => Promise<Loose>): Promise<Loose> {
  try {
    return await ask();
  } catch (error) {
    const reason = reasonOf(error);
    const away = unreachable.test(reason);
    throw new ConnectorError(
      away ? 'unreachable' : 'credentials',
      `${reference}: ${store} ${away ? "can't be reached" : 'did not give it'} (${reason}).`,
      { ...(!away && { hint: "Try the store's own command-line tool as the same user." }), cause: error },
    );
  }
}

const unreachable =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Timeout|REQUEST_SEND_ERROR|UNAVAILABLE|DEADLINE_EXCEEDED/;

/** gRPC's numbers, as far as a secret store gives them: https://grpc.io/docs/guides/status-codes/ */
const grpcStatus: Readonly<Record<number, string>> = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

/** The error's class and code: words that the SDKs choose. Their messages may hold what was sent. */
function reasonOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  const word = typeof code === 'number' ? grpcStatus[code] : typeof code === 'string' ? code : undefined;
  const name = thrown instanceof Error && thrown.name !== 'Error' ? thrown.name : undefined;
  return [name, word].filter((part) => part !== undefined).join(' ') || 'unknown';
}

async function optional(module: string, reference: string, deps: SecretDeps): Promise<Loose> {
  try {
    return await (deps.load ?? loadPackage)(module);
  } catch {
    throw new ConnectorError('settings', `${reference} needs the optional package ${module}.`, {
      hint: `Run: npm i ${module}`,
    });
  }
}
