/**
 * Azure Key Vault and the login before it, as the two client libraries see them: instance discovery, a client secret for a
 * token, the vault's challenge, then the secret. https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Pem } from '../../faults/support/certificates.ts';

export const azureHosts = { login: 'login.microsoftonline.com', vault: 'hr.vault.azure.net' } as const;
export const azureAccount = {
  AZURE_TENANT_ID: '11111111-2222-3333-4444-555555555555',
  AZURE_CLIENT_ID: '66666666-7777-8888-9999-000000000000',
  AZURE_CLIENT_SECRET: 'azure-client-secret-for-tests',
} as const;

export interface AzureServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `secrets`: value by `name` or `name/version`; `null` is one that this account may not read. */
export async function startAzure(pem: Pem, secrets: Readonly<Record<string, string | null>>): Promise<AzureServer> {
  const tenant = `https://${azureHosts.login}/${azureAccount.AZURE_TENANT_ID}`;
  const token = 'azure-access-token-for-tests';
  const server = createServer(pem, (request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
    const send = (status: number, body: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    let form = '';
    request.on('data', (chunk: Buffer) => {
      form += chunk.toString();
    });
    request.on('end', () => {
      if (url.hostname === azureHosts.login) {
        if (url.pathname.endsWith('/discovery/instance')) {
          const metadata = {
            preferred_network: azureHosts.login,
            preferred_cache: azureHosts.login,
            aliases: [azureHosts.login],
          };
          return send(200, {
            tenant_discovery_endpoint: `${tenant}/v2.0/.well-known/openid-configuration`,
            metadata: [metadata],
          });
        }
        if (url.pathname.endsWith('/openid-configuration')) {
          return send(200, {
            issuer: `${tenant}/v2.0`,
            token_endpoint: `${tenant}/oauth2/v2.0/token`,
            authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
            jwks_uri: `${tenant}/discovery/v2.0/keys`,
          });
        }
        if (new URLSearchParams(form).get('client_secret') === azureAccount.AZURE_CLIENT_SECRET)
          return send(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
        return send(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' });
      }
      if (request.headers.authorization !== `Bearer ${token}`) {
        return send(
          401,
          { error: { code: 'Unauthorized' } },
          { 'www-authenticate': `Bearer authorization="${tenant}", resource="https://vault.azure.net"` },
        );
      }
      const name = url.pathname.replace(/^\/secrets\//, '').replace(/\/$/, '');
      const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (value === undefined) return send(404, { error: { code: 'SecretNotFound', message: name } });
      if (value === null) return send(403, { error: { code: 'Forbidden', message: name } });
      const id = `https://${azureHosts.vault}/secrets/${name.includes('/') ? name : `${name}/1`}`;
      return send(200, { value, id, attributes: { enabled: true } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
