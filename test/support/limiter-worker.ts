/**
 * A process of its own that takes permits on a shared limiter: `limiter-worker.ts REDIS_URL SERVER_URL COUNT INTERVAL_MS [stop]`. With
 * `stop` it stops itself (SIGSTOP) at the worst moment: when its first permit has come, and before it sends.
 */
import { systemClock } from '@ukg-together/kit/clock';
import { AttemptError } from '@ukg-together/transport/http/failure';
import { redisLimiter } from '@ukg-together/transport/limiter/redis-limiter';
import { connectRedis } from '@ukg-together/transport/redis/client';

const [redisUrl = '', serverUrl = '', count = '0', intervalMs = '0', stop] = process.argv.slice(2);
let stops = stop === 'stop';
const redis = await connectRedis({ url: redisUrl, giveUpMs: 10_000 });
const limiter = redisLimiter({ redis, name: 'test', clock: systemClock, intervalMs: Number(intervalMs) });
try {
  for (let sent = 0; sent < Number(count); ) {
    try {
      await limiter.run(async (permit) => {
        if (stops) process.kill(process.pid, 'SIGSTOP');
        stops = false;
        permit();
        await (await fetch(serverUrl)).text();
      });
      sent++;
    } catch (thrown) {
      if (!(thrown instanceof AttemptError)) throw thrown;
      process.stdout.write(`${thrown.failure.code}\n`);
    }
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 5;
} finally {
  await limiter.close();
}
