import { ConnectorError, said } from '../error.ts';
import { loadPackage } from './optional-package.ts';
import type { SecretDeps } from './secret-deps.ts';

// biome-ignore lint/suspicious/noExplicitAny: the clouds' packages are optional, so their types can't be imported.
type Loose = any;

/** `aws+sm://name-or-arn#field`; region, credentials and endpoint by the SDK's own chain. */
export async function aws(reference: string, place: string, deps: SecretDeps): Promise<string> {
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
export async function google(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const { SecretManagerServiceClient } = await optional('@google-cloud/secret-manager', reference, deps);
  const [project, name, version = 'latest'] = place.split('/');
  if (!project || !name) throw new ConnectorError('settings', said`${reference} must read gcp+sm://project/name.`);
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
export async function azure(reference: string, place: string, deps: SecretDeps): Promise<string> {
  const { DefaultAzureCredential } = await optional('@azure/identity', reference, deps);
  const { SecretClient } = await optional('@azure/keyvault-secrets', reference, deps);
  const [store, name, version] = place.split('/');
  if (!store || !name) throw new ConnectorError('settings', said`${reference} must read azure+kv://vault/name.`);
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
    if (unreachable.test(reason))
      throw new ConnectorError('unreachable', said`${reference}: ${store} can't be reached (${reason}).`, {
        cause: error,
      });
    throw new ConnectorError('credentials', said`${reference}: ${store} did not give it (${reason}).`, {
      hint: "Try the store's own command-line tool as the same user.",
      cause: error,
    });
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
  } catch (thrown) {
    if (thrown instanceof ConnectorError) throw thrown;
    throw new ConnectorError('settings', said`${reference} needs the optional package ${module}.`, {
      hint: `Run: npm i ${module}`,
    });
  }
}
