/** Packages that only some users install, in folders of their own under .cache/: what a test needs beside the lock file. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/packages', import.meta.url));

/** Installs `name@version` once; gives the folder that NODE_PATH must name. */
export function installed(name: string, version: string): string {
  const folder = join(cache, `${name.replace(/[^\w-]/g, '_')}-${version}`);
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  // Renamed when all of it is there: an install that was killed leaves nothing behind that looks whole.
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'package.json'), '{"private":true}\n');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  execFileSync('npm', ['install', '--prefix', fresh, ...flags, `${name}@${version}`], { stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return modules;
}
