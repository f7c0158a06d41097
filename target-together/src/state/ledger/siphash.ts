/**
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) over two given words
 * and the UTF-16 units of a text. A keyed hash made for short inputs: some thirty fields of every person are hashed when they
 * get an outcome.
 */

/** `saltLow`, `saltHigh`: mixed in before the text. Returns an unsigned 32-bit number. */
export type ShortHash = (text: string, saltLow: number, saltHigh: number) => number;

/** `key`: 16 bytes. */
export const shortHash = (key: Uint8Array): ShortHash => sipHash(key).low;

/** 53 of the 64 bits, as an exact number. */
export function longHash(key: Uint8Array): (text: string) => number {
  const { low, high } = sipHash(key);
  return (text) => low(text, 0, 0) + (high() & 0x1fffff) * 2 ** 32;
}

/** `high()`: the other half of the hash made last. */
function sipHash(key: Uint8Array): { readonly low: ShortHash; high(): number } {
  const view = new DataView(key.buffer, key.byteOffset, 16);
  const [k0, k1, k2, k3] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number, number];

  let upper = 0;
  const hash: ShortHash = (text, saltLow, saltHigh) => {
    // v0 … v3 of the paper, each as two signed halves: all arithmetic stays in 32-bit integers.
    let al = k0 ^ 0x70736575;
    let ah = k1 ^ 0x736f6d65;
    let bl = k2 ^ 0x6e646f6d;
    let bh = k3 ^ 0x646f7261;
    let cl = k0 ^ 0x6e657261;
    let ch = k1 ^ 0x6c796765;
    let dl = k2 ^ 0x79746573;
    let dh = k3 ^ 0x74656462;
    const { length } = text;
    const whole = length - (length & 3);
    let low = saltLow | 0;
    let high = saltHigh | 0;
    let rounds = 2;
    // The salt, four units at a time, what is left with the length in bytes, and the finalization.
    for (let at = 0; ; at += 4) {
      dl ^= low;
      dh ^= high;
      for (let round = 0; round < rounds; round++) {
        let swap: number;
        al = (al + bl) | 0;
        ah = (ah + bh + (al >>> 0 < bl >>> 0 ? 1 : 0)) | 0;
        cl = (cl + dl) | 0;
        ch = (ch + dh + (cl >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
        swap = ((bl << 13) | (bh >>> 19)) ^ al;
        bh = ((bh << 13) | (bl >>> 19)) ^ ah;
        bl = swap;
        swap = ((dl << 16) | (dh >>> 16)) ^ cl;
        dh = ((dh << 16) | (dl >>> 16)) ^ ch;
        dl = swap;
        swap = al;
        al = ah;
        ah = swap;
        al = (al + dl) | 0;
        ah = (ah + dh + (al >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
        cl = (cl + bl) | 0;
        ch = (ch + bh + (cl >>> 0 < bl >>> 0 ? 1 : 0)) | 0;
        swap = ((dl << 21) | (dh >>> 11)) ^ al;
        dh = ((dh << 21) | (dl >>> 11)) ^ ah;
        dl = swap;
        swap = ((bl << 17) | (bh >>> 15)) ^ cl;
        bh = ((bh << 17) | (bl >>> 15)) ^ ch;
        bl = swap;
        swap = cl;
        cl = ch;
        ch = swap;
      }
      if (rounds === 4) {
        upper = ah ^ bh ^ ch ^ dh;
        return (al ^ bl ^ cl ^ dl) >>> 0;
      }
      al ^= low;
      ah ^= high;
      if (at < whole) {
        low = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
        high = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16);
      } else if (at === whole) {
        const left = length & 3;
        low = (left > 0 ? text.charCodeAt(whole) : 0) | (left > 1 ? text.charCodeAt(whole + 1) << 16 : 0);
        high = (left > 2 ? text.charCodeAt(whole + 2) : 0) | (((8 + length * 2) & 255) << 24);
      } else {
        low = 0;
        high = 0;
        cl ^= 0xff;
        rounds = 4;
      }
    }
  };
  return { low: hash, high: () => upper };
}
