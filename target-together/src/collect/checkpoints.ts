/**
 * Holds every checkpoint back until everybody read before it is settled, and gives them out in the order they came.
 *
 *   read:     p0 p1 S1 p2 p0 S2          p0 is seen twice: its later record counts, and settles both sightings
 *   settled:  p1 → nothing · p0 → S1 · p2 → S2
 */

export interface CheckpointOptions {
  /**
   * Whether a later checkpoint stands for all before it (Singer). Then at most three of those ready are given out at once, the last
   * one among them: Meltano stores each as it comes, which takes it longer than one more helps. And the number held is bounded.
   * Airbyte counts the records of each checkpoint, so there every one must come back.
   */
  readonly coalesce?: boolean;
  /** With `coalesce`: the most checkpoints held; above it every other one is dropped (default 512). */
  readonly maxHeld?: number;
}

export interface Checkpoints<T> {
  /** A record of the person with this handle (0, 1, 2 …) was read. */
  sighted(person: number): void;
  /** A checkpoint was read; it is never looked into. */
  checkpoint(value: T): void;
  /** This person is settled: accepted, skipped, excluded, or refused and reported. Undelivered is not settled. */
  settle(person: number): void;
  /** The checkpoints that may leave now, oldest first; each is given out once. */
  release(): T[];
  /** How many wait. */
  readonly held: number;
}

/** How many leave at once where a later one stands for those before it. */
const mostAtOnce = 3;

/** Counted from the end: the last one stays. */
const everyOther = <T>(list: readonly T[]): T[] => list.filter((_, at) => (list.length - 1 - at) % 2 === 0);

/** A person waits in the segment of the first sighting; a checkpoint closes a segment and waits for all segments up to its own. */
export function createCheckpoints<T>(options: CheckpointOptions = {}): Checkpoints<T> {
  const { coalesce = false, maxHeld = 512 } = options;
  const settled = -1;
  /** By person: 0 never seen, n waiting in segment n - 1, -1 settled. */
  let waitsIn = new Int32Array(1024);
  /** By segment: how many of its people are not settled. */
  const unsettled: number[] = [0];
  let current = 0;
  let firstOpen = 0;
  let held: { segment: number; value: T }[] = [];

  return {
    sighted(person) {
      if (person >= waitsIn.length) {
        const grown = new Int32Array(Math.max(person + 1, waitsIn.length * 2));
        grown.set(waitsIn);
        waitsIn = grown;
      }
      const segment = waitsIn[person] as number;
      // Settled before and read again: there is something new to settle. Waiting: the first sighting already holds it back.
      if (segment > 0) return;
      waitsIn[person] = current + 1;
      unsettled[current] = (unsettled[current] as number) + 1;
    },
    checkpoint(value) {
      held.push({ segment: current, value });
      if (coalesce && held.length > maxHeld) held = everyOther(held);
      unsettled[++current] = 0;
    },
    settle(person) {
      const segment = waitsIn[person];
      if (segment === undefined || segment <= 0) return;
      waitsIn[person] = settled;
      unsettled[segment - 1] = (unsettled[segment - 1] as number) - 1;
    },
    release() {
      while (firstOpen < current && unsettled[firstOpen] === 0) firstOpen++;
      let count = 0;
      while (count < held.length && (held[count] as { segment: number }).segment < firstOpen) count++;
      let ready = held.slice(0, count);
      held = held.slice(count);
      while (coalesce && ready.length > mostAtOnce) ready = everyOther(ready);
      return ready.map((one) => one.value);
    },
    get held() {
      return held.length;
    },
  };
}
