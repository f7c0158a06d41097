/** What becomes of one user that is sent: refused, or written on demand. */
import { machineClock } from '../server/http.ts';
import type { Result } from './answers.ts';
import type { TogetherOptions } from './options.ts';
import type { createTogetherState } from './state.ts';
import type { Fields, Held } from './store.ts';
import { type FieldFault, validate } from './validate.ts';

const MESSAGES = {
  400: 'This user could not be processed',
  409: 'User was modified permanently and can no longer be updated',
  410: 'User account has been deleted',
} as const;

type State = ReturnType<typeof createTogetherState>;
export interface Decision {
  readonly result: Result;
  commit(): void;
}
interface Refusal {
  readonly status: 400 | 409 | 410;
  readonly message: string;
  readonly faults?: readonly FieldFault[];
}

/** Decides on one user; writes only at `commit`. */
export function createDecide(
  options: TogetherOptions,
  state: State,
): (sent: unknown, known: Held | undefined, arriving: ReadonlySet<string>) => Decision {
  const clock = options.clock ?? machineClock;
  const { store } = state;
  return (sent, known, arriving) => {
    const raw = (typeof sent === 'object' && sent !== null ? sent : {}) as Fields;
    const find = (): Held | undefined => {
      const found = store.match(raw);
      return options.matchByEmail === 'create' && otherId(found, raw.employeeId) ? undefined : found;
    };
    const held = known ?? find();
    const employeeId = typeof raw.employeeId === 'string' ? raw.employeeId : undefined;
    const refuse = ({ status, message, faults = [] }: Refusal): Decision => ({
      result: { status, message, faults, employeeId, userId: held?.userId },
      commit: () => {},
    });
    const gone = state.refusal({ ...held?.fields, ...raw });
    if (gone) return refuse({ status: gone, message: MESSAGES[gone] });
    const { fields, faults, unknown } = validate(sent, held === undefined, {
      nullMeans: options.nullMeans ?? 'clear',
      emptyMeans: options.emptyMeans ?? 'store',
      unknownFields: options.unknownFields ?? 'ignore',
      requireEmployeeId: options.requireEmployeeId ?? true,
    });
    for (const name of unknown) state.unknownFields.add(name);
    if (faults.length > 0) {
      const message = faults.map((fault) => `${fault.field} ${fault.message}`).join('; ');
      return refuse({ status: 400, message, faults });
    }
    const other = known ? undefined : otherId(held, employeeId);
    if (other && options.matchByEmail === 'refuse')
      return refuse({ status: 409, message: 'email belongs to another employeeId' });
    if (other && options.matchByEmail === 'keep') delete fields.employeeId;
    const conflict = taken(options, state, held, fields) ?? unknownBoss(options, state, arriving, fields);
    if (conflict) return refuse(conflict);

    const hidden = takeHidden(options, fields);
    const now = new Date(clock.wall()).toISOString();
    const result: Result & { userId: string | undefined } = {
      status: held === undefined ? 201 : differs(held.fields, fields) ? 200 : 204,
      message: 'OK',
      faults: [],
      employeeId,
      userId: held?.userId,
    };
    return {
      result,
      commit: () => {
        // An earlier user of the same array may have created the record meanwhile.
        const target = known ?? find();
        if (target) store.patch(target, fields, now);
        else result.userId = store.create(fields, now).userId;
        if (employeeId !== undefined && Object.keys(hidden).length > 0)
          state.invisible.set(employeeId, { ...state.invisible.get(employeeId), ...hidden });
      },
    };
  };
}

/** The employeeId of a record that was found by its address alone. */
const otherId = (held: Held | undefined, employeeId: unknown): string | undefined => {
  const has = held?.fields.employeeId as string | undefined;
  return has === undefined || has === '' || has === employeeId ? undefined : has;
};

const differs = (before: Fields, fields: Fields): boolean =>
  Object.entries(fields).some(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value));

function taken(options: TogetherOptions, { store }: State, held: Held | undefined, { email }: Fields) {
  if (!held || options.takenEmail === 'accept' || typeof email !== 'string' || !store.emailTaken(email, held))
    return undefined;
  const faults = [{ field: 'email', message: 'must be unique' }];
  return { status: 400, message: 'email must be unique', faults } satisfies Refusal;
}

function unknownBoss(options: TogetherOptions, { store }: State, arriving: ReadonlySet<string>, fields: Fields) {
  const boss = fields.supervisorId;
  const known = typeof boss !== 'string' || boss === '' || store.byEmployeeId(boss) || arriving.has(boss);
  if (options.unknownSupervisor !== 'reject' || known) return undefined;
  const faults = [{ field: 'supervisorId', message: 'must be a valid employeeId' }];
  return { status: 400, message: 'supervisorId must be a valid employeeId', faults } satisfies Refusal;
}

/** Takes the custom values out that the organization has not set up. */
function takeHidden(options: TogetherOptions, fields: Fields): Fields {
  const hidden: Fields = {};
  const configured = options.hrisFields ?? 'all';
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith('hrisFields.') || configured === 'all' || configured.includes(name.slice(11))) continue;
    hidden[name] = value;
    delete fields[name];
  }
  return hidden;
}
