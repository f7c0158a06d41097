/** People under new ids, where Together makes second records of them, and where a run is killed in the middle. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAirbyte } from '../support/airbyte-rows.ts';
import { type House, openHouse, start } from '../support/pipe.ts';
import { messagesOf, people, person } from '../support/situations.ts';

let house: House;
let close: () => void = () => {};
beforeEach(() => {
  close = () => {};
});
afterEach(async () => {
  close();
  await house.close();
});

const renumbered = (from: number, to: number) =>
  people(from, to).map((row) => ({ ...row, employeeId: `N${row.employeeId}` }));

const run = (rows: readonly object[], ...args: string[]) =>
  start('target-together', ['--config', house.config, ...args], {
    input: messagesOf({ rows })
      .map((message) => `${JSON.stringify(message)}\n`)
      .join(''),
  });

const write = (rows: readonly object[]) => writeAirbyte(house, [{ rows }]);

/** Forwards to the sandbox; `swallows`: the answers to POST after so many more never come back. */
async function swallowing(): Promise<{ url: string; swallows: number; swallowed: Promise<void> }> {
  let told = () => {};
  const proxy = {
    url: '',
    swallows: Number.POSITIVE_INFINITY,
    swallowed: new Promise<void>((resolve) => (told = resolve)),
  };
  const textOf = async (request: IncomingMessage) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request);
      const { method = 'GET', url = '', headers } = request;
      const names = ['organization-id', 'client-id', 'api-key', 'content-type'];
      const kept = names.flatMap((name) =>
        headers[name] === undefined ? [] : [[name, String(headers[name])] as const],
      );
      const answer = await fetch(house.together.url + url, {
        method,
        headers: Object.fromEntries(kept),
        ...(method === 'POST' ? { body } : {}),
      });
      const text = await answer.text();
      if (method === 'POST' && proxy.swallows-- <= 0) return told();
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(answer.status === 204 ? undefined : text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

const ids = () => [...house.together.users.keys()].sort();
const terminated = () => [...house.together.users.entries()].filter(([, user]) => user['employeeStatusCode'] === 'T');

/** Bodies of the people under new ids, as they were sent. */
const moves = () =>
  house.together.journal
    .matching()
    .filter(({ method, body = '' }) => method === 'POST' && body.includes('"N'))
    .map(({ body = '' }) => JSON.parse(body) as { employeeId: string } | { employeeId: string }[]);

describe.each([
  ['Singer', run],
  ['Airbyte', write],
] as const)('%s', (_protocol, night) => {
  const said = ({ stdout, stderr }: Awaited<ReturnType<typeof night>>) => stderr + stdout;

  it('sends the first move alone as a single object, of which a status is documented, and the others after it', async () => {
    house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
    house.configure({}, { min_interval_ms: 0, on_new_id: 'relink', guards: { max_moved: null } });
    expect((await night(people(1, 20))).code).toBe(0);
    expect((await night([...renumbered(1, 3), ...people(4, 20)])).code).toBe(0);
    expect(moves()).toMatchObject([{ employeeId: 'N1' }, [{ employeeId: 'N2' }, { employeeId: 'N3' }]]);
    expect(ids()).toHaveLength(20);
    expect(said(await night([...renumbered(1, 3), ...people(4, 20)]))).toMatch(/Nothing to send/);
  });

  it('a second record stops the run, is named, and costs nobody anything; then new ids are held back', async () => {
    house = await openHouse({ ukg: { people: 1 }, intervalMs: 0, together: { matchByEmail: 'create' } });
    house.configure({}, { min_interval_ms: 0, on_new_id: 'relink', batch_size: 10 });
    expect((await night(people(1, 200))).code).toBe(0);
    const rows = [...renumbered(1, 2), person('201'), ...people(3, 200)];
    const stopped = await night(rows);
    expect(said(stopped)).toMatch(/second record for employeeId N1, which was to take the place of 1/);
    expect(stopped.code).toBe(4);
    expect(stopped.stdout).not.toMatch(/"STATE"|bookmarks/);
    const next = await night(rows);
    expect(next).toMatchObject({ code: 0 });
    expect(said(next)).toMatch(/2 now comes as N2/);
    expect(ids()).toEqual([...Array.from({ length: 201 }, (_, at) => `${at + 1}`), 'N1'].sort());
    expect(terminated()).toEqual([]);
  });

  it('a run killed between a move and its record goes on with it', async () => {
    house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
    const proxy = await swallowing();
    const settings = { min_interval_ms: 0, api_url: proxy.url, resend_after_hours: null, on_new_id: 'relink' };
    house.configure({}, settings);
    expect((await night(people(1, 20))).code).toBe(0);
    const rows = [...people(1, 19), ...renumbered(20, 20)];
    proxy.swallows = 0;
    const killed = night(rows);
    await proxy.swallowed;
    killed.child.kill('SIGKILL');
    await killed;
    expect(ids()).toContain('N20');
    proxy.swallows = Number.POSITIVE_INFINITY;
    const next = await night(rows);
    expect(next.code).toBe(0);
    expect(said(next)).toMatch(/⇢ 1 move/);
    expect(said(await night(rows))).toMatch(/Nothing to send/);
    expect(ids()).toHaveLength(20);
    expect(terminated()).toEqual([]);
  });
});

it('a released plan that relinks everybody is resumed after a kill, without another release', async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
  const proxy = await swallowing();
  house.configure({}, { min_interval_ms: 0, api_url: proxy.url, resend_after_hours: null, batch_size: 7 });
  expect((await run(people(1, 40))).code).toBe(0);
  const old = people(1, 40, () => ({ employeeStatusCode: 'T' }));
  const rows = [...old, ...renumbered(1, 40)];
  const guarded = await run(rows);
  expect(guarded.code).toBe(3);
  // After the first one, alone, and seven more.
  proxy.swallows = 2;
  const killed = run(rows, '--accept', /--accept\s+([0-9a-f]{16})/.exec(guarded.stderr)?.[1] ?? '');
  await proxy.swallowed;
  killed.child.kill('SIGKILL');
  await killed;
  proxy.swallows = Number.POSITIVE_INFINITY;
  expect(await run(rows)).toMatchObject({ code: 0 });
  expect(ids()).toEqual(
    renumbered(1, 40)
      .map(({ employeeId }) => employeeId)
      .sort(),
  );
  expect(terminated()).toEqual([]);
});

