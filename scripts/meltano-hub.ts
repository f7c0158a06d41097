/**
 * The MeltanoHub definitions of both plugins and the example project's plugins, from what the executables say about themselves
 * (`--about`), so that a setting has one source. `npm run generate` writes them.
 */
import { stringify } from 'yaml';

interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly secret?: boolean;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** What `--about` says, as far as a definition needs it. */
export interface AboutPlugin {
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly settings: Schema;
}

interface Setting {
  readonly name: string;
  readonly label?: string;
  readonly kind: string;
  readonly value?: unknown;
  readonly description?: string;
  readonly options?: readonly { label: string; value: string }[];
  readonly sensitive?: true;
}

interface Definition extends Record<string, unknown> {
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly settings: readonly Setting[];
}

const variant = 'ukg-together';

/** What the Hub's schema knows; anything else an executable can do is left out of the definition. */
const hubCapabilities = new Set([
  'properties',
  'catalog',
  'discover',
  'state',
  'about',
  'stream-maps',
  'schema-flattening',
  'activate-version',
  'batch',
  'test',
  'log-based',
  'structured-logging',
  'validate-records',
  'target-schema',
  'hard-delete',
  'soft-delete',
]);

const plugins = [
  {
    name: 'tap-ukg-pro',
    type: 'extractors',
    label: 'UKG Pro',
    logo_url: '/assets/logos/extractors/ukg-pro.png',
    domain_url: 'https://www.ukg.com',
    keywords: ['hris', 'hr', 'employees'],
    select: ['employees.*'],
    valid: (required: readonly string[]) => [[...required]],
    next_steps:
      'Try the credentials and the rights first: `meltano invoke tap-ukg-pro doctor --config …`, or `meltano config test tap-ukg-pro`.',
  },
  {
    name: 'target-together',
    type: 'loaders',
    label: 'Together',
    logo_url: '/assets/logos/loaders/together.png',
    domain_url: 'https://www.togetherplatform.com',
    keywords: ['hris', 'hr', 'mentoring', 'reverse etl'],
    select: undefined,
    // Where the data lives has no default: a region, or a URL of one's own.
    valid: (required: readonly string[]) => ['region', 'api_url'].map((where) => [where, ...required]),
    next_steps:
      'See what the first run would do before it does it: `meltano invoke tap-ukg-pro > people.singer`, then `meltano invoke target-together plan --input people.singer …`.',
  },
] as const;

/** The one schema behind `null` or several alternatives; their properties together. */
function plain(schema: Schema): Schema {
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter((option) => option.type !== 'null');
  if (options.length === 0) return schema;
  const properties = Object.assign({}, ...options.map((option) => plain(option).properties ?? {})) as Record<
    string,
    Schema
  >;
  const constants = options.flatMap((option) => (option.const === undefined ? [] : [option.const]));
  return {
    ...options[0],
    ...schema,
    ...(schema.type === undefined && options[0]?.type !== undefined ? { type: options[0].type } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(constants.length === options.length ? { enum: constants } : {}),
  };
}

const typesOf = (schema: Schema): readonly string[] => [schema.type ?? []].flat().filter((type) => type !== 'null');

function kindOf(schema: Schema): string {
  if (schema.secret === true) return 'password';
  if (schema.enum?.every((value) => typeof value === 'string')) return 'options';
  if (schema.format === 'date-time' || schema.format === 'date') return 'date_iso8601';
  const [type] = typesOf(schema);
  if (type === 'number') return 'decimal';
  return type === 'integer' || type === 'boolean' || type === 'array' || type === 'object' ? type : 'string';
}

const titleCase = (text: string): string =>
  text.replace(/[_-]/g, ' ').replace(/\b[a-z]/g, (first) => first.toUpperCase());

/** A setting with named parts becomes one setting for each part (`guards.max_changed.count`), so that a secret part is marked. */
function settingsOf(schema: Schema, path: readonly string[] = []): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, raw]) => {
    const part = plain(raw);
    const name = [...path, key];
    if (part.properties !== undefined) return settingsOf(part, name);
    const kind = kindOf(part);
    const scalar = ['string', 'number', 'boolean'].includes(typeof raw.default);
    return [
      {
        name: name.join('.'),
        ...(part.title === undefined ? {} : { label: part.title }),
        kind,
        ...(path.length === 0 && scalar ? { value: raw.default } : {}),
        ...(part.description === undefined ? {} : { description: part.description }),
        ...(kind === 'options'
          ? { options: (part.enum ?? []).map((value) => ({ label: titleCase(String(value)), value: String(value) })) }
          : {}),
        ...(part.secret === true ? { sensitive: true as const } : {}),
      },
    ];
  });
}

