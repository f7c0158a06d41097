/** UKG Pro's REST services on loopback: `startUkg` for a server, `ukgApp` for the same without a socket. */
import { type App, machineClock, type Request, type Served, serve } from './server/http.ts';
import { json, type Reply } from './server/reply.ts';
import { type Credentials, createQuota, refusedCredentials, refusedRight, UKG_CREDENTIALS } from './ukg/access.ts';
import { controlWorld } from './ukg/control.ts';
import { BadRequest } from './ukg/filters.ts';
import type { UkgOptions } from './ukg/options.ts';
import { parametersOf, routesOf } from './ukg/routes.ts';
import { createRows } from './ukg/rows.ts';
import type { Special } from './ukg/special.ts';
import { createWorld, type World } from './world.ts';

export type { UkgOptions } from './ukg/options.ts';

export interface UkgServer extends Served {
  readonly world: World;
  /** In force now; may be changed while the server runs. */
  readonly options: UkgOptions;
  readonly credentials: Credentials;
}

/** The services without a socket: requests in, answers out. */
export function ukgApp(options: UkgOptions, world: World, url: string): App {
  const quota = createQuota(options.clock ?? machineClock);
  const rows = createRows(options, world, url);
  let revoked = false;

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

  return {
    revoke: () => {
      revoked = true;
    },
    handle: async (request) => {
      const limited =
        options.quotaPerMinute === undefined ? undefined : quota(options.quotaPerMinute, options.retryAfter ?? 'none');
      if (limited) return limited;
      const refused = refusedCredentials(request.headers, options.credentials ?? UKG_CREDENTIALS);
      if (refused || revoked) return refused ?? { status: 401, body: '' };
      const fitting = routesOf(request.path);
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
        if (route.endpoint) return await rows.answer(request, route, route.endpoint, path);
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
        rows.reset();
      }),
  };
}

/** Starts UKG Pro on 127.0.0.1. */
export async function startUkg(options: UkgOptions = {}): Promise<UkgServer> {
  const live: UkgOptions = { ...options };
  const clock = options.clock;
  const world = options.world ?? createWorld({ ...(clock ? { now: () => clock.wall() } : {}), ...options });
  const served = await serve(live, ({ url }) => ukgApp(live, world, url));
  return { ...served, world, options: live, credentials: options.credentials ?? UKG_CREDENTIALS };
}
