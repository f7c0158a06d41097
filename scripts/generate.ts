/**
 * `npm run generate`: writes everything that follows from the schemas and the data (catalogs, settings tables, samples, Meltano's
 * definitions, generated sources). `npm run generate:check` writes nothing and fails where a file on disk differs from what would be written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tap from '../tap-ukg-pro/src/generate.ts';
import * as target from '../target-together/src/generate.ts';
import { apiPage } from './api-docs.ts';
import { decisionsTable } from './decisions-index.ts';
import { editorSchema } from './editor-schema.ts';
import { type AboutPlugin, meltanoFiles } from './meltano-hub.ts';
import { type SettingsSchema, sampleSettings, settingsTable } from './settings-docs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** Every half says what follows from it: whole files, settings tables for docs/settings.md, its section of the sample. */
const files: Record<string, string> = { ...tap.generated(), ...target.generated() };

const halves = ['tap-ukg-pro', 'target-together'] as const;
const settings = (name: string) => JSON.parse(files[`${name}/src/generated/settings.json`] ?? '') as SettingsSchema;

const settingsSchema = editorSchema(Object.fromEntries(halves.map((name) => [name, settings(name)])));
files['catalog/settings.schema.json'] = `${JSON.stringify(settingsSchema, null, 2)}\n`;
const sections = Object.fromEntries(halves.map((name) => [name, sampleSettings(name, settings(name))]));
files['config.sample.json'] = `${JSON.stringify({ $schema: settingsSchema['$id'], ...sections }, null, 2)}\n`;

Object.assign(
  files,
  meltanoFiles({
    'tap-ukg-pro': tap.about() as unknown as AboutPlugin,
    'target-together': target.about() as unknown as AboutPlugin,
  }),
);

/** Puts a table where a page has a place for it. */
function fill(page: string, place: string, table: string): void {
  const text = files[page] ?? readFileSync(join(root, page), 'utf8');
  const between = new RegExp(`(<!-- generated:${place} -->\n)[^]*?(<!-- /generated -->)`);
  if (!between.test(text)) throw new Error(`${page} has no place for ${place}`);
  files[page] = text.replace(between, (_all, open: string, close: string) => `${open}\n${table}\n\n${close}`);
}
for (const name of halves) fill('docs/settings.md', `settings:${name}`, settingsTable(settings(name)));
fill('docs/airbyte/source-ukg-pro.md', 'streams', tap.airbyteStreams());
fill('docs/decisions/README.md', 'decisions', decisionsTable(join(root, 'docs/decisions')));

const packages = {
  kit: 'What every command-line program of this repository stands on: errors, time, lines, log, settings, secrets. It knows neither protocol nor half.',
  protocol: 'Singer and Airbyte: neutral events, and an adapter for each protocol that reads and writes them.',
  transport:
    'All outbound HTTP: one request function, one retry loop, one rate limiter, and the Redis that several machines share.',
};
for (const [name, about] of Object.entries(packages)) files[`docs/api/${name}.md`] = apiPage(root, name, about);

let stale = 0;
for (const [path, content] of Object.entries(files)) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
  if (check) {
    stale++;
    console.error(`${path} is not what "npm run generate" would write`);
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`wrote ${path}`);
}
if (stale > 0) process.exitCode = 1;
