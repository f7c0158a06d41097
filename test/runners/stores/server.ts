/** Secret stores as processes and as servers of ours, on loopback. */
import { spawn } from 'node:child_process';
import { until } from '../tools.ts';

/** Runs a server until `use` is through; it is up when `url` answers anything. */
export async function withServer<T>(
  command: string,
  args: readonly string[],
  url: string,
  env: NodeJS.ProcessEnv,
  use: () => Promise<T>,
): Promise<T> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  }).then(() => {
    isOver = true;
  });
  try {
    await until(`${command} to answer`, 300_000, () => {
      if (isOver) throw new Error(`${command} ended before it answered at ${url}`);
      return fetch(url).then(
        () => true,
        () => undefined,
      );
    });
    return await use();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** A JSON request to a store's own interface; throws unless it is accepted. */
export async function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 400)}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
