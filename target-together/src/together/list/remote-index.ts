import type { TogetherUser } from '../../model/person.ts';
import { type RemoteUser, textIn } from './user-keys.ts';
import type { RemoteTaker } from './user-list.ts';

export interface RemoteIndex {
  readonly users: number;
  /** First letter of the status, `?` where none is listed; undefined: no one has this employeeId. */
  statusOf(employeeId: string): string | undefined;
  /** By employeeId, as `statusOf` says; and by address without its case, as `ownerOf` says. */
  readonly statuses: ReadonlyMap<string, string>;
  readonly owners: ReadonlyMap<string, string | null>;
  /** employeeIds of those not terminated, where `isRead` says no. */
  activeOutside(isRead: (employeeId: string) => boolean): string[];
  /** The employeeId of who holds this address, whatever its case; null: a person without one. */
  ownerOf(email: string): string | null | undefined;
  /** employeeIds that stand on two records, and pairs of records with one address. */
  readonly twins: readonly { readonly by: 'employeeId' | 'email'; readonly ids: readonly (string | null)[] }[];
  /** What Together has of a person to be compared; undefined: it lists no one by this employeeId, or keeps were full. */
  valuesOf(employeeId: string): RemoteValues | undefined;
}

/** By field of the body: the old value, where Together lists the field. Fields that hold what would be sent are `same`. */
export type RemoteValues = ReadonlyMap<string, { readonly same: boolean; readonly from: string | undefined }>;

/** What this person would be sent, which Together lists with `status`, as `statusOf` says; undefined: old values are not wanted. */
export type BodyOf = (employeeId: string, status: string) => TogetherUser | undefined;

/** Old values are kept of so many people, as many as a plan shows. */
const mostKept = 20_000;

/**
 * Who is there, by the two keys that Together matches by. Of half a million users only those are kept whose body would change
 * something.
 */
export function remoteIndexTaker(bodyOf: BodyOf = () => undefined): RemoteTaker<RemoteIndex> {
  const values = new Map<string, RemoteValues>();
  /** First letter of the status by employeeId. */
  const ids = new Map<string, string>();
  const byEmail = new Map<string, string | null>();
  const twins: { by: 'employeeId' | 'email'; ids: (string | null)[] }[] = [];
  let users = 0;
  return {
    user(listed) {
      const { employeeId, email } = listed;
      users++;
      const id = typeof employeeId === 'string' || typeof employeeId === 'number' ? String(employeeId) : null;
      if (id !== null && ids.has(id)) twins.push({ by: 'employeeId', ids: [id, id] });
      else if (id !== null) ids.set(id, (textIn(listed['employeeStatusCode']) || '?').slice(0, 1));
      const body = id === null || values.size >= mostKept ? undefined : bodyOf(id, ids.get(id) as string);
      if (id !== null && body) values.set(id, valuesIn(listed, body));
      if (typeof email !== 'string' || email === '') return;
      const key = email.trim().toLowerCase();
      const other = byEmail.get(key);
      if (other !== undefined && other !== id) twins.push({ by: 'email', ids: [other, id] });
      else byEmail.set(key, id);
    },
    done: () => ({
      users,
      statuses: ids,
      owners: byEmail,
      statusOf: (employeeId) => ids.get(employeeId),
      activeOutside: (isRead) => [...ids].filter(([id, status]) => status !== 'T' && !isRead(id)).map(([id]) => id),
      ownerOf: (email) => byEmail.get(email.trim().toLowerCase()),
      twins,
      valuesOf: (employeeId) => values.get(employeeId),
    }),
  };
}

function valuesIn(listed: RemoteUser, body: TogetherUser): RemoteValues {
  const found = new Map<string, { same: boolean; from: string | undefined }>();
  for (const [field, value] of Object.entries(body)) {
    const old = listedValue(listed, field);
    if (old === undefined) continue;
    const blank = old === null || old === '';
    const from = blank ? undefined : typeof old === 'string' ? old : JSON.stringify(old);
    found.set(field, { same: sameValue(field, old, value), from });
  }
  return found;
}

/** UNVERIFIED: whether custom fields come back flat, as they are sent, or nested. Both are found. */
export function listedValue(listed: RemoteUser, field: string): unknown {
  const flat = listed[field];
  // Nothing that an object inherits is a text.
  if (typeof flat === 'string' || Object.hasOwn(listed, field)) return flat;
  if (!field.includes('.')) return undefined;
  const [first = '', rest] = field.split(/\.(.*)/s);
  const inner = rest === undefined || !Object.hasOwn(listed, first) ? undefined : listed[first];
  return typeof inner === 'object' && inner !== null && rest !== undefined && Object.hasOwn(inner, rest)
    ? (inner as RemoteUser)[rest]
    : undefined;
}

/** Instants may be written in another way, and addresses in another case. */
function sameValue(field: string, old: unknown, value: unknown): boolean {
  const empty = (one: unknown) => one === null || one === undefined || one === '';
  if (empty(old) || empty(value)) return empty(old) && empty(value);
  if (typeof old !== 'string' || typeof value !== 'string') return JSON.stringify(old) === JSON.stringify(value);
  if (old === value) return true;
  if (field === 'email') return old.toLowerCase() === value.toLowerCase();
  return /^\d{4}-\d\d-\d\d/.test(old) && /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(old) === Date.parse(value);
}
