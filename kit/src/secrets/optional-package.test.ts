import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findPackage, loadPackage } from './optional-package.ts';

it('a package is found from where the program is, or from a given file', async () => {
  expect(findPackage('vitest/package.json')).toMatch(/vitest.package\.json$/);
  expect(findPackage('zod/package.json', fileURLToPath(import.meta.url))).toMatch(/zod.package\.json$/);
  expect(await loadPackage('vitest/package.json')).toMatchObject({ name: 'vitest' });
});

it('one that is nowhere is told as missing', async () => {
  expect(() => findPackage('not-a-package')).toThrow(expect.objectContaining({ code: 'MODULE_NOT_FOUND' }));
  await expect(loadPackage('not-a-package')).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' });
});
