/** Whose ledger this is: read and checked before anything of it is believed. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateStore } from '../store/store.ts';
import { decodeHeader, type Header, headerBytes } from './format.ts';
import type { LedgerKeys } from './keys.ts';
import { broken, logFile } from './load.ts';

interface Owner {
  readonly store: StateStore;
  readonly keys: LedgerKeys;
  /** Stands for host and organization. */
  readonly destination: string;
}

/** undefined: there is no ledger yet. */
export async function readHeader(options: Owner): Promise<Header | undefined> {
  const { store, keys } = options;
  const bytes = await store.read(logFile, 0, headerBytes);
  if (!bytes) return undefined;
  const header = decodeHeader(bytes);
  if (header === 'broken') throw broken(store, 0);
  if (header === 'newer') {
    throw new ConnectorError(
      'settings',
      said`The ledger ${store.where}/${logFile} was written by a later version of target-together.`,
      {
        hint: 'Use that version or a later one. Nothing was sent.',
      },
    );
  }
  if (!header.keyCheck.equals(keys.check)) {
    throw new ConnectorError('settings', said`The ledger ${store.where}/${logFile} was written with another key.`, {
      hint: 'Set ledger_key to what it was, or restore ledger.key beside the ledger. Nothing was sent.',
    });
  }
  if (!header.destination.equals(destinationMark(options))) {
    // No one has an outcome: the first run had a wrong host or organization, and its correction needs no other folder.
    if ((await store.size(logFile)) === headerBytes) return undefined;
    throw new ConnectorError(
      'settings',
      said`The ledger ${store.where}/${logFile} belongs to another host or organization.`,
      {
        hint: 'Give each organization a state_dir of its own. Nothing was sent.',
      },
    );
  }
  return header;
}

export function destinationMark({ keys, destination }: Owner): Buffer {
  return Buffer.from(keys.id(`destination\0${destination}`), 'latin1');
}

/** What a rewriting that was interrupted has left behind. */
export async function removeStrays(store: StateStore, current: string): Promise<void> {
  for (const name of await store.names()) {
    if (name !== current && /^ledger-fields-[0-9a-f]{32}\.log$/.test(name)) await store.remove(name);
  }
}
