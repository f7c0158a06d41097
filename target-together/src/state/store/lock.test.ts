import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accountLockName, type LockOptions, takeLock } from './lock.ts';

let number = 0;
const options = (platform: NodeJS.Platform, name = `test ${process.pid} ${number++}`): LockOptions => ({
  name,
  what: 'this Together key',
  pid: 4711,
  now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
  platform,
});

// The loopback ports are what other systems use; they work on every one.
describe.each(process.platform === 'linux' ? (['linux', 'darwin'] as const) : (['darwin'] as const))(
  'the run lock (%s)',
  (platform) => {
    it('is held by one run, and names its holder to the second', async () => {
      const wanted = options(platform);
      const lock = await takeLock(wanted);
      await expect(takeLock(wanted)).rejects.toMatchObject({
        kind: 'locked',
        exitCode: 7,
        message: 'Another run uses this Together key (process 4711, since 2026-01-02T03:04:05.000Z).',
      });
      await lock.release();
      await (await takeLock(wanted)).release();
    });

    it('goes to one of many that start at once', async () => {
      const wanted = options(platform);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(wanted)));
      const taken = results.filter((result) => result.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      await Promise.all(taken.map((one) => one.value.release()));
    });

    it('does not concern other keys', async () => {
      const locks = await Promise.all([takeLock(options(platform)), takeLock(options(platform))]);
      await Promise.all(locks.map((lock) => lock.release()));
    });
  },
);

describe('the loopback ports', () => {
  it('may hold one foreign program, and refuse two with the ports to free', async () => {
    const wanted = options('darwin');
    const ports = portsOf(wanted);
    const foreign = [await squat(ports[0] as number)];
    const held = await takeLock(wanted);
    await expect(takeLock(wanted)).rejects.toThrow('process 4711');
    await held.release();
    foreign.push(await squat(ports[1] as number));
    await expect(takeLock(wanted)).rejects.toThrow('other programs hold 2 of its 3 loopback ports');
    for (const server of foreign) server.close();
  });
});

/** The ports of a lock; see `lock.ts`. */
function portsOf(wanted: LockOptions): number[] {
  const digest = createHash('sha256').update(`ukg-together ${wanted.name}`).digest('hex');
  return [0, 1, 2].map((n) => 10_000 + n * 6_666 + (Number.parseInt(digest.slice(8 * n, 8 * n + 8), 16) % 6_666));
}

function squat(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.end('220 mail.example.com\n')).listen(
      { host: '127.0.0.1', port },
      () => resolve(server),
    );
  });
}

describe('the name of an account', () => {
  it('is by host, organization and client, and holds no key', () => {
    const name = accountLockName({
      apiUrl: 'https://api.eu.togetherplatform.com/',
      organizationId: 'o',
      clientId: 'c',
    });
    expect(name).toBe('account api.eu.togetherplatform.com o c');
  });
});
