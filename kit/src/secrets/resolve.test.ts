import { describe, expect, it } from 'vitest';
import { isReference, resolveSecret, words } from './resolve.ts';
import type { SecretDeps } from './secret-deps.ts';

/** A store that answers from a table of URLs. */
function store(answers: Record<string, { status?: number; body: unknown }>) {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const send: NonNullable<SecretDeps['send']> = async ({ url, headers }) => {
    asked.push({ url: url.href, headers });
    const answer = answers[url.href] ?? { status: 404, body: { errors: [] } };
    return {
      status: answer.status ?? 200,
      text: async () => (typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)),
    };
  };
  return { send, asked };
}

const vaultEnv = { VAULT_ADDR: 'https://vault.example.com/', VAULT_TOKEN: 'tok' };
const v2 = 'https://vault.example.com/v1/kv/data/hr/ukg';
const doppler = 'https://api.doppler.com/v3/configs/config/secret?project=p&config=prd&name=KEY';

it('knows a reference from a value', () => {
  for (const text of [
    'env:X',
    'file:/x',
    'exec:op read x',
    'vault://a/b#c',
    'aws+sm://x',
    'gcp+sm://p/x',
    'azure+kv://v/x',
    'doppler://p/c/N',
  ]) {
    expect(isReference(text)).toBe(true);
  }
  for (const text of ['hunter2', 'https://x', 'environment:x', 'vault:x', 7, null])
    expect(isReference(text)).toBe(false);
});

it.each([
  { file: '\ufeffs3cret\r\n', secret: 's3cret' },
  { file: ' s3cret \n\n', secret: ' s3cret \n' },
  { file: 's\ufeff3cret', secret: 's\ufeff3cret' },
])('a byte order mark and one line end are no part of the secret: $file', async ({ file, secret }) => {
  expect(await resolveSecret('env:X', { env: { X: file } } as unknown as Parameters<typeof resolveSecret>[1])).toBe(
    secret,
  );
});

it('words keeps quoted parts together and expands nothing', () => {
  expect(words(`op read "op://v/a b" 'x y' $HOME --f="q"`)).toEqual([
    'op',
    'read',
    'op://v/a b',
    'x y',
    '$HOME',
    '--f="q"',
  ]);
});

describe('exec:', () => {
  it('runs a real program without a shell', async () => {
    expect(await resolveSecret(`exec:"${process.execPath}" -p "'se' + 'cret'"`, { env: {} })).toBe('secret');
  });

  it('tells that a command failed, not what it said or was given', async () => {
    const error = (await resolveSecret(`exec:"${process.execPath}" -e "console.error('leak'); process.exit(3)"`, {
      env: {},
    }).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ kind: 'settings', message: expect.stringContaining('failed: 3') as string });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain('leak');
  });
});

describe('Vault', () => {
  it('gives a field of KV version 2, with token and namespace', async () => {
    const { send, asked } = store({ [v2]: { body: { data: { data: { password: 'pw', other: 'x' } } } } });
    expect(
      await resolveSecret('vault://kv/hr/ukg#password', { env: { ...vaultEnv, VAULT_NAMESPACE: 'hr' }, send }),
    ).toBe('pw');
    expect(asked[0]?.headers).toMatchObject({ 'x-vault-token': 'tok', 'x-vault-namespace': 'hr' });
  });

  it('falls back to KV version 1, and takes the only field unasked', async () => {
    const { send } = store({ 'https://vault.example.com/v1/kv/hr/ukg': { body: { data: { password: 'pw' } } } });
    expect(await resolveSecret('vault://kv/hr/ukg', { env: vaultEnv, send })).toBe('pw');
  });

  it('takes a secret of version 1 whose policy forbids the place of version 2', async () => {
    const { send } = store({
      [v2]: { status: 403, body: { errors: [] } },
      'https://vault.example.com/v1/kv/hr/ukg': { body: { data: { password: 'pw' } } },
    });
    expect(await resolveSecret('vault://kv/hr/ukg#password', { env: vaultEnv, send })).toBe('pw');
  });

  it.each([
    ['no address', 'vault://kv/hr/ukg#a', { VAULT_TOKEN: 't' }, {}, 'settings', /VAULT_ADDR/],
    ['no token', 'vault://kv/hr/ukg#a', { VAULT_ADDR: vaultEnv.VAULT_ADDR }, {}, 'settings', /VAULT_TOKEN/],
    [
      'plain http',
      'vault://kv/hr/ukg#a',
      { ...vaultEnv, VAULT_ADDR: 'http://vault.example.com' },
      {},
      'settings',
      /must be https/,
    ],
    [
      'a refused token',
      'vault://kv/hr/ukg#a',
      vaultEnv,
      {
        [v2]: { status: 403, body: { errors: ['leak'] } },
        'https://vault.example.com/v1/kv/hr/ukg': { status: 403, body: { errors: ['leak'] } },
      },
      'credentials',
      /refused the token/,
    ],
    [
      'a sealed vault',
      'vault://kv/hr/ukg#a',
      vaultEnv,
      { [v2]: { status: 503, body: 'leak' } },
      'unreachable',
      /status 503/,
    ],
    ['no such secret', 'vault://kv/hr/ukg#a', vaultEnv, {}, 'settings', /no such secret/],
    [
      'no such field',
      'vault://kv/hr/ukg#a',
      vaultEnv,
      { [v2]: { body: { data: { data: { b: 'leak' } } } } },
      'settings',
      /no field of that name/,
    ],
    [
      'a field left open',
      'vault://kv/hr/ukg',
      vaultEnv,
      { [v2]: { body: { data: { data: { a: 'leak', b: 'leak' } } } } },
      'settings',
      /2 fields/,
    ],
    ['no JSON', 'vault://kv/hr/ukg#a', vaultEnv, { [v2]: { body: '<html>leak' } }, 'unreachable', /no JSON object/],
  ])('tells of %s', async (_name, reference, env, answers, kind, pattern) => {
    const error = (await resolveSecret(reference, { env, send: store(answers).send }).catch(
      (e: unknown) => e,
    )) as Error;
    expect(error).toMatchObject({ kind });
    expect(error.message).toMatch(pattern);
    expect(error.message).not.toMatch(/leak|tok\b/);
  });
});

