/** The keyed hashes of the ledger. Without the key no one can try out which birth date or address a hash stands for. */
import { hash, hkdfSync, randomBytes } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { withoutStamp } from '../../model/text/row-stamp.ts';
import type { StateStore } from '../store/store.ts';
import { shortHash } from './siphash.ts';

export interface LedgerKeys {
  /** 16 bytes as a latin1 string: names a person in the ledger. */
  id(employeeId: string): string;
  /** 16 bytes as a latin1 string: stands for a body that was sent. */
  user(json: string): string;
  /**
   * 4 bytes as a number: stands for one field's value. With `personKey` (see `id`) equal values of two people have different
   * hashes; without, equal ones.
   */
  field(name: string, value: unknown, personKey: string | undefined): number;
  /** The same for many values of one field. `salt`: `saltOf` the person's key, or 0. */
  fieldHasher(name: string): (value: unknown, salt: number) => number;
  /** A key for another purpose, by name. */
  derive(purpose: string, bytes: number): Buffer;
  /** 16 bytes: tells the right key from a wrong one. */
  readonly check: Buffer;
}

/**
 * SHA-256 over key ‖ text, cut to half: with half of the state missing it can't be extended, and one-shot hashing costs less
 * than half of an HMAC object; every person of every run pays for it.
 */
export function ledgerKeys(secret: string): LedgerKeys {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, 'target-together ledger', purpose, bytes));
  // 32 hexadecimal digits each: 128 bits.
  const prefix = (purpose: string) => derive(purpose, 16).toString('hex');
  const ids = prefix('id');
  const users = prefix('user');
  const short = shortHash(derive('field', 16));
  const hashers = new Map<string, ReturnType<LedgerKeys['fieldHasher']>>();
  const hasherOf = (name: string) => {
    const nameHash = short(name, 0, 0);
    const hasher: ReturnType<LedgerKeys['fieldHasher']> = (value, salt) =>
      short(typeof value === 'string' ? value : `\0${JSON.stringify(value)}`, nameHash, salt);
    hashers.set(name, hasher);
    return hasher;
  };
  const fieldHasher = (name: string) => hashers.get(name) ?? hasherOf(name);
  const digest = (text: string) => hash('sha256', text, 'binary');
  return {
    id: (employeeId) => digest(ids + employeeId).slice(0, 16),
    user: (json) => digest(users + withoutStamp(json)).slice(0, 16),
    field: (name, value, personKey) => fieldHasher(name)(value, personKey === undefined ? 0 : saltOf(personKey)),
    fieldHasher,
    derive,
    check: derive('check', 16),
  };
}

/** Four bytes of a latin1 string as an unsigned number, little end first. */
export function word(bytes: string, at: number): number {
  return (
    (bytes.charCodeAt(at) |
      (bytes.charCodeAt(at + 1) << 8) |
      (bytes.charCodeAt(at + 2) << 16) |
      (bytes.charCodeAt(at + 3) << 24)) >>>
    0
  );
}

/** What makes equal values of two people have different hashes. Signed, so that V8 keeps it as a small number. */
export const saltOf = (personKey: string): number => word(personKey, 0) | 0;

export const keyFile = 'ledger.key';

/** The setting `ledger_key`, else the key that lies in the store, else a new one that is put there. */
export async function loadLedgerKeys(
  store: StateStore,
  setting: string | undefined,
  ledgerExists: boolean,
): Promise<LedgerKeys> {
  if (setting !== undefined) return ledgerKeys(setting);
  const kept = (await store.read(keyFile))?.toString('latin1');
  // Typed from a backup it may end in another line end, or none. Any other byte is damage, and the last one counts.
  const [, key] = /^([0-9a-f]{64})(?:\r?\n)?$/.exec(kept ?? '') ?? [];
  if (key !== undefined) return ledgerKeys(key);
  if (kept !== undefined || ledgerExists) {
    const fault = kept === undefined ? 'is missing' : 'is broken';
    throw new ConnectorError(
      'settings',
      said`${store.where}: ${keyFile} ${fault}, so the ledger beside it can't be read.`,
      {
        hint: 'Restore it from a backup or set ledger_key. Only if it is lost for good: move ledger.log away too, and everybody is sent again.',
      },
    );
  }
  const made = randomBytes(32).toString('hex');
  await store.replace(keyFile, [Buffer.from(`${made}\n`)]);
  return ledgerKeys(made);
}
