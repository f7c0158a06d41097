import { AttemptError } from '@ukg-together/transport/http/failure';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../testing/log.ts';
import type { UkgClient } from './client.ts';
import { pageSizeRefused } from './page-errors.ts';
import { readPages, type StreamRequest } from './paging.ts';
import type { Row } from './row.ts';

type Answer = { rows: Row[]; link?: string } | AttemptError;

/** A client that answers from a function of the URL and notes what it was asked. */
function fakeClient(answer: (url: URL, body: Readonly<Record<string, unknown>> | undefined) => Answer) {
  const asked: string[] = [];
  const client: UkgClient = {
    origin: 'https://service5.ultipro.com',
    get requests() {
      return asked.length;
    },
    accepted: true,
    hasAccepted: () => false,
    async page({ url, body }, take, limit = Number.POSITIVE_INFINITY) {
      asked.push(body ? JSON.stringify(body) : url.search);
      const result = answer(url, body);
      if (result instanceof Error) throw result;
      const rows = result.rows.slice(0, limit);
      if (rows.length > 0) await take(rows);
      return { rows: rows.length, link: result.link };
    },
  };
  return { client, asked };
}

const request: StreamRequest = {
  stream: 's',
  path: '/personnel/v1/x',
  params: {},
  paging: 'per_Page',
  pageSize: 2,
};
const rowsOf = (...ids: number[]) => ids.map((id) => ({ id }));

async function read(
  answer: (url: URL, body: Readonly<Record<string, unknown>> | undefined) => Answer,
  changes: Partial<StreamRequest> = {},
  options = {},
) {
  const { client, asked } = fakeClient(answer);
  const ids: unknown[] = [];
  const seen = new Set<unknown>();
  await readPages(
    { client, log: silentLog() },
    { ...request, ...changes },
    (rows) => {
      const fresh = rows.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      ids.push(...fresh.map(({ id }) => id));
      return fresh.length;
    },
    options,
  );
  return { ids, asked };
}
const pageNumber = (url: URL) => Number(url.searchParams.get('page'));

