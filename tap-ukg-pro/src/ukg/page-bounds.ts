/** How long a page may become: a server that never stops giving rows must not keep the run for ever. */
import { ConnectorError, said } from '@ukg-together/kit/error';

/** Decompressed. The largest pages that are known, 10,000 rows, have 30 MB. */
const maxBytes = 512 * 1024 ** 2;
const maxRowsUnasked = 1_000_000;

/** A page that was asked for with so many rows may hold more of them: web services exist that round up or ignore the number. */
const rowsAllowed = (asked: number | undefined) =>
  asked === undefined ? maxRowsUnasked : Math.max(10 * asked, 10_000);

/** Counts one page; each call throws ConnectorError `unreachable` beyond the bound. `maxRows`: the setting. */
export function pageBounds(
  { stream, url, asked }: { readonly stream: string; readonly url: URL; readonly asked?: number },
  maxRows: number | undefined,
) {
  const most = maxRows ?? rowsAllowed(asked);
  let rows = 0;
  let bytes = 0;
  const tooLong = (what: string) =>
    new ConnectorError('unreachable', said`${stream}: a page of ${url.pathname} holds more than ${what}.`, {
      stream,
      hint: 'The web service does not page as it should, or its answer never ends, so the stream counts as failed and its bookmark stays. If a page may be that long, raise max_page_rows.',
    });
  return {
    rows(more: number): void {
      rows += more;
      if (rows > most) throw tooLong(`${most} rows${asked === undefined ? '' : `, where ${asked} were asked for`}`);
    },
    bytes(more: number): void {
      bytes += more;
      if (bytes > maxBytes) throw tooLong(`${maxBytes / 1024 ** 2} MiB`);
    },
  };
}
