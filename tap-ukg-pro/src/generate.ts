/** Generated files of this half: path in the repository → content. `npm run generate` writes them, `generate:check` compares. */
import { aboutOf, aboutTexts } from '@ukg-together/kit/command/about';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { settingsJsonSchema } from '@ukg-together/kit/settings/to-json-schema';
import { specMessage } from '@ukg-together/protocol/airbyte/spec';
import { discover } from '@ukg-together/protocol/singer/catalog';
import packageJson from '../package.json' with { type: 'json' };
import { buildCatalog } from './catalog/catalog.ts';
import { manifest } from './catalog/manifest.ts';
import { airbyteCatalog, catalogsReadme, catalogText, readyCatalogs } from './catalog/ready-catalogs.ts';
import { airbyteStreamsTable, streamsPage } from './catalog/streams-page.ts';
import { airbyteForm } from './settings/airbyte-form.ts';
import { settingsSchema } from './settings/settings.ts';

/** A stream to a line: Meltano reads discovery line by line and waits for ever on one of more than 64 KiB. */
const streamByStream = ({ streams }: ReturnType<typeof discover>) =>
  `{"streams":[\n${streams.map((stream) => JSON.stringify(stream)).join(',\n')}\n]}`;

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export const capabilities = [
  'catalog',
  'properties',
  'state',
  'discover',
  'about',
  'activate-version',
  'test',
  'structured-logging',
];

/** What `--about` prints. */
export const about = () =>
  aboutOf({
    name: packageJson.name,
    description: packageJson.description,
    version: packageJson.version,
    capabilities,
    settings: settingsJsonSchema(settingsSchema),
  });

export function generated(): Record<string, string> {
  const settings = settingsJsonSchema(settingsSchema);
  const { definitions, offered } = buildCatalog();
  const discovered = discover(offered);
  const ready = readyCatalogs(definitions);
  return {
    'tap-ukg-pro/src/generated/settings.json': json(settings),
    'tap-ukg-pro/src/generated/about.ts': aboutTexts(about()),
    // As one string: the engine only has to skip it, and --discover only has to print it.
    'tap-ukg-pro/src/generated/discover.ts': `export const text = ${JSON.stringify(streamByStream(discovered))};\n`,
    'tap-ukg-pro/src/generated/spec.ts': `export const spec = ${JSON.stringify(airbyteSpec(settings))};\n`,
    'catalog/ukg-pro.singer.json': catalogText(discovered),
    'catalog/ukg-pro.airbyte.json': json(airbyteCatalog(definitions)),
    ...Object.fromEntries(ready.map(({ name, catalog }) => [`catalog/ukg-pro.${name}.json`, catalogText(catalog)])),
    'catalog/README.md': catalogsReadme(ready),
    'docs/streams.md': streamsPage(definitions),
  };
}

/** For Airbyte Cloud's Connector Builder. */
export const builderManifest = (): unknown => {
  const { spec } = airbyteSpec(settingsJsonSchema(settingsSchema)) as unknown as {
    spec: { connectionSpecification: JsonSchema };
  };
  return manifest(spec.connectionSpecification);
};

/** For the page in Airbyte's form. */
export const airbyteStreams = (): string => airbyteStreamsTable(buildCatalog().definitions);

const airbyteSpec = (settings: JsonSchema) =>
  specMessage({
    settings,
    form: airbyteForm,
    documentationUrl: 'https://github.com/ukg-together/ukg-together/blob/main/docs/airbyte/source-ukg-pro.md',
  });
