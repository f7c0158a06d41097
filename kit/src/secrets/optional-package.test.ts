import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findPackage, loadPackage } from './optional-package.ts';

it('a package is found from where the program is, or from a given file', async () => {
  expect(findPackage('vitest/package.json')).toMatch(/vitest.package\.json$/);
  expect(findPackage('zod/package.json', fileURLToPath(import.meta.url))).toMatch(/zod.package\.json$/);
  expect(await loadPackage('vitest/package.json')).toMatchObject({ name: 'vitest' });
});

it('a package above the working folder is not found, however it got there', () => {
  // This file's packages lie above the working folder of its package.
  const [, program = ''] = process.argv;
  const here = process.cwd;
  process.argv[1] = '';
  process.cwd = () => fileURLToPath(new URL('.', import.meta.url));
  try {
    expect(() => findPackage('zod')).toThrow(expect.objectContaining({ code: 'MODULE_NOT_FOUND' }));
  } finally {
    process.argv[1] = program;
    process.cwd = here;
  }
});

it('one that is nowhere is told as missing', async () => {
  expect(() => findPackage('not-a-package')).toThrow(expect.objectContaining({ code: 'MODULE_NOT_FOUND' }));
  await expect(loadPackage('not-a-package')).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' });
});