function definitionOf(plugin: (typeof plugins)[number], about: AboutPlugin): Definition {
  return {
    name: plugin.name,
    variant,
    namespace: plugin.name.replaceAll('-', '_'),
    label: plugin.label,
    description: about.description,
    pip_url: plugin.name,
    executable: plugin.name,
    domain_url: plugin.domain_url,
    logo_url: plugin.logo_url,
    repo: 'https://github.com/ukg-together/ukg-together',
    keywords: [...plugin.keywords],
    maintenance_status: 'active',
    quality: 'unknown',
    capabilities: about.capabilities.filter((capability) => hubCapabilities.has(capability)),
    ...(about.capabilities.includes('structured-logging') ? { log_parser: 'singer-sdk' } : {}),
    ...(plugin.select === undefined ? {} : { select: [...plugin.select] }),
    settings_group_validation: plugin.valid(about.settings.required ?? []),
    settings: settingsOf(about.settings),
    next_steps: plugin.next_steps,
  };
}

const note = '# Generated by `npm run generate` from the settings; change those, not this file.\n';

const yaml = (value: unknown, head: string): string => `${head}${stringify(value, { lineWidth: 120 })}`;

/** As the Hub's linter wants it: keys, settings and capabilities in order, lists not indented. */
const hubYaml = ({ settings, capabilities, ...rest }: Definition): string => {
  const groups = rest['settings_group_validation'] as readonly (readonly string[])[];
  const sorted = {
    ...rest,
    capabilities: [...capabilities].sort(),
    settings: [...settings].sort((a, b) => (a.name < b.name ? -1 : 1)),
    settings_group_validation: groups.map((group) => [...group].sort()),
  };
  return `${note}${stringify(sorted, { lineWidth: 120, sortMapEntries: true, indentSeq: false })}`;
};

/** What a pull request to the Hub adds to its list of maintainers. */
const maintainer = { [variant]: { label: variant, name: variant, url: 'https://github.com/ukg-together' } };

/** What Meltano's own schema of a project does not know, though the Hub's does. */
const hubOnly = new Set(['validate-records', 'target-schema']);

/** A plugin as a Meltano project spells it, run from the repository's own build. */
function inProject(definition: Definition): Record<string, unknown> {
  const { name, namespace, label, settings, settings_group_validation, select } = definition;
  const capabilities = definition.capabilities.filter((capability) => !hubOnly.has(capability));
  return {
    name,
    namespace,
    label,
    executable: `../../node_modules/.bin/${name}`,
    capabilities,
    ...(select === undefined ? {} : { select }),
    settings_group_validation,
    settings,
  };
}

/** What `init` writes of a plugin into a project of its own: all but its executable and its configuration. */
export function projectPlugin(name: (typeof plugins)[number]['name'], about: AboutPlugin): string {
  const plugin = plugins.find((one) => one.name === name) as (typeof plugins)[number];
  const { name: _, executable: __, select: ___, ...rest } = inProject(definitionOf(plugin, about));
  return stringify(rest, { lineWidth: 120 });
}

/** Path in the repository → content. */
export function meltanoFiles(abouts: Record<(typeof plugins)[number]['name'], AboutPlugin>): Record<string, string> {
  const [tapPlugin, targetPlugin] = plugins;
  const tap = definitionOf(tapPlugin, abouts[tapPlugin.name]);
  const target = definitionOf(targetPlugin, abouts[targetPlugin.name]);
  const project = {
    default_environment: 'dev',
    send_anonymous_usage_stats: false,
    environments: [{ name: 'dev' }, { name: 'prod' }],
    plugins: {
      extractors: [inProject(tap)],
      loaders: [inProject(target)],
      mappers: [
        {
          name: 'meltano-map-transformer',
          namespace: 'meltano_map_transformer',
          pip_url: 'meltano-map-transform',
          executable: 'meltano-map-transform',
          mappings: [
            {
              // An example of a mapper between the halves: one more column for a custom field.
              name: 'add-management-area',
              config: { stream_maps: { employees: { managementArea: "orgLevel1Description or 'none'" } } },
            },
          ],
        },
      ],
    },
    jobs: [{ name: 'nightly', tasks: ['tap-ukg-pro target-together'] }],
    schedules: [{ name: 'every-night', interval: '0 3 * * *', job: 'nightly' }],
  };
  return {
    [`meltano/hub/extractors/tap-ukg-pro/${variant}.yml`]: hubYaml(tap),
    [`meltano/hub/loaders/target-together/${variant}.yml`]: hubYaml(target),
    'meltano/hub/maintainers.yml': yaml(maintainer, note),
    'meltano/example/meltano.yml': yaml(project, note),
  };
}
