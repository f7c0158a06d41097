import { describe, expect, test } from 'vitest';
import { leaks } from './packages.ts';

describe('what may not leave the machine in a package', () => {
  const builder = ['/srv/checkout', '/home/builder'];

  test('an ordinary bundle has none of it', () => {
    expect(leaks('a.cjs', 'require("node:fs");"polyfill/chunks/root.js"//{"x":[1,2]}\n', builder)).toEqual([]);
  });

  test.each([
    ['/srv/checkout/tap/src/entry.ts', 'a.cjs names /srv/checkout'],
    ['at /Users/someone/x.ts', 'a.cjs contains a home folder'],
    ['\n//# sourceMappingURL=a.cjs.map', 'a.cjs contains a source map'],
    [`token=npm_${'a'.repeat(36)}`, 'a.cjs contains a token'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII', 'a.cjs contains a private key'],
  ])('%j is found', (text, fault) => {
    expect(leaks('a.cjs', text, builder)).toEqual([fault]);
  });
});
