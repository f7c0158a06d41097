/** Two 32-bit hashes: pages are distinguished without keeping them. */
export function fingerprint(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) + i;
  }
  return `${a >>> 0}.${b >>> 0}`;
}
