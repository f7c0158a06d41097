/** POST /public/user: what becomes of the users of a request. */
import { machineClock, type Request } from '../http.ts';
import { json, type Reply } from '../reply.ts';
import { answerArray, answerOne, type Result } from './answers.ts';
import type { TogetherOptions } from './options.ts';
import type { createTogetherState } from './state.ts';
import type { Fields, Held } from './store.ts';
import { validate } from './validate.ts';

const MESSAGES = {
  409: 'User was modified permanently and can no longer be updated',
  410: 'User account has been deleted',
} as const;

/** Makes the handler of a POST; `known` is the user whose id was in the path. */
export function createUsers(
  options: TogetherOptions,
  state: ReturnType<typeof createTogetherState>,
): (request: Request, known: Held | undefined) => Reply {
  const clock = options.clock ?? machineClock;
  const { store } = state;

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
