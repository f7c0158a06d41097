/** Inputs that once broke a promise, and a few that nearly did: one file each, in a folder named after its target. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('corpus', import.meta.url));

export interface Kept {
  readonly target: string;
  readonly file: string;
  readonly bytes: Buffer;
}

export function readCorpus(): Kept[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((target) =>
      readdirSync(join(folder, target))
        .sort()
        .map((file) => ({ target, file, bytes: readFileSync(join(folder, target, file)) })),
    );
}

/** Keeps an input; gives the file's path. The same bytes are one file. */
export function keep(target: string, bytes: Buffer): string {
  const place = join(folder, target);
  mkdirSync(place, { recursive: true });
  const path = join(place, createHash('sha256').update(bytes).digest('hex').slice(0, 12));
  writeFileSync(path, bytes);
  return path;
}
