/** An HTTP proxy that knows only CONNECT and leads every name to a server on this machine, or misbehaves. */
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ProxyOptions {
  /** Port on 127.0.0.1 for each host name. */
  readonly routes: Readonly<Record<string, number>>;
  /** Status instead of a tunnel; 0: silence. */
  readonly refuse?: number;
  /** The tunnel is cut after so many bytes of answers, so many times in all. */
  readonly cut?: { readonly afterBytes: number; readonly times: number };
  /** `user:password` that has to be sent. */
  readonly credentials?: string;
}

export interface ProxyServer {
  readonly url: string;
  /** Hosts asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startProxy(options: ProxyOptions): Promise<ProxyServer> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  let cuts = options.cut?.times ?? 0;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, socket) => {
    const host = (request.url ?? '').replace(/:\d+$/, '');
    asked.push(host);
    const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
    const status = wanted && request.headers['proxy-authorization'] !== wanted ? 407 : options.refuse;
    if (status === 0) return;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const port = options.routes[host];
    if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.pipe(upstream);
    let answered = 0;
    upstream.on('data', (chunk: Buffer) => {
      answered += chunk.length;
      if (options.cut && cuts > 0 && answered > options.cut.afterBytes) {
        cuts--;
        socket.destroy();
      } else socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
