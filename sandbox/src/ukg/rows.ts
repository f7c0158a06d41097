/** The answer to a request on an endpoint: search, page, write. */
import type { Request } from '../http.ts';
import { json, type Reply } from '../reply.ts';
import { unit } from '../rng.ts';
import type { World } from '../world.ts';
import type { Endpoint } from './endpoints.ts';
import { CONFIGURATION_FIELDS } from './fields-configuration.ts';
import { BadRequest, type Condition, changedWithin, conditionOf } from './filters.ts';
import type { UkgOptions } from './options.ts';
import { createPageCache } from './page-cache.ts';
import { linkHeader, pageAsked, pageRange } from './paging.ts';
import { parametersOf, type Route } from './routes.ts';
import { type Context, compileFields, type Field, rowWriter } from './row.ts';
import { createSelections } from './select.ts';
import { bodyOf, statementsOf } from './statements.ts';
import { SHARED_VALUES } from './values.ts';

const SLICE = 200; // rows written at once
const EXTRA_KEYS =
  '"addressLine3":null,"integrationRecordId":"0e6f1c2a-0000-4000-a000-000000000000","somethingNewSince2026":{"a":[1]}';

export interface Rows {
  answer(request: Request, route: Route, endpoint: Endpoint, path: Record<string, string>): Promise<Reply>;
  /** Forgets the calls of employee-changes. */
  reset(): void;
}