it('a plan of the night relinks in the morning what it showed, and nothing else', async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
  house.configure({}, { min_interval_ms: 0, resend_after_hours: null, batch_size: 7 });
  expect((await run(people(1, 40))).code).toBe(0);
  const file = join(house.folder, 'plan.json');
  const input = messagesOf({ rows: renumbered(1, 40) })
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
  const planned = await start('target-together', ['plan', '--config', house.config, '--out', file], { input });
  expect(planned.stderr).toMatch(/40 people come under new ids/);
  const { plan_hash: hash, people: shown } = JSON.parse(readFileSync(file, 'utf8')) as {
    plan_hash: string;
    people: { id: string; from: string; action: string }[];
  };
  expect(shown[0]).toMatchObject({ id: 'N1', from: '1', action: 'move', new: false });
  const apply = ['apply', file, '--config', house.config];
  expect((await start('target-together', apply)).code).toBe(3);
  expect(terminated()).toEqual([]);
  expect(await start('target-together', [...apply, '--accept', hash])).toMatchObject({ code: 0 });
  expect(ids()).toEqual(
    renumbered(1, 40)
      .map(({ employeeId }) => employeeId)
      .sort(),
  );
  expect(await run(renumbered(1, 40))).toMatchObject({ code: 0, stderr: expect.stringMatching(/Nothing to send/) });
});
