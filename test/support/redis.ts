/** A real Redis server of the test's own: on a free port, in an empty folder, with nothing saved unless asked for. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, then the same port again, with empty memory. */
  restartEmpty(downMs?: number): Promise<void>;
  /** Keeps what it holds now for the next `restartOld`. */
  save(): Promise<void>;
  /** SIGKILL, then the same port again, with what was last saved. */
  restartOld(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const dump = join(folder, 'dump.rdb');
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', () => reject(new Error('redis-server is missing: apt-get install redis-server')));
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
      child.stdout?.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve());
    });
    child.removeAllListeners('exit');
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async save() {
      await promisify(execFile)('redis-cli', ['-p', String(port), 'save']);
      copyFileSync(dump, `${dump}.kept`);
    },
    async restartOld() {
      await kill();
      copyFileSync(`${dump}.kept`, dump);
      await start();
    },
    async restartEmpty(downMs = 300) {
      await kill();
      if (existsSync(dump)) rmSync(dump);
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await start();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
