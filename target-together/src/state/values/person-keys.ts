/**
 * A key for each person whose values are kept, encrypted with a key of the state: destroying one makes that person's values unreadable,
 * in every copy of the log too. Records of 76 bytes: the person, then nonce, key and tag.
 */
import { randomBytes } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { LedgerKeys } from '../ledger/keys.ts';
import { boundTo, type Encryption, encryption, encryptionBytes } from '../store/encryption.ts';
import type { StateStore } from '../store/store.ts';

const keysFile = 'value-keys.bin';
const idBytes = 16;
const keyBytes = 32;
const recordBytes = idBytes + keyBytes + encryptionBytes;

export interface PersonKeys {
  /** Encrypts and opens one person's values; undefined: nothing can be read of this person. `person`: see `LedgerKeys.id`. */
  of(person: string): Encryption | undefined;
  /** Keys for people who have none yet, durable. */
  make(people: Iterable<string>): Promise<void>;
  /** False: had none. */
  destroy(person: string): Promise<boolean>;
  destroyAll(): Promise<void>;
}

export async function openPersonKeys(store: StateStore, keys: Pick<LedgerKeys, 'derive'>): Promise<PersonKeys> {
  const master = encryption(keys.derive('kept values', keyBytes));
  const bytes = (await store.read(keysFile)) ?? Buffer.alloc(0);
  // What an append that was cut off has left names no one.
  let size = bytes.length - (bytes.length % recordBytes);
  let isCut = bytes.length > size;
  const encrypted = new Map<string, Buffer>();
  for (let at = 0; at < size; at += recordBytes)
    encrypted.set(
      bytes.toString('latin1', at, at + idBytes),
      Buffer.from(bytes.subarray(at + idBytes, at + recordBytes)),
    );
  const record = ([person, key]: readonly [string, Buffer]) => Buffer.concat([Buffer.from(person, 'latin1'), key]);
  const bound = (person: string) => boundTo(['key of kept values', person]);
  return {
    of(person) {
      const found = encrypted.get(person);
      const key = found && master.open(found, bound(person));
      if (found && !key)
        throw new ConnectorError('unexpected', said`${store.where}/${keysFile} is damaged, or of another ledger key.`, {
          hint: 'Restore it from a backup. Or set keep_values_days to 0 for one run: then nothing is kept any more.',
        });
      return key && encryption(key);
    },
    async make(people) {
      const made = [...new Set(people)]
        .filter((person) => !encrypted.has(person))
        .map((person) => [person, master.encrypt(randomBytes(keyBytes), bound(person))] as const);
      if (made.length === 0) return;
      if (isCut) await store.truncate(keysFile, size);
      isCut = false;
      const added = Buffer.concat(made.map(record));
      await store.append(keysFile, added, size, true);
      size += added.length;
      for (const [person, key] of made) encrypted.set(person, key);
    },
    async destroy(person) {
      if (!encrypted.delete(person)) return false;
      const left = [...encrypted].map(record);
      await store.replace(keysFile, left);
      size = left.length * recordBytes;
      isCut = false;
      return true;
    },
    async destroyAll() {
      encrypted.clear();
      size = 0;
      if ((await store.size(keysFile)) !== undefined) await store.remove(keysFile);
    },
  };
}
