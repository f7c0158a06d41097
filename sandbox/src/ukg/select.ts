/** Rows of an endpoint without making them all: positions of the matching rows first, rows when a page is written. */
import type { World } from '../company/employer.ts';
import type { Endpoint } from './endpoints.ts';
import type { Context, Part } from './fields/row.ts';
import type { Condition } from './filters.ts';

export interface Selection {
  readonly total: number;
  contexts(start: number, end: number): Generator<Context>;
}

const NONE = {};
const PARTS = 64; // more rows than any person has in one web service

/** A row's context; for rows without an employment (a person with none, a table) the blanks are never read. */
export function contextOf(world: World, person: Context['person'], part: Part): Context {
  const company = part.job && world.tables.companies[part.job.company];
  return {
    world,
    person: part.person ?? person,
    job: part.job as Context['job'],
    company: company as Context['company'],
    n: part.n ?? 0,
    entry: part.entry,
    extra: part.extra ?? NONE,
  };
}

const breath = (): Promise<void> => new Promise((go) => setImmediate(go));

/** Finds the rows that satisfy a condition, in row order. Long searches let other requests through. */
export async function select(world: World, endpoint: Endpoint, condition: Condition | undefined): Promise<Selection> {
  if (typeof endpoint.source === 'function') {
    const all = endpoint.source(world).map((part) => contextOf(world, undefined as never, part));
    const rows = condition ? all.filter(condition) : all;
    return {
      total: rows.length,
      *contexts(start, end) {
        yield* rows.slice(start, end);
      },
    };
  }
  const { parts, count } = endpoint.source;
  const size = world.size;
  let found = new Int32Array(Math.max(16, Math.ceil(size * 1.2)));
  let total = 0;
  const push = (index: number, n: number): void => {
    if (total === found.length) {
      const larger = new Int32Array(found.length * 2);
      larger.set(found);
      found = larger;
    }
    found[total++] = index * PARTS + n;
  };
  for (let index = 0; index < size; index++) {
    if (index % 20_000 === 19_999) await breath();
    if (count && !condition) {
      for (let n = 0, many = count(world, index); n < many; n++) push(index, n);
    } else if (!world.isHidden(index)) {
      const person = world.person(index);
      parts(world, person).forEach((part, n) => {
        if (!condition || condition(contextOf(world, person, part))) push(index, n);
      });
    }
  }
  return {
    total,
    *contexts(start, end) {
      let [index, held] = [-1, [] as Part[]];
      for (let at = start; at < end; at++) {
        const ref = found[at] ?? 0;
        const owner = Math.floor(ref / PARTS);
        const person = world.person(owner);
        if (owner !== index) [index, held] = [owner, parts(world, person)];
        const part = held[ref % PARTS];
        if (part) yield contextOf(world, person, part);
      }
    },
  };
}

/** Remembers the last selections: reading page after page searches once. */
export function createSelections(
  world: World,
  most = 8,
): (endpoint: Endpoint, key: string, condition: Condition | undefined) => Promise<Selection> {
  const kept = new Map<string, Promise<Selection>>();
  return (endpoint, query, condition) => {
    const key = `${world.version} ${endpoint.name} ${query}`;
    let found = kept.get(key);
    if (!found) {
      found = select(world, endpoint, condition);
      kept.set(key, found);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    }
    return found;
  };
}
