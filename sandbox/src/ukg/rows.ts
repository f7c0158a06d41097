/** The answer to a request on an endpoint: search, page, write. */

import type { World } from '../company/employer.ts';
import type { Request } from '../server/http.ts';
import { json, type Reply } from '../server/reply.ts';
import { createChangesRule } from './access.ts';
import { conditionFor, losing } from './conditions.ts';
import type { Endpoint } from './endpoints.ts';
import { createForms } from './fields/forms.ts';
import type { UkgOptions } from './options.ts';
import { createPageCache } from './page-cache.ts';
import { pageAsked, paged } from './paging.ts';
import { parametersOf, type Route } from './routes.ts';
import { createSelections } from './select.ts';
import { bodyOf } from './statements.ts';

const SLICE = 200; // rows written at once

export interface Rows {
  answer(request: Request, route: Route, endpoint: Endpoint, path: Record<string, string>): Promise<Reply>;
  /** Forgets the calls of employee-changes. */
  reset(): void;
}

/** `url` is the server's own, for links. */
export function createRows(options: UkgOptions, world: World, url: string): Rows {
  const selections = createSelections(world);
  const cache = createPageCache(options.pageCacheBytes ?? 0);
  const changes = createChangesRule(options, world);

  const formOf = createForms(options);
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
    const refused = endpoint.name === 'employee-changes' ? changes.refused(asked.page) : undefined;
    if (refused) return refused;
    const lost = request.fault?.kind === 'lose-rows' ? (request.fault.share ?? 0.5) : 0;
    const condition = losing(world, lost, conditionFor({ options, world }, endpoint, fields, filters));
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
      : paged(request, asked, found.total, { options, url });
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
    reset: changes.reset,
  };
}

async function* replay(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
