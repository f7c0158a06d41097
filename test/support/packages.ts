/** Packages that only some users install, in folders of their own under .cache/: what a test needs beside the lock file. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/packages', import.meta.url));

/** Installs packages once, each `name@version`, into one folder; gives the folder that UKG_TOGETHER_PACKAGES must name. */
export function installed(...packages: readonly string[]): string {
  const folder = join(cache, packages.join('+').replace(/[^\w.+-]/g, '_'));
  if (existsSync(folder)) return folder;
  // Renamed when all of it is there: an install that was killed leaves nothing behind that looks whole.
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'package.json'), '{"private":true}\n');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  execFileSync('npm', ['install', '--prefix', fresh, ...flags, ...packages], { stdio: 'inherit' });
  renameSync(fresh, folder);
  return folder;
}
