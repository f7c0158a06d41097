import { defineConfig } from 'vitest/config';

// Two projects: pure units share threads without isolation (13 times faster); what starts processes or servers runs in forks.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{protocol,transport,tap-ukg-pro,target-together,sandbox,scripts}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'flow',
          include: ['test/{flow,protocol,rules}/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
