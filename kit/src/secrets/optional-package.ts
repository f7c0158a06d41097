/** Packages that are installed only by those who want what they do. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The path of a package's main file, found from `from` (a file), or else from beside the program or from where it is started:
 * a program installed globally has no neighbours. Throws when it is nowhere.
 */
export function findPackage(name: string, from?: string): string {
  const places = from === undefined ? [programFile(), join(process.cwd(), 'package.json')] : [from];
  for (const [index, place] of places.entries()) {
    try {
      return createRequire(place).resolve(name);
    } catch (error) {
      if (index === places.length - 1) throw error;
    }
  }
  throw new Error('nowhere to look');
}

/** The package's exports. Throws when it is not installed. */
export async function loadPackage(name: string, from?: string): Promise<Record<string, unknown>> {
  const path = findPackage(name, from);
  return createRequire(path)(path) as Record<string, unknown>;
}

function programFile(): string {
  const [, started = ''] = process.argv;
  try {
    return realpathSync(started);
  } catch {
    return join(process.cwd(), 'package.json');
  }
}
