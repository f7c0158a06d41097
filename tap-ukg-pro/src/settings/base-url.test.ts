import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseBaseUrl } from './base-url.ts';

describe('normaliseBaseUrl', () => {
  test.each([
    ['Servicet', 'https://servicet.ultipro.com'],
    ['servicet.ultipro.com', 'https://servicet.ultipro.com'],
    ['http://Servicet.ultipro.com/services/BIDataService', 'https://servicet.ultipro.com'],
    ['https://servicet.ultipro.com/services/', 'https://servicet.ultipro.com'],
    ['  https://service5.ultipro.com/?a=b#c \n', 'https://service5.ultipro.com'],
    ['HTTP://SERVICE4.ULTIPRO.COM:80/x', 'https://service4.ultipro.com'],
    ['https://service4.ultipro.com:443/x', 'https://service4.ultipro.com'],
    ['https://proxy.example.com:8443', 'https://proxy.example.com:8443'],
    ['service4.ultipro.ca', 'https://service4.ultipro.ca'],
    ['http://127.0.0.1:8181/', 'http://127.0.0.1:8181'],
    ['http://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://localhost:443', 'http://localhost:443'],
    ['localhost:8181', 'http://localhost:8181'],
    ['https://localhost:8181', 'https://localhost:8181'],
    ['http://[::1]:9/', 'http://[::1]:9'],
  ])('%s is %s', (given, expected) => {
    expect(normaliseBaseUrl(given)).toBe(expected);
  });

  test.each([
    '',
    '   ',
    'ftp://service5.ultipro.com',
    'https://',
    'a b.ultipro.com',
    'https://u:p@service5.ultipro.com',
  ])('refuses %j with a settings error', (given) => {
    expect(() => normaliseBaseUrl(given)).toThrow(expect.objectContaining({ kind: 'settings' }));
  });

  test('refuses the log-in host and says so', () => {
    expect(() => normaliseBaseUrl('https://acme.ultiproworkplace.com')).toThrow(/log in/);
  });

  const host = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/).filter((name) => name !== 'localhost');
  test('is https, lower case, without path, and stable when applied twice', () => {
    fc.assert(
      fc.property(
        host,
        fc.constantFrom('', 'http://', 'https://', 'HTTP://'),
        fc.constantFrom('', '.ultipro.com', '.ULTIPRO.ca', '.example.org'),
        fc.constantFrom('', '/', '/services/BIDataService', '?x=1', '/a#b'),
        fc.constantFrom('', ' ', '\t'),
        (name, scheme, domain, tail, pad) => {
          const once = normaliseBaseUrl(pad + scheme + name.toUpperCase() + domain + tail + pad);
          expect(once).toMatch(/^https:\/\/[a-z0-9.]+$/);
          expect(once).toContain(name);
          expect(normaliseBaseUrl(once)).toBe(once);
        },
      ),
    );
  });
  test('any text gives an origin or a settings error, never anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const origin = normaliseBaseUrl(text);
          expect(new URL(origin).origin).toBe(origin);
        } catch (thrown) {
          expect(thrown).toMatchObject({ kind: 'settings' });
        }
      }),
    );
  });
});
