/** kill -9 of the real process at random moments of a run: everybody ends right, and nobody settled is sent again. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { expect, it } from 'vitest';
import { bin, cleanEnv, start } from '../support/pipe.ts';

/** TEST_KILLS=100 makes it the whole of what was promised; fewer find the same faults, given a few runs. */
const kills = Number(process.env['TEST_KILLS'] ?? 10);
const count = 5000;

const record = (id: number, title: string) => ({
  employeeId: `E${id}`,
  supervisorId: id === 0 ? null : `E${id >> 3}`,
  employeeStatusCode: 'A',
  emailAddress: `e${id}@example.com`,
  firstName: 'Ada',
  lastName: `Example ${id}`,
  jobTitle: title,
});

function messages(title: string): string {
  const properties = Object.fromEntries(Object.keys(record(0, '')).map((key) => [key, { type: ['null', 'string'] }]));
  const lines: object[] = [
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
  ];
  for (let id = 0; id < count; id++) {
    lines.push({ type: 'RECORD', stream: 'employees', record: record(id, title), version: 1 });
    if (id % 500 === 499) lines.push({ type: 'STATE', value: { read: id + 1 } });
  }
  lines.push({ type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 }, { type: 'STATE', value: { read: count } });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const filesIn = (folder: string): [string, Buffer][] =>
  (existsSync(folder) ? readdirSync(folder) : []).map((name) => [name, readFileSync(join(folder, name))]);

it(`of ${kills} runs of ${count} people`, { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-'));
  const together = await startTogether({ intervalMs: 0, latencyMs: 5 });
  const config = join(folder, 'config.json');
  const input = join(folder, 'input.singer');
  const { organizationId, clientId, apiKey } = together.credentials;
  writeFileSync(
    config,
    JSON.stringify({
      ...{ api_url: together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey },
      ...{ state_dir: join(folder, 'state'), min_interval_ms: 0, batch_size: 50, resend_after_hours: null },
      guards: { max_changed: null },
    }),
  );
  const state = join(folder, 'state');
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const posts = () => together.journal.entries.filter(({ method }) => method === 'POST');
  const { entries } = together.journal;
  const title = (day: number) => `Title of day ${day}`;
  /** Settled for certain: answered, and followed by another request, before which they were written down. */
  let settled = new Set<string>();
  let day = 0;
  writeFileSync(input, messages(title(day)));

  for (let killed = 0; killed < kills; ) {
    const before = posts().length;
    const asked = entries.length;
    const child = spawn(bin('target-together'), ['--config', config, '--input', input], {
      env: { ...cleanEnv(), TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let isOver = false;
    void ended.then(() => (isOver = true));
    // Some while they read, most of them while they deliver.
    if (killed % 6 > 0) while (!isOver && !entries.slice(asked).some(({ method }) => method === 'POST')) await sleep(5);
    await sleep(Math.random() * 250);
    if (!isOver) killed++;
    child.kill('SIGKILL');
    const code = await ended;
    await together.idle();
    expect(readdirSync(temporary)).toEqual([]);
    for (const [file, bytes] of filesIn(state)) expect(bytes.includes('Example'), file).toBe(false);
    const batches = posts()
      .slice(before)
      .map(({ ids = [] }) => ids);
    expect(batches.flat().filter((id) => settled.has(id))).toEqual([]);
    for (const ids of batches.slice(0, -1)) for (const id of ids) settled.add(id);
    for (const line of out.split('\n').slice(0, -1)) {
      const { read } = JSON.parse(line) as { read: number };
      const left = Array.from({ length: read }, (_, id) => `E${id}`).filter(
        (id) => together.users.get(id)?.['title'] !== title(day),
      );
      expect(left, 'covered by a STATE').toEqual([]);
    }
    if (code === null) continue;
    expect(code).toBe(0);
    day++;
    settled = new Set();
    writeFileSync(input, messages(title(day)));
  }

  const last = await start('target-together', ['--config', config, '--input', input]);
  expect(last.code, last.stderr).toBe(0);
  expect(together.users.size).toBe(count);
  expect([...Array(count).keys()].filter((id) => together.users.get(`E${id}`)?.['title'] !== title(day))).toEqual([]);
  expect(together.journal.maxInFlight()).toBe(1);
  const before = posts().length;
  expect((await start('target-together', ['--config', config, '--input', input])).code).toBe(0);
  expect(posts().length).toBe(before);
  await together.close();
  rmSync(folder, { recursive: true });
});
