import type { Remark } from '../model/person.ts';

/** People by what the mapping remarked on a field of theirs. */
export interface RemarkCount extends Remark {
  readonly people: number;
}

/** Counts while reading. */
export interface RemarkCounts {
  add(remarks: readonly Remark[]): void;
  /** Most people first. */
  result(): RemarkCount[];
}

export function createRemarkCounts(): RemarkCounts {
  const counts = new Map<string, RemarkCount>();
  return {
    add(remarks) {
      // Several values of one field are one person.
      const keys = new Set(remarks.map(({ field, code }) => `${code} ${field}`));
      for (const key of keys) {
        const [code, field] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
        counts.set(key, { field, code: code as Remark['code'], people: (counts.get(key)?.people ?? 0) + 1 });
      }
    },
    result: () => [...counts.values()].sort((a, b) => b.people - a.people),
  };
}
