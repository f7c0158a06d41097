/** Files that people name on the command line, never seen half-written. */
import { open, rename } from 'node:fs/promises';

/** Writes a 0600 file in one step: readers see the old content or the new, never a part. */
export async function replaceFile(
  path: string,
  fill: (write: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await fill(async (text) => {
      await file.writeFile(text);
    });
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
