/** Together's User API on loopback: `startTogether` for a server, `togetherApp` for the same without a socket. */
import { type App, machineClock, type Request, type Served, type ServeOptions, serve } from './http.ts';
import type { Entry } from './journal.ts';
import { header, json, type Reply } from './reply.ts';
import { type AnswerShape, answerArray, answerOne, type Result } from './together/answers.ts';
import { createStore, type Fields, type Held, type Store } from './together/store.ts';
import { type Blank, validate } from './together/validate.ts';

export interface TogetherCredentials {
  organizationId: string;
  clientId: string;
  apiKey: string;
}
export const TOGETHER_CREDENTIALS: Readonly<TogetherCredentials> = {
  organizationId: 'sandbox-org',
  clientId: 'sandbox-client',
  apiKey: 'not-a-secret-either',
};

export interface TogetherOptions extends ServeOptions {
  credentials?: TogetherCredentials;
  /** The least time between two arrivals. Default 1000; 0 switches the limits off. */
  intervalMs?: number;
  /** A broken limit revokes the key: every later call is 401. Default true; otherwise only 429. */
  revoke?: boolean;
  /** How an array is answered. Default `bare`. */
  answer?: AnswerShape;
  /** Per-user results come with 207 instead of 200. */
  multiStatus?: boolean;
  /** With a refused user in an array: the others are processed all the same, or none is. Default `each`. */
  arrays?: 'each' | 'atomic';
  /** Arrays are refused altogether beyond so many users (413). */
  maxUsers?: number;
  /** What GET /public/user answers. Default `array`. */
  list?: 'array' | 'users' | 'data' | 'unrecognised' | 404;
  /** Whether GET answers carry hrisFields. Default true. */
  listHrisFields?: boolean;
  nullMeans?: Blank;
  emptyMeans?: Blank;
  unknownFields?: 'ignore' | 'reject';
  /** Default true: a user without employeeId is refused when new. False: matched by e-mail, or created. */
  requireEmployeeId?: boolean;
  /** A supervisorId that no user has: taken, or 400. Default `accept`. */
  unknownSupervisor?: 'accept' | 'reject';
  /** A changed e-mail address that another user has: 400, or taken. Default `reject`. */
  takenEmail?: 'reject' | 'accept';
  /** hrisFields keys that the organization has set up; others are taken and shown nowhere. Default all. */
  hrisFields?: 'all' | readonly string[];
}

/** What Together holds, by employeeId. */
export interface UsersView {
  readonly size: number;
  get(employeeId: string): Fields | undefined;
  has(employeeId: string): boolean;
  entries(): Generator<[string, Fields]>;
  values(): Generator<Fields>;
  keys(): Generator<string>;
}

export interface TogetherServer extends Served {
  readonly options: TogetherOptions;
  readonly credentials: TogetherCredentials;
  readonly users: UsersView;
  readonly state: TogetherState;
}
export interface TogetherState {
  readonly store: Store;
  /** Custom values that were taken and are visible nowhere, by employeeId. */
  readonly invisible: Map<string, Fields>;
  /** Field names that were sent and are in no documentation. */
  readonly unknownFields: Set<string>;
  /** Marks people (employeeId or e-mail) as modified for good (409) or deleted (410). */
  lock(who: string): void;
  remove(who: string): void;
  revoked: boolean;
  reset(): void;
}

export function createTogetherState(): TogetherState & { refusal(fields: Fields): 409 | 410 | undefined } {
  const [locked, removed] = [new Set<string>(), new Set<string>()];
  const on = (list: ReadonlySet<string>, fields: Fields): boolean =>
    [fields.employeeId, `${fields.email as string}`.toLowerCase()].some((who) => list.has(who as string));
  const state = {
    store: createStore(),
    invisible: new Map<string, Fields>(),
    unknownFields: new Set<string>(),
    revoked: false,
    lock: (who: string) => void locked.add(who.includes('@') ? who.toLowerCase() : who),
    remove: (who: string) => {
      removed.add(who.includes('@') ? who.toLowerCase() : who);
      const held = state.store.byEmployeeId(who) ?? state.store.match({ email: who });
      if (held) state.store.drop(held);
    },
    refusal: (fields: Fields) =>
      on(removed, fields) ? (410 as const) : on(locked, fields) ? (409 as const) : undefined,
    reset: () => {
      state.store.clear();
      for (const set of [locked, removed, state.invisible, state.unknownFields]) set.clear();
      state.revoked = false;
    },
  };
  return state;
}

