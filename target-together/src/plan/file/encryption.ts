import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** What is sealed on a line: no two may have the same nonce. */
export const Part = { read: 0, body: 1, record: 2, unsent: 3 } as const;

export type Part = (typeof Part)[keyof typeof Part];

/** Keys of one plan: `secret` never leaves the machine, `salt` makes each plan's keys its own. */
export function seals(secret: Uint8Array, salt: string, planHash: string) {
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
    seal(part: Part, line: number, shown: string, text: string): string {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(part, line)).setAAD(bound(line, shown));
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    unseal(part: Part, line: number, shown: string, sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(part, line)).setAAD(bound(line, shown));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    mac: (head: string) => createHmac('sha256', macKey).update(head).digest(),
  };
}
