/** What Together held of one person at a time, and which run had brought each value. */
import type { TogetherUser } from '../../model/person.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { StateStore } from '../store/store.ts';
import { openedLine } from './kept-values.ts';
import { linesIn, type ValueLine } from './log.ts';
import { openPersonKeys } from './person-keys.ts';

export interface HeldField {
  readonly field: string;
  readonly value: TogetherUser[string];
  /** The first run that is known to have brought this value. */
  readonly run: string;
  /** Nothing is kept of the time before that run. */
  readonly isOlder: boolean;
}

/** `wanted`: employeeId or address as it was then. `isBy`: whether a run of that start counts. undefined: nothing is kept. */
export async function heldAsOf(
  store: StateStore,
  keys: LedgerKeys,
  wanted: string,
  isBy: (at: number) => boolean,
): Promise<readonly HeldField[] | undefined> {
  const personKeys = await openPersonKeys(store, keys);
  const open = (line: ValueLine) => openedLine(store, line, personKeys);
  const person = wanted.includes('@') ? await withAddress({ store, keys }, wanted, isBy, open) : keys.id(wanted);
  const fields = new Map<string, HeldField>();
  let isFirst = true;
  for await (const line of linesIn(store, keys)) {
    if (line.person !== person || line.kind === 'sending' || !isBy(line.at)) continue;
    const user: Partial<TogetherUser> = open(line) ?? {};
    for (const field of fields.keys()) if (!(field in user)) fields.delete(field);
    for (const [field, value] of Object.entries(user)) {
      if (JSON.stringify(fields.get(field)?.value) === JSON.stringify(value)) continue;
      fields.set(field, { field, value, run: line.run, isOlder: isFirst && line.kind !== 'created' });
    }
    isFirst = false;
  }
  return isFirst ? undefined : [...fields.values()];
}

/** Who had the address at that time. */
async function withAddress(
  { store, keys }: { readonly store: StateStore; readonly keys: LedgerKeys },
  address: string,
  isBy: (at: number) => boolean,
  open: (line: ValueLine) => TogetherUser | undefined,
): Promise<string | undefined> {
  const owners = new Set<string>();
  for await (const line of linesIn(store, keys)) {
    if (line.kind === 'sending' || !isBy(line.at)) continue;
    if (open(line)?.email?.toLowerCase() === address.toLowerCase()) owners.add(line.person);
    else owners.delete(line.person);
  }
  return [...owners].at(-1);
}
