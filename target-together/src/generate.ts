/** Generated files of this half: path in the repository → content. `npm run generate` writes them, `generate:check` compares. */

import { readFileSync } from 'node:fs';
import { aboutOf, aboutTexts } from '@ukg-together/kit/command/about';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { listForm } from '@ukg-together/kit/settings/schema';
import { settingsJsonSchema } from '@ukg-together/kit/settings/to-json-schema';
import { specMessage } from '@ukg-together/protocol/airbyte/spec';
import packageJson from '../package.json' with { type: 'json' };
import { scheduleSources } from './cli/init/schedules.ts';
import { presets } from './mapping/rules/presets.ts';
import { generated as mappingFiles } from './mapping/tools/schemas.ts';
import { generated as verificationFiles } from './model/fields/verification.ts';
import { generated as summaryFiles } from './model/run-summary.ts';
import { userFields, valueTypes } from './model/user-fields.ts';
import { planFileSchema } from './plan/file/format.ts';
import { airbyteForm, destinationSyncModes } from './settings/airbyte-form.ts';
import { Settings } from './settings/settings.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export const capabilities = [
  'about',
  'stream-maps',
  'schema-flattening',
  'activate-version',
  'structured-logging',
  'validate-records',
];

/** What `--about` prints. */
export const about = () =>
  aboutOf({
    name: packageJson.name,
    description: packageJson.description,
    version: packageJson.version,
    capabilities,
    settings: settingsJsonSchema(Settings),
  });

export function generated(): Record<string, string> {
  const settings = settingsJsonSchema(Settings);
  return {
    'target-together/src/generated/settings.json': json(settings),
    'target-together/src/generated/about.ts': aboutTexts(about()),
    'target-together/src/generated/spec.ts': `export const spec = ${JSON.stringify(airbyteSpec(settings))};\n`,
    'target-together/src/generated/deploy.ts': deployTexts(),
    'catalog/plan.schema.json': json(planFileSchema()),
    ...summaryFiles(),
    ...verificationFiles(),
    ...mappingFiles(),
  };
}

/** The files of deploy/ from which `init` makes those of one machine. */
function deployTexts(): string {
  const text = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
  return `export const texts = ${json(Object.fromEntries(scheduleSources.map((name) => [name, text(name)])))};`;
}

/** The settings, with what a form can choose from: presets, fields of Together, types. */
function withChoices(settings: JsonSchema): JsonSchema {
  const copy = structuredClone(settings);
  const { mapping, hris_fields } = copy.properties ?? {};
  const { preset, fields } = mapping?.properties ?? {};
  if (preset) preset['enum'] = ['none', ...presets.map(({ name }) => name)];
  for (const list of [fields, hris_fields]) {
    const { field, type } = (list && listForm(list)?.entry.properties) ?? {};
    if (field) field['enum'] = userFields.map(({ name }) => name);
    if (type) type['enum'] = [...valueTypes];
  }
  return copy;
}

const airbyteSpec = (settings: JsonSchema) =>
  specMessage({
    settings: withChoices(settings),
    form: airbyteForm,
    documentationUrl: 'https://github.com/ukg-together/ukg-together/blob/main/docs/airbyte/destination-together.md',
    destinationSyncModes,
  });
