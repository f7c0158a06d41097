/** Every folder of examples/, run as it stands into a Together of its own; only address, interval and state differ. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { expect, it } from 'vitest';
import { start } from '../support/pipe.ts';

type Json = Record<string, unknown>;

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const file = (...path: string[]) => join(examples, ...path);
const read = (...path: string[]) => JSON.parse(readFileSync(file(...path), 'utf8')) as Json;

/** Runs the target on an example's settings: what it ended with, what Together holds, and what `expected.json` says. */
async function arrive(folder: string, input: { readonly file: string } | { readonly text: string }) {
  const temporary = mkdtempSync(join(tmpdir(), 'examples-'));
  const together = await startTogether({ intervalMs: 10 });
  try {
    const overrides = join(temporary, 'config.json');
    const summary = join(temporary, 'summary.json');
    writeFileSync(overrides, JSON.stringify({ api_url: together.url, min_interval_ms: 10, state_dir: null }));
    const { code, stderr } = await start(
      'target-together',
      [
        ...['--config', file(folder, 'config.json'), '--config', overrides, '--summary', summary],
        ...('file' in input ? ['--input', file(folder, input.file)] : []),
      ],
      { env: { TOGETHER_API_KEY: together.credentials.apiKey }, ...('text' in input && { input: input.text }) },
    );
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/WARNING|ERROR/);
    const { outcomes } = JSON.parse(readFileSync(summary, 'utf8')) as { outcomes: Record<string, number> };
    return {
      outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
      users: Object.fromEntries([...together.users.entries()].map(([id, user]) => [id, { ...user }])),
    };
  } finally {
    await together.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

it.each(['csv-export', 'bamboohr-report'])('%s', async (folder) => {
  expect(await arrive(folder, { file: 'people.singer' })).toEqual(read(folder, 'expected.json'));
});

it('own-tap', async () => {
  const people = readFileSync(file('own-tap', 'people.json'));
  const server = createServer((_request, response) => response.end(people)).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/people.json`;
    const tap = await start('tsx', [file('own-tap', 'tap.ts'), url]);
    expect(tap.code, tap.stderr).toBe(0);
    expect(await arrive('own-tap', { text: tap.stdout })).toEqual(read('own-tap', 'expected.json'));
  } finally {
    server.close();
  }
});

it('own-tap ends with the code of what went wrong', async () => {
  const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/people.json`;
    const tap = await start('tsx', [file('own-tap', 'tap.ts'), url]);
    expect({ code: tap.code, stdout: tap.stdout }).toEqual({ code: 5, stdout: '' });
    expect(tap.stderr).toContain('GET /people.json answered 503.');
  } finally {
    server.close();
  }
});

it('has no folder that is not run here', () => {
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(['bamboohr-report', 'csv-export', 'own-tap']);
});
