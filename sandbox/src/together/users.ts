/** POST /public/user: what becomes of the users of a request. */
import type { Request } from '../server/http.ts';
import { json, type Reply } from '../server/reply.ts';
import { answerArray, answerOne } from './answers.ts';
import { createDecide } from './decide.ts';
import type { TogetherOptions } from './options.ts';
import type { createTogetherState } from './state.ts';
import type { Fields, Held } from './store.ts';

/** Makes the handler of a POST; `known` is the user whose id was in the path. */
export function createUsers(
  options: TogetherOptions,
  state: ReturnType<typeof createTogetherState>,
): (request: Request, known: Held | undefined) => Reply {
  const decide = createDecide(options, state);

  return (request, known) => {
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
}
