/** Generated files of this half: path in the repository → content. `npm run generate` writes them, `generate:check` compares. */
import { aboutOf, aboutTexts } from '@ukg-together/protocol/about';
import { settingsJsonSchema } from '@ukg-together/protocol/schema';
import packageJson from '../package.json' with { type: 'json' };
import { generated as mappingSchemas } from './mapping/generate.ts';
import { planFileSchema } from './plan-file.ts';
import { generated as summarySchema } from './report/model.ts';
import { Settings } from './settings.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export const capabilities = [
  'about',
  'stream-maps',
  'schema-flattening',
  'activate-version',
  'structured-logging',
  'validate-records',
];

export function generated(): Record<string, string> {
  const settings = settingsJsonSchema(Settings);
  const { description, version } = packageJson;
  return {
    'target-together/src/generated/settings.json': json(settings),
    'target-together/src/generated/about.ts': aboutTexts(
      aboutOf({ name: 'target-together', description, version, capabilities, settings }),
    ),
    'catalog/plan.schema.json': json(planFileSchema()),
    ...summarySchema(),
    ...mappingSchemas(),
  };
}
