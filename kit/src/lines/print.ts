/** Text for stdout without process.stdout, whose stream takes longer to load than `--version` to answer. */
import { writeSync } from 'node:fs';

/** Writes a line, or a text of many, before it returns. A reader that has enough (`| head`) is no failure. */
export function print(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // A pipe that does not block, and is full: the stream knows how to wait for its reader.
      process.stdout.on('error', () => {});
      process.stdout.write(bytes.subarray(written));
      return;
    }
  }
}
