/** What fuzzing once found stays found; `npm run fuzz` looks for more. */
import { describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { targets } from './targets/index.ts';

const corpus = readCorpus();

describe('the corpus', () => {
  it('belongs to targets', () => {
    const names = new Set(targets.map(({ name }) => name));
    expect(corpus.length).toBeGreaterThan(0);
    expect(corpus.filter(({ target }) => !names.has(target) && !target.startsWith('process-'))).toEqual([]);
  });

  it.each(corpus.map(({ target, file, bytes }) => ({ target, file, bytes })))(
    '$target/$file',
    async ({ target, bytes }) => {
      const from = performance.now();
      await targets.find(({ name }) => name === target)?.run(bytes);
      // Even the slowest takes a hundredth of it.
      expect(performance.now() - from).toBeLessThan(30_000);
    },
    60_000,
  );
});
