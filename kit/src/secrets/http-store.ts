import { ConnectorError, said } from '../error.ts';
import { isObject } from '../lines/json.ts';
import type { SecretDeps } from './secret-deps.ts';
import { fieldOf } from './store-errors.ts';

/** `doppler://project/config/NAME`, with DOPPLER_TOKEN. https://docs.doppler.com/reference/secrets-get */
export async function doppler(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const token = deps.env['DOPPLER_TOKEN'];
  if (!token) throw new ConnectorError('settings', said`${reference} needs DOPPLER_TOKEN in the environment.`);
  const [project, config, name, ...more] = place.split('/');
  if (!project || !config || !name || more.length > 0) {
    throw new ConnectorError('settings', said`${reference} must read doppler://project/config/NAME.`);
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
  if (!isObject(value)) throw new ConnectorError('settings', said`${reference}: Doppler's answer holds no value.`);
  return fieldOf(value, value['computed'] === undefined || value['computed'] === null ? 'raw' : 'computed', reference);
}

/** One request. Throws what no status expresses: no way to ask, an address that must not be asked, a 200 that is no JSON object. */
export async function get(
  reference: string,
  address: string,
  headers: Record<string, string>,
  { send }: SecretDeps,
): Promise<{ status: number; body?: Record<string, unknown> }> {
  if (send === undefined) throw new ConnectorError('settings', said`${reference} can't be asked for by this command.`);
  if (!URL.canParse(address)) throw new ConnectorError('settings', said`${reference}: the store's address is no URL.`);
  const url = new URL(address);
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !loopback)
    throw new ConnectorError('settings', said`${reference}: the store's address must be https.`);
  const response = await send({ method: 'GET', url, headers });
  const text = await response.text(1024 * 1024);
  if (response.status !== 200) return { status: response.status };
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { status: 200, body: value };
  } catch {
    // Told below: whatever it is, it is no answer of a secret store.
  }
  throw new ConnectorError('unreachable', said`${reference}: ${url.host} gave no JSON object.`);
}

export function refuseUnless200(reference: string, address: string, status: number): void {
  if (status === 200) return;
  const { host } = new URL(address);
  if (status === 401 || status === 403)
    throw new ConnectorError('credentials', said`${reference}: ${host} refused the token (status ${status}).`);
  if (status === 404) throw new ConnectorError('settings', said`${reference}: ${host} has no such secret.`);
  throw new ConnectorError('unreachable', said`${reference}: ${host} answered with status ${status}.`);
}
