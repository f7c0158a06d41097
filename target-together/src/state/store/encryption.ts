/**
 * Bytes as they lie on a server that others may share: AES-256-GCM, a random nonce for each write, so that no one without the key
 * reads them, changes them, or puts them in another place unnoticed. What a text is bound to is said when it is encrypted and when
 * it is opened; see `boundTo`.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
export const tagBytes = 16;
/** What a encrypted text is longer than the text. */
export const encryptionBytes = nonceBytes + tagBytes;

export interface Encryption {
  /** nonce · text as long as before · tag */
  encrypt(text: Uint8Array, bound: Uint8Array): Buffer;
  /** undefined: changed, of another place, or encrypted with another key. */
  open(encrypted: Buffer, bound: Uint8Array): Buffer | undefined;
}

/** `key`: 32 bytes. */
export function encryption(key: Buffer): Encryption {
  return {
    encrypt(text, bound) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    open(encrypted, bound) {
      if (encrypted.length < encryptionBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(bound).setAuthTag(encrypted.subarray(-tagBytes));
      const text = decipher.update(encrypted.subarray(nonceBytes, -tagBytes));
      try {
        decipher.final();
        return text;
      } catch {
        return undefined;
      }
    },
  };
}

/** `place`: what, where, which one; `predecessor`: the tag of what comes before. No two pairs give the same bytes. */
export function boundTo(place: readonly (string | number)[], predecessor: Uint8Array = Buffer.alloc(tagBytes)): Buffer {
  return Buffer.concat([Buffer.from(JSON.stringify(place)), predecessor]);
}
