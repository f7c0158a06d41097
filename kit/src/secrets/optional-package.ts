/** Packages that are installed only by those who want what they do. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ConnectorError, said } from '../error.ts';
import { foreignPath, thisUser } from '../files/foreign.ts';

/** Names a folder whose `node_modules` holds optional packages. */
export const packagesVariable = 'UKG_TOGETHER_PACKAGES';

/**
 * The path of a package's main file, found from `from` (a file), or else from beside the program, from the folder that
 * UKG_TOGETHER_PACKAGES names, or from the working folder: a program installed globally has no neighbours. Never where a person
 * else could have put it, and never above the working folder. Throws MODULE_NOT_FOUND when it is nowhere.
 */
export function findPackage(name: string, from?: string): string {
  if (from !== undefined) return createRequire(from).resolve(name);
  const [, inScope, plain] = /^(?:(@[^/]+\/[^/]+)|([^/]+))/.exec(name) ?? [];
  const folder = folders().find((place) => existsSync(join(place, 'node_modules', inScope ?? plain ?? name)));
  if (folder === undefined) throw Object.assign(new Error(`no package ${name}`), { code: 'MODULE_NOT_FOUND' });
  const path = createRequire(join(folder, 'package.json')).resolve(name);
  refusePlanted(name, path, folder);
  return path;
}

/**
 * What a package requires, and perhaps has not, Node.js looks for in every `node_modules` above it: in /tmp anyone may make one.
 * Throws ConnectorError where another person has, or can change the package.
 */
function refusePlanted(name: string, path: string, folder: string): void {
  const readers = [thisUser(), thisUser(statSync(folder).uid)];
  if (readers[0] === undefined) return;
  for (const place of placesOf(path)) {
    const [why, forOwner] = readers.map((reader) => foreignPath(place, reader));
    if (why === undefined || forOwner === undefined) continue;
    throw new ConnectorError('settings', said`The optional package ${name} is not loaded: ${place} ${why}.`, {
      hint: `Code from there would run with this program's rights. Remove it, or install the package in a folder of your own and name that in ${packagesVariable}.`,
    });
  }
}

/** Where code may come from once a main file is loaded: all folders in which Node.js looks, and every file of what it finds there. */
function* placesOf(path: string): Generator<string> {
  for (let at = dirname(path); ; at = dirname(at)) {
    if (at.includes('node_modules')) yield at;
    yield join(at, 'node_modules');
    if (dirname(at) === at) break;
  }
  yield path;
  const root = packageOf(path);
  if (root === undefined) return;
  const known = new Set([root]);
  for (const one of known) {
    yield one;
    for (const entry of readdirSync(one, { recursive: true }) as string[]) yield join(one, entry);
    for (const dependency of dependenciesOf(one)) known.add(dependency);
  }
}

function packageOf(file: string): string | undefined {
  for (let at = dirname(file); dirname(at) !== at && basename(at) !== 'node_modules'; at = dirname(at))
    if (/[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+$/.test(at)) return at;
  return undefined;
}

/** Folders of the packages that one needs, as Node.js finds them. */
function dependenciesOf(folder: string): string[] {
  const read = (): Record<string, object | undefined> =>
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object | undefined>;
  const manifest = existsSync(join(folder, 'package.json')) ? read() : {};
  const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies'];
  const names = kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  return names.flatMap((name) => {
    for (let at = folder; ; at = dirname(at)) {
      const there = join(at, 'node_modules', name);
      if (existsSync(there)) return [realpathSync(there)];
      if (dirname(at) === at) return [];
    }
  });
}

/** The package's exports. Throws when it is not installed. */
export async function loadPackage(name: string, from?: string): Promise<Record<string, unknown>> {
  const path = findPackage(name, from);
  return createRequire(path)(path) as Record<string, unknown>;
}

function folders(): string[] {
  const named = process.env[packagesVariable];
  if (named && !isAbsolute(named))
    throw new ConnectorError('settings', said`${packagesVariable} must be an absolute path.`);
  const safe = (owner?: number) => (folder: string) =>
    [folder, join(folder, 'node_modules')].every((path) => foreignPath(path, thisUser(owner)) === undefined);
  return [...besideProgram(safe), ...(named ? [named] : []), ...[process.cwd()].filter(safe())];
}

/** From the program's folder upwards, as Node.js looks, but only what its owner or root made. */
function besideProgram(safe: (owner: number) => (folder: string) => boolean): string[] {
  const [, started] = process.argv;
  if (!started) return [];
  try {
    const program = realpathSync(started);
    const above: string[] = [];
    for (let at = dirname(program); ; at = dirname(at)) {
      if (basename(at) !== 'node_modules') above.push(at);
      if (dirname(at) === at) return above.filter(safe(statSync(program).uid));
    }
  } catch {
    return [];
  }
}
