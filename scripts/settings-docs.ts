/** What follows from a settings schema for people: the README's table, and a section of the sample. */

interface Setting {
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly examples?: readonly unknown[];
}
export interface SettingsSchema {
  readonly properties: Record<string, Setting>;
  readonly required?: readonly string[];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** `| setting | default | meaning |`, in the schema's order. */
export function settingsTable({ properties, required = [] }: SettingsSchema): string {
  const rows = Object.entries(properties).map(([name, setting]) => {
    const value = required.includes(name)
      ? '**required**'
      : setting.default === undefined || setting.default === null
        ? ''
        : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${name}\`${setting.secret ? ' 🔒' : ''} | ${cell(value)} | ${cell(setting.description ?? '')} |`;
  });
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** Placeholders that say what belongs there. */
const placeholders: Readonly<Record<string, unknown>> = {
  base_url: 'https://servicet.ultipro.com',
  username: 'TogetherIntegration',
  region: 'us',
  organization_id: 'as supplied by Together',
  client_id: 'as supplied by Together',
};

/** What must be set, and what has an example; a secret is a reference to the environment, never a value. */
export function sampleSettings(name: string, { properties, required = [] }: SettingsSchema): Record<string, unknown> {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, setting]) => {
      if (setting.secret && required.includes(key)) return [[key, `env:${prefix}_${key.toUpperCase()}`]];
      if (key in placeholders) return [[key, placeholders[key]]];
      return setting.secret || setting.examples === undefined ? [] : [[key, setting.examples[0]]];
    }),
  );
}
