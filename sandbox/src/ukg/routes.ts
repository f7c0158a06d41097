/** From a path to the web service behind it. */
import { decoded } from '../server/reply.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { SPECIALS, type Special } from './special.ts';

export interface Route {
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

/** Parameters by lower-case name; in strict mode only those spelled as declared. */
export function parametersOf(query: string, declared: readonly string[], strict: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!strict || declared.includes(name)) found.set(name.toLowerCase(), value);
  }
  return found;
}

export interface Hit {
  readonly route: Route;
  /** The path's variables by lower-case name. */
  readonly path: Record<string, string>;
}

/** Every route that fits a path, whatever its method. */
export function routesOf(path: string): Hit[] {
  return ROUTES.flatMap((route) => {
    const match = route.pattern.exec(path);
    return match
      ? [{ route, path: Object.fromEntries(route.names.map((name, at) => [name, decoded(match[at + 1] ?? '')])) }]
      : [];
  });
}
