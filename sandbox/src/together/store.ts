/** The users that Together holds: matched by employeeId, then by e-mail; patched with the fields that were sent. */

export type Fields = Record<string, unknown>;
export interface Held {
  /** Together's own id. */
  readonly userId: string;
  fields: Fields;
  createdAt: string;
  updatedAt: string;
}
/** One person's record swallowed another's: what happens to two people with one address. */
export interface Overwrite {
  readonly userId: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface Store {
  readonly size: number;
  readonly overwrites: readonly Overwrite[];
  byId(userId: string): Held | undefined;
  byEmployeeId(employeeId: string): Held | undefined;
  match(fields: Fields): Held | undefined;
  emailTaken(email: string, by: Held): boolean;
  create(fields: Fields, now: string): Held;
  /** False where nothing changed. */
  patch(held: Held, fields: Fields, now: string): boolean;
  all(): IterableIterator<Held>;
  drop(held: Held): void;
  clear(): void;
}

const key = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));

export function createStore(): Store {
  const users = new Map<string, Held>();
  const employees = new Map<string, Held>();
  const emails = new Map<string, Held>();
  const overwrites: Overwrite[] = [];
  let count = 0;
  const index = (held: Held): void => {
    const [employeeId, email] = [key(held.fields.employeeId), key(held.fields.email)?.toLowerCase()];
    if (employeeId !== undefined) employees.set(employeeId, held);
    if (email !== undefined) emails.set(email, held);
  };
  const unindex = (held: Held): void => {
    const [employeeId, email] = [key(held.fields.employeeId), key(held.fields.email)?.toLowerCase()];
    if (employeeId !== undefined && employees.get(employeeId) === held) employees.delete(employeeId);
    if (email !== undefined && emails.get(email) === held) emails.delete(email);
  };
  return {
    get size() {
      return users.size;
    },
    overwrites,
    byId: (userId) => users.get(userId),
    byEmployeeId: (employeeId) => employees.get(employeeId),
    match: (fields) => {
      const [employeeId, email] = [key(fields.employeeId), key(fields.email)?.toLowerCase()];
      return (
        (employeeId === undefined ? undefined : employees.get(employeeId)) ??
        (email === undefined ? undefined : emails.get(email))
      );
    },
    emailTaken: (email, by) => {
      const other = emails.get(email.trim().toLowerCase());
      return other !== undefined && other !== by;
    },
    create: (fields, now) => {
      const held: Held = {
        userId: `u${(++count).toString(36).padStart(8, '0')}`,
        fields: { ...fields },
        createdAt: now,
        updatedAt: now,
      };
      users.set(held.userId, held);
      index(held);
      return held;
    },
    patch: (held, fields, now) => {
      const changed = Object.entries(fields).filter(
        ([name, value]) => !same(held.fields[name], value) && !(value === undefined && !(name in held.fields)),
      );
      if (changed.length === 0) return false;
      const [before, after] = [key(held.fields.employeeId), key(fields.employeeId)];
      if (before !== undefined && after !== undefined && before !== after)
        overwrites.push({ userId: held.userId, before, after });
      unindex(held);
      for (const [name, value] of changed) {
        if (value === undefined) delete held.fields[name];
        else held.fields[name] = value;
      }
      held.updatedAt = now;
      index(held);
      return true;
    },
    all: () => users.values(),
    drop: (held) => {
      unindex(held);
      users.delete(held.userId);
    },
    clear: () => {
      for (const map of [users, employees, emails]) map.clear();
      overwrites.length = 0;
    },
  };
}
