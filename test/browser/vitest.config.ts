import { defineConfig } from 'vitest/config';

// Needs a Chromium, so it is no part of `npm test`: npx vitest run --config test/browser/vitest.config.ts
export default defineConfig({
  test: {
    name: 'browser',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
