/** Settings from files, the environment and secret stores: one object, every fault at once, by path. */
import { dirname } from 'node:path';
import type { z } from 'zod';
import { ConnectorError, said } from '../error.ts';
import { isObject, readJsonFile } from '../lines/json.ts';
import type { Logger } from '../log/log.ts';
import type { Redactor } from '../log/redact.ts';
import { isReference, isStoreReference, resolveSecret } from '../secrets/resolve.ts';
import type { SecretDeps } from '../secrets/secret-deps.ts';
import { type Environment, envPrefix } from '../text/environment.ts';
import { readDotEnv, settingsFromEnv } from './env.ts';
import { type Fault, faultsOf, pathText, unknownKeys, valueAt } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import { declaredProperties, secretPaths } from './schema.ts';
import { baseOf, fromFolder, type PathSettings, warnOfRights } from './source-files.ts';
import { asDescribed } from './written.ts';

export type { Fault } from './faults.ts';

export interface SettingsOptions<T> {
  /** Paths; later ones win, key by key at the top level. The word `ENV` among them reads the environment, which wins over all. */
  readonly files: readonly string[];
  readonly env: Environment;
  readonly name: 'tap-ukg-pro' | 'target-together';
  readonly schema: z.ZodType<T>;
  /** The schema's JSON form (schema.ts, or generated): for casts, secrets and unknown keys. */
  readonly json: JsonSchema;
  readonly log?: Pick<Logger, 'info' | 'warn'>;
  /** Learns every secret. */
  readonly redactor?: Redactor;
  readonly secrets?: Omit<SecretDeps, 'env'>;
  /** What the schema can't see, to be reported beside its faults. Asked only where there are some; given what is right, not yet parsed. */
  readonly alsoWrong?: (valid: Readonly<Record<string, unknown>>) => Promise<readonly Fault[]>;
  /** Where `.env` is looked for; default: the working directory. */
  readonly folder?: string;
  readonly paths?: PathSettings;
  /**
   * A platform writes the settings file (Airbyte), and the person who fills it in need not be one who may run commands or read files where
   * the connector runs: `exec:` and `file:` are faults unless ALLOW_SECRET_EXEC, ALLOW_SECRET_FILE allow them.
   */
  readonly ofPlatform?: boolean;
}

type Raw = Record<string, unknown>;

/**
 * Reads, merges, resolves secrets, validates. Throws ConnectorError 'settings' that lists every fault; a secret store that
 * refuses or can't be reached throws its own kind.
 */
export async function loadSettings<T>(options: SettingsOptions<T>): Promise<T> {
  const { files, name, json, log, paths: pathSettings = {}, ofPlatform } = options;
  const warn = (message: string) => log?.warn(message);
  const paths = files.filter((file) => file !== 'ENV');
  const useEnv = paths.length < files.length;
  const merged: Raw = {};
  for (const path of paths) {
    const section = ownSection(await readJsonFile(path, 'The settings file'), name, path);
    await warnOfRights(path, section, json, { ofPlatform, warn });
    fromFolder(section, json, pathSettings, () => (ofPlatform ? undefined : baseOf(path)));
    Object.assign(merged, section);
  }
  // A reference such as env:UKG_PASSWORD may mean a variable of .env, whether or not settings are read from there.
  const asksDotEnv = useEnv || (!ofPlatform && namesUnset(merged, options.env));
  const dotEnv = asksDotEnv ? await readDotEnv(options.folder ?? process.cwd()) : { variables: {} };
  const env = { ...dotEnv.variables, ...options.env };
  if (!useEnv && dotEnv.path !== undefined)
    await warnOfRights(dotEnv.path, secretsBehind(merged, json, dotEnv.variables), json, { warn });
  if (useEnv) {
    const fromEnv = settingsFromEnv(json, envPrefix(name), env);
    if (dotEnv.path !== undefined) await takeDotEnv(options, dotEnv.path, dotEnv.variables, fromEnv);
    Object.assign(merged, fromEnv);
  }
  const faults: Fault[] = [];
  const settings = asDescribed(nestDotted(merged, json), json, faults);
  faults.push(
    ...(await resolveReferences(settings, json, { ...options.secrets, env, ofPlatform: ofPlatform ?? false })),
  );
  for (const message of unknownKeys(withoutFileKeys(settings, json), json)) warn(message);

  const unresolved = new Set(faults.map(({ path }) => path));
  const parsed = options.schema.safeParse(settings);
  for (const path of secretPaths(json)) {
    const secret = valueAt(settings, path);
    // A reference that could not be resolved is no secret, and the fault has to name it.
    if (typeof secret === 'string' && !unresolved.has(pathText(path))) options.redactor?.add(secret);
  }
  if (!parsed.success) {
    faults.push(...faultsOf(parsed.error.issues, settings, json).filter(({ path }) => !unresolved.has(path)));
  }
  if (faults.length > 0 || !parsed.success) {
    const valid = validOf(options.schema, settings, unresolved);
    faults.push(...((await options.alsoWrong?.(valid)) ?? []));
    throw new SettingsError(faults, startHint(options, useEnv), valid);
  }
  return parsed.data;
}

