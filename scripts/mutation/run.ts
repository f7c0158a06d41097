/**
 * `npm run mutation [-- WORDS …] [--workers=1]`: StrykerJS changes one operator, condition or value at a time, in the rooms where a
 * wrong one costs people their access, and counts how many of these changes a unit test notices. Prints the ones that no test
 * noticed, and the share of each room; ends with 1 where a room is below `least`. Words pick the rooms whose path contains one
 * of them, or name files and folders to be looked at together. A run takes minutes to hours, so it is not part of the checks.
 */
import { existsSync, statSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

/** Percent of the changes that tests must notice. */
const least = 80;

const rooms = [
  'tap-ukg-pro/src/employees/choose.ts',
  'target-together/src/delivery/**/*.ts',
  'target-together/src/plan/**/*.ts',
];

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const workers = Number(words.find((word) => word.startsWith('--workers='))?.split('=')[1] ?? 1);
const named = wanted
  .filter((word) => existsSync(word))
  .map((path) => (statSync(path).isDirectory() ? `${path.replace(/\/$/, '')}/**/*.ts` : path));
const chosen = rooms.filter((room) => wanted.length === 0 || wanted.some((word) => room.includes(word)));

for (const room of named.length > 0 ? [named] : chosen.map((room) => [room])) {
  const results = await new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts' },
    mutate: [...room, '!**/*.test.ts'],
    coverageAnalysis: 'perTest',
    // All unit tests once; five minutes are not enough on a busy machine.
    dryRunTimeoutMinutes: 30,
    concurrency: workers,
    // A change that makes a loop endless is found by counting; a test that is slow on a busy machine must not pass for that.
    timeoutMS: 30_000,
    timeoutFactor: 4,
    tempDirName: '.cache/mutation',
    ignorePatterns: ['/.cache', '/docs', '/airbyte', '/meltano', '/packaging', '/deploy', 'dist'],
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, reportTests: false, logTests: false, reportMutants: true },
  }).runMutationTest();
  const count = (...states: readonly string[]) => results.filter(({ status }) => states.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const all = noticed + count('Survived', 'NoCoverage');
  const share = all === 0 ? 0 : (100 * noticed) / all;
  console.log(`${room.join(', ')}: ${noticed} of ${all} changes noticed, ${share.toFixed(1)} % (at least ${least})`);
  if (share < least) process.exitCode = 1;
}
