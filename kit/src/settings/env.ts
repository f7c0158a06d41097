/** Settings from the environment and from `.env`, as the Singer SDK reads them. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, errorCode, errorText, said } from '../error.ts';
import { foreignPath } from '../files/foreign.ts';
import type { Environment } from '../text/environment.ts';
import type { JsonSchema } from './json-schema.ts';
import { declaredProperties, isSecret, typesOf } from './schema.ts';

type Settings = Record<string, unknown>;

/**
 * The settings that the environment names: `TAP_UKG_PRO_PAGE_SIZE`, nested ones with `__`
 * (`TARGET_TOGETHER_GUARDS__MAX_VANISHED__COUNT`) or, as Meltano writes them, with `_`. An empty variable is unset.
 * Secrets may also come as `…_FILE`, the path of a file that holds them.
 */
export function settingsFromEnv(json: JsonSchema, prefix: string, env: Environment): Settings {
  return fromVariables(json, [`${prefix}_`], env);
}

function fromVariables(json: JsonSchema, prefixes: readonly string[], env: Environment): Settings {
  const settings: Settings = {};
  for (const [name, schema] of Object.entries(declaredProperties(json) ?? {})) {
    const variables = prefixes.map((prefix) => prefix + name.toUpperCase());
    const text = variables.map((variable) => env[variable]).find(Boolean);
    const file = variables.map((variable) => env[`${variable}_FILE`]).find(Boolean);
    if (text !== undefined) settings[name] = castText(text, schema);
    else if (file !== undefined && isSecret(schema)) settings[name] = `file:${file}`;
    else if (declaredProperties(schema) !== undefined) {
      const inner = fromVariables(
        schema,
        variables.flatMap((variable) => [`${variable}__`, `${variable}_`]),
        env,
      );
      if (Object.keys(inner).length > 0) settings[name] = inner;
    }
  }
  return settings;
}

const yes = new Set(['true', '1', 'yes', 'on']);
const no = new Set(['false', '0', 'no', 'off']);

/** A variable's text as the type that the setting has. What fits no type stays text, for validation to name. */
export function castText(text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  const trimmed = text.trim();
  if (types.has('null') && trimmed === 'null') return null;
  if ((types.has('integer') || types.has('number')) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed))
    return Number(trimmed);
  if (types.has('boolean')) {
    const word = trimmed.toLowerCase();
    if (yes.has(word)) return true;
    if (no.has(word)) return false;
  }
  const first = trimmed[0];
  if ((types.has('object') && first === '{') || (types.has('array') && first === '[')) {
    try {
      return JSON.parse(trimmed);
    } catch {
      return text;
    }
  }
  // `a,b,c` for a list: deprecated in the SDK, and what people type.
  if (types.has('array') && !types.has('string')) return trimmed.split(',').map((item) => item.trim());
  return text;
}

/**
 * The `.env` of `folder`, parsed; without a path and empty where there is none. Folders above are not looked into: they may be
 * anyone's. Throws ConnectorError 'settings' for one that another person may have written.
 */
export async function readDotEnv(folder: string): Promise<{ path?: string; variables: Record<string, string> }> {
  const path = join(folder, '.env');
  const stats = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  // A virtual environment of Python is often called so, too.
  if (stats === undefined || stats.isDirectory()) return { variables: {} };
  // Before it is opened: another person's pipe would never end. One's own may be a password manager's.
  const places = [
    [folder, foreignPath(folder)],
    [path, foreignPath(path)],
  ] as const;
  for (const [place, why] of places) {
    if (why === undefined) continue;
    throw new ConnectorError('settings', said`${path} is not read: ${place} ${why}.`, {
      hint: `Settings out of it decide where data goes. If it is yours: chown it to this user, chmod go-w ${place}.`,
    });
  }
  try {
    return { path, variables: parseDotEnv(await readFile(path, 'utf8')) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

export const unreadable = (path: string, error: unknown): ConnectorError =>
  new ConnectorError('settings', said`${path} can't be read: ${errorText(error)}.`);

/** `KEY=value` lines: `export`, quotes, comments, values over several lines in double quotes. */
export function parseDotEnv(text: string): Record<string, string> {
  const line =
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^\r\n]*))/gm;
  const found: Record<string, string> = {};
  for (const [, key, single, double, bare] of text.replace(/^\ufeff/, '').matchAll(line)) {
    const unescaped = double?.replace(/\\([nrt"\\$])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? c);
    found[key as string] = single ?? unescaped ?? (bare ?? '').replace(/(^|\s)#.*$/, '').trim();
  }
  return found;
}
