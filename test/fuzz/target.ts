/** What is fuzzed, and what must hold for every input. */
import { ConnectorError, type ErrorKind } from '@ukg-together/kit/error';
import type fc from 'fast-check';

/** One reader of foreign bytes. */
export interface Target {
  readonly name: string;
  readonly input: fc.Arbitrary<Buffer>;
  /** Rejects with a Violation, or with whatever got out, when the input broke a promise. */
  run(bytes: Buffer): Promise<void>;
}

export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Stands in every personal value of the seeds: nothing that a program says may hold it. */
export const canary = 'Qzcanary';

/**
 * Runs `job` and takes a ConnectorError of these kinds for a good end. Anything else that is thrown got out. What the error and
 * `said` tell must hold no canary and no more than a screen of text for each fault.
 */
export async function judge(
  kinds: readonly ErrorKind[],
  job: (said: string[]) => unknown,
): Promise<ConnectorError | undefined> {
  const said: string[] = [];
  let failure: ConnectorError | undefined;
  try {
    await job(said);
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    if (!kinds.includes(thrown.kind)) throw new Violation(`ended as ${thrown.kind}: ${thrown.message}`);
    failure = thrown;
    said.push(thrown.message, thrown.hint ?? '', thrown.internal ?? '');
  }
  quiet(said);
  return failure;
}

/** Throws when one of these texts repeats what must not be repeated. A wound may make the name of a stream, a message type or a setting of a value. */
export function quiet(said: readonly string[]): void {
  for (const text of said) {
    if (text.replace(/(stream|type) "[^"]*"|unknown setting [\w.-]+/g, '').includes(canary))
      throw new Violation(`a message repeats a personal value: ${text.slice(0, 300)}`);
  }
}

/** Hands bytes over in pieces whose sizes depend on them, as a pipe or a socket does. */
export async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  let size = 1 + (bytes.length % 61);
  for (let at = 0; at < bytes.length; at += size) {
    if (at > 0) size = Math.min(65_536, size * 3);
    yield bytes.subarray(at, at + size);
  }
}

/** Several files as one input: for each its length, then its bytes. */
export function pack(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(part.length);
      return [head, part];
    }),
  );
}

/** Missing and cut parts come out empty or short. */
export function unpack(bytes: Buffer, count: number): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}
