import { describe, expect, it } from 'vitest';
import { isLoopback, requireSecure } from './url.ts';

describe('where data may go', () => {
  it('allows plain http on this machine only', () => {
    for (const ok of ['https://example.com', 'http://127.0.0.1:8181', 'http://localhost', 'http://[::1]:1']) {
      expect(() => requireSecure(new URL(ok), 'api_url')).not.toThrow();
    }
    for (const bad of [
      'http://example.com',
      'ftp://127.0.0.1',
      'http://127.0.0.1.example.com',
      'https://u:p@example.com',
    ]) {
      expect(() => requireSecure(new URL(bad), 'api_url')).toThrow(/api_url/);
    }
  });
  it('knows loopback from look-alikes', () => {
    expect(isLoopback(new URL('http://127.1.2.3/'))).toBe(true);
    expect(isLoopback(new URL('http://localhost.example.com/'))).toBe(false);
  });
});
