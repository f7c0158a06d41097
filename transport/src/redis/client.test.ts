import { expect, it } from 'vitest';
import { connectRedis } from './client.ts';

it.each(['redis://redis.example.com:6379', 'redis://:CANARY@10.0.0.7', 'redis://localhost.example.com', 'redis://'])(
  'refuses to speak to another machine without TLS: %s',
  async (url) => {
    const refused = connectRedis({ url, giveUpMs: 1 });
    await expect(refused).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('without TLS') });
    await expect(refused).rejects.not.toThrow('CANARY');
  },
);