/** Settings without those at fault. Where a key is all that is wrong with one, what stands beside the key is judged too. */
function validOf(schema: z.ZodType, settings: Raw, unresolved: ReadonlySet<string>): Raw {
  const kept = structuredClone(settings);
  for (const issue of schema.safeParse(kept).error?.issues ?? []) {
    const at = issue.code === 'unrecognized_keys' ? valueAt(kept, issue.path) : undefined;
    if (issue.code === 'unrecognized_keys' && isObject(at)) for (const key of issue.keys) delete at[key];
  }
  const left = schema.safeParse(kept).error?.issues.map(({ path }) => String(path[0])) ?? [];
  const wrong = new Set([...left, ...[...unresolved].map((path) => path.split(/[.[]/)[0])]);
  return Object.fromEntries(Object.entries(kept).filter(([key]) => !wrong.has(key)));
}

/** All faults of a config. `message` lists them, one a line. */
export class SettingsError extends ConnectorError {
  readonly faults: readonly Fault[];
  /** Private, so that nothing that prints an error prints a setting. */
  readonly #valid: Raw;
  constructor(faults: readonly Fault[], hint?: string, valid: Raw = {}) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`).join('\n');
    super(
      'settings',
      faults.length === 1 ? said`A setting is wrong:\n${lines}` : said`${faults.length} settings are wrong:\n${lines}`,
      hint === undefined ? {} : { hint },
    );
    this.faults = faults;
    this.#valid = valid;
  }

  /** The settings without a fault, not yet parsed. */
  get valid(): Readonly<Raw> {
    return this.#valid;
  }
}

function startHint(
  { files, env, name }: Pick<SettingsOptions<unknown>, 'files' | 'env' | 'name'>,
  useEnv: boolean,
): string | undefined {
  if (useEnv) return undefined;
  const prefix = `${envPrefix(name)}_`;
  const inEnv = Object.keys(env).some(
    (key) => key.startsWith(prefix) && !key.startsWith(`${prefix}_`) && key !== `${prefix}LOGLEVEL`,
  );
  if (files.length > 0) return undefined;
  return inEnv
    ? `There are ${prefix}* variables: add --config ENV to use them.`
    : 'Give a settings file with --config FILE; config.sample.json shows one.';
}

/** A file may hold both halves; one that holds only the other half's section says nothing to this one. `$schema` is for editors. */
function ownSection(value: unknown, name: string, path: string): Raw {
  if (!isObject(value)) throw new ConnectorError('settings', said`The settings file ${path} is no JSON object.`);
  const sections = ['tap-ukg-pro', 'target-together'].filter((key) => isObject(value[key]));
  const own = sections.length === 0 ? value : sections.includes(name) ? (value[name] as Raw) : {};
  const { $schema: _, ...settings } = own;
  return settings;
}

/** `{"guards.max_vanished.count": 5}` means the same as nested objects. */
function nestDotted(settings: Raw, json: JsonSchema): Raw {
  const declared = declaredProperties(json) ?? {};
  const nested: Raw = {};
  for (const [key, value] of Object.entries(settings)) {
    const [first = '', ...rest] = key.split('.');
    if (
      rest.length === 0 ||
      rest.includes('__proto__') ||
      Object.hasOwn(declared, key) ||
      !Object.hasOwn(declared, first)
    ) {
      nested[key] = value;
      continue;
    }
    const parent: Raw = isObject(nested[first]) ? { ...(nested[first] as Raw) } : {};
    let at = parent;
    for (const step of rest.slice(0, -1)) at = at[step] = isObject(at[step]) ? { ...(at[step] as Raw) } : {};
    at[rest.at(-1) as string] = value;
    nested[first] = parent;
  }
  return nested;
}

/** Replaces references by values, in place: in all secrets, and in other texts where they name the environment or a store. */
async function resolveReferences(settings: Raw, json: JsonSchema, deps: SecretDeps): Promise<Fault[]> {
  const faults: Fault[] = [];
  const resolve = async (path: readonly string[], reference: string) => {
    try {
      const parent = valueAt(settings, path.slice(0, -1)) as Raw;
      parent[path.at(-1) as string] = await resolveSecret(reference, deps);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind !== 'settings') throw error;
      faults.push({ path: pathText(path), message: [error.message, error.hint].filter(Boolean).join(' ') });
    }
  };
  const secrets = secretPaths(json);
  for (const path of secrets) {
    const value = valueAt(settings, path);
    const file = valueAt(settings, [...path.slice(0, -1), `${path.at(-1)}_file`]);
    if (isReference(value)) await resolve(path, value);
    else if (value === undefined && typeof file === 'string' && file !== '') await resolve(path, `file:${file}`);
  }
  for (const [key, value] of Object.entries(settings)) {
    const isSecretToo = secrets.some((path) => path.length === 1 && path[0] === key);
    if (!isSecretToo && Object.hasOwn(declaredProperties(json) ?? {}, key) && isStoreReference(value))
      await resolve([key], value);
  }
  return faults;
}

/** Whether a reference names a variable that the environment does not have. */
const namesUnset = (settings: Raw, env: Environment): boolean =>
  [...JSON.stringify(settings).matchAll(/"env:(\w+)"/g)].some(([, variable = '']) => !env[variable]);

/** The secrets that `.env` holds, because a reference names one of its variables. */
function secretsBehind(settings: Raw, json: JsonSchema, variables: Environment): Raw {
  const secrets = secretPaths(json).flatMap(([name = '', ...inner]) => {
    const value = settings[name];
    const isNamed = inner.length === 0 && typeof value === 'string' && value.startsWith('env:');
    return isNamed && variables[value.slice(4)] ? [[name, variables[value.slice(4)]]] : [];
  });
  return Object.fromEntries(secrets) as Raw;
}

/** `password_file` is known wherever `password` is a secret. */
function withoutFileKeys(settings: Raw, json: JsonSchema): Raw {
  const files = new Set(secretPaths(json).map((path) => `${path.join('.')}_file`));
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !files.has(key)));
}

/** Says that a `.env` is used, and refuses commands in it: a folder's file is not the administrator's settings. */
async function takeDotEnv(
  { json, name, log, paths = {} }: SettingsOptions<unknown>,
  path: string,
  variables: Record<string, string>,
  fromEnv: Raw,
): Promise<void> {
  log?.info(`Settings are read from ${path} too.`);
  const own = settingsFromEnv(json, envPrefix(name), variables);
  await warnOfRights(path, own, json, { warn: (message) => log?.warn(message) });
  const commands = secretPaths(json).filter((secret) => {
    const value = valueAt(own, secret);
    return typeof value === 'string' && value.startsWith('exec:');
  });
  if (commands.length > 0) {
    const message = `is an exec: out of ${path}: commands are run out of a settings file or the environment only`;
    throw new SettingsError(commands.map((secret) => ({ path: pathText(secret), message })));
  }
  const isOwn = (at: readonly string[]) => valueAt(own, at) !== undefined && valueAt(own, at) === valueAt(fromEnv, at);
  fromFolder(fromEnv, json, paths, (at) => (isOwn(at) ? dirname(path) : undefined));
}