it('Doppler gives the computed value', async () => {
  const { send, asked } = store({ [doppler]: { body: { value: { raw: 'other', computed: 'pw' } } } });
  expect(await resolveSecret('doppler://p/prd/KEY', { env: { DOPPLER_TOKEN: 't' }, send })).toBe('pw');
  expect(asked[0]?.headers['authorization']).toBe('Bearer t');
});

describe('the clouds’ optional packages', () => {
  const modules: Record<string, Record<string, unknown>> = {
    '@aws-sdk/client-secrets-manager': {
      SecretsManagerClient: class {
        destroy() {}
        async send({ input }: { input: { SecretId: string } }) {
          if (input.SecretId === 'denied') throw Object.assign(new Error('leak'), { name: 'AccessDeniedException' });
          return { SecretString: JSON.stringify({ id: input.SecretId, n: 7 }) };
        }
      },
      GetSecretValueCommand: class {
        input: unknown;
        constructor(input: unknown) {
          this.input = input;
        }
      },
    },
    '@google-cloud/secret-manager': {
      SecretManagerServiceClient: class {
        async close() {}
        async accessSecretVersion({ name }: { name: string }) {
          return [{ payload: { data: Buffer.from(name) } }];
        }
      },
    },
    '@azure/identity': { DefaultAzureCredential: class {} },
    '@azure/keyvault-secrets': {
      SecretClient: class {
        url: string;
        constructor(url: string) {
          this.url = url;
        }
        async getSecret(name: string, options: { version?: string }) {
          return { value: `${this.url}/${name}/${options.version ?? ''}` };
        }
      },
    },
  };
  const deps: SecretDeps = {
    env: {},
    load: async (module) => modules[module] ?? Promise.reject(new Error('none')),
  };

  it.each([
    ['aws+sm://hr/ukg#/id', 'hr/ukg'],
    ['aws+sm://arn:aws:secretsmanager:eu-west-1:1:secret:hr-AbC#n', '7'],
    ['aws+sm://hr/ukg', '{"id":"hr/ukg","n":7}'],
    ['gcp+sm://proj/ukg', 'projects/proj/secrets/ukg/versions/latest'],
    ['gcp+sm://proj/ukg/3', 'projects/proj/secrets/ukg/versions/3'],
    ['azure+kv://hr/ukg/v1', 'https://hr.vault.azure.net/ukg/v1'],
  ])('%s', async (reference, value) => {
    expect(await resolveSecret(reference, deps)).toBe(value);
  });

  it('name the install line when missing', async () => {
    const error = await resolveSecret('aws+sm://x', { env: {}, load: () => Promise.reject(new Error('none')) }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ kind: 'settings', hint: 'Run: npm i @aws-sdk/client-secrets-manager' });
    await expect(resolveSecret('aws+sm://x', { env: {} })).rejects.toMatchObject({
      hint: 'Run: npm i @aws-sdk/client-secrets-manager',
    });
  });

  it.each([
    [{ code: 'ECONNREFUSED' }, 'unreachable', /can't be reached \(ECONNREFUSED\)/],
    [{ code: 14 }, 'unreachable', /UNAVAILABLE/],
    [{ code: 7 }, 'credentials', /PERMISSION_DENIED/],
    [{ name: 'RestError', code: 'Forbidden' }, 'credentials', /RestError Forbidden/],
    [{}, 'credentials', /\(unknown\)/],
  ])('tell %j as %s', async (shape, kind, words) => {
    const client = class {
      async close() {}
      accessSecretVersion = () => Promise.reject(Object.assign(new Error('leak'), shape));
    };
    const load = async () => ({ SecretManagerServiceClient: client });
    const error = (await resolveSecret('gcp+sm://p/n', { env: {}, load }).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ kind, message: expect.stringMatching(words) as string });
    expect(error.message).not.toContain('leak');
  });

  it('tell a refusal by its name only', async () => {
    await expect(resolveSecret('aws+sm://denied', deps)).rejects.toMatchObject({
      kind: 'credentials',
      message: 'aws+sm://denied: AWS Secrets Manager did not give it (AccessDeniedException).',
    });
  });
});
