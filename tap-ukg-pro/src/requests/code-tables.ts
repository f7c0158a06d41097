import { readPages } from '../ukg/paging.ts';
import { type PlannedRequest, type ReadDeps, text } from './planned-request.ts';

/** Code tables that the settings name, or all that UKG lists. */
export async function codeTables(
  deps: ReadDeps,
  plain: PlannedRequest,
  named: readonly string[] | undefined,
): Promise<PlannedRequest[]> {
  const tables: { name: string; path: string }[] = [];
  // By way of bytes: half a character, which JSON can hold, fits no URL.
  const ownPath = (name: string) => `${plain.path}/${encodeURIComponent(Buffer.from(name).toString())}`;
  if (named && named.length > 0) {
    for (const name of named) tables.push({ name, path: ownPath(name.toUpperCase()) });
  } else {
    const known = new Set<string>();
    await readPages(deps, plain, (rows) => {
      let fresh = 0;
      for (const row of rows) {
        const name = text(row, 'codeTable');
        if (name === undefined || known.has(name)) continue;
        known.add(name);
        fresh++;
        tables.push({ name, path: linkedPath(text(row, 'url'), deps.client.origin) ?? ownPath(name) });
      }
      return fresh;
    });
  }
  return tables.map(({ name, path }) => ({ ...plain, path, extra: { codeTable: name } }));
}

/** The path of a link, if it stays on the host that the credentials are for. */
function linkedPath(link: string | undefined, origin: string): string | undefined {
  if (link === undefined) return undefined;
  try {
    const url = new URL(link, origin);
    return url.origin === origin && url.search === '' ? url.pathname : undefined;
  } catch {
    return undefined;
  }
}
