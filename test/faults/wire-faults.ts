/** What an API or the way to it can do wrong, as data: one line each, played by the sandbox. */
import type { FaultAction } from '@ukg-together/sandbox/faults';

export type Side = 'ukg' | 'together';

export interface WireFault {
  readonly name: string;
  /** Default: both. */
  readonly sides?: readonly Side[];
  /** Made anew for each cell: a date in a header must lie ahead of now. */
  readonly make: (at: { now: number }) => FaultAction;
  /**
   * Passes for success and nothing in the answer tells it from one. `guard`: the guards see it, once there is a run to compare
   * with. `bare`: an empty 200 is how Together may well acknowledge an array, so it is believed until a fuller one was seen;
   * whoever was lost by it comes with the daily resend. `moving`: rows that moved while they were read.
   */
  readonly undetectable?: 'guard' | 'bare' | 'moving';
  /** Statuses by which Together refuses people: an outcome, reported by name and by exit code 4, and kept in the rejects. */
  readonly refuses?: boolean;
  /** Only requests whose path and query fit, of which an undisturbed first run makes so many. */
  readonly only?: { readonly path: string; readonly requests: number };
  /** Also throughout the second day, when only what changed is read: what is lost then is lost for good. */
  readonly increment?: boolean;
}

const status = (
  code: number,
  more: { retryAfter?: string | number; body?: string; headers?: Record<string, string> } = {},
) => ({ kind: 'status', status: code, ...more }) as const;

const plain = (name: string, action: FaultAction, rest: Omit<WireFault, 'name' | 'make'> = {}): WireFault => ({
  name,
  make: () => action,
  ...rest,
});

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

const increment = true;
const laterPages = { path: '[?&]page=[23]\\b', requests: 4 };
const firstPages = { path: '[?&]page=1\\b', requests: 2 };

export const wireFaults: readonly WireFault[] = [
  plain('429', status(429), { increment }),
  plain('429, Retry-After: 1', status(429, { retryAfter: 1 })),
  plain('429, Retry-After: 0', status(429, { retryAfter: 0 })),
  {
    name: '429, Retry-After: a date',
    make: ({ now }) => status(429, { retryAfter: new Date(now + 1500).toUTCString() }),
  },
  plain('429, Retry-After: a date long ago', status(429, { retryAfter: 'Sun, 06 Nov 1994 08:49:37 GMT' })),
  plain('429, Retry-After: 31 years', status(429, { retryAfter: 999_999_999 })),
  plain('429, Retry-After: -1', status(429, { retryAfter: '-1' })),
  plain('429, Retry-After: 1e9', status(429, { retryAfter: '1e9' })),
  plain('429, Retry-After: soon', status(429, { retryAfter: 'soon' })),
  ...[500, 501, 502, 503, 504, 507, 520].map((code) => plain(`${code}`, status(code), { increment: code === 500 })),
  plain('503, Retry-After: 1', status(503, { retryAfter: 1 })),
  plain('503 after the work was done', { ...status(503), processed: true }),
  ...[400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422].map((code) =>
    plain(`${code}`, status(code), {
      refuses: [400, 409, 410, 413, 422].includes(code),
      increment: [400, 401, 403, 404].includes(code),
    }),
  ),
  plain('key revoked', { kind: 'revoke' }, { increment }),
  plain('redirect to the same host', { kind: 'redirect', location: '/elsewhere' }),
  plain('redirect to another host', { kind: 'redirect', location: 'https://example.com/', status: 307 }),
  plain('connection reset', { kind: 'reset' }, { increment }),
  plain('connection reset after 10 bytes', { kind: 'reset', afterBytes: 10 }),
  plain('connection reset after the work was done', { kind: 'commit-then-reset' }),
  plain('connection closed behind the answer', { kind: 'hang-up' }),
  plain('silence before the headers', { kind: 'stall', at: 'headers' }, { increment }),
  plain('silence after the work was done', { kind: 'stall', at: 'headers', processed: true }),
  plain('silence within the body', { kind: 'stall', at: 'body' }),
  plain('a pause within the body', { kind: 'stall', at: 'body', forMs: 300 }),
  plain('a delay', { kind: 'delay', ms: 300 }),
  plain('a trickle that would take minutes', { kind: 'trickle', chunkBytes: 1, everyMs: 1000 }),
  plain('a trickle that comes through', { kind: 'trickle', chunkBytes: 4096, everyMs: 5 }),
  plain('body cut short', { kind: 'cut' }, { increment }),
  plain('chunked body without its end', { kind: 'cut', chunked: true }, { increment }),
  plain('half of the JSON', { kind: 'truncate' }, { increment }),
  plain('content-length too large', { kind: 'content-length', by: 10 }),
  plain('content-length too small', { kind: 'content-length', by: -2 }),
  plain('content-type text/html, body as it should be', { kind: 'content-type', value: 'text/html' }),
  plain('HTML at status 200', { kind: 'html' }, { increment }),
  plain('HTML at status 502', { kind: 'html', status: 502 }),
  plain('HTML at status 404', { kind: 'html', status: 404 }),
  plain('byte order mark', { kind: 'bom' }),
  plain('gzip unasked', { kind: 'gzip' }),
  plain('gzip, corrupt', { kind: 'gzip', corrupt: true }),
  plain('empty body at status 200', { kind: 'empty' }, { undetectable: 'bare', increment }),
  plain('204', status(204), { sides: ['ukg'], increment }),
  plain('206', status(206, { body: '[]' }), { increment }),
  plain('null', { kind: 'body', body: 'null' }, { increment }),
  plain('a text', { kind: 'body', body: '"maintenance"' }),
  plain('a number', { kind: 'body', body: '7' }),
  plain('an unknown object', { kind: 'body', body: '{"notice":"maintenance at 22:00"}' }, { increment }),
  plain('a list of something else', { kind: 'body', body: '[1,2,3]' }, { increment }),
  plain('100,000 brackets deep', { kind: 'body', body: deep }),
  plain('an empty list', { kind: 'body', body: '[]' }, { sides: ['together'], increment }),
  plain(
    'an empty list instead of the first page',
    { kind: 'body', body: '[]' },
    { sides: ['ukg'], only: firstPages, undetectable: 'guard' },
  ),
  plain(
    'an empty list instead of a later page',
    { kind: 'body', body: '[]' },
    { sides: ['ukg'], only: laterPages, undetectable: 'guard' },
  ),
  plain('pages without an end', { kind: 'endless-pages' }, { sides: ['ukg'], increment }),
  plain('the first page again and again', { kind: 'repeat-pages' }, { sides: ['ukg'] }),
  plain('rows without an end', { kind: 'endless', head: '[{"employeeId":"E"}', again: ',{"employeeId":"E#"}' }),
  plain('rows inserted between two pages', { kind: 'shift-rows', by: 3 }, { sides: ['ukg'], only: laterPages }),
  plain(
    'rows deleted between two pages',
    { kind: 'shift-rows', by: -3 },
    { sides: ['ukg'], only: laterPages, undetectable: 'moving' },
  ),
  plain('half of the rows missing', { kind: 'lose-rows', share: 0.5 }, { sides: ['ukg'], undetectable: 'guard' }),
];
