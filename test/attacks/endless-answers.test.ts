/** Answers that never end, or are never what they should be: a run is bounded by rows, bytes and time, and then says what came. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultAction } from '@ukg-together/sandbox/faults';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const endless = (head: string, again: string): FaultAction => ({ kind: 'endless', head, again });
const html: FaultAction = { kind: 'html' };
const path = '/person-details';

async function run(side: 'ukg' | 'together', action: FaultAction, when: object, settings: object = {}) {
  house = await openHouse({ ukg: { people: 40 } });
  house.configure(settings, settings);
  house[side].faults.set([{ when, do: action }]);
  const { tap, target, summary } = await house.sync();
  const faulty = house[side].journal.matching().filter(({ fault }) => fault !== undefined);
  /** From the first of these requests to the last one, as the server saw them. */
  const ms = (faulty.at(-1)?.at ?? 0) - (faulty[0]?.at ?? 0);
  return { tap, target, summary, asked: faulty.length, ms };
}

describe('UKG', () => {
  it.each([
    [
      'rows that never end',
      endless('[{"employeeId":"E"}', ',{"employeeId":"E#"}'),
      'holds more than 10000 rows, where 100 were asked for',
    ],
    ['blanks that never end', endless('[', ' '.repeat(4096)), 'holds more than 512 MiB'],
  ])('%s end the stream at once, with a clear error', async (_name, action, words) => {
    const { tap, target, asked } = await run('ukg', action, { path }, { page_size: 100 });
    expect([tap.code, tap.stderr.includes(words), tap.stderr.includes('max_page_rows')], tap.stderr).toEqual([
      5,
      true,
      true,
    ]);
    expect([asked, house.together.users.size], target.stderr).toEqual([1, 0]);
  });

  it.each([
    ['a row that never ends', endless('[{"employeeId":"', 'x'.repeat(4096)), 'TOO_LONG'],
    ['lists in lists that never end', endless('[{"employeeId":', '['.repeat(4096)), 'TOO_LONG'],
    ['no JSON', html, 'NOT_JSON'],
    ['nothing', { kind: 'empty' } as const, 'EMPTY_ANSWER'],
  ])('%s is asked for three times, whatever max_retries allows', async (_name, action, code) => {
    const { tap, asked } = await run('ukg', action, { path }, { max_retries: 50 });
    expect([tap.code, asked], tap.stderr).toEqual([5, 3]);
    expect(tap.stderr).toContain(`${code} in the answer, after 3 tries`);
  });
});

it('pages of the same people, with something new in each, end the stream', async () => {
  house = await openHouse({ ukg: { people: 1 } });
  let asked = 0;
  const server = createServer((request, response) => {
    const people = Array.from({ length: 10 }, (_, n) => ({
      employeeId: `E${n}`,
      companyId: 'C',
      dateTimeChanged: `${asked}`,
    }));
    const isPaged = /person-details|employment-details/.test(request.url ?? '');
    if (isPaged) asked++;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isPaged ? people.map((person) => ({ ...person, noise: asked })) : []));
  });
  await new Promise<void>((listens) => void server.listen(0, '127.0.0.1', listens));
  house.configure({ base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, page_size: 10 });
  const { tap } = await house.sync();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  expect([tap.code, tap.stderr.includes('pages in a row held nothing new'), asked < 100], tap.stderr).toEqual([
    5,
    true,
    true,
  ]);
});

describe('Together', () => {
  it.each([
    ['an answer that never ends', endless('[{"employeeId":"E"}', ',{"employeeId":"E#"}'), 'TOO_LONG'],
    ['no JSON', html, 'HTTP_200_HTML'],
  ])(
    '%s to a batch is taken three times, whatever max_retries allows, and for no success',
    async (_name, action, code) => {
      const { target, asked, summary } = await run('together', action, { method: 'POST' }, { max_retries: 50 });
      expect([target.code, asked], target.stderr).toEqual([5, 3]);
      expect(target.stderr).toContain(`${code} in the answer, after 3 tries`);
      expect(summary.outcomes['created']).toBe(0);
    },
  );

  it.each([
    ['users that never end', endless('[{"employeeId":"E"}', ',{"employeeId":"E"}')],
    ['a user that never ends', endless('[{"employeeId":"', 'x'.repeat(4096))],
    ['blanks that never end', endless('', ' '.repeat(4096))],
  ])('%s in the list of users: the run goes on without the list', async (_name, action) => {
    const { target, asked, summary } = await run('together', action, { method: 'GET' });
    expect([target.code, asked], target.stderr).toEqual([0, 1]);
    expect(target.stderr).toContain("What Together holds can't be compared");
    expect(summary.outcomes['created']).toBeGreaterThan(0);
  });
});

it('a wait that is absurd ends the run at once: Together is not asked again', async () => {
  for (const retryAfter of ['999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])
    for (const status of [429, 503]) {
      const { target, asked } = await run('together', { kind: 'status', status, retryAfter }, { method: 'POST' });
      expect([target.code, asked, target.stderr.includes('It asked to wait')], target.stderr).toEqual([5, 1, true]);
      await house.close();
    }
});

describe.each(['ukg', 'together'] as const)('%s', (side) => {
  const when = side === 'ukg' ? { path } : { method: 'POST' };
  it('one request with all its tries and waits never takes longer than max_wait_secs', async () => {
    const settings = { max_wait_secs: 4, max_retries: 50, request_timeout_secs: 60 };
    const half = (ran: Awaited<ReturnType<typeof run>>) => (side === 'ukg' ? ran.tap : ran.target);
    const cases: [FaultAction, number][] = [
      [{ kind: 'status', status: 503 }, 3],
      [{ kind: 'status', status: 429, retryAfter: 5 }, 1],
      [{ kind: 'stall', at: 'headers' }, 1],
      [{ kind: 'trickle', chunkBytes: 1, everyMs: 500 }, 1],
      [{ kind: 'redirect', location: 'http://127.0.0.1:9/' }, 1],
    ];
    for (const [action, fewest] of cases) {
      const ran = await run(side, action, when, settings);
      const { code, stderr } = half(ran);
      if (action.kind === 'trickle' && side === 'together') expect(code, stderr).toBe(0);
      else expect([code, stderr.includes('beyond max_wait_secs (4)')], stderr).toEqual([5, action.kind !== 'redirect']);
      expect(ran.asked).toBeGreaterThanOrEqual(fewest);
      // max_wait_secs, and one timeout for the two halves of a batch that tell an outage from a person.
      expect(ran.ms).toBeLessThan(4000 + 4000);
      await house.close();
    }
  });
});
