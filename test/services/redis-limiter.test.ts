import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis.ts';

const intervalMs = 200;
let redis: RedisServer;
let server: Server;
let url: string;
let arrivals: number[];
let mostInFlight: number;
let takesMs: () => number;

beforeEach(async () => {
  redis = await startRedis();
  arrivals = [];
  mostInFlight = 0;
  takesMs = () => Math.random() * 60;
  let inFlight = 0;
  server = createServer((_req, res) => {
    arrivals.push(performance.now());
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    // A holder that was killed is no longer in flight: its connection is gone.
    res.on('close', () => inFlight--);
    setTimeout(() => res.end('ok'), takesMs());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await redis.stop();
});

function worker(count: number, ...more: string[]): ChildProcess & { ended: Promise<number | null> } {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/limiter-worker.ts', redis.url, url, String(count), String(intervalMs), ...more],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return Object.assign(child, { ended: once(child, 'exit').then(([code]) => code as number | null) });
}

const gaps = () => arrivals.slice(1).map((at, i) => at - (arrivals[i] as number));

describe('a limiter shared by processes', () => {
  it('never has two in flight and never a gap under the interval', async () => {
    const workers = [worker(8), worker(8), worker(8), worker(8)];
    expect(await Promise.all(workers.map((each) => each.ended))).toEqual([0, 0, 0, 0]);
    expect(arrivals).toHaveLength(32);
    expect(mostInFlight).toBe(1);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(intervalMs);
  });

  it('goes on after the holder is killed in the middle of a request', async () => {
    takesMs = () => 5000;
    const victim = worker(1);
    while (arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const other = worker(3);
    takesMs = () => 10;
    await new Promise((resolve) => setTimeout(resolve, 300));
    victim.kill('SIGKILL');
    expect(await other.ended).toBe(0);
    expect(arrivals).toHaveLength(4);
    expect(mostInFlight).toBe(1);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(intervalMs);
  });

  it('sends nothing on the permit of a process that was stopped while others took over', async () => {
    const victim = worker(2, 'stop');
    let said = '';
    victim.stdout?.on('data', (text: Buffer) => {
      said += text;
    });
    // It holds the lease and stands still.
    while (!/\nState:\tT/.test(readFileSync(`/proc/${victim.pid}/status`, 'utf8'))) await sleep(20);
    takesMs = () => 1500;
    const other = worker(2);
    while (arrivals.length === 0) await sleep(20);
    // It wakes while the other's request is under way.
    victim.kill('SIGCONT');
    expect(await Promise.all([victim.ended, other.ended])).toEqual([0, 0]);
    expect(said).toBe('PERMIT_EXPIRED\n');
    expect(arrivals).toHaveLength(4);
    expect(mostInFlight).toBe(1);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(intervalMs);
  });

  it('holds through a Redis that restarts with empty memory while a request is under way', async () => {
    takesMs = () => 1500;
    const workers = [worker(2), worker(2)];
    while (arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await redis.restartEmpty();
    expect(await Promise.all(workers.map((each) => each.ended))).toEqual([0, 0]);
    expect(arrivals).toHaveLength(4);
    expect(mostInFlight).toBe(1);
  });

  it('holds through a Redis that comes back with what it had saved before the request began', async () => {
    takesMs = () => 10;
    expect(await worker(1).ended).toBe(0);
    await redis.save();
    takesMs = () => 1800;
    const workers = [worker(4), worker(4)];
    // From the fifth request on both have come: one sends, and the other asks for its permit.
    for (let requests = 5; requests <= 7; requests++) {
      while (arrivals.length < requests) await new Promise((resolve) => setTimeout(resolve, 20));
      await redis.restartOld();
    }
    expect(await Promise.all(workers.map((each) => each.ended))).toEqual([0, 0]);
    expect(arrivals).toHaveLength(9);
    expect(mostInFlight).toBe(1);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(intervalMs);
  });

  it('stops with a clear sentence when Redis is gone, rather than break the limit', async () => {
    const only = worker(1000);
    let said = '';
    only.stderr?.on('data', (text: Buffer) => {
      said += text;
    });
    while (arrivals.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await redis.stop();
    const before = arrivals.length;
    expect(await only.ended).toBe(5);
    expect(arrivals.length - before).toBeLessThanOrEqual(1);
    expect(said).toMatch(/Redis at 127\.0\.0\.1:\d+ stayed unreachable/);
    redis = await startRedis();
  });
});
