import { defineConfig } from 'vitest/config';

/** The unit tests alone, each file with modules of its own: a mutant in code that runs at import must be imported anew. */
export default defineConfig({
  test: {
    include: ['{tap-ukg-pro,target-together}/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'threads',
    isolate: false,
    // As in the quick suite: a busy machine is no failure.
    testTimeout: 300_000,
  },
});
