/** What Together held of one person at a time, and which run had brought each value. */
import type { TogetherUser } from '../../model/person.ts';
import { hrisPrefix } from '../../model/user-fields.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { StateStore } from '../store/store.ts';
import { openedLine, openedRules } from './kept-values.ts';
import { linesIn, type ValueLine } from './log.ts';
import { openPersonKeys } from './person-keys.ts';

export interface HeldField {
  readonly field: string;
  readonly value: TogetherUser[string];
  /** The first run that is known to have brought this value. */
  readonly run: string;
  /** What that run made it by; undefined: the record does not say. */
  readonly rule: string | undefined;
  /** Nothing is kept of the time before that run. */
  readonly isOlder: boolean;
}

/** `wanted`: employeeId, or address or number as it was then. `isBy`: whether a run of that start counts. undefined: nothing is kept. */
export async function heldAsOf(
  store: StateStore,
  keys: LedgerKeys,
  wanted: string,
  isBy: (at: number) => boolean,
): Promise<readonly HeldField[] | undefined> {
  const personKeys = await openPersonKeys(store, keys);
  const open = (line: ValueLine) => openedLine(store, line, personKeys);
  const person = await whoIs({ store, keys }, wanted, isBy, open);
  const fields = new Map<string, HeldField>();
  const rules = new Map<string, Readonly<Record<string, string>>>();
  let isFirst = true;
  for await (const line of linesIn(store, keys)) {
    if (line.kind === 'rules') rules.set(line.run, openedRules(store, keys, line));
    if (line.person !== person || line.kind === 'sending' || !isBy(line.at)) continue;
    const user: Partial<TogetherUser> = open(line) ?? {};
    for (const field of fields.keys()) if (!(field in user)) fields.delete(field);
    for (const [field, value] of Object.entries(user)) {
      if (JSON.stringify(fields.get(field)?.value) === JSON.stringify(value)) continue;
      const { [field]: own, '*': all } = rules.get(line.run) ?? {};
      fields.set(field, { field, value, run: line.run, rule: own ?? all, isOlder: isFirst && line.kind !== 'created' });
    }
    isFirst = false;
  }
  return isFirst ? undefined : [...fields.values()];
}

/** By employeeId; else who had the address, or the employee number as a custom field, at that time. */
async function whoIs(
  { store, keys }: { readonly store: StateStore; readonly keys: LedgerKeys },
  wanted: string,
  isBy: (at: number) => boolean,
  open: (line: ValueLine) => TogetherUser | undefined,
): Promise<string | undefined> {
  const id = keys.id(wanted);
  const owners = new Set<string>();
  for await (const line of linesIn(store, keys)) {
    if (line.kind === 'sending' || line.kind === 'rules' || !isBy(line.at)) continue;
    if (line.person === id) return id;
    const user = open(line);
    if (user && isNamed(user, wanted)) owners.add(line.person);
    else owners.delete(line.person);
  }
  return [...owners].at(-1);
}

const isNamed = (user: TogetherUser, wanted: string): boolean =>
  user.email?.toLowerCase() === wanted.toLowerCase() ||
  Object.entries(user).some(([field, value]) => field.startsWith(hrisPrefix) && String(value) === wanted);
