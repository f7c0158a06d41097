import { statSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small test files first: they import little and are about one file, and the first test that fails ends the run of a change. */
class SmallFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const size = ({ moduleId }: TestSpecification) => statSync(moduleId).size;
    return [...files].sort((a, b) => size(a) - size(b));
  }
}

/**
 * The unit tests that scripts/mutation/run.ts names. Each file has a thread of its own: a thread that serves several files would
 * import the others, too, after a test has failed.
 */
export default defineConfig({
  test: {
    include: ['{tap-ukg-pro,target-together}/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'threads',
    setupFiles: ['scripts/mutation/setup.ts'],
    sequence: { sequencer: SmallFirst },
    // As in the quick suite: a busy machine is no failure.
    testTimeout: 300_000,
  },
});
