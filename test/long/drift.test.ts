/** What Together's list says of what it accepted: found exactly, over many worlds. `DRIFT_WORLDS=1000` plays more of them. */
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playWorld } from '../support/drift-world.ts';

const worlds = Number(process.env['DRIFT_WORLDS'] ?? 200);

let together: TogetherServer;
beforeAll(async () => {
  together = await startTogether({ intervalMs: 0 });
});
afterAll(() => together.close());

it('verify finds every change by hand and no other, in whatever shape and form the list comes', {
  timeout: 120_000 + worlds * 3000,
}, async () => {
  for (let seed = 1; seed <= worlds; seed++) {
    const { expected, code, found } = await playWorld(seed, together);
    expect({ seed, code, found }).toEqual({ seed, ...expected });
  }
});
