/** Together's User API on loopback: `startTogether` for a server, `togetherApp` for the same without a socket. */
import { type App, type Request, type Served, serve } from './server/http.ts';
import type { Entry } from './server/journal.ts';
import { decoded, header, json } from './server/reply.ts';
import { controlTogether } from './together/control.ts';
import { createList } from './together/list.ts';
import { TOGETHER_CREDENTIALS, type TogetherCredentials, type TogetherOptions } from './together/options.ts';
import { createTogetherState, type TogetherState, type UsersView, viewOf } from './together/state.ts';
import { createUsers } from './together/users.ts';

export { TOGETHER_CREDENTIALS, type TogetherOptions } from './together/options.ts';
export { createTogetherState } from './together/state.ts';

export interface TogetherServer extends Served {
  readonly options: TogetherOptions;
  readonly credentials: TogetherCredentials;
  readonly users: UsersView;
  readonly state: TogetherState;
}
/** The API without a socket: requests in, answers out. */
export function togetherApp(options: TogetherOptions, state: ReturnType<typeof createTogetherState>): App {
  const { store } = state;
  const post = createUsers(options, state);
  const { shown, list } = createList(options, store);
  let lastArrival = Number.NEGATIVE_INFINITY;

  const credentials = options.credentials ?? TOGETHER_CREDENTIALS;
  const authorised = ({ headers }: Request): boolean =>
    !state.revoked &&
    headers['organization-id'] === credentials.organizationId &&
    headers['client-id'] === credentials.clientId &&
    headers['api-key'] === credentials.apiKey;

  return {
    arrived: (entry: Entry) => {
      const interval = options.intervalMs ?? 1000;
      const gap = entry.at - lastArrival;
      lastArrival = entry.at;
      if (interval === 0) return undefined;
      if (gap < interval) entry.violation = `${gap.toFixed(3)} ms after the arrival before it`;
      else if (entry.inFlight > 0) entry.violation = `${entry.inFlight} in flight`;
      else return undefined;
      if (state.revoked) return undefined;
      if (options.revoke !== false) state.revoked = true;
      return {
        status: 429,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ statusCode: 429, message: 'Too Many Requests' }),
      };
    },
    revoke: () => {
      state.revoked = true;
    },
    handle: async (request) => {
      if (!authorised(request)) return json(401, { statusCode: 401, message: 'Unauthorized' });
      const [, id] = /^\/public\/user(?:\/([^/]+))?\/?$/.exec(request.path) ?? [];
      if (!/^\/public\/user(\/[^/]+)?\/?$/.test(request.path))
        return json(404, { statusCode: 404, message: 'Not Found' });
      if (request.method !== 'GET' && request.method !== 'POST')
        return { status: 405, headers: { allow: 'GET, POST' } };
      const known = id === undefined ? undefined : (store.byId(decoded(id)) ?? store.byEmployeeId(decoded(id)));
      if (id !== undefined && !known) return json(404, { statusCode: 404, message: 'Not Found' });
      if (request.method === 'GET') return known ? json(200, shown(known)) : list(request.query);
      if (!/^application\/json\b/i.test(header(request.headers, 'content-type')))
        return json(415, { statusCode: 415, message: 'Unsupported Media Type' });
      return post(request, known);
    },
    control: async (method, path, body) => controlTogether(state, shown, method, path, body),
  };
}

/** Starts Together on 127.0.0.1. */
export async function startTogether(options: TogetherOptions = {}): Promise<TogetherServer> {
  const live: TogetherOptions = { ...options };
  const state = createTogetherState();
  const served = await serve(live, () => togetherApp(live, state));
  return {
    ...served,
    options: live,
    credentials: options.credentials ?? TOGETHER_CREDENTIALS,
    users: viewOf(state.store),
    state,
  };
}