/** `url` is the server's own, for links. */
export function createRows(options: UkgOptions, world: World, url: string): Rows {
  const selections = createSelections(world);
  const cache = createPageCache(options.pageCacheBytes ?? 0);
  const compiled = new Map<string, { fields: Field[]; write: (context: Context) => string }>();
  let changesCalls: number[] = [];

  const formOf = (endpoint: Endpoint): { fields: Field[]; write: (context: Context) => string } => {
    const old = options.oldCompanyDetails === true && endpoint.name === 'company-details';
    const key = `${endpoint.name} ${old} ${options.extraKeys}`;
    let form = compiled.get(key);
    if (!form) {
      const list = old ? (CONFIGURATION_FIELDS['company-details (old)'] ?? '') : endpoint.fields;
      const table = typeof endpoint.source === 'function';
      const bare = typeof endpoint.source !== 'function' && endpoint.source.count !== undefined;
      const fields = compileFields(list, endpoint.own ?? {}, table ? new Map() : SHARED_VALUES, bare);
      form = { fields, write: rowWriter(fields, endpoint.empty, options.extraKeys ? EXTRA_KEYS : '') };
      compiled.set(key, form);
    }
    return form;
  };

  const changesRule = (page: number): Reply | undefined => {
    if (options.enforceChangesRule !== true || page > 1) return undefined;
    const now = world.now();
    changesCalls = changesCalls.filter((at) => now - at < 86_400_000);
    const last = changesCalls.at(-1);
    if (changesCalls.length >= 8 || (last !== undefined && now - last < 3 * 3_600_000))
      return { status: 429, body: '' };
    changesCalls.push(now);
    return undefined;
  };

  /** All that a row must satisfy: parameters, and what this service asks of its own. */
  const conditionFor = (
    endpoint: Endpoint,
    fields: readonly Field[],
    filters: ReadonlyMap<string, string>,
  ): Condition | undefined => {
    const plain = new Map([...filters].filter(([name]) => name !== 'employeeidentifier'));
    const condition = conditionOf(endpoint, fields, plain, { greater: options.greater ?? 'inclusive' });
    if (endpoint.name === 'employee-changes') {
      const within = changedWithin(filters, world.zone, world.now(), options.changesLagHours ?? 0);
      return within && condition ? (context) => within(context) && condition(context) : (within ?? condition);
    }
    if (endpoint.method === 'GET') return condition;
    if (endpoint.params.includes('employeeIdentifier') && !filters.has('employeeidentifier'))
      throw new BadRequest('The employeeIdentifier field is required.');
    return statementsOf(filters, condition);
  };
  /** A share of the people missing, always the same ones: an answer that is not all of the truth. */
  const losing = (share: number, condition: Condition | undefined): Condition | undefined =>
    share === 0
      ? condition
      : (context) => unit(world.seed, context.person?.index ?? 0, 990) >= share && (condition?.(context) ?? true);

  /** Cuts the page out of `total` rows and heads it. */
  const paged = (
    request: Request,
    asked: { page: number; size: number },
    total: number,
  ): { start: number; end: number; headers: Record<string, string> } => {
    const kind = request.fault?.kind;
    const page = kind === 'repeat-pages' ? 1 : asked.page;
    let range = pageRange({ page, size: asked.size }, total, {
      ...(options.drift ? { drift: options.drift } : {}),
      ...(options.shortPages ? { short: true } : {}),
    });
    if (kind === 'endless-pages' && asked.page >= range.last) {
      range = { ...pageRange({ page: range.last, size: asked.size }, total, {}), last: asked.page + 1 };
    }
    if (request.fault?.kind === 'shift-rows' && asked.page > 1) {
      const { by } = request.fault;
      const start = Math.min(total, Math.max(0, range.start - by));
      range = { ...range, start, end: by > 0 ? range.end : Math.min(total, range.end - by) };
    }
    const link =
      options.link === false
        ? {}
        : { link: linkHeader(`${url}${request.path}`, request.query, asked.page, range.last) };
    return {
      start: range.start,
      end: range.end,
      headers: { 'content-type': 'application/json; charset=utf-8', ...link },
    };
  };

  const answer = async (
    request: Request,
    route: Route,
    endpoint: Endpoint,
    path: Record<string, string>,
  ): Promise<Reply> => {
    const declared = [...endpoint.params.split(' ').map((name) => name.replace(/^[!~]/, '')), 'page', endpoint.paging];
    const parameters = parametersOf(request.query, declared, options.strictParameters === true);
    if (endpoint.method === 'POST') {
      for (const [name, value] of Object.entries(bodyOf(request)))
        parameters.set(name.toLowerCase(), typeof value === 'object' ? JSON.stringify(value) : `${value as string}`);
    }
    const asked = pageAsked(parameters, {
      cap: Math.min(endpoint.cap, options.pageCap ?? endpoint.cap),
      defaultSize: Math.min(endpoint.defaultSize, options.pageCap ?? endpoint.cap),
      overCap: options.overCap ?? 'clamp',
    });
    const { fields, write } = formOf(endpoint);
    const filters = new Map([...parameters].filter(([name]) => name !== 'page' && name !== 'per_page'));
    for (const [name, value] of Object.entries(path)) filters.set(name, value);
    const refused = endpoint.name === 'employee-changes' ? changesRule(asked.page) : undefined;
    if (refused) return refused;
    const lost = request.fault?.kind === 'lose-rows' ? (request.fault.share ?? 0.5) : 0;
    const condition = losing(lost, conditionFor(endpoint, fields, filters));
    const key = JSON.stringify([
      ...filters,
      lost,
      options.greater,
      endpoint.name === 'employee-changes' ? world.wallNow() : '',
    ]);
    const found = await selections(endpoint, key, condition);
    if (route.single || (options.nothing === 404 && found.total === 0)) {
      const [first] = found.contexts(0, Math.min(1, found.total));
      if (!first) return json(404, { message: 'Not Found' });
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: write(first),
        rows: 1,
      };
    }
    const all = endpoint.paging === 'none' && options.unpaged !== 'honour';
    const { start, end, headers } = all
      ? { start: 0, end: found.total, headers: { 'content-type': 'application/json; charset=utf-8' } }
      : paged(request, asked, found.total);
    if (options.nothing === 404 && end <= start) return json(404, { message: 'Not Found' });
    async function* body(): AsyncGenerator<string> {
      let text = '[';
      let n = 0;
      for (const context of found.contexts(start, end)) {
        text += n++ === 0 ? write(context) : `,${write(context)}`;
        if (n % SLICE === 0) {
          yield text;
          text = '';
        }
      }
      yield `${text}]`;
    }
    const page = `${world.version} ${endpoint.name} ${key} ${start} ${end} ${options.extraKeys} ${options.oldCompanyDetails}`;
    const kept = cache.get(page);
    const bytes = kept ? replay(kept) : options.pageCacheBytes ? cache.keep(page, body()) : body();
    return { status: 200, headers, body: bytes, rows: end - start };
  };

  return {
    answer,
    reset: () => {
      changesCalls = [];
    },
  };
}

async function* replay(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
