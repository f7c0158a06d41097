/** UKG Pro's REST services on loopback: `startUkg` for a server, `ukgApp` for the same without a socket. */

import { expectedUsers } from './expected.ts';
import { type App, machineClock, type Request, type Served, type ServeOptions, serve } from './http.ts';
import type { LifeEvent } from './life.ts';
import { json, type Reply } from './reply.ts';
import { unit } from './rng.ts';
import {
  type Credentials,
  createQuota,
  type MissingRight,
  type RetryAfter,
  refusedCredentials,
  refusedRight,
  UKG_CREDENTIALS,
} from './ukg/access.ts';
import { ENDPOINTS, type Endpoint } from './ukg/endpoints.ts';
import { CONFIGURATION_FIELDS } from './ukg/fields-configuration.ts';
import { BadRequest, changedWithin, conditionOf, type Greater } from './ukg/filters.ts';
import { createPageCache } from './ukg/page-cache.ts';
import { linkHeader, pageAsked, pageRange } from './ukg/paging.ts';
import { type Context, compileFields, type Field, rowWriter } from './ukg/row.ts';
import { createSelections } from './ukg/select.ts';
import { SPECIALS, type Special } from './ukg/special.ts';
import { SHARED_VALUES } from './ukg/values.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface UkgOptions extends ServeOptions, WorldOptions {
  /** A world of one's own, instead of one made from the options. */
  world?: World;
  credentials?: Credentials;
  /** View rights granted, by web service name (`RIGHTS`). Default all. */
  rights?: 'all' | readonly string[];
  missingRight?: MissingRight;
  quotaPerMinute?: number;
  retryAfter?: RetryAfter;
  /** Meaning of `>` in date filters. Default `inclusive`. */
  greater?: Greater;
  /** Parameter names must be spelled exactly as declared, or are ignored. */
  strictParameters?: boolean;
  /** `Link` on paged answers. Default true. */
  link?: boolean;
  /** The most rows on a page, where lower than the service's own limit (10,000; employee-changes 200). */
  pageCap?: number;
  /** More than the limit asked for: fewer rows, or 400. */
  overCap?: 'clamp' | 'error';
  /** What org-levels, locations, jobs v1 and code tables do with `page`: answer everything again, or page. */
  unpaged?: 'ignore' | 'honour';
  /** Each page begins so many rows early: rows come twice. */
  drift?: number;
  /** Pages hold fewer rows than asked for, and more follow. */
  shortPages?: boolean;
  /** Whether an unmatched filter or a page past the end answers `[]` or 404. */
  nothing?: 'list' | 404;
  /** company-details in its older form (companyID, isMasterCompany as string). */
  oldCompanyDetails?: boolean;
  /** Keys that no documentation names, on every row. */
  extraKeys?: boolean;
  /** code-tables point at another host. */
  foreignCodeTableUrls?: boolean;
  /** Bytes of finished pages to keep, for benchmarks. Default 0. */
  pageCacheBytes?: number;
  /** employee-changes hides what changed in the last hours. Default 0. */
  changesLagHours?: number;
  /** employee-changes answers 429 beyond 8 first pages a day or within 3 hours of the last. Default false. */
  enforceChangesRule?: boolean;
}

export interface UkgServer extends Served {
  readonly world: World;
  /** In force now; may be changed while the server runs. */
  readonly options: UkgOptions;
  readonly credentials: Credentials;
}

interface Route {
  readonly pattern: RegExp;
  readonly names: string[];
  readonly single: boolean;
  readonly method: 'GET' | 'POST';
  readonly endpoint?: Endpoint;
  readonly special?: Special;
}

