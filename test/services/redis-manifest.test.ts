/** The Redis of deploy/airbyte/redis.yaml, started with the manifest's own arguments and the commands of its comment. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectRedis } from '@ukg-together/transport/redis/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { freePort } from '../support/ports.ts';

const path = fileURLToPath(new URL('../../deploy/airbyte/redis.yaml', import.meta.url));
const manifest = readFileSync(path, 'utf8');
const objects = parseAllDocuments(manifest).map((one) => one.toJS());

let folder: string;
let child: ChildProcess;
let port: number;
let password: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  port = await freePort();
  const commands = /# {3}(openssl req[\s\S]*?password\.conf)\n/.exec(manifest)?.[1]?.replaceAll('\n#', '\n') as string;
  execFileSync('bash', ['-euc', commands.replaceAll('ukg-together-redis', 'localhost')], {
    cwd: folder,
    stdio: 'pipe',
  });
  password = readFileSync(join(folder, 'password.conf'), 'utf8').trim().split(' ')[1] as string;
  const { args } = objects[0].spec.template.spec.containers[0] as { args: string[] };
  const own = args.map((arg) => arg.replace('/secret', folder).replace('/data', folder).replace('6379', String(port)));
  child = spawn('redis-server', own, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((ready, failed) => {
    child.once('error', failed);
    child.stdout?.on('data', (text: Buffer) => text.includes('Ready to accept connections') && ready());
  });
});
afterAll(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

const connect = (url: string, ca?: string) => connectRedis({ url, ca, giveUpMs: 1 });
const ca = () => readFileSync(join(folder, 'tls.crt'), 'utf8');

describe('the Redis of the manifest', () => {
  it('takes who has its certificate and its password', async () => {
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    const redis = await connect(`rediss://:${password}@localhost:${port}`, ca());
    expect(String(await redis.command('PING'))).toBe('PONG');
    await redis.close();
  });

  it('refuses a wrong password, is refused without its certificate, and speaks nothing but TLS', async () => {
    await expect(connect(`rediss://:wrong@localhost:${port}`, ca())).rejects.toMatchObject({ exitCode: 2 });
    await expect(connect(`rediss://:${password}@localhost:${port}`)).rejects.toMatchObject({ exitCode: 5 });
    await expect(connect(`redis://:${password}@localhost:${port}`)).rejects.toMatchObject({ exitCode: 5 });
  });

  it('is reached by the pods that write to Together alone', () => {
    const { spec } = objects.find(({ kind }) => kind === 'NetworkPolicy');
    expect(spec.ingress[0].from).toEqual([
      { podSelector: { matchLabels: { airbyte: 'job-pod', destination_image_name: 'destination-together' } } },
      { podSelector: { matchLabels: { airbyte: 'job-pod', job_type: 'check' } } },
    ]);
  });
});
