/** A process of its own that takes turns on a shared lane: `lane-worker.ts REDIS_URL SERVER_URL COUNT INTERVAL_MS`. */
import { systemClock } from '@ukg-together/protocol/clock';
import { connectRedis } from '@ukg-together/transport/redis-client';
import { redisLane } from '@ukg-together/transport/redis-lane';

const [redisUrl = '', serverUrl = '', count = '0', intervalMs = '0'] = process.argv.slice(2);
const redis = await connectRedis({ url: redisUrl, giveUpMs: 3000 });
const lane = redisLane({ redis, name: 'test', clock: systemClock, intervalMs: Number(intervalMs) });
try {
  for (let i = 0; i < Number(count); i++) await lane.run(async () => void (await (await fetch(serverUrl)).text()));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 5;
} finally {
  await lane.close();
}
