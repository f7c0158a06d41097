/** What Together remembers beside its users: who is locked or deleted, what it dropped in silence, whether the key still works. */
import { machineClock } from '../server/http.ts';
import { createStore, type Fields, type Store } from './store.ts';

/** What Together holds, by employeeId. */
export interface UsersView {
  readonly size: number;
  get(employeeId: string): Fields | undefined;
  has(employeeId: string): boolean;
  entries(): Generator<[string, Fields]>;
  values(): Generator<Fields>;
  keys(): Generator<string>;
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
  /** What an admin changes by hand, by employeeId or e-mail; undefined empties a field. A user who is not there is made. */
  edit(who: string, fields: Fields): void;
  /** Refuses a person (employeeId or e-mail) with 400, until forgiven. */
  refuse(who: string): void;
  forgive(who: string): void;
  /** Who is refused, by employeeId or e-mail, with the status. */
  refusing(): Map<string, 400 | 409 | 410>;
  revoked: boolean;
  reset(): void;
}

/** An organization without users. */
export function createTogetherState(): TogetherState & { refusal(fields: Fields): 400 | 409 | 410 | undefined } {
  const [locked, removed, refused] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const nameOf = (who: string): string => (who.includes('@') ? who.toLowerCase() : who);
  const on = (list: ReadonlySet<string>, fields: Fields): boolean =>
    [fields.employeeId, `${fields.email as string}`.toLowerCase()].some((who) => list.has(who as string));
  const state = {
    store: createStore(),
    invisible: new Map<string, Fields>(),
    unknownFields: new Set<string>(),
    revoked: false,
    lock: (who: string) => void locked.add(nameOf(who)),
    remove: (who: string) => {
      removed.add(nameOf(who));
      const held = state.store.byEmployeeId(who) ?? state.store.match({ email: who });
      if (held) state.store.drop(held);
    },
    edit: (who: string, fields: Fields) => {
      const held = state.store.byEmployeeId(who) ?? state.store.match({ email: who });
      const now = new Date(machineClock.wall()).toISOString();
      if (held) state.store.patch(held, fields, now);
      else state.store.create({ employeeId: who, ...fields }, now);
    },
    refuse: (who: string) => void refused.add(nameOf(who)),
    forgive: (who: string) => void refused.delete(nameOf(who)),
    refusing: () =>
      new Map([
        ...[...refused].map((who) => [who, 400] as const),
        ...[...locked].map((who) => [who, 409] as const),
        ...[...removed].map((who) => [who, 410] as const),
      ]),
    refusal: (fields: Fields) => {
      if (on(removed, fields)) return 410 as const;
      if (on(locked, fields)) return 409 as const;
      return on(refused, fields) ? (400 as const) : undefined;
    },
    reset: () => {
      state.store.clear();
      for (const set of [locked, removed, refused, state.invisible, state.unknownFields]) set.clear();
      state.revoked = false;
    },
  };
  return state;
}

/** The users as a map that can be read. */
export function viewOf(store: Store): UsersView {
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
