// Hands TCP connections on, and every way in which they end: `forward.mjs LISTEN_HOST:PORT=HOST:PORT …`, ready when it says so.
import { connect, createServer } from 'node:net';
import { pathToFileURL } from 'node:url';

/** Resolves when it listens. A side that breaks off breaks the other one off at once. */
export function forward(from, to) {
  const open = new Set();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...to, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(from, () =>
      resolve({
        port: server.address().port,
        close() {
          server.close();
          for (const socket of open) socket.destroy();
        },
      }),
    );
  });
}

const address = (text) => {
  const [host, port] = text.split(':');
  return { host, port: Number(port) };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const pair of process.argv.slice(2)) {
    const [from = '', to = ''] = pair.split('=');
    await forward(address(from), address(to));
  }
  process.stdout.write('ready\n');
}
