/** Pages kept as bytes, so that a benchmark's second read measures its client and not this server. */

export interface PageCache {
  get(key: string): Buffer[] | undefined;
  /** Passes the chunks on and keeps them once they are all there. */
  keep(key: string, chunks: AsyncIterable<string>): AsyncGenerator<Buffer>;
}

/** Holds up to `maxBytes`, then forgets the pages not asked for the longest. */
export function createPageCache(maxBytes: number): PageCache {
  const pages = new Map<string, Buffer[]>();
  let held = 0;
  const size = (page: readonly Buffer[]): number => page.reduce((sum, chunk) => sum + chunk.length, 0);
  const forget = (key: string): void => {
    held -= size(pages.get(key) ?? []);
    pages.delete(key);
  };
  return {
    get: (key) => {
      const page = pages.get(key);
      if (page) {
        pages.delete(key);
        pages.set(key, page);
      }
      return page;
    },
    async *keep(key, chunks) {
      const page: Buffer[] = [];
      for await (const chunk of chunks) {
        const bytes = Buffer.from(chunk);
        page.push(bytes);
        yield bytes;
      }
      if (pages.has(key) || size(page) > maxBytes) return;
      pages.set(key, page);
      held += size(page);
      for (const oldest of pages.keys()) {
        if (held <= maxBytes) break;
        forget(oldest);
      }
    },
  };
}
