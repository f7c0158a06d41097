/** Did you mean …: the nearest of the known words, when it is near enough to be a slip. `most`: edits, at most. */
export function nearest(word: string, known: Iterable<string>, most = 3): string | undefined {
  const asked = plain(word);
  let best: string | undefined;
  let bestDistance = Math.min(most, Math.floor(asked.length / 3) + 1) + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    if (Math.abs(other.length - asked.length) >= bestDistance) continue;
    const distance = editDistance(asked, other);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** To stand before the end of a sentence: ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const found = nearest(word, known);
  return found === undefined ? '' : ` (did you mean "${found}"?)`;
}

/** `batchSize`, `batch-size` and `batch_size` are one word to a person. */
function plain(word: string): string {
  return word
    .slice(0, 100)
    .toLowerCase()
    .replace(/[-_. ]/g, '');
}

/** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (current[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (current[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (previous[j - 2] as number) + 1);
      }
      next.push(cost);
    }
    previous = current;
    current = next;
  }
  return current[b.length] as number;
}
