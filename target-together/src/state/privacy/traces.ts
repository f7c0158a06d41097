/** Every trace of one person in a state, place by place; and the same state without them. */
import { counted } from '@ukg-together/kit/text/show';
import { wasSent } from '../../model/access.ts';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { RunState } from '../run-state.ts';
import type { StateStore } from '../store/store.ts';
import { valuesKeptOf } from '../values/kept-values.ts';
import { auditOf, pseudonym } from './audit.ts';
import { formerIds, memoryOf } from './memory.ts';
import { otherFiles } from './other-files.ts';
import { forgetRejects, rejectsOf, type Sought } from './rejects.ts';

export interface OpenedState {
  readonly state: Pick<RunState, 'lookup' | 'memory' | 'emails' | 'forget'>;
  readonly store: StateStore;
  readonly keys: LedgerKeys;
}

export interface Trace {
  readonly place: string;
  readonly what: string;
  /** What stays when a person is forgotten: what says nothing of them any more, or is not ours to remove. */
  readonly stays: boolean;
}

/** All ids of a person, the present one first. */
export const idsOf = ({ state }: OpenedState, id: string): string[] => [
  id,
  ...formerIds(state.memory, id, (old) => state.lookup(old) !== undefined),
];

/** `ids`: as `idsOf` gives them. */
export async function tracesOf(opened: OpenedState, ids: readonly string[]): Promise<Trace[]> {
  const found: Trace[] = [];
  for (const id of ids)
    for (const trace of await tracesUnder(opened, id))
      found.push(id === ids[0] ? trace : { ...trace, place: `${trace.place} (as ${id}, before a move)` });
  return found;
}

async function tracesUnder({ state, store, keys }: OpenedState, id: string): Promise<Trace[]> {
  const found: Trace[] = [];
  const add = (place: string, what: string, stays = false) => found.push({ place, what, stays });
  const known = state.lookup(id);
  if (known) {
    const status =
      known.status === undefined
        ? 'never accepted'
        : `${wasSent(known) ? 'last accepted' : "in Together's list"} with status ${known.status}`;
    add(
      'ledger',
      `${status}, ${known.refused ? `refused with HTTP ${known.refused.status}, ` : ''}the id and keyed hashes of what was sent`,
    );
  }
  const sought = await soughtIn(state, id);
  if (sought.addresses > 0)
    add('e-mail owners', `${counted(sought.addresses, 'address', 'addresses')}, as keyed hashes beside the id`);
  const values = await valuesKeptOf(store, keys, keys.id(id));
  if (values > 0) add('values.log', `what was accepted, ${counted(values, 'time')}, encrypted: personal data`);
  const { own, others } = await rejectsOf(store, sought);
  if (own > 0) add('rejects', `${counted(own, 'record')} as the source sent it: personal data`);
  if (others > 0)
    add('rejects of others', `${counted(others, 'record')} with this id or address in it, as supervisor perhaps`);
  for (const part of memoryOf(state.memory, id)) add('memory of earlier runs', part);
  const { entries, last } = await auditOf(store, pseudonym(keys, id));
  if (entries > 0)
    add(
      'audit log',
      `${counted(entries, 'entry', 'entries')}, the last of ${last}, as the keyed hash ${pseudonym(keys, id)}`,
      true,
    );
  for (const { name, kind } of await otherFiles(store, id)) {
    if (kind === 'plan') add(name, 'a plan, which holds records of people encrypted');
    else if (kind === 'output') add(name, 'a report or a summary that names this id');
    else add(name, 'a file that this program has not written, with this id in it', true);
  }
  return found;
}

async function soughtIn({ emails }: OpenedState['state'], id: string): Promise<Sought & { addresses: number }> {
  const hashes = await emails.addressesOf(id);
  return { id, addresses: hashes.size, hasAddress: (text) => hashes.has(emails.hash(text.trim())) };
}

/** Removes every trace that does not stay, and closes the ledger. `ids`: as `idsOf` gives them. */
export async function forgetPerson({ state, store }: OpenedState, ids: readonly string[]): Promise<void> {
  // The present id last: with it the memory of the others goes, and the ledger is closed.
  for (const id of ids.toReversed()) {
    await forgetRejects(store, await soughtIn(state, id));
    for (const { name, kind } of await otherFiles(store, id)) if (kind !== 'foreign') await store.remove(name);
    await state.forget(id);
  }
}