describe('readPages', () => {
  test('without Link goes on to an empty page: a short page is not the end', async () => {
    const pages = [rowsOf(1, 2), rowsOf(3), rowsOf(4, 5), []];
    const { ids, asked } = await read((url) => ({ rows: pages[pageNumber(url) - 1] ?? [] }));
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toEqual(['?page=1&per_Page=2', '?page=2&per_Page=2', '?page=3&per_Page=2', '?page=4&per_Page=2']);
  });

  test('follows Link to its end without one request more', async () => {
    const { ids, asked } = await read((url) => {
      const page = pageNumber(url);
      const next =
        page < 3 ? `<https://service5.ultipro.com/personnel/v1/x?page=${page + 1}&per_Page=2&k=a,b>; rel="next", ` : '';
      return { rows: rowsOf(page), link: `${next}<https://service5.ultipro.com/personnel/v1/x?page=1>; rel=first` };
    });
    expect(ids).toEqual([1, 2, 3]);
    expect(asked).toEqual(['?page=1&per_Page=2', '?page=2&per_Page=2&k=a,b', '?page=3&per_Page=2&k=a,b']);
  });

  test('goes on by number while Link names no next page but a later one as the last', async () => {
    const last = '<https://service5.ultipro.com/personnel/v1/x?page=3>; rel="last"';
    const pages = [rowsOf(1, 2), [], rowsOf(5)];
    const { ids, asked } = await read((url) => ({ rows: pages[pageNumber(url) - 1] ?? [], link: last }));
    expect(ids).toEqual([1, 2, 5]);
    expect(asked).toHaveLength(3);
  });

  test('a last page that was there before is a failed read, not the end: its own rows are missing', async () => {
    const reading = read((url) => {
      const page = pageNumber(url);
      const to = (number: number, rel: string) =>
        `<https://service5.ultipro.com/personnel/v1/x?page=${number}&per_Page=2>; rel="${rel}"`;
      return { rows: rowsOf(page === 3 ? 1 : page), link: page < 3 ? to(page + 1, 'next') : to(2, 'prev') };
    });
    await expect(reading).rejects.toMatchObject({ kind: 'unreachable', stream: 's' });
  });

  test('never follows Link to another host: goes on by number', async () => {
    const { ids, asked } = await read((url) => ({
      rows: pageNumber(url) < 3 ? rowsOf(pageNumber(url)) : [],
      link: '<https://evil.example.com/personnel/v1/x?page=2>; rel="next"',
    }));
    expect(ids).toEqual([1, 2]);
    expect(asked).toHaveLength(3);
  });

  test('a page in between without Link is not the end', async () => {
    const { ids } = await read((url) => {
      const page = pageNumber(url);
      if (page === 1) return { rows: rowsOf(1), link: '<?page=2>; rel="next"' };
      return { rows: page < 4 ? rowsOf(page) : [] };
    });
    expect(ids).toEqual([1, 2, 3]);
  });

  test('an empty page that names a next one is not the end', async () => {
    const pages = [rowsOf(1, 2), [], [], rowsOf(3), []];
    const { ids, asked } = await read((url) => {
      const page = pageNumber(url);
      return {
        rows: pages[page - 1] ?? [],
        link: page < 5 ? `<?page=${page + 1}>; rel="next"` : '<?page=1>; rel="first"',
      };
    });
    expect(ids).toEqual([1, 2, 3]);
    expect(asked).toHaveLength(5);
  });

  test('a server that names a next page for ever has an end: at once where it names the last', async () => {
    const answer = (last: string) => (url: URL) => {
      const page = pageNumber(url);
      return { rows: page < 3 ? rowsOf(page) : [], link: `<?page=${page + 1}>; rel="next"${last}` };
    };
    const { ids, asked } = await read(answer(''));
    expect(ids).toEqual([1, 2]);
    expect(asked.length).toBeLessThan(10);
    const named = await read(answer(', <?page=2>; rel="last"'));
    expect(named.ids).toEqual([1, 2]);
    expect(named.asked).toHaveLength(3);
  });

  test('Link in a circle fails loudly', async () => {
    await expect(
      read((url) => ({
        rows: rowsOf(pageNumber(url)),
        link: `<?page=${pageNumber(url) === 1 ? 2 : 1}>; rel="next"`,
      })),
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('an endpoint that ignores page and sends everything each time is read once', async () => {
    const { ids, asked } = await read(() => ({ rows: rowsOf(1, 2, 3) }));
    expect(ids).toEqual([1, 2, 3]);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test('a page that is repeated once by mistake loses nothing', async () => {
    let calls = 0;
    const pages = [rowsOf(1, 2), rowsOf(3, 4), rowsOf(5, 6), []];
    const { ids } = await read((url) => {
      calls++;
      if (calls === 2) return { rows: pages[0] as Row[] };
      return { rows: pages[pageNumber(url) - 1] ?? [] };
    });
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a page that stays a repetition while later ones differ fails loudly instead of losing rows', async () => {
    const pages = [rowsOf(1, 2), rowsOf(1, 2), rowsOf(5, 6), []];
    await expect(read((url) => ({ rows: pages[pageNumber(url) - 1] ?? [] }))).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });

  test('a server that clamps to its last page ends', async () => {
    const pages = [rowsOf(1, 2), rowsOf(3, 4), rowsOf(5)];
    const { ids } = await read((url) => ({ rows: pages[Math.min(pageNumber(url), 3) - 1] as Row[] }));
    expect(ids).toEqual([1, 2, 3, 4, 5]);
  });

  test('an unpaged endpoint is asked once, without page parameters', async () => {
    const { ids, asked } = await read(() => ({ rows: rowsOf(1, 2, 3, 4) }), { paging: 'none' });
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual(['']);
  });

  test('an unpaged endpoint that sends Link is followed', async () => {
    const { ids } = await read(
      (url) => (url.search === '' ? { rows: rowsOf(1), link: '<?page=2>; rel="next"' } : { rows: rowsOf(2) }),
      { paging: 'none' },
    );
    expect(ids).toEqual([1, 2]);
  });

  test('a 400 that complains of the page size is asked again without it', async () => {
    const { ids, asked } = await read((url) => {
      if (url.searchParams.has('per_Page')) {
        return new AttemptError({ status: 400, phase: 'answer', code: pageSizeRefused });
      }
      return { rows: pageNumber(url) === 1 ? rowsOf(1) : [] };
    });
    expect(ids).toEqual([1]);
    expect(asked).toEqual(['?page=1&per_Page=2', '?page=1', '?page=2']);
  });

  test('any other 400 is thrown', async () => {
    await expect(read(() => new AttemptError({ status: 400, phase: 'answer' }))).rejects.toBeInstanceOf(AttemptError);
  });

  test('a POST carries its page in the body', async () => {
    const { ids, asked } = await read((_, body) => ({ rows: body?.['page'] === 1 ? rowsOf(1) : [] }), {
      body: { companyId: 'C1' },
    });
    expect(ids).toEqual([1]);
    expect(asked).toEqual(['{"companyId":"C1","page":1,"per_Page":2}', '{"companyId":"C1","page":2,"per_Page":2}']);
  });

  test('stops at a limit', async () => {
    const { ids, asked } = await read(
      (url) => ({ rows: rowsOf(pageNumber(url) * 2, pageNumber(url) * 2 + 1) }),
      {},
      { limit: 1 },
    );
    expect(ids).toEqual([2]);
    expect(asked).toHaveLength(1);
  });

  test('rows that shift between pages come once', async () => {
    const pages = [rowsOf(1, 2), rowsOf(2, 3), rowsOf(4), []];
    const { ids } = await read((url) => ({ rows: pages[pageNumber(url) - 1] ?? [] }));
    expect(ids).toEqual([1, 2, 3, 4]);
  });
});
