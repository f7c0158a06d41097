/** Every dependency has its line in docs/dependencies.md, and every licence is on the list there. All of it reads files only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onDemand } from '../bundle/contents.mjs';

/** Licences that what we ship may be under, and those that tools may be under too; said in docs/dependencies.md. */
export const shipped = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
export const tools = [...shipped, 'BlueOak-1.0.0', 'CC-BY-3.0', 'CC-BY-4.0', 'CC0-1.0', 'MPL-2.0'];

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly license?: string; readonly hasInstallScript?: boolean; readonly link?: boolean }>
  >;
}

export interface Stated {
  readonly name: string;
  readonly licence: string;
  readonly reason: string;
}

/** Folders with a lock file. */
export const locked = ['.', 'packaging/supply-chain'];

const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

/** The folders that have a package.json of their own: the root first, then its workspaces, then these tools. */
export function manifests(root: string): ReadonlyMap<string, Manifest> {
  const top = json<Manifest>(root, 'package.json');
  const folders = ['.', ...(top.workspaces ?? []), 'packaging/supply-chain'];
  return new Map(folders.map((folder) => [folder, json<Manifest>(root, folder, 'package.json')]));
}

/** The tables of docs/dependencies.md. */
export function statedDependencies(page: string): Stated[] {
  const rows = page.matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|$/gm);
  return [...rows].map(([, name = '', licence = '', reason = '']) => ({ name, licence, reason: reason.trim() }));
}

/** `MIT OR Apache-2.0` is fine when one of both is, `MIT AND CC-BY-3.0` only when both are. */
export function allows(list: readonly string[], expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((each) => list.includes(each.trim())));
}

/** What is wrong with the dependencies, one sentence each. */
export function dependencyFaults(root: string): string[] {
  const faults: string[] = [];
  const page = readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8');
  const stated = new Map(statedDependencies(page).map((each) => [each.name, each]));
  for (const licence of tools) {
    if (!page.includes(licence)) faults.push(`docs/dependencies.md does not name ${licence}, which is allowed.`);
  }

  const ours = new Set([...manifests(root).values()].map(({ name }) => name));
  const asked = new Map<string, string>(onDemand.map((name) => [name, 'scripts/bundle/contents.mjs']));
  for (const [folder, manifest] of manifests(root)) {
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
    for (const list of [dependencies, devDependencies, peerDependencies, optionalDependencies]) {
      for (const name of Object.keys(list ?? {})) if (!ours.has(name)) asked.set(name, join(folder, 'package.json'));
    }
    if (manifest.private !== true && dependencies !== undefined)
      faults.push(`${folder}/package.json has dependencies; what a published package needs is bundled.`);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']) {
      if (manifest.scripts?.[script] !== undefined)
        faults.push(`${folder}/package.json has an install script: ${script}.`);
    }
  }
  const locks = locked.map((folder) => json<Lock>(root, folder, 'package-lock.json'));
  for (const [name, from] of asked) {
    const row = stated.get(name);
    if (row === undefined || row.reason === '') faults.push(`${name} (${from}) has no reason in docs/dependencies.md.`);
    const licence = locks
      .map((lock) => lock.packages[`node_modules/${name}`]?.license)
      .find((each) => each !== undefined);
    if (row !== undefined && licence !== undefined && row.licence !== licence)
      faults.push(`${name}: docs/dependencies.md says ${row.licence}, its package ${licence}.`);
  }
  for (const name of stated.keys())
    if (!asked.has(name)) faults.push(`${name} stands in docs/dependencies.md, and nothing uses it.`);

  return [...faults, ...locked.flatMap((folder) => lockFaults(join(root, folder), folder))];
}

/** Licences and install scripts of everything that `npm ci` brings, dependencies of dependencies too. */
function lockFaults(path: string, folder: string): string[] {
  const faults: string[] = [];
  for (const [place, { license = 'none', hasInstallScript, link }] of Object.entries(
    json<Lock>(path, 'package-lock.json').packages,
  )) {
    const name = place.split('node_modules/').at(-1) ?? '';
    if (!place.includes('node_modules/') || link) continue;
    if (!allows(tools, license)) faults.push(`${name}: licence ${license} is not on the list of docs/dependencies.md.`);
    // Named in docs/dependencies.md.
    if (hasInstallScript && name !== 'esbuild') faults.push(`${name} has an install script.`);
  }
  if (!/^ignore-scripts=true$/m.test(readFileSync(join(path, '.npmrc'), 'utf8')))
    faults.push(`${folder}/.npmrc does not say ignore-scripts=true.`);
  return faults;
}
