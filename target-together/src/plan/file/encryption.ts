import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** What is encrypted on a line: no two may have the same nonce. */
export const Part = { read: 0, body: 1, record: 2, unsent: 3 } as const;

export type Part = (typeof Part)[keyof typeof Part];

/** Encrypts a part of a line, and binds it to what the line shows: `shown` is authenticated, not encrypted. */
export interface PlanCipher {
  /** Base64 of ciphertext and tag. */
  encrypt(part: Part, line: number, shown: string, text: string): string;
  /** Throws where the text or `shown` was changed. */
  decrypt(part: Part, line: number, shown: string, encrypted: string): string;
  mac(head: string): Buffer;
}

/** `secret` never leaves the machine; `salt` (hex) gives each plan keys of its own. AES-256-GCM and HMAC-SHA-256, keys by HKDF. */
export function planCipher(secret: Uint8Array, salt: string, planHash: string): PlanCipher {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'hex'), `target-together plan ${purpose}`, 32));
  const key = derive('bodies');
  const macKey = derive('head');
  // A nonce for each line: the key belongs to this plan alone, so that counting is safe.
  const nonce = (part: Part, line: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeInt32BE(part, 4);
    bytes.writeInt32BE(line, 8);
    return bytes;
  };
  const bound = (line: number, shown: string) => Buffer.from(`${planHash}\n${line}\n${shown}`);
  return {
    encrypt(part, line, shown, text) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(part, line)).setAAD(bound(line, shown));
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    decrypt(part, line, shown, encrypted) {
      const bytes = Buffer.from(encrypted, 'base64');
      // The last character of base64 has bits that mean nothing: another spelling of the same bytes is a change as well.
      if (bytes.toString('base64') !== encrypted) throw new Error('not as it was written');
      const options = { authTagLength: 16 };
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(part, line), options).setAAD(bound(line, shown));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    mac: (head) => createHmac('sha256', macKey).update(head).digest(),
  };
}
