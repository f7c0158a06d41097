/** What delivery takes beyond the limit's own time, as the server saw it: from the first request's start to the last one's end. */
import { join } from 'node:path';
import { bin, fixture, folder, isWanted, measure, row, tapSettings, targetSettings, write } from './support.ts';

const batches = 20;
const usersInBatch = 250;
const intervalMs = 1000;

export async function delivery(): Promise<void> {
  for (const serverMs of [0, 200]) {
    const name = `delivery of ${batches} batches, ${serverMs} ms each`;
    if (!isWanted(name)) continue;
    const { base, stop } = await fixture(batches * usersInBatch, String(serverMs));
    const input = join(folder, 'delivery.singer');
    await measure(`${bin('tap-ukg-pro')} --config ${write('tap.json', tapSettings(base))} > ${input}`);
    const settings = targetSettings(base, { min_interval_ms: intervalMs, batch_size: usersInBatch });
    await measure(`${bin('target-together')} --config ${write('delivery.json', settings)} < ${input} > /dev/null`);
    const posts = (await (await fetch(`${base}/posts`)).json()) as { from: number; to: number }[];
    stop();
    if (posts.length !== batches) throw new Error(`${posts.length} requests for ${batches} batches`);
    const took = (posts.at(-1)?.to ?? 0) - (posts[0]?.from ?? 0);
    const served = posts.reduce((sum, { from, to }) => sum + to - from, 0);
    const least = served + (batches - 1) * intervalMs;
    const gaps = posts.slice(1).map(({ from }, i) => from - (posts[i]?.to ?? 0));
    row(
      name,
      `${(took / least).toFixed(4)} × the pauses and the server's time (${(took / 1000).toFixed(2)} s; shortest pause ${Math.min(...gaps).toFixed(0)} ms)`,
      took / least,
      1.02,
    );
  }
}
