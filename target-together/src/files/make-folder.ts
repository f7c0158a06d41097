/** Folders that only their owner may enter. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Throws what the system says (EACCES, ENOTDIR, ENOENT …).
 * Not `recursive: true`: where the system says ENOENT for a folder that is there, as in /proc, Node tries for ever.
 */
export function makeFolder(path: string): void {
  const make = () => {
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw thrown;
    }
  };
  try {
    make();
  } catch (thrown) {
    const above = dirname(path);
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw thrown;
    makeFolder(above);
    make();
  }
}
