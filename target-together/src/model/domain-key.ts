/** A mail domain as it is kept: hashed with the ledger's key, for it may be one person's own. */
export const domainKey = (domain: string, hash: (text: string) => Uint8Array): string =>
  Buffer.from(hash(domain)).toString('hex').slice(0, 16);
