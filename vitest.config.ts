import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What starts processes or servers runs in forks of its own, and may take its time. */
const processes = (name: string, include: string[]) => ({
  test: { name, include, pool: 'forks' as const, testTimeout: 300_000, hookTimeout: 120_000 },
});

export default defineConfig({
  test: {
    // By default one core stays idle; most of a flow test is waiting for the limiter anyway.
    maxWorkers: '100%',
    // .ci/run adds the tests of all steps up from these reports.
    reporters: process.env.TEST_REPORT ? ['default', ['json', { outputFile: process.env.TEST_REPORT }]] : ['default'],
    projects: [
      {
        // Pure units share threads without isolation: 13 times faster.
        test: {
          name: 'unit',
          include: ['{kit,protocol,transport,tap-ukg-pro,target-together,sandbox,scripts}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'threads',
          // A guard against hanging only: a busy machine is no failure.
          testTimeout: 300_000,
          isolate: false,
        },
      },
      {
        test: {
          ...processes('flow', ['test/{flow,fuzz,life,protocol,rules}/**/*.test.ts']).test,
          // Most of a flow test is waiting for the limiter: more of them than there are cores (a share is never more), after the units.
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      // Whole runs many times over: minutes, so not part of the quick suite.
      processes('long', ['test/long/**/*.test.ts']),
      // What an attacker, a neighbour or an auditor would try, on every supported Node.js.
      processes('attacks', ['test/attacks/**/*.test.ts']),
      // These need Debian's redis-server and chromium; .ci/run installs both.
      processes('services', ['test/services/**/*.test.ts']),
      processes('browser', ['test/browser/**/*.test.ts']),
    ],
  },
});
