/**
 * `npm run life -- --nights 1000 --seed 7 [--tap] [--keep NAME]`: random lives against the product until so many nights are played, or one parts from
 * the oracle. That one is made small and printed; `--tap` takes the rows from
 * UKG's sandbox through the real tap; `--keep NAME` puts the small one into the corpus.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playNights, throughTap } from './property.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    nights: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    keep: { type: 'string' },
    tap: { type: 'boolean', default: false },
  },
});
const began = performance.now();
const seed = Number(values.seed);
const play = values.tap ? { play: throughTap(seed) } : {};
const { nights, lives, found } = await playNights(Number(values.nights), seed, play);
const seconds = Math.round((performance.now() - began) / 1000);
say(`${nights} nights of ${lives} lives in ${seconds} s, seed ${values.seed}`);
if (found) {
  const { life, divergence } = found;
  say(`\nNight ${divergence.night + 1} of ${life.nights.length} parts from the oracle:`);
  for (const line of divergence.lines) say(`  ${line}`);
  say(`\n${JSON.stringify(life)}\n\n${divergence.said}`);
  if (values.keep !== undefined)
    writeFileSync(new URL(`corpus/${values.keep}.json`, import.meta.url), `${JSON.stringify(life, null, 2)}\n`);
  process.exitCode = 1;
} else say('No divergence.');