const MESSAGES = {
  409: 'User was modified permanently and can no longer be updated',
  410: 'User account has been deleted',
} as const;

/** The API without a socket: requests in, answers out. */
export function togetherApp(options: TogetherOptions, state: ReturnType<typeof createTogetherState>): App {
  const clock = options.clock ?? machineClock;
  const { store } = state;
  let lastArrival = Number.NEGATIVE_INFINITY;

  /** Decides on one user; writes only when told to. */
  const decide = (
    sent: unknown,
    known: Held | undefined,
    arriving: ReadonlySet<string>,
  ): { result: Result; commit: () => void } => {
    const raw = (typeof sent === 'object' && sent !== null ? sent : {}) as Fields;
    const held = known ?? store.match(raw);
    const employeeId = typeof raw.employeeId === 'string' ? raw.employeeId : undefined;
    const refuse = (
      status: 400 | 409 | 410,
      message: string,
      faults: Result['faults'] = [],
    ): { result: Result; commit: () => void } => ({
      result: { status, message, faults, employeeId, userId: held?.userId },
      commit: () => {},
    });
    const gone = state.refusal({ ...held?.fields, ...raw });
    if (gone) return refuse(gone, MESSAGES[gone]);
    const { fields, faults, unknown } = validate(sent, held === undefined, {
      nullMeans: options.nullMeans ?? 'clear',
      emptyMeans: options.emptyMeans ?? 'store',
      unknownFields: options.unknownFields ?? 'ignore',
      requireEmployeeId: options.requireEmployeeId ?? true,
    });
    for (const name of unknown) state.unknownFields.add(name);
    if (faults.length > 0)
      return refuse(400, faults.map((fault) => `${fault.field} ${fault.message}`).join('; '), faults);
    if (
      held &&
      options.takenEmail !== 'accept' &&
      typeof fields.email === 'string' &&
      store.emailTaken(fields.email, held)
    ) {
      return refuse(400, 'email must be unique', [{ field: 'email', message: 'must be unique' }]);
    }
    const boss = fields.supervisorId;
    if (
      options.unknownSupervisor === 'reject' &&
      typeof boss === 'string' &&
      boss !== '' &&
      !store.byEmployeeId(boss) &&
      !arriving.has(boss)
    ) {
      return refuse(400, 'supervisorId must be a valid employeeId', [
        { field: 'supervisorId', message: 'must be a valid employeeId' },
      ]);
    }
    const hidden: Fields = {};
    const configured = options.hrisFields ?? 'all';
    for (const [name, value] of Object.entries(fields)) {
      if (!name.startsWith('hrisFields.') || configured === 'all' || configured.includes(name.slice(11))) continue;
      hidden[name] = value;
      delete fields[name];
    }
    const now = new Date(clock.wall()).toISOString();
    const before = held && { ...held.fields };
    const will =
      held === undefined
        ? 201
        : Object.entries(fields).some(([name, value]) => JSON.stringify(before?.[name]) !== JSON.stringify(value))
          ? 200
          : 204;
    const result: Result & { userId: string | undefined } = {
      status: will,
      message: 'OK',
      faults: [],
      employeeId,
      userId: held?.userId,
    };
    return {
      result,
      commit: () => {
        // An earlier user of the same array may have created the record meanwhile.
        const target = known ?? store.match(raw);
        if (target) store.patch(target, fields, now);
        else (result as { userId: string | undefined }).userId = store.create(fields, now).userId;
        if (employeeId !== undefined && Object.keys(hidden).length > 0)
          state.invisible.set(employeeId, { ...state.invisible.get(employeeId), ...hidden });
      },
    };
  };

  const post = (request: Request, known: Held | undefined): Reply => {
    let body: unknown;
    try {
      body = JSON.parse(request.body.toString());
    } catch {
      return json(400, { statusCode: 400, message: 'Unexpected token in JSON' });
    }
    const users = Array.isArray(body) ? body : [body];
    const ids = users.map((user: Fields | null) => `${user?.employeeId as string}`);
    if (request.entry) Object.assign(request.entry, { rows: users.length, ids });
    if (!Array.isArray(body)) {
      const { result, commit } = decide(body, known, new Set());
      commit();
      return answerOne(result);
    }
    if (known) return json(400, { statusCode: 400, message: 'body must be an object' });
    if (users.length === 0) return json(400, { statusCode: 400, message: 'at least one user is required' });
    if (options.maxUsers !== undefined && users.length > options.maxUsers)
      return json(413, { statusCode: 413, message: 'Payload Too Large' });
    const arriving = new Set(ids);
    const atomic = options.arrays === 'atomic';
    const decided = users.map((user) => {
      const one = decide(user, undefined, arriving);
      if (!atomic) one.commit();
      return one;
    });
    const results = decided.map((one) => one.result);
    if (atomic && results.every((result) => result.status < 400)) for (const one of decided) one.commit();
    return answerArray(results, options.answer ?? 'bare', options.multiStatus === true);
  };

  const shown = (held: Held): Fields => {
    const entries = Object.entries(held.fields).filter(
      ([name]) => options.listHrisFields !== false || !name.startsWith('hrisFields.'),
    );
    return { id: held.userId, ...Object.fromEntries(entries), createdAt: held.createdAt, updatedAt: held.updatedAt };
  };
  async function* listed(open: string, close: string): AsyncGenerator<string> {
    let [text, n] = [open, 0];
    for (const held of store.all()) {
      text += `${n++ ? ',' : ''}${JSON.stringify(shown(held))}`;
      if (text.length > 65_536) {
        yield text;
        text = '';
      }
    }
    yield `${text}${close}`;
  }
  const list = (): Reply => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    switch (options.list ?? 'array') {
      case 'array':
        return { status: 200, headers, body: listed('[', ']'), rows: store.size };
      case 'users':
        return { status: 200, headers, body: listed('{"users":[', ']}'), rows: store.size };
      case 'data':
        return { status: 200, headers, body: listed('{"data":[', `],"total":${store.size}}`), rows: store.size };
      case 'unrecognised':
        return json(200, { export: 'https://example.com/export.csv' });
      case 404:
        return json(404, { statusCode: 404, message: 'Not Found' });
    }
  };

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
      const known =
        id === undefined
          ? undefined
          : (store.byId(decodeURIComponent(id)) ?? store.byEmployeeId(decodeURIComponent(id)));
      if (id !== undefined && !known) return json(404, { statusCode: 404, message: 'Not Found' });
      if (request.method === 'GET') return known ? json(200, shown(known)) : list();
      if (!/^application\/json\b/i.test(header(request.headers, 'content-type')))
        return json(415, { statusCode: 415, message: 'Unsupported Media Type' });
      return post(request, known);
    },
    control: async (method, path) => controlTogether(state, shown, method, path),
  };
}

