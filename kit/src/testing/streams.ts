/** Stand-ins for stdin and stdout in unit tests. */
import { Writable } from 'node:stream';

/** Each argument one line: text as it is, anything else as JSON. */
export async function* lines(...messages: unknown[]): AsyncGenerator<Buffer> {
  for (const message of messages)
    yield Buffer.from(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
}

/** Keeps what was written. */
export class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}
