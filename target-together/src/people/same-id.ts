/** People by the position of their employeeId; hardly ever do two share one. */
export interface SameId {
  /** The person who came last with this id, or -1. */
  first(idAt: number): number;
  /** Another one with the same id, or -1. */
  next(person: number): number;
  link(person: number, idAt: number): void;
  unlink(person: number, idAt: number): void;
  /** People who share an id, in groups by position. */
  groups(idAtOf: (person: number) => number): number[][];
}

/** The rows of one id that another one stands for: left out beside one in scope, or the same as a later one. */
export function replaced(
  group: readonly number[],
  isExcluded: (person: number) => boolean,
  content: (person: number) => string,
): number[] {
  const inScope = group.filter((person) => !isExcluded(person));
  const rest = new Map<string, number>();
  for (const person of inScope.length > 0 ? inScope : group) rest.set(content(person), person);
  const stay = new Set(rest.values());
  return group.filter((person) => !stay.has(person));
}

export function createSameId(): SameId {
  /** By position of the id. */
  let heads = new Int32Array(1024).fill(-1);
  const followers = new Map<number, number>();

  const first = (idAt: number) => (idAt >= 0 && idAt < heads.length ? (heads[idAt] as number) : -1);
  const next = (person: number) => followers.get(person) ?? -1;

  return {
    first,
    next,
    link(person, idAt) {
      if (idAt < 0) return;
      if (idAt >= heads.length) {
        const larger = new Int32Array(Math.max(idAt + 1, Math.ceil(heads.length * 1.5))).fill(-1);
        larger.set(heads);
        heads = larger;
      }
      const head = heads[idAt] as number;
      if (head >= 0) followers.set(person, head);
      heads[idAt] = person;
    },
    unlink(person, idAt) {
      if (idAt < 0) return;
      const after = next(person);
      followers.delete(person);
      if (heads[idAt] === person) {
        heads[idAt] = after;
        return;
      }
      for (let at = heads[idAt] as number; at >= 0; at = next(at)) {
        if (followers.get(at) !== person) continue;
        if (after >= 0) followers.set(at, after);
        else followers.delete(at);
        return;
      }
    },
    groups(idAtOf) {
      const shared = new Set<number>();
      for (const person of followers.keys()) shared.add(idAtOf(person));
      return [...shared].map((idAt) => {
        const group: number[] = [];
        for (let at = first(idAt); at >= 0; at = next(at)) group.push(at);
        return group.sort((a, b) => a - b);
      });
    },
  };
}
