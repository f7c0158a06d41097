/**
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012), the low 32 bits of its 64, over two given words
 * and the UTF-16 units of a text. A keyed hash made for short inputs: thirty fields of every person are hashed when they are
 * settled, and a one-shot SHA-256 of each would cost five times as much.
 */

/** `salt`: two words mixed in before the text. Returns an unsigned 32-bit number. */
export type ShortHash = (text: string, saltLow: number, saltHigh: number) => number;

/** `key`: 16 bytes. */
export function shortHash(key: Uint8Array): ShortHash {
  const view = new DataView(key.buffer, key.byteOffset, 16);
  const [k0, k1, k2, k3] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number, number];

  // v0 … v3 as pairs of 32-bit halves; kept outside the function so that no call allocates.
  let al = 0;
  let ah = 0;
  let bl = 0;
  let bh = 0;
  let cl = 0;
  let ch = 0;
  let dl = 0;
  let dh = 0;

  function round(): void {
    let sum = (al >>> 0) + (bl >>> 0);
    al = sum | 0;
    ah = (ah + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
    sum = (cl >>> 0) + (dl >>> 0);
    cl = sum | 0;
    ch = (ch + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
    let swap = (bl << 13) | (bh >>> 19);
    bh = ((bh << 13) | (bl >>> 19)) ^ ah;
    bl = swap ^ al;
    swap = (dl << 16) | (dh >>> 16);
    dh = ((dh << 16) | (dl >>> 16)) ^ ch;
    dl = swap ^ cl;
    swap = al;
    al = ah;
    ah = swap;
    sum = (al >>> 0) + (dl >>> 0);
    al = sum | 0;
    ah = (ah + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
    sum = (cl >>> 0) + (bl >>> 0);
    cl = sum | 0;
    ch = (ch + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
    swap = (dl << 21) | (dh >>> 11);
    dh = ((dh << 21) | (dl >>> 11)) ^ ah;
    dl = swap ^ al;
    swap = (bl << 17) | (bh >>> 15);
    bh = ((bh << 17) | (bl >>> 15)) ^ ch;
    bl = swap ^ cl;
    swap = cl;
    cl = ch;
    ch = swap;
  }

  function block(low: number, high: number): void {
    dl ^= low;
    dh ^= high;
    round();
    round();
    al ^= low;
    ah ^= high;
  }

  return (text, saltLow, saltHigh) => {
    al = k0 ^ 0x70736575;
    ah = k1 ^ 0x736f6d65;
    bl = k2 ^ 0x6e646f6d;
    bh = k3 ^ 0x646f7261;
    cl = k0 ^ 0x6e657261;
    ch = k1 ^ 0x6c796765;
    dl = k2 ^ 0x79746573;
    dh = k3 ^ 0x74656462;
    block(saltLow, saltHigh);
    const length = text.length;
    const whole = length - (length & 3);
    for (let at = 0; at < whole; at += 4) {
      block(
        text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16),
        text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16),
      );
    }
    const left = length & 3;
    // The last block holds what is left and the length in bytes, modulo 256.
    block(
      (left > 0 ? text.charCodeAt(whole) : 0) | (left > 1 ? text.charCodeAt(whole + 1) << 16 : 0),
      (left > 2 ? text.charCodeAt(whole + 2) : 0) | (((8 + length * 2) & 255) << 24),
    );
    cl ^= 0xff;
    round();
    round();
    round();
    round();
    return (al ^ bl ^ cl ^ dl) >>> 0;
  };
}
