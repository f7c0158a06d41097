import type { World } from '../company/employer.ts';
import { expectedUsers } from '../expected.ts';
import type { LifeEvent } from '../life.ts';
import { json, type Reply } from '../server/reply.ts';

/** The world by HTTP: events, days, a person, what Together should hold. */
export function controlWorld(
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
