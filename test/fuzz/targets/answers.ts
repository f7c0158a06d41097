/** What the two APIs answer: UKG's pages through splitter, paging and the whole tap; Together's through the outcomes. */

import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpResponse, Send } from '@ukg-together/transport/http/request';
import { localLimiter } from '@ukg-together/transport/limiter/limiter';
import { createSplitter } from '@ukg-together/transport/rows/json-rows';
import fc from 'fast-check';
import { runFake } from '../../../tap-ukg-pro/src/testing/run.ts';
import type { Delivery } from '../../../target-together/src/model/person.ts';
import { readAnswer } from '../../../target-together/src/together/answer.ts';
import { readRemote } from '../../../target-together/src/together/list/list-users.ts';
import { remoteIndexTaker } from '../../../target-together/src/together/list/remote-index.ts';
import { hostile, wounded } from '../inputs.ts';
import { canary, judge, pack, pieces, quiet, type Target, unpack, Violation } from '../target.ts';

const paths = [
  '/personnel/v1/person-details',
  '/personnel/v1/employment-details',
  '/configuration/v1/locations',
  '/configuration/v1/org-levels',
  '/configuration/v1/jobs',
];

/** One page of each web service, as the sandbox answers it; names and addresses are the canary. */
async function pages(): Promise<Map<string, string>> {
  const ukg = await startUkg({ people: 3, seed: 1 });
  const { username, password, customerApiKey } = ukg.credentials;
  const headers = {
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    'us-customer-api-key': customerApiKey,
  };
  const found = new Map<string, string>();
  try {
    for (const path of paths) {
      const text = await (await fetch(`${ukg.url}${path}?page=1&per_page=3`, { headers })).text();
      const marked = text.replace(
        /("(?:\w*[nN]ame|\w*[eE]mail\w*|address\w*|\w*[pP]hone\w*)":)"[^"]+"/g,
        `$1"${canary}@example.com"`,
      );
      found.set(path, marked);
    }
  } finally {
    await ukg.close();
  }
  return found;
}
const page = await pages();

function answer(status: number, bytes: Buffer, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers,
    body: pieces(bytes),
    text: async () => bytes.toString(),
    discard: async () => {},
  };
}

const sent: readonly Delivery[] = ['E1', 'E2', 'E3'].map((employeeId, index) => ({
  index,
  employeeId,
  body: Buffer.from(JSON.stringify({ employeeId, email: `${canary}${index}@example.com`, firstName: `${canary}Ada` })),
  isNew: index === 0,
}));
const users = sent.map(({ body }) => JSON.parse(body.toString()) as object);
const answers = [
  '',
  '{}',
  'OK',
  '{"success":true,"message":"done"}',
  JSON.stringify(users),
  JSON.stringify({ results: users.map((user, i) => ({ ...user, status: [200, 201, 400][i] })) }),
  JSON.stringify({ errors: [{ employeeId: 'E2', status: 409, message: `${canary} was modified` }] }),
  JSON.stringify({ message: `email ${canary}1@example.com is wrong`, statusCode: 400 }),
  JSON.stringify([200, 204, 410]),
  JSON.stringify({ data: users, total: 3 }),
];
const statuses = [200, 201, 204, 207, 400, 409, 410, 422];

export const targets: readonly Target[] = [
  {
    name: 'splitter',
    input: hostile([...page.values()]),
    async run(bytes) {
      const splitter = createSplitter({ maxRowBytes: 200_000 });
      try {
        for await (const piece of pieces(bytes))
          for (const row of splitter.push(piece))
            if (typeof row !== 'object' || row === null) throw new Violation('a row that is none');
        splitter.end();
        // Whatever is taken for a page is one by JSON's own rules.
        const text = bytes.toString().replace(/^\ufeff/, '');
        if (!Array.isArray(JSON.parse(text))) throw new Violation('took something else for a list');
      } catch (thrown) {
        if (!(thrown instanceof AttemptError)) throw thrown;
        quiet([thrown.message, JSON.stringify(thrown.failure)]);
      }
    },
  },
  {
    name: 'ukg',
    input: fc
      .tuple(
        fc.oneof(wounded([page.get(paths[0] as string) as string]), hostile([...page.values()])),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(Buffer.from(page.get(paths[1] as string) as string)) },
          { weight: 1, arbitrary: wounded([page.get(paths[1] as string) as string]) },
        ),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(Buffer.from('')) },
          {
            weight: 1,
            arbitrary: wounded(['<https://service5.ultipro.com/personnel/v1/person-details?page=2>; rel="next"']),
          },
        ),
      )
      .map(pack),
    async run(bytes) {
      const [first = Buffer.alloc(0), second = Buffer.alloc(0), link = Buffer.alloc(0)] = unpack(bytes, 3);
      let asked = 0;
      const send: Send = async ({ url }) => {
        // Twenty tries of a few dozen requests are the policy; a thousand are a circle.
        if (++asked > 2000) throw new Violation('asks for ever');
        const body = Number(url.searchParams.get('page') ?? 1) > 1 ? Buffer.from('[]') : bodyFor(url.pathname);
        return answer(200, body, {
          'content-type': 'application/json',
          ...(link.length > 0 ? { link: link.toString('latin1') } : {}),
        });
      };
      const bodyFor = (path: string): Buffer => {
        if (path === paths[0]) return first;
        if (path === paths[1]) return second;
        return Buffer.from(page.get(path) ?? '[]');
      };
      const ran = await runFake({ send, settings: { max_retries: 1 } });
      await judge(['unreachable', 'credentials', 'input'], () => {
        if (ran.thrown !== undefined) throw ran.thrown;
        for (const { error } of ran.failures) throw error;
      });
      quiet(ran.log);
    },
  },
  {
    name: 'together',
    input: fc
      .tuple(
        fc.constantFrom(...statuses).map((status) => Buffer.from(String(status))),
        hostile(answers),
      )
      .map(pack),
    async run(bytes) {
      const [status = Buffer.alloc(0), body = Buffer.alloc(0)] = unpack(bytes, 2);
      const code = Number(status.toString());
      if (!statuses.includes(code)) return;
      for (const people of [sent, sent.slice(0, 1)]) {
        const reading = readAnswer(code, body.toString(), people);
        if (reading.kind !== 'each') {
          quiet([JSON.stringify(reading)]);
          continue;
        }
        if (reading.people.length !== people.length) throw new Violation('not one answer for each person');
        quiet([JSON.stringify(reading.people)]);
        const good = reading.people.some(({ outcome }) => outcome === 'created' || outcome === 'updated');
        if (good && code >= 400 && reading.people.every(({ outcome }) => outcome !== 'rejected'))
          throw new Violation('a refusal was taken for success');
      }
    },
  },
  {
    name: 'together-list',
    input: hostile([JSON.stringify(users), JSON.stringify({ users, total: 3 }), JSON.stringify({ data: users })]),
    async run(bytes) {
      const clock = fakeClock();
      const send: Send = async () => answer(200, bytes, { 'content-type': 'application/json' });
      await judge(['unreachable', 'credentials'], async () => {
        const read = await readRemote(
          {
            account: { apiUrl: 'http://127.0.0.1:1', organizationId: 'o', clientId: 'c', apiKey: 'k' },
            send,
            limiter: localLimiter({ clock, intervalMs: 0 }),
            clock,
            random: () => 0,
            limits: { maxRetries: 0, timeoutMs: 60_000, maxWaitMs: 600_000 },
          },
          remoteIndexTaker,
        );
        if (!read.recognised) quiet([read.reason]);
      });
    },
  },
];