function routeOf(template: string, rest: Pick<Route, 'method' | 'endpoint' | 'special'>): Route {
  const [, one, path = ''] = /^(:one )?(.*)$/.exec(template) ?? [];
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => (match[1] ?? '').toLowerCase());
  return {
    ...rest,
    names,
    single: one !== undefined,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}/?$`, 'i'),
  };
}
const ROUTES: readonly Route[] = [
  ...ENDPOINTS.flatMap((endpoint) =>
    endpoint.paths.map((path) => routeOf(path, { method: endpoint.method, endpoint })),
  ),
  ...SPECIALS.map((special) => routeOf(special.path, { method: special.method, special })),
];
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Parameters by lower-case name; in strict mode only those spelled as declared. */
function parametersOf(query: string, declared: readonly string[], strict: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!strict || declared.includes(name)) found.set(name.toLowerCase(), value);
  }
  return found;
}

const SLICE = 200; // rows written at once
const EXTRA_KEYS =
  '"addressLine3":null,"integrationRecordId":"0e6f1c2a-0000-4000-a000-000000000000","somethingNewSince2026":{"a":[1]}';

/** The services without a socket: requests in, answers out. */
export function ukgApp(options: UkgOptions, world: World, url: string): App {
  const clock = options.clock ?? machineClock;
  const selections = createSelections(world);
  const quota = createQuota(clock);
  const cache = createPageCache(options.pageCacheBytes ?? 0);
  const compiled = new Map<string, { fields: Field[]; write: (context: Context) => string }>();
  let revoked = false;
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

  const rows = async (
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
    const mine = new Map([...filters].filter(([name]) => name !== 'employeeidentifier'));
    let condition = conditionOf(endpoint, fields, mine, { greater: options.greater ?? 'inclusive' });
    if (endpoint.name === 'employee-changes') {
      const refused = changesRule(asked.page);
      if (refused) return refused;
      const within = changedWithin(parameters, world.zone, world.now(), options.changesLagHours ?? 0);
      const other = condition;
      if (within) condition = other ? (context) => within(context) && other(context) : within;
    }
    if (endpoint.method === 'POST') {
      if (endpoint.params.includes('employeeIdentifier') && !filters.has('employeeidentifier'))
        throw new BadRequest('The employeeIdentifier field is required.');
      condition = statementsOf(parameters, condition);
    }
    const kind = request.fault?.kind;
    const lost = kind === 'lose-rows' ? ((request.fault as { share?: number }).share ?? 0.5) : 0;
    if (lost > 0) {
      const other = condition;
      condition = (context) => unit(world.seed, context.person?.index ?? 0, 990) >= lost && (other?.(context) ?? true);
    }
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
    const answer = kept ? replay(kept) : options.pageCacheBytes ? cache.keep(page, body()) : body();
    return { status: 200, headers, body: answer, rows: end - start };
  };

  const special = (request: Request, { answer }: Special, path: Record<string, string>): Reply => {
    const query = parametersOf(request.query, [], false);
    const body = request.method === 'POST' ? JSON.parse(request.body.toString() || 'null') : undefined;
    return answer(world, {
      params: path,
      query,
      url,
      body,
      foreignCodeTableUrls: options.foreignCodeTableUrls === true,
    });
  };

  const app: App = {
    revoke: () => {
      revoked = true;
    },
    handle: async (request) => {
      const limited =
        options.quotaPerMinute === undefined ? undefined : quota(options.quotaPerMinute, options.retryAfter ?? 'none');
      if (limited) return limited;
      const refused = refusedCredentials(request.headers, options.credentials ?? UKG_CREDENTIALS);
      if (refused || revoked) return refused ?? { status: 401, body: '' };
      const fitting = ROUTES.flatMap((route) => {
        const match = route.pattern.exec(request.path);
        return match
          ? [{ route, path: Object.fromEntries(route.names.map((name, at) => [name, decoded(match[at + 1] ?? '')])) }]
          : [];
      });
      const hit = fitting.find(({ route }) => route.method === request.method);
      if (!hit)
        return fitting.length > 0
          ? { status: 405, headers: { allow: fitting[0]?.route.method ?? 'GET' }, body: '' }
          : { status: 404, body: '' };
      const { route, path } = hit;
      const right = route.endpoint?.right ?? route.special?.right ?? null;
      const granted = options.rights ?? 'all';
      const forbidden = refusedRight(right, granted, options.missingRight ?? 403);
      if (forbidden) return forbidden;
      if (request.path.endsWith('/employee-ids') && granted !== 'all' && !granted.includes(`${right}:Add`))
        return json(403, { errors: { general: { message: 'View and Add are needed.' } } });
      try {
        if (route.endpoint) return await rows(request, route, route.endpoint, path);
        if (route.special) return special(request, route.special, path);
      } catch (error) {
        if (!(error instanceof BadRequest) && !(error instanceof SyntaxError)) throw error;
        return json(400, {
          title: 'Bad Request',
          type: 'validation',
          detail: error.message,
          errorCount: 1,
          errors: { modelstate: {} },
        });
      }
      return { status: 404, body: '' };
    },
    control: async (method, path, body) =>
      controlWorld(world, method, path, body, () => {
        revoked = false;
        changesCalls = [];
      }),
  };
  return app;
}

async function* replay(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

function bodyOf(request: Request): Record<string, unknown> {
  const body: unknown = JSON.parse(request.body.toString() || '{}');
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

/** A pay statements request: one company or one employee, pay days within the dates. */
function statementsOf(
  parameters: ReadonlyMap<string, string>,
  condition: ((context: Context) => boolean) | undefined,
): (context: Context) => boolean {
  const who = JSON.parse(parameters.get('employeeidentifier') ?? '{}') as {
    eeid?: string;
    coid?: string;
    employeeNumber?: string;
    companyCode?: string;
  };
  const [from, to] = [
    parameters.get('startdate')?.slice(0, 10) ?? '',
    parameters.get('enddate')?.slice(0, 10) ?? '9999',
  ];
  return (context) => {
    const day = `${context.extra.paydate as string}`.slice(0, 10);
    if (day < from || day > to) return false;
    if (who.eeid !== undefined && who.eeid !== context.person.employeeId) return false;
    if (who.coid !== undefined && who.coid !== context.company.id) return false;
    if (who.employeeNumber !== undefined && who.employeeNumber !== context.job.employeeNumber) return false;
    if (who.companyCode !== undefined && who.companyCode !== context.company.code) return false;
    return condition?.(context) ?? true;
  };
}

/** The world by HTTP: events, days, a person, what Together should hold. */
function controlWorld(
  world: World,
  method: string,
  path: string,
  body: unknown,
  forget: () => void,
): Reply | undefined {
  const [, person] = /^\/person\/([^/]+)$/.exec(path) ?? [];
  if (method === 'GET' && person !== undefined) {
    const found = world.find(person);
    return found ? json(200, found) : json(404, { message: 'unknown employeeId' });
  }
  switch (`${method} ${path}`) {
    case 'GET /world':
      return json(200, {
        people: world.size,
        seed: world.seed,
        zone: world.zone,
        version: world.version,
        now: world.wallNow(),
      });
    case 'POST /play':
      return json(200, world.play(body as LifeEvent));
    case 'POST /day':
      return json(200, world.playDay({ changes: 10, ...(body as object) }));
    case 'POST /advance':
      world.advance((body as { ms: number }).ms);
      return json(200, { now: world.wallNow() });
    case 'GET /expected':
      return json(200, Object.fromEntries(expectedUsers(world)));
    case 'POST /reset':
      world.reset();
      forget();
      return json(200, {});
    default:
      return undefined;
  }
}

/** Starts UKG Pro on 127.0.0.1. */
export async function startUkg(options: UkgOptions = {}): Promise<UkgServer> {
  const live: UkgOptions = { ...options };
  const clock = options.clock;
  const world = options.world ?? createWorld({ ...(clock ? { now: () => clock.wall() } : {}), ...options });
  const served = await serve(live, ({ url }) => ukgApp(live, world, url));
  return { ...served, world, options: live, credentials: options.credentials ?? UKG_CREDENTIALS };
}
