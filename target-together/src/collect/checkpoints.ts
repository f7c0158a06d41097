/**
 * Buffers every checkpoint until all people read before it are done (accepted, skipped, excluded, or refused and reported), and
 * gives them out in the order they came.
 *
 *   read:  p0 p1 S1 p2 p0 S2          p0 is seen twice: its later record counts, and stands for both sightings
 *   done:  p1 → nothing · p0 → S1 · p2 → S2
 */

export interface CheckpointOptions {
  /**
   * Whether a later checkpoint stands for all before it (Singer). Then at most three of those ready are given out at once, the last
   * one among them: Meltano stores each as it comes, which takes it longer than one more helps. And the number buffered is bounded.
   * Airbyte counts the records of each checkpoint, so there every one must come back.
   */
  readonly coalesce?: boolean;
  /** With `coalesce`: the most checkpoints buffered; above it every other one is dropped (default 512). */
  readonly maxBuffered?: number;
}

export interface Checkpoints<T> {
  /** A record of the person with this handle (0, 1, 2 …) was read. */
  sighted(person: number): void;
  /** A checkpoint was read; it is never looked into. */
  checkpoint(value: T): void;
  /** This person is done. An undelivered one is not. */
  acknowledge(person: number): void;
  /** The checkpoints that may leave now, oldest first; each is given out once. */
  release(): T[];
  /** How many wait. */
  readonly buffered: number;
}

/** How many leave at once where a later one stands for those before it. */
const mostAtOnce = 3;

/** Counted from the end: the last one stays. */
const everyOther = <T>(list: readonly T[]): T[] => list.filter((_, at) => (list.length - 1 - at) % 2 === 0);

/** A person waits in the segment of the first sighting; a checkpoint closes a segment and waits for all segments up to its own. */
export function createCheckpoints<T>(options: CheckpointOptions = {}): Checkpoints<T> {
  const { coalesce = false, maxBuffered = 512 } = options;
  const done = -1;
  /** By person: 0 never seen, n waiting in segment n - 1, -1 done. */
  let waitsIn = new Int32Array(1024);
  /** By segment: how many of its people are not done. */
  const waiting: number[] = [0];
  let current = 0;
  let firstOpen = 0;
  let buffer: { segment: number; value: T }[] = [];

  return {
    sighted(person) {
      if (person >= waitsIn.length) {
        const grown = new Int32Array(Math.max(person + 1, waitsIn.length * 2));
        grown.set(waitsIn);
        waitsIn = grown;
      }
      const segment = waitsIn[person] as number;
      // Done before and read again: it has to be done again. Waiting: the first sighting keeps the checkpoint already.
      if (segment > 0) return;
      waitsIn[person] = current + 1;
      waiting[current] = (waiting[current] as number) + 1;
    },
    checkpoint(value) {
      buffer.push({ segment: current, value });
      if (coalesce && buffer.length > maxBuffered) buffer = everyOther(buffer);
      waiting[++current] = 0;
    },
    acknowledge(person) {
      const segment = waitsIn[person];
      if (segment === undefined || segment <= 0) return;
      waitsIn[person] = done;
      waiting[segment - 1] = (waiting[segment - 1] as number) - 1;
    },
    release() {
      while (firstOpen < current && waiting[firstOpen] === 0) firstOpen++;
      let count = 0;
      while (count < buffer.length && (buffer[count] as { segment: number }).segment < firstOpen) count++;
      let ready = buffer.slice(0, count);
      buffer = buffer.slice(count);
      while (coalesce && ready.length > mostAtOnce) ready = everyOther(ready);
      return ready.map((one) => one.value);
    },
    get buffered() {
      return buffer.length;
    },
  };
}
