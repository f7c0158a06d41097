/** What a server was asked, when, and how it went. */

export interface Entry {
  readonly n: number;
  /** Arrival of the request's head, in milliseconds of a clock that never jumps. */
  readonly at: number;
  /** Arrival by the wall clock. */
  readonly wall: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Request headers; credentials are replaced by `(sent)`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Other requests that were not finished when this one arrived. */
  readonly inFlight: number;
  requestBytes: number;
  status?: number;
  responseBytes: number;
  /** When the answer was handed over whole, or the connection was gone. */
  finishedAt?: number;
  /** The client or a fault ended the connection before the answer was whole. */
  broken?: boolean;
  fault?: string;
  /** A rule of the server that this request broke. */
  violation?: string;
  /** Rows answered, or users received. */
  rows?: number;
  /** employeeIds received. */
  ids?: string[];
  /** The request's body, while there is room. */
  body?: string;
}

export interface Journal {
  readonly entries: readonly Entry[];
  arrive(entry: Omit<Entry, 'n' | 'inFlight' | 'requestBytes' | 'responseBytes'>): Entry;
  finish(entry: Entry, at: number): void;
  /** Keeps a body, dropping the oldest ones beyond the journal's room for them. */
  keepBody(entry: Entry, body: string): void;
  matching(path?: string | RegExp): Entry[];
  /** The shortest time from one arrival to the next, in ms; Infinity below two requests. */
  minGap(path?: string | RegExp): number;
  /** The shortest time from the end of one answer to the next arrival, in ms. */
  minRest(path?: string | RegExp): number;
  /** The most requests that were open at once. */
  maxInFlight(): number;
  violations(): Entry[];
  clear(): void;
}

const SECRET = /^(authorization|us-customer-api-key|x-api-key|api-key|client-id|organization-id|cookie)$/;

/** Headers as the journal keeps them. */
export function maskedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET.test(name) ? '(sent)' : [value ?? ''].flat().join(', '),
    ]),
  );
}

export function createJournal(options: { maxBodyBytes?: number } = {}): Journal {
  const { maxBodyBytes = 20_000_000 } = options;
  const entries: Entry[] = [];
  const bodies: Entry[] = [];
  let [count, open, kept, most] = [0, 0, 0, 0];
  const matching = (path?: string | RegExp): Entry[] =>
    entries.filter(
      (entry) => path === undefined || (typeof path === 'string' ? entry.path === path : path.test(entry.path)),
    );
  const shortest = (path: string | RegExp | undefined, from: (entry: Entry) => number | undefined): number => {
    const list = matching(path);
    let least = Infinity;
    for (let at = 1; at < list.length; at++) {
      const [before, now] = [list[at - 1], list[at]];
      const start = before && from(before);
      if (now && start !== undefined) least = Math.min(least, now.at - start);
    }
    return least;
  };
  return {
    entries,
    arrive: (data) => {
      const entry: Entry = { n: ++count, inFlight: open, requestBytes: 0, responseBytes: 0, ...data };
      open++;
      most = Math.max(most, open);
      entries.push(entry);
      return entry;
    },
    finish: (entry, at) => {
      if (entry.finishedAt !== undefined) return;
      entry.finishedAt = at;
      open--;
    },
    keepBody: (entry, body) => {
      entry.body = body;
      bodies.push(entry);
      kept += body.length;
      while (kept > maxBodyBytes) {
        const oldest = bodies.shift();
        if (!oldest) break;
        kept -= oldest.body?.length ?? 0;
        delete oldest.body;
      }
    },
    matching,
    minGap: (path) => shortest(path, (entry) => entry.at),
    minRest: (path) => shortest(path, (entry) => entry.finishedAt),
    maxInFlight: () => most,
    violations: () => entries.filter((entry) => entry.violation !== undefined),
    clear: () => {
      entries.length = 0;
      bodies.length = 0;
      kept = 0;
      most = open;
    },
  };
}
