import { rowTest } from '../records/row-filters.ts';
import type { PlannedRequest } from '../requests/planned-request.ts';
import type { UkgStream } from '../streams/define.ts';
import type { UkgClient } from '../ukg/client.ts';
import { isDenied } from '../ukg/page-errors.ts';
import type { Row } from '../ukg/row.ts';

export type Probe =
  | { readonly kind: 'ok'; readonly rows: number; readonly row?: Row | undefined }
  | { readonly kind: 'denied'; readonly status: number }
  | { readonly kind: 'failed'; readonly error: Error };

/** Asks a web service for one row; `request` says how, by default as the stream's own data do. */
export async function probe(
  client: UkgClient,
  stream: UkgStream,
  request: Pick<PlannedRequest, 'path' | 'params' | 'paging' | 'body' | 'extra'> = { params: {}, ...stream },
): Promise<Probe> {
  const { paging, body } = request;
  const url = new URL(request.path, client.origin);
  for (const [name, value] of Object.entries(request.params)) url.searchParams.set(name, value);
  const page: Record<string, number> = paging === 'none' ? {} : { page: 1, [paging]: 1 };
  if (!body) for (const [name, value] of Object.entries(page)) url.searchParams.set(name, String(value));
  let row: Row | undefined;
  try {
    const { rows } = await client.page(
      {
        stream: stream.name,
        url,
        isRow: rowTest(stream, request.extra),
        ...(body ? { body: { ...body, ...page } } : {}),
      },
      (some) => {
        row ??= some[0];
      },
      1,
    );
    return { kind: 'ok', rows, row };
  } catch (thrown) {
    if (isDenied(thrown)) return { kind: 'denied', status: thrown.failure.status ?? 401 };
    return { kind: 'failed', error: thrown as Error };
  }
}
