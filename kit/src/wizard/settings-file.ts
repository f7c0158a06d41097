/** One half's section of a settings file, filled in answer by answer. */
import { existsSync } from 'node:fs';
import { ConnectorError, repositoryUrl, said } from '../error.ts';
import { putFile } from '../files/put-file.ts';
import { isObject, readJsonFile } from '../lines/json.ts';

/** Editors check and complete settings files by it. */
export const settingsSchemaUrl = `${repositoryUrl.replace('github.com', 'raw.githubusercontent.com')}/main/catalog/settings.schema.json`;

export interface SettingsFile {
  get(key: string): unknown;
  /** A text or number that the file has. */
  text(key: string): string | undefined;
  /** Written at once; undefined takes the setting away. */
  set(key: string, value: unknown): Promise<void>;
}

export async function openSettingsFile(path: string, name: string): Promise<SettingsFile> {
  const whole = async (): Promise<Record<string, unknown>> => {
    const json = existsSync(path) ? await readJsonFile(path, 'The settings file') : {};
    if (!isObject(json)) throw new ConnectorError('settings', said`The settings file ${path} is no JSON object.`);
    const { $schema: _, ...rest } = json;
    const flat = Object.entries(rest).find(([, value]) => !isObject(value));
    if (flat === undefined) return rest;
    throw new ConnectorError(
      'settings',
      said`The settings file ${path} holds settings outside of a section: ${flat[0]}.`,
      {
        hint: `Put them under "${name}", as config.sample.json shows, or name another file with --config.`,
      },
    );
  };
  const section = async () => {
    const own = (await whole())[name];
    return isObject(own) ? own : {};
  };
  let known = await section();
  return {
    get: (key) => known[key],
    text: (key) => (['string', 'number'].includes(typeof known[key]) ? String(known[key]) : undefined),
    async set(key, value) {
      // Read anew: the other half writes into the same file.
      known = { ...(await section()), [key]: value };
      const text = JSON.stringify({ $schema: settingsSchemaUrl, ...(await whole()), [name]: known }, null, 2);
      putFile(path, `${text}\n`, 0o600);
    },
  };
}
