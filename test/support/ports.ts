/** Ports for servers that must be given one. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that is free, and that stays free while its server is down: it lies below the range from which systems take
 * ports for outgoing connections and for port 0 (from 32768 on in Linux, from 49152 on elsewhere).
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 16_000 + Math.floor(Math.random() * 16_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
