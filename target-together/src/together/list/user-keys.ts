/** Keys of the list as fields of the guide, however they are spelled: `employee_id`, `EmployeeID`, `hris_fields`. */
import { userFields } from '../../model/user-fields.ts';

/** A user as the list has it. */
export type RemoteUser = Readonly<Record<string, unknown>>;

/** What stands in a field, where it is text or a number; else nothing: the list may hold any value. */
export const textIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const custom = 'hrisFields';
const plainOf = (key: string) => key.toLowerCase().replace(/[^a-z0-9]/g, '');
const fields = new Map([...userFields.map(({ name }) => name), custom].map((name) => [plainOf(name), name]));

/** Entries by whose keys is seen whether a list spells them as the guide does. */
const looked = 100;

/** Gives each entry as a user with the guide's keys; undefined: it is none. */
export function userReader(): (entry: RemoteUser) => RemoteUser | undefined {
  let seen = 0;
  let differs = false;
  return (entry) => {
    if (seen++ < looked) differs ||= Object.keys(entry).some((key) => fieldOf(key) !== key);
    if (!differs && !Array.isArray(entry[custom]) && hasId(entry['employeeId'])) return entry;
    // {"id": …, "attributes": { … }}, {"user": { … }}
    for (const inner of [entry, entry['attributes'], entry['user']]) {
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue;
      const user = spelled(inner as RemoteUser);
      if (hasId(user['employeeId']) || typeof user['email'] === 'string') return user;
    }
    return undefined;
  };
}

const hasId = (id: unknown) => typeof id === 'string' || typeof id === 'number';

function fieldOf(key: string): string {
  const [first = '', rest] = key.split(/\.(.*)/s);
  const name = fields.get(plainOf(first)) ?? first;
  return rest === undefined ? name : `${name}.${rest}`;
}

function spelled(user: RemoteUser): RemoteUser {
  // A key that is spelled as in the guide counts before another one that means the same.
  const entries = [...Object.entries(user).map(([key, value]) => [fieldOf(key), value]), ...Object.entries(user)];
  const named = Object.fromEntries(entries) as RemoteUser;
  const list = named[custom];
  return Array.isArray(list) ? { ...named, [custom]: Object.fromEntries(list.flatMap(pairOf)) } : named;
}

/** Custom fields as a list of names and values. */
function pairOf(one: unknown): [string, unknown][] {
  if (typeof one !== 'object' || one === null) return [];
  const { key, name, field, value } = one as Record<string, unknown>;
  const called = key ?? name ?? field;
  return typeof called === 'string' ? [[called.replace(/^hrisFields\./, ''), value]] : [];
}