/** Together's holdings by HTTP. */
function controlTogether(
  state: TogetherState,
  shown: (held: Held) => Fields,
  method: string,
  path: string,
): Reply | undefined {
  const [, verb, who] = /^\/(user|lock|remove)\/(.+)$/.exec(path) ?? [];
  if (who !== undefined) {
    const name = decodeURIComponent(who);
    if (verb === 'user' && method === 'GET') {
      const held = state.store.byEmployeeId(name);
      return held ? json(200, shown(held)) : json(404, { message: 'nobody by this employeeId' });
    }
    if (method !== 'POST') return undefined;
    if (verb === 'lock') state.lock(name);
    if (verb === 'remove') state.remove(name);
    return json(200, {});
  }
  switch (`${method} ${path}`) {
    case 'GET /holdings':
      return json(200, [...state.store.all()].map(shown));
    case 'GET /summary': {
      const status: Record<string, number> = {};
      for (const { fields } of state.store.all())
        status[`${fields.employeeStatusCode as string}`] = (status[`${fields.employeeStatusCode as string}`] ?? 0) + 1;
      return json(200, {
        users: state.store.size,
        status,
        revoked: state.revoked,
        overwrites: state.store.overwrites,
        unknownFields: [...state.unknownFields],
      });
    }
    case 'GET /invisible':
      return json(200, Object.fromEntries(state.invisible));
    case 'POST /reset':
      state.reset();
      return json(200, {});
    default:
      return undefined;
  }
}

function viewOf(store: Store): UsersView {
  const view: UsersView = {
    get size() {
      return store.size;
    },
    get: (employeeId) => store.byEmployeeId(employeeId)?.fields,
    has: (employeeId) => store.byEmployeeId(employeeId) !== undefined,
    *entries() {
      for (const { fields } of store.all()) yield [`${(fields.employeeId as string | undefined) ?? ''}`, fields];
    },
    *values() {
      for (const [, fields] of view.entries()) yield fields;
    },
    *keys() {
      for (const [employeeId] of view.entries()) yield employeeId;
    },
  };
  return view;
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
