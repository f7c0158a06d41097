/** What follows from a settings schema for people: the tables of docs/settings.md, and a section of the sample. */

interface Setting {
  readonly description?: string;
  readonly title?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly secret?: boolean;
  readonly examples?: readonly unknown[];
  readonly properties?: Record<string, Setting>;
  readonly required?: readonly string[];
  readonly items?: Setting;
  readonly anyOf?: readonly Setting[];
  readonly oneOf?: readonly Setting[];
}
export interface SettingsSchema {
  readonly properties: Record<string, Setting>;
  readonly required?: readonly string[];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The settings within a setting, each with its path: `guards.max_terminated.count`, `filters[].field`. */
function nested(path: string, setting: Setting): [path: string, setting: Setting, required: boolean][] {
  const within = Object.entries(setting.properties ?? {}).flatMap(([name, each]) =>
    // What tells alternatives apart (limiter.type) is said where the setting itself is described.
    each.const === undefined ? named(`${path}.${name}`, each, setting.required?.includes(name) ?? false) : [],
  );
  const alternatives = [...(setting.anyOf ?? []), ...(setting.oneOf ?? [])].flatMap((each) => nested(path, each));
  return [...within, ...alternatives, ...(setting.items === undefined ? [] : nested(`${path}[]`, setting.items))];
}

const named = (path: string, setting: Setting, required: boolean): [string, Setting, boolean][] => [
  [path, setting, required],
  ...nested(path, setting),
];

/** `| setting | default | meaning |`, in the schema's order. */
export function settingsTable({ properties, required = [] }: SettingsSchema): string {
  const all = Object.entries(properties)
    .flatMap(([name, setting]) => named(name, setting, required.includes(name)))
    .filter(([, { description, title }]) => (description ?? title) !== undefined);
  const rows = all.map(([name, setting, isRequired]) => {
    const value = isRequired
      ? '**required**'
      : setting.default === undefined || setting.default === null
        ? ''
        : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${name}\`${setting.secret ? ' 🔒' : ''} | ${cell(value)} | ${cell(setting.description ?? setting.title ?? '')} |`;
  });
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** Placeholders that say what belongs there. */
const placeholders: Readonly<Record<string, unknown>> = {
  base_url: 'https://servicet.ultipro.com',
  username: 'TogetherIntegration',
  time_zone: 'America/New_York',
  region: 'us',
  organization_id: 'as supplied by Together',
  client_id: 'as supplied by Together',
};

/** What must be set, and what is too important to be overlooked; a secret is a reference to the environment, never a value. */
export function sampleSettings(name: string, { properties, required = [] }: SettingsSchema): Record<string, unknown> {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, setting]) => {
      if (setting.secret && required.includes(key)) return [[key, `env:${prefix}_${key.toUpperCase()}`]];
      return key in placeholders ? [[key, placeholders[key]]] : [];
    }),
  );
}
