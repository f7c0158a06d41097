/** What a settings file's place says: from where its relative paths count, and who can read or change it. */
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isObject } from '../lines/json.ts';
import { isReference, isStoreReference } from '../secrets/resolve.ts';
import { pathText, valueAt } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import { secretPaths } from './schema.ts';

type Raw = Record<string, unknown>;

/** By name, the settings of the first level that hold a path, and which of their texts are one. */
export type PathSettings = Readonly<Record<string, (text: string) => boolean>>;

/** Meltano writes its settings files anew for each run, with rights of its own: no one can act on what is said of them. */
const ofMeltano = /[\\/]\.meltano[\\/]run[\\/]/;

/**
 * The folder that relative paths in a settings file count from; undefined for files that no person wrote there (a pipe, a
 * runner's), whose relative paths are faults.
 */
export function baseOf(path: string): string | undefined {
  const whole = resolve(path);
  return ofMeltano.test(whole) || /^\/(dev|proc)\//.test(whole) ? undefined : dirname(whole);
}

/** Makes relative paths absolute, in place: of files that hold secrets (`file:`, `…_file`) and of `paths`. */
export function fromFolder(
  section: Raw,
  json: JsonSchema,
  paths: PathSettings,
  base: (path: readonly string[]) => string | undefined,
): void {
  const put = (path: readonly string[], change: (text: string, folder: string) => string | undefined) => {
    const dotted = path.join('.');
    const [parent, key] = Object.hasOwn(section, dotted)
      ? [section, dotted]
      : [valueAt(section, path.slice(0, -1)), path.at(-1) as string];
    const text = isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
    const folder = base(path);
    if (typeof text !== 'string' || text === '' || folder === undefined) return;
    (parent as Raw)[key] = change(text, folder) ?? text;
  };
  const inside = (text: string, folder: string) => (isAbsolute(text) ? text : resolve(folder, text));
  for (const path of secretPaths(json)) {
    put(path, (text, folder) => (text.startsWith('file:') ? `file:${inside(text.slice(5), folder)}` : undefined));
    put([...path.slice(0, -1), `${path.at(-1)}_file`], inside);
  }
  for (const [name, isPath] of Object.entries(paths))
    put([name], (text, folder) => (isPath(text) && !isStoreReference(text) ? inside(text, folder) : undefined));
}

/** Warns of what others can read or change. `ofPlatform`: it was written by the platform, whose users are none of this machine's. */
export async function warnOfRights(
  path: string,
  section: Raw,
  json: JsonSchema,
  { ofPlatform = false, warn }: { readonly ofPlatform?: boolean | undefined; readonly warn: (message: string) => void },
): Promise<void> {
  if (process.platform === 'win32' || ofMeltano.test(resolve(path))) return;
  const { mode } = await stat(path);
  if ((mode & 0o002) !== 0)
    warn(`Every user of this machine can change ${path}, and so where people's data is sent: chmod go-w ${path}`);
  if ((mode & 0o004) === 0 || ofPlatform) return;
  const plain = secretPaths(json).filter((secret) => {
    const value = valueAt(section, secret);
    return typeof value === 'string' && value !== '' && !isReference(value);
  });
  if (plain.length === 0) return;
  warn(
    `Every user of this machine can read the secrets in ${path} (${plain.map(pathText).join(', ')}): chmod 600 ${path}`,
  );
}
