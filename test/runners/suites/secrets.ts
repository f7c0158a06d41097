/**
 * Secret stores: AWS's emulated by moto, Vault's interface as OpenBao's server speaks it, Google's and Azure's behind their real
 * client libraries, Doppler's. Each time the whole pipe runs with references only, and nothing of what they give is seen.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from '../../faults/support/certificates.ts';
import { startProxy } from '../../faults/support/proxy.ts';
import { installed } from '../../support/packages.ts';
import { freePort } from '../../support/ports.ts';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { azureAccount, azureHosts, startAzure } from '../stores/azure.ts';
import { startDoppler } from '../stores/doppler.ts';
import { startGoogle } from '../stores/google.ts';
import { call, withServer } from '../stores/server.ts';
import { assert, equal, executable, type Ran, run, writeJson } from '../tools.ts';
import { type World, withWorld } from '../world.ts';

/** The newest; on Node.js 20 the newest that is made for it. */
const recent = Number(process.versions.node.split('.')[0]) >= 22;
const versions = {
  '@aws-sdk/client-secrets-manager': '3.1164.0',
  '@google-cloud/secret-manager': recent ? '7.2.0' : '6.3.0',
  '@azure/identity': recent ? '4.14.1' : '4.9.1',
  '@azure/keyvault-secrets': recent ? '4.12.0' : '4.9.0',
} as const;
const modules = (...names: (keyof typeof versions)[]) => ({
  UKG_TOGETHER_PACKAGES: installed(...names.map((name) => `${name}@${versions[name]}`)),
});

/** What a run said at levels that people read. */
const tail = (ran: Ran): string =>
  ran.stderr
    .split('\n')
    .filter((line) => !/METRIC| DEBUG /.test(line))
    .join('\n')
    .trim();

interface References {
  readonly password: string;
  readonly customer_api_key: string;
  readonly api_key: string;
}

const secretsOf = ({ ukg, together }: World): References => ({
  password: ukg.credentials.password,
  customer_api_key: ukg.credentials.customerApiKey,
  api_key: together.credentials.apiKey,
});

/** Settings that hold these instead of secrets. */
async function configured(world: World, { password, customer_api_key, api_key }: References): Promise<string> {
  return await writeJson(join(world.folder, 'references.json'), {
    'tap-ukg-pro': { ...world.tapSettings, password, customer_api_key },
    'target-together': { ...world.targetSettings, api_key },
  });
}

/** The pipe must deliver everybody with them; what they stand for is in no output and no file. Returns what the pipe took. */
async function delivers(world: World, references: References, env: Record<string, string>): Promise<string> {
  const config = await configured(world, references);
  const state = join(world.folder, 'state.json');
  const line = `"${executable('tap-ukg-pro')}" --config "${config}" | "${executable('target-together')}" --config "${config}" --save-state "${state}" --summary "${join(world.folder, 'summary.json')}" --report "${join(world.folder, 'report.html')}"`;
  const ran = await run('bash', ['-o', 'pipefail', '-c', line], { env: { ...env, LOGLEVEL: 'DEBUG' } });
  equal(ran.code, 0, `exit code\n${tail(ran)}`);
  assert(world.held() > 50, `Together holds ${world.held()} users`);
  hides(ran, Object.values(secretsOf(world)) as string[], world);
  return `${world.held()} people in ${(ran.ms / 1000).toFixed(1)} s`;
}

/** Neither the output nor a file that the run left holds one of these; the settings, which name places, don't either. */
function hides(ran: Ran, secrets: readonly string[], { folder }: World): void {
  const texts = new Map([['the output', ran.stdout + ran.stderr]]);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== 'config.json') texts.set(path, readFileSync(path, 'latin1'));
  }
  for (const [where, text] of texts)
    for (const secret of secrets) assert(!text.includes(secret), `a secret is in ${where}`);
}

/** The tap must stop at this reference with this code and these words. */
async function refuses(
  world: World,
  reference: string,
  code: number,
  words: RegExp,
  env: Record<string, string>,
): Promise<void> {
  const config = await configured(world, { ...secretsOf(world), password: reference });
  const ran = await run(executable('tap-ukg-pro'), ['--config', config], { env: { ...env, LOGLEVEL: 'DEBUG' } });
  equal(ran.code, code, `exit code of ${reference}\n${tail(ran)}`);
  equal(ran.stdout, '', 'stdout');
  assert(words.test(ran.stderr), `${reference} is told as\n${tail(ran)}`);
}

