/** What `--about` prints, in the shape of the Singer SDK's: MeltanoHub makes its pages from it. Works from generated JSON. */

import type { JsonSchema, JsonType } from '../settings/json-schema.ts';
import { isOpen, typesOf } from '../settings/schema.ts';

export interface About {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** The SDK's version, in a plugin that is written on it. Ours has none: the version of our own protocol layer. */
  readonly sdk_version: string;
  readonly supported_python_versions: null;
  readonly capabilities: readonly string[];
  readonly settings: JsonSchema;
}

export type AboutFormat = 'json' | 'markdown' | 'text';

/** `settings`: the plain JSON Schema of schema.ts. */
export function aboutOf(plugin: {
  name: string;
  description: string;
  version: string;
  capabilities: readonly string[];
  settings: JsonSchema;
}): About {
  return {
    name: plugin.name,
    description: plugin.description,
    version: plugin.version,
    sdk_version: plugin.version,
    supported_python_versions: null,
    capabilities: plugin.capabilities,
    settings: sdkSettings(plugin.settings),
  };
}

/** The SDK's dialect: `type` is always a list, and an optional setting may be null. */
function sdkSettings(json: JsonSchema): JsonSchema {
  const required = new Set(Array.isArray(json['required']) ? (json['required'] as string[]) : []);
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(json.properties ?? {}).map(([name, property]) => [
        name,
        sdkProperty(property, !required.has(name)),
      ]),
    ),
    required: [...required],
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  };
}

/** What forms and editors alone make use of. */
const notTold = [
  'anyOf',
  'oneOf',
  'type',
  'required',
  'properties',
  'list',
  'multiline',
  'pattern_descriptor',
  'propertyNames',
];

/**
 * One type each, the first of several, and the parts of all alternatives together: the Hub's tool knows no unions. Nothing is
 * required within a group that may be left out. Labels name their group, so that no two are alike.
 */
function sdkProperty(property: JsonSchema, optional: boolean, group?: string): JsonSchema {
  const [first] = [...typesOf(property)].filter((type) => type !== 'null');
  const types: JsonType[] = [...(first === undefined ? [] : [first]), ...(optional ? (['null'] as const) : [])];
  const inner = objectAlternatives(property);
  const own = property['title'] as string | undefined;
  const title = group === undefined ? own : `${group}: ${own ?? 'Type'}`;
  const told = Object.fromEntries(
    Object.entries({ ...inner[0], ...property }).filter(([key]) => !notTold.includes(key)),
  );
  const parts = Object.assign({}, ...inner.map((each) => each.properties ?? {})) as Record<string, JsonSchema>;
  // A setting that holds anything under one of its parts is set as a whole.
  const properties = Object.values(parts).some(isOpen) ? {} : parts;
  const required = optional || inner.length !== 1 ? [] : ((inner[0]?.['required'] as string[] | undefined) ?? []);
  return {
    ...(types.length > 0 && { type: types }),
    ...told,
    ...(title !== undefined && { title }),
    ...(Object.keys(properties).length > 0 && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, part]) => {
          const constants = inner.flatMap((each) => each.properties?.[name]?.['const'] ?? []);
          const one = constants.length > 1 ? choiceOf(part, constants) : part;
          return [name, sdkProperty(one, !required.includes(name), title)];
        }),
      ),
    }),
    ...(required.length > 0 && { required }),
  };
}

const choiceOf = (part: JsonSchema, values: unknown[]): JsonSchema => ({ ...part, const: undefined, enum: values });

function objectAlternatives(property: JsonSchema): JsonSchema[] {
  const unions = [property['anyOf'], property['oneOf']].flatMap((list) =>
    Array.isArray(list) ? (list as JsonSchema[]) : [],
  );
  return [property, ...unions].filter(({ type }) => type !== 'null' && type !== undefined);
}

/** A source file that holds all three forms as finished texts: `--about` only has to print one of them. */
export function aboutTexts(about: About): string {
  const formats: readonly AboutFormat[] = ['json', 'markdown', 'text'];
  const texts = Object.fromEntries(formats.map((format) => [format, renderAbout(about, format)]));
  return `export const texts = ${JSON.stringify(texts, null, 2)};\n`;
}

export function renderAbout(about: About, format: AboutFormat): string {
  if (format === 'json') return JSON.stringify(about, null, 2);
  return format === 'markdown' ? markdown(about) : text(about);
}

function text(about: About): string {
  const rows = settingRows(about).map(
    ({ name, required, fallback }) =>
      `  ${name}${required ? ' (required)' : ''}${fallback === '' ? '' : ` [${fallback}]`}`,
  );
  return [
    `${about.name} v${about.version}`,
    about.description,
    '',
    `Capabilities: ${about.capabilities.join(', ')}`,
    '',
    'Settings:',
    ...rows,
  ].join('\n');
}

function markdown(about: About): string {
  return [
    `# \`${about.name}\``,
    '',
    about.description,
    '',
    '## Capabilities',
    '',
    ...about.capabilities.map((capability) => `* \`${capability}\``),
    '',
    '## Settings',
    '',
    settingsTable(about.settings),
  ].join('\n');
}

/** Settings as a Markdown table, as in the Singer SDK's `--about --format markdown`. */
export function settingsTable(settings: JsonSchema): string {
  const rows = settingRows({ settings }).map(
    ({ name, required, fallback, description }) =>
      `| ${name} | ${required ? 'True' : 'False'} | ${fallback === '' ? 'None' : `\`${cell(fallback)}\``} | ${cell(description)} |`,
  );
  return [
    '| Setting | Required | Default | Description |',
    '|:--------|:--------:|:-------:|:------------|',
    ...rows,
  ].join('\n');
}

function settingRows({ settings }: { settings: JsonSchema }) {
  const required = Array.isArray(settings['required']) ? (settings['required'] as string[]) : [];
  return Object.entries(settings.properties ?? {}).map(([name, property]) => ({
    name,
    required: required.includes(name),
    fallback: property['default'] === undefined ? '' : JSON.stringify(property['default']),
    description: [property['title'], property.description].filter((part) => typeof part === 'string').join(': '),
  }));
}

function cell(value: string): string {
  return value.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
