/** Misbehaviour on order: which request goes wrong, and how. Rules are data, so that they can be set over HTTP too. */
import { sequence } from './company/rng.ts';

/** What goes wrong. Without `processed: true`, faults that replace the answer happen before the server acts on the request. */
export type FaultAction = { processed?: boolean } & (
  | { kind: 'status'; status: number; retryAfter?: string | number; body?: string; headers?: Record<string, string> }
  /** The connection is reset: at once, or after so many bytes of the answer. */
  | { kind: 'reset'; afterBytes?: number }
  /** Processed, then reset before a byte is answered. */
  | { kind: 'commit-then-reset' }
  /** Silence before the headers or within the body, for a time or until the client gives up. */
  | { kind: 'stall'; at: 'headers' | 'body'; afterBytes?: number; forMs?: number }
  | { kind: 'trickle'; chunkBytes?: number; everyMs?: number }
  /** The body ends early but well-formed as HTTP: broken JSON at status 200. */
  | { kind: 'truncate'; share?: number }
  /** The connection closes in the middle: `chunked` without the last chunk, or less than content-length says. */
  | { kind: 'cut'; share?: number; chunked?: boolean }
  | { kind: 'content-type'; value: string }
  /** The content-length header lies by so many bytes. */
  | { kind: 'content-length'; by: number }
  | { kind: 'html'; status?: number }
  | { kind: 'empty'; status?: number }
  | { kind: 'bom' }
  | { kind: 'gzip'; corrupt?: boolean }
  | { kind: 'redirect'; location: string; status?: number }
  | { kind: 'delay'; ms: number }
  /** 401 for this request; with `revoke`, for every later one too. */
  | { kind: 'unauthorized' }
  | { kind: 'revoke' }
  /** A body of one's own at status 200 (or another). */
  | { kind: 'body'; body: string; status?: number }
  /** At status 200, `head` and then `again` for ever; `#` in it counts up. */
  | { kind: 'endless'; head: string; again: string }
  /** The connection ends with the answer, and the answer did not say so: the next request may already be on its way. */
  | { kind: 'hang-up' }
  /**
   * UKG only: pages that never end, pages that repeat the first, a share of the rows missing; `shift-rows`: before every page but
   * the first so many rows were inserted (they come twice) or, below zero, deleted (as many slip through).
   */
  | { kind: 'endless-pages' }
  | { kind: 'repeat-pages' }
  | { kind: 'lose-rows'; share?: number }
  | { kind: 'shift-rows'; by: number }
);

export interface FaultRule {
  name?: string;
  when?: {
    /** The nth request that fits the rest of this rule, from 1. */
    nth?: number | number[];
    every?: number;
    /** Only after so many fitting requests. */
    after?: number;
    /** At most so many times. */
    times?: number;
    probability?: number;
    seed?: number;
    /** Regular expression on the path and query. */
    path?: string;
    method?: string;
    /** Milliseconds since the server started. */
    from?: number;
    to?: number;
  };
  do: FaultAction;
}

export interface Faults {
  readonly rules: readonly FaultRule[];
  /** Adds a rule; the first that fires wins. Returns a function that removes it. */
  add(rule: FaultRule): () => void;
  set(rules: FaultRule[]): void;
  clear(): void;
  /** Called once for each request. */
  pick(request: {
    method: string;
    url: string;
    sinceStart: number;
  }): { rule: FaultRule; action: FaultAction } | undefined;
  /** How often each rule has fired, in the order of `rules`. */
  fired(): number[];
}

interface Live {
  rule: FaultRule;
  path: RegExp | undefined;
  seen: number;
  fired: number;
  draw: () => number;
}

export function createFaults(initial: FaultRule[] = []): Faults {
  let live: Live[] = [];
  const enliven = (rule: FaultRule): Live => ({
    rule,
    path: rule.when?.path === undefined ? undefined : new RegExp(rule.when.path),
    seen: 0,
    fired: 0,
    draw: sequence(rule.when?.seed ?? 1),
  });
  const fires = (item: Live, request: { method: string; url: string; sinceStart: number }): boolean => {
    const when = item.rule.when ?? {};
    if (item.path && !item.path.test(request.url)) return false;
    if (when.method !== undefined && when.method !== request.method) return false;
    if (request.sinceStart < (when.from ?? 0) || request.sinceStart > (when.to ?? Infinity)) return false;
    const n = ++item.seen;
    if (when.nth !== undefined && ![when.nth].flat().includes(n)) return false;
    if (when.every !== undefined && n % when.every !== 0) return false;
    if (when.after !== undefined && n <= when.after) return false;
    if (when.probability !== undefined && item.draw() >= when.probability) return false;
    return item.fired < (when.times ?? Infinity);
  };
  const faults: Faults = {
    get rules() {
      return live.map((item) => item.rule);
    },
    add: (rule) => {
      const item = enliven(rule);
      live.push(item);
      return () => {
        live = live.filter((other) => other !== item);
      };
    },
    set: (rules) => {
      live = rules.map(enliven);
    },
    clear: () => {
      live = [];
    },
    pick: (request) => {
      let chosen: Live | undefined;
      // Every rule counts every request that fits it, also while another rule fires.
      for (const item of live) if (fires(item, request)) chosen ??= item;
      if (!chosen) return undefined;
      chosen.fired++;
      return { rule: chosen.rule, action: chosen.rule.do };
    },
    fired: () => live.map((item) => item.fired),
  };
  faults.set(initial);
  return faults;
}
