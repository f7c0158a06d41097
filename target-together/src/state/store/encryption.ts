/**
 * Bytes as they lie on a server that others may share: AES-256-GCM, a random nonce for each write, so that no one without the key
 * reads them, changes them, or puts them in another place unnoticed. What a text is bound to is said when it is sealed and when
 * it is opened; see `boundTo`.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
export const tagBytes = 16;
/** What a sealed text is longer than the text. */
export const sealBytes = nonceBytes + tagBytes;

export interface Sealing {
  /** nonce · text as long as before · tag */
  seal(text: Uint8Array, bound: Uint8Array): Buffer;
  /** undefined: changed, of another place, or sealed with another key. */
  open(sealed: Buffer, bound: Uint8Array): Buffer | undefined;
}

/** `key`: 32 bytes. */
export function sealing(key: Buffer): Sealing {
  return {
    seal(text, bound) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, bound) {
      if (sealed.length < sealBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(bound).setAuthTag(sealed.subarray(-tagBytes));
      const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
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
