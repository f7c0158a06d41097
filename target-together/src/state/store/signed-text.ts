/**
 * JSON objects whose last key, `hash`, is an HMAC-SHA256 over the rest of their own bytes: without the key no one changes one, or
 * makes another, unnoticed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Signing {
  /** The object's text with its hash (hex), and the hash alone. */
  sign(value: object): { text: string; hash: string };
  /** The object of bytes whose hash is right; undefined where they were changed, cut, or never ours. */
  open(bytes: Buffer): Record<string, unknown> | undefined;
  /** The hash of such bytes, without reading what they say. */
  holds(bytes: Buffer): string | undefined;
}

const tail = /^,"hash":"([0-9a-f]{64})"\}$/;
const tailBytes = 75;

export function signing(key: Buffer): Signing {
  const hmac = (body: string | Buffer) => createHmac('sha256', key).update(body);
  function holds(bytes: Buffer): string | undefined {
    const [, hash] = tail.exec(bytes.subarray(-tailBytes).toString('latin1')) ?? [];
    if (hash === undefined) return undefined;
    const own = hmac(bytes.subarray(0, -tailBytes)).update('}').digest();
    return timingSafeEqual(Buffer.from(hash, 'hex'), own) ? hash : undefined;
  }
  return {
    holds,
    sign(value) {
      const body = JSON.stringify(value);
      const hash = hmac(body).digest('hex');
      return { text: `${body.slice(0, -1)},"hash":"${hash}"}`, hash };
    },
    open: (bytes) =>
      holds(bytes) === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as Record<string, unknown>),
  };
}
