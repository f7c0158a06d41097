/** Finds where a JSON object ends, byte by byte, over as many chunks as it takes. */
import type { ReceivedBytes } from './received-bytes.ts';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;

export interface ObjectWalker {
  /** The end of the object at `received.at`, or undefined when more bytes are needed. Remembers how far it came. */
  endOf(received: ReceivedBytes): number | undefined;
  /** What was walked has moved towards the start by so many bytes. */
  moved(by: number): void;
  /** The next object begins. */
  reset(): void;
}

export function createObjectWalker(): ObjectWalker {
  let walked = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  return {
    endOf({ bytes, at, length }) {
      let here = Math.max(at, walked);
      while (here < length) {
        const byte = bytes[here++] as number;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inString = false;
        } else if (byte === quote) inString = true;
        else if (byte === openBrace || byte === openBracket) depth++;
        else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return here;
      }
      walked = here;
      return undefined;
    },
    moved(by) {
      walked = Math.max(0, walked - by);
    },
    reset() {
      walked = 0;
      depth = 0;
      inString = false;
      escaped = false;
    },
  };
}