export const checks: readonly Check[] = [
  {
    name: 'secrets: AWS Secrets Manager (moto) gives both halves theirs, by field, by text and by ARN',
    needs: ['moto'],
    run: () =>
      withWorld({ target: { min_interval_ms: 1000 } }, async (world) => {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const env = {
          ...modules('@aws-sdk/client-secrets-manager'),
          AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
          AWS_SECRET_ACCESS_KEY: 'aws-secret-access-key-for-tests',
        };
        return await withServer(
          program('moto', 'moto_server'),
          ['-H', '127.0.0.1', '-p', String(port)],
          url,
          {},
          async () => {
            const create = async (Name: string, value: object) =>
              await call(
                'POST',
                url,
                {
                  'content-type': 'application/x-amz-json-1.1',
                  'x-amz-target': 'secretsmanager.CreateSecret',
                  authorization:
                    'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
                },
                { Name, ...value },
              );
            const { password, customer_api_key, api_key } = secretsOf(world);
            await create('hr/ukg', { SecretString: JSON.stringify({ password }) });
            const { ARN } = await create('hr/customer', { SecretString: customer_api_key });
            await create('hr/together', { SecretBinary: Buffer.from(api_key).toString('base64') });
            const took = await delivers(
              world,
              {
                password: 'aws+sm://hr/ukg#password',
                customer_api_key: `aws+sm://${String(ARN)}`,
                api_key: 'aws+sm://hr/together',
              },
              env,
            );
            await refuses(world, 'aws+sm://hr/none', 6, /hr\/none: .*ResourceNotFoundException/, env);
            await refuses(world, 'aws+sm://hr/ukg#other', 2, /no field of that name/, env);
            await refuses(world, 'aws+sm://hr/ukg', 5, /AWS Secrets Manager/, {
              ...env,
              AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${await freePort()}`,
            });
            return took;
          },
        );
      }),
  },
  {
    name: 'secrets: Vault (the server of OpenBao): KV 2 and 1, namespaces, policies, deleted, sealed',
    needs: ['openbao'],
    run: () =>
      withWorld({}, async (world) => {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const root = 'root-token-for-tests';
        const bao = program('openbao', 'bao');
        const args = ['server', '-dev', `-dev-root-token-id=${root}`, `-dev-listen-address=127.0.0.1:${port}`];
        const home = { HOME: world.folder };
        return await withServer(bao, args, `${url}/v1/sys/health`, home, async () => {
          const api = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
            await call(method, `${url}/v1/${path}`, { 'x-vault-token': root, ...more }, body);
          const { password, customer_api_key, api_key } = secretsOf(world);
          await api('POST', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
          await api('POST', 'secret/data/hr/ukg', { data: { password, note: 'other' } });
          await api('POST', 'kv1/hr/customer', { key: customer_api_key });
          await api('POST', 'secret/data/hr/together', { data: { api_key } });
          await api('POST', 'secret/data/hr/gone', { data: { password } });
          await api('DELETE', 'secret/data/hr/gone');
          // As little as a connector needs: these paths and nothing else.
          const paths = ['secret/data/hr/ukg', 'secret/data/hr/together', 'secret/data/hr/gone', 'kv1/hr/customer'];
          const policy = paths.map((path) => `path "${path}" { capabilities = ["read"] }`).join('\n');
          await api('PUT', 'sys/policies/acl/connector', { policy });
          const { auth } = await api('POST', 'auth/token/create', { policies: ['connector'], no_default_policy: true });
          const token = (auth as { client_token: string }).client_token;
          const env = { VAULT_ADDR: url, VAULT_TOKEN: token };
          const references = {
            password: 'vault://secret/hr/ukg#password',
            customer_api_key: 'vault://kv1/hr/customer#key',
            api_key: 'vault://secret/hr/together',
          };
          const took = await delivers(world, references, env);

          await refuses(world, 'vault://secret/hr/ukg', 2, /2 fields/, env);
          await refuses(world, 'vault://secret/hr/ukg#none', 2, /no field of that name/, env);
          await refuses(world, 'vault://secret/hr/gone#password', 2, /no such secret/, env);
          await refuses(world, 'vault://secret/hr/none#password', 6, /refused the token/, env);
          await refuses(world, 'vault://secret/hr/none#password', 2, /no such secret/, { ...env, VAULT_TOKEN: root });
          await refuses(world, references.password, 6, /refused the token/, { ...env, VAULT_TOKEN: 'hvs.wrong-token' });
          await refuses(world, references.password, 2, /VAULT_ADDR/, { VAULT_TOKEN: token });

          // A token file as `vault login` leaves it, in a namespace.
          await api('POST', 'sys/namespaces/hr', {});
          const inside = { 'x-vault-namespace': 'hr' };
          await api('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } }, inside);
          await api('POST', 'kv/data/ukg', { data: { password } }, inside);
          await writeFile(join(world.folder, '.vault-token'), `${root}\n`, { mode: 0o600 });
          const config = await configured(world, { ...references, ...secretsOf(world), password: 'vault://kv/ukg' });
          const ran = await run(executable('tap-ukg-pro'), ['--config', config, '--test'], {
            env: { VAULT_ADDR: url, VAULT_NAMESPACE: 'hr', HOME: world.folder },
          });
          equal(ran.code, 0, `exit code with a token file and a namespace\n${tail(ran)}`);

          await api('PUT', 'sys/seal');
          await refuses(world, references.password, 5, /status 503/, env);
          return took;
        });
      }),
  },
  {
    name: 'secrets: Google Secret Manager, through its own client library',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        const certificates = makeCertificates(['secretmanager.googleapis.com']);
        const { password, customer_api_key, api_key } = secretsOf(world);
        const google = await startGoogle(certificates.good, {
          'projects/hr/secrets/ukg/versions/latest': JSON.stringify({ password }),
          'projects/hr/secrets/customer/versions/3': customer_api_key,
          'projects/hr/secrets/together/versions/latest': api_key,
          'projects/hr/secrets/theirs/versions/latest': null,
        });
        const proxy = await startProxy({ routes: { 'secretmanager.googleapis.com': google.port } });
        try {
          const env = {
            ...modules('@google-cloud/secret-manager'),
            GOOGLE_APPLICATION_CREDENTIALS: await writeJson(join(world.folder, 'account.json'), google.account),
            GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: certificates.authority,
            grpc_proxy: proxy.url,
          };
          const took = await delivers(
            world,
            {
              password: 'gcp+sm://hr/ukg#password',
              customer_api_key: 'gcp+sm://hr/customer/3',
              api_key: 'gcp+sm://hr/together',
            },
            env,
          );
          await refuses(world, 'gcp+sm://hr/none', 6, /gcp\+sm:\/\/hr\/none: .*NOT_FOUND/, env);
          await refuses(world, 'gcp+sm://hr/theirs', 6, /gcp\+sm:\/\/hr\/theirs: .*PERMISSION_DENIED/, env);
          return took;
        } finally {
          await Promise.all([proxy.close(), google.close()]);
          certificates.remove();
        }
      }),
  },
  {
    name: 'secrets: Azure Key Vault, through its own client libraries',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        const certificates = makeCertificates(Object.values(azureHosts));
        const { password, customer_api_key, api_key } = secretsOf(world);
        const azure = await startAzure(certificates.good, {
          ukg: JSON.stringify({ password }),
          'customer/0123456789abcdef0123456789abcdef': customer_api_key,
          together: api_key,
          theirs: null,
        });
        const routes = Object.fromEntries(Object.values(azureHosts).map((host) => [host, azure.port]));
        const proxy = await startProxy({ routes });
        try {
          const env = {
            ...modules('@azure/identity', '@azure/keyvault-secrets'),
            ...azureAccount,
            NODE_EXTRA_CA_CERTS: certificates.authority,
            HTTPS_PROXY: proxy.url,
          };
          const took = await delivers(
            world,
            {
              password: 'azure+kv://hr/ukg#password',
              customer_api_key: 'azure+kv://hr/customer/0123456789abcdef0123456789abcdef',
              api_key: `azure+kv://${azureHosts.vault}/together`,
            },
            env,
          );
          await refuses(world, 'azure+kv://hr/none', 6, /azure\+kv:\/\/hr\/none: .*SecretNotFound/, env);
          await refuses(world, 'azure+kv://hr/theirs', 6, /azure\+kv:\/\/hr\/theirs: .*Forbidden/, env);
          await refuses(world, 'azure+kv://hr/ukg', 6, /azure\+kv:\/\/hr\/ukg: /, {
            ...env,
            AZURE_CLIENT_SECRET: 'wrong-secret',
          });
          return took;
        } finally {
          await Promise.all([proxy.close(), azure.close()]);
          certificates.remove();
        }
      }),
  },
  {
    name: 'secrets: Doppler',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        const { password, customer_api_key, api_key } = secretsOf(world);
        const doppler = await startDoppler({ UKG: password, CUSTOMER: customer_api_key, TOGETHER: api_key });
        try {
          const env = { DOPPLER_TOKEN: doppler.token, DOPPLER_API_HOST: doppler.url };
          const took = await delivers(
            world,
            {
              password: 'doppler://hr/prd/UKG',
              customer_api_key: 'doppler://hr/prd/CUSTOMER',
              api_key: 'doppler://hr/prd/TOGETHER',
            },
            env,
          );
          await refuses(world, 'doppler://hr/prd/NONE', 2, /no such secret/, env);
          await refuses(world, 'doppler://hr/prd/UKG', 6, /refused the token/, {
            ...env,
            DOPPLER_TOKEN: 'dp.st.wrong-token',
          });
          return took;
        } finally {
          await doppler.close();
        }
      }),
  },
  {
    name: 'secrets: a package that is not installed is one sentence with the command that installs it',
    needs: [],
    run: () =>
      withWorld({}, async (world) => {
        for (const [reference, name] of [
          ['aws+sm://a', '@aws-sdk/client-secrets-manager'],
          ['gcp+sm://a/b', '@google-cloud/secret-manager'],
          ['azure+kv://a/b', '@azure/identity'],
        ] as const) {
          const config = await configured(world, { ...secretsOf(world), password: reference });
          const ran = await run(executable('tap-ukg-pro'), ['--config', config], { cwd: world.folder });
          equal(ran.code, 2, `exit code\n${tail(ran)}`);
          const [, told, ...more] = tail(ran).split('\n');
          assert(
            more.length === 0 && told?.includes(`${reference} needs`) === true && told.includes(`npm i ${name}`),
            tail(ran),
          );
        }
        return undefined;
      }),
  },
];
