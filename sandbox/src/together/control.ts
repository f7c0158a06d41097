import { decoded, json, type Reply } from '../server/reply.ts';
import type { TogetherState } from './state.ts';
import type { Fields, Held } from './store.ts';

/** Together's holdings by HTTP. */
export function controlTogether(
  state: TogetherState,
  shown: (held: Held) => Fields,
  method: string,
  path: string,
  body: unknown,
): Reply | undefined {
  const [, verb, who] = /^\/(user|lock|remove|edit)\/(.+)$/.exec(path) ?? [];
  if (who !== undefined) {
    const name = decoded(who);
    if (verb === 'user' && method === 'GET') {
      const held = state.store.byEmployeeId(name);
      return held ? json(200, shown(held)) : json(404, { message: 'no user has this employeeId' });
    }
    if (method !== 'POST') return undefined;
    if (verb === 'edit') state.edit(name, body as Fields);
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
