import { createHash } from 'node:crypto';

export function planHash(scope: string, digests: Uint32Array): string {
  const sorted = new BigUint64Array(digests.buffer, 0, digests.length / 2).sort();
  const bytes = new Uint8Array(sorted.buffer, 0, sorted.byteLength);
  return createHash('sha256').update(scope).update('\0').update(bytes).digest('hex').slice(0, 16);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Four bytes as an unsigned number, little end first. */
export function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
