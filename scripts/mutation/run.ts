/**
 * `npm run mutation [-- WORDS … | FILES …] [--again] [--workers=1]`: StrykerJS changes one operator, condition or value at a time, in
 * the rooms where a wrong one costs people their access, and counts how many of these changes a unit test notices. Prints the ones
 * that no test noticed, with the share and the seconds of each room; ends with 1 where a share is below `least`. Words pick the rooms
 * whose path contains one of them; files are looked at together. A change takes a second, so this is not part of the checks. What
 * the run of a room found is kept in .cache/mutation-found, and the next run tries only what changed since; `--again` tries all.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

/** Percent of the changes that tests must notice. */
const least = 80;

const target = 'target-together/src';
/** The tests of `plan/`, and of the steps that call it. */
const planTests = ['plan/**/*', 'run/plan-step', 'run/guard-step', 'run/only'];

type Room = { readonly files: string; readonly tests: readonly string[] };
/**
 * Rooms in pieces that take minutes each, with the tests that are about them: whole runs, the command line and reports would notice
 * little more and cost most of the time. A run that is cut off goes on with the piece it was at.
 */
const rooms: readonly Room[] = [
  { files: 'tap-ukg-pro/src/employees/choose.ts', tests: ['tap-ukg-pro/src/employees/*.test.ts'] },
  ...[
    { room: 'delivery', tests: ['delivery/*', 'run/deliver-step'] },
    ...['', '/guards', '/checks', '/checks/supervisors', '/drift', '/file', '/causes', '/against'].map((folder) => ({
      room: `plan${folder}`,
      tests: planTests,
    })),
  ].map(({ room, tests }) => ({
    files: `${target}/${room}/*.ts`,
    tests: tests.map((test) => `${target}/${test}.test.ts`),
  })),
];

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const workers = Number(words.find((word) => word.startsWith('--workers='))?.split('=')[1] ?? 1);
const isFile = (word: string) => existsSync(word) && statSync(word).isFile();
const chosen = rooms.flatMap(({ files, tests }) => {
  const folder = files.replace('*.ts', '');
  const named = wanted.filter((word) => isFile(word) && `${dirname(word)}/` === folder);
  if (named.length > 0) return [{ files: named, tests }];
  return wanted.length === 0 || wanted.some((word) => files.includes(word)) ? [{ files: [files], tests }] : [];
});

for (const { files, tests } of chosen) {
  const name = files.join(', ');
  const began = performance.now();
  const results = await new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    // Which tests may notice a change is known from the first run, so nobody asks Vite for the imports of every test again.
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    mutate: [...files, '!**/*.test.ts'],
    testFiles: [...tests],
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: `.cache/mutation-found/${name.replaceAll(/[^\w.-]+/g, '-')}.json`,
    force: words.includes('--again'),
    // All these tests once; five minutes are not enough on a busy machine.
    dryRunTimeoutMinutes: 30,
    concurrency: workers,
    // A change that makes a loop endless is found by counting; a test that is slow on a busy machine must not pass for that.
    timeoutMS: 10_000,
    timeoutFactor: 2,
    // What runs at import alone, the rows of a table for example: each would start Vite and all of these tests anew, ten times the time.
    ignoreStatic: true,
    tempDirName: '.cache/mutation',
    ignorePatterns: ['/.cache', '/docs', '/airbyte', '/meltano', '/packaging', '/deploy', 'dist'],
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, reportTests: false, logTests: false, reportMutants: true },
  }).runMutationTest();
  const count = (...states: readonly string[]) => results.filter(({ status }) => states.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const all = noticed + count('Survived', 'NoCoverage');
  const share = all === 0 ? 0 : (100 * noticed) / all;
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(
    `${name}: ${noticed} of ${all} changes noticed, ${share.toFixed(1)} % (at least ${least}), ${seconds} seconds`,
  );
  if (share < least) process.exitCode = 1;
}
