/**
 * Hosts of their own on one machine: network namespaces, each joined to this one by a cable (a veth pair) and nothing else. What
 * listens here on 127.0.0.1 is found there on 127.0.0.1 too, through forwarders at both ends of the cable, since the programs
 * under test speak plain http to no other address.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Forwarder, forward } from './forward.mjs';

const run = promisify(execFile);
const forwarder = fileURLToPath(new URL('forward.mjs', import.meta.url));

export interface Host {
  readonly name: string;
  /** The command line that runs `command` on this host; it keeps its process id. */
  on(command: string, args: readonly string[]): [string, string[]];
  close(): Promise<void>;
}

async function ip(...args: string[]): Promise<void> {
  await run('ip', args).catch((error: NodeJS.ErrnoException & { stderr?: string }) => {
    const why = error.code === 'ENOENT' ? 'ip is missing: apt-get install iproute2' : error.stderr?.trim();
    throw new Error(`A host of its own can't be made (ip ${args.join(' ')}): ${why}. It needs root and iproute2.`);
  });
}

/** `number`: 0 to 15, one for each host of this process. `ports`: what of 127.0.0.1 is to be found there. */
export async function startHost(number: number, ports: readonly number[]): Promise<Host> {
  const name = `ut${process.pid}-${number}`;
  const [here, there] = [`ut${process.pid}h${number}`, `ut${process.pid}n${number}`];
  const net = `10.${190 + (process.pid % 60)}.${(Math.floor(process.pid / 60) % 16) * 16 + number}`;
  const forwarders: Forwarder[] = [];
  const close = async () => {
    for (const server of forwarders) server.close();
    // Whatever a failed test has left running there, and the forwarder.
    const { stdout } = await run('ip', ['netns', 'pids', name]);
    for (const pid of stdout.split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself just now.
      }
    }
    await run('ip', ['link', 'del', here]).catch(() => {});
    await ip('netns', 'del', name);
  };
  await ip('netns', 'add', name);
  try {
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    await ip('addr', 'add', `${net}.1/30`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await ip('-n', name, 'addr', 'add', `${net}.2/30`, 'dev', there);
    await ip('-n', name, 'link', 'set', there, 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    const pairs: string[] = [];
    for (const port of ports) {
      const server = await forward({ host: `${net}.1`, port: 0 }, { host: '127.0.0.1', port });
      forwarders.push(server);
      pairs.push(`127.0.0.1:${port}=${net}.1:${server.port}`);
    }
    const remote = spawn('ip', ['netns', 'exec', name, process.execPath, forwarder, ...pairs], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(remote.stdout, 'data');
  } catch (error) {
    await close();
    throw error;
  }
  return { name, on: (command, args) => ['ip', ['netns', 'exec', name, command, ...args]], close };
}
