import { describe, expect, it } from 'vitest';
import { testIo } from '../testing/session.ts';
import { parseSettings } from '../testing/steps.ts';
import { openConnections } from './connections.ts';

describe('connections', () => {
  it('close though their Redis could not be reached', async () => {
    let closed = 0;
    const http = { send: () => Promise.reject(new Error('not used')), close: async () => void closed++ };
    const settings = parseSettings({ limiter: { type: 'redis', url: 'redis://127.0.0.1:1' } });
    const connections = openConnections(http, settings, testIo().io, 'org', () =>
      Promise.reject(new Error('unreachable')),
    );
    await expect(connections.redis()).rejects.toThrow('unreachable');
    await expect(connections.limiter()).rejects.toThrow('unreachable');
    await connections.close();
    expect(closed).toBe(1);
  });
});
