/** What Airbyte asks of a connector's folder and page, as far as it can be held without its registry. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { spec as sourceSpec } from '../../tap-ukg-pro/src/generated/spec.ts';
import { spec as destinationSpec } from '../../target-together/src/generated/spec.ts';

const text = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Metadata {
  metadataSpecVersion: string;
  data: Record<string, unknown> & { name: string; tags: string[]; dockerImageTag: string; icon: string };
}

/** Airbyte's order. Those with a question mark may be missing; anything else may stand where Airbyte lets a connector have its own. */
const headings = (name: string) => [
  name,
  'Prerequisites',
  'Setup guide',
  `Set up ${name}`,
  `Set up the ${name} connector in Airbyte`,
  'For Airbyte Cloud:',
  'For Airbyte Open Source:',
  'IP allow list',
  'Supported sync modes',
  'Supported Streams?',
  'Performance considerations?',
  'Data type map?',
  'Limitations & Troubleshooting',
  'Changelog',
];

/** What stands in bold and is no label of the form: places in the windows of Airbyte and of UKG Pro, and UKG's rights. */
const places = [
  'Builder',
  'Import a YAML',
  'Sources',
  'Destinations',
  'Settings',
  'Settings › Sources',
  'Settings › Destinations',
  'Set up source',
  'System Configuration › Security › Service Account Administration',
  'System Configuration › Security › Web Services',
  'Employee Person Details',
  'Personnel Integration',
  'Company Configuration Integration',
];

interface Field {
  title?: string;
  properties?: Record<string, Field>;
  items?: Field;
}

const labels = ({ title, properties = {}, items }: Field): string[] => [
  ...(title === undefined ? [] : [title]),
  ...Object.values(properties).flatMap(labels),
  ...(items === undefined ? [] : labels(items)),
];

describe.each([
  ['source-ukg-pro', 'source', sourceSpec],
  ['destination-together', 'destination', destinationSpec],
])('%s', (folder, connectorType, message) => {
  const { metadataSpecVersion, data } = parse(text(`airbyte/${folder}/metadata.yaml`)) as Metadata;
  const page = text(`docs/airbyte/${folder}.md`);
  const { version, license } = JSON.parse(text('package.json')) as { version: string; license: string };

  it('has the metadata that Airbyte demands', () => {
    expect(metadataSpecVersion).toBe('1.0');
    expect(data).toMatchObject({
      connectorType,
      connectorSubtype: 'api',
      definitionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      dockerRepository: `ukg-together/${folder}`,
      dockerImageTag: version,
      githubIssueLabel: folder,
      license,
      documentationUrl: message.spec.documentationUrl,
      releaseStage: 'alpha',
      supportLevel: 'community',
      protocolVersion: message.spec.protocol_version,
      ab_internal: { ql: 100, sl: 100 },
      releaseDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      remoteRegistries: { pypi: { enabled: false } },
      registryOverrides: { oss: { enabled: false }, cloud: { enabled: false } },
    });
    for (const tag of data.tags) expect(tag).toMatch(/^[a-z]+:[a-z-]+$/);
    expect(data.tags.filter((tag) => tag.startsWith('language:'))).toHaveLength(1);
    expect(existsSync(new URL(`../../airbyte/${folder}/${data.icon}`, import.meta.url))).toBe(true);
    expect(message.spec.documentationUrl).toMatch(new RegExp(`/docs/airbyte/${folder}\\.md$`));
  });

  it('has a page with Airbyte’s headings in Airbyte’s order', () => {
    const found = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string);
    const wanted = headings(data.name).filter(
      (heading) => !heading.endsWith('?') || found.includes(heading.slice(0, -1)),
    );
    const names = wanted.map((heading) => heading.replace('?', ''));
    expect(found.filter((heading) => names.includes(heading))).toEqual(names);
    if (connectorType === 'source') expect(found).toContain('Supported Streams');
    expect(page).toContain(`The ${data.name} ${connectorType} connector supports the following [sync modes](`);
    expect(page).toContain('<HideInUI>');
  });

  it('calls each setting by its label in the form', () => {
    const known = [...labels(message.spec.connectionSpecification as unknown as Field), ...places];
    const bold = [...page.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text]) => text as string);
    expect(bold.filter((text) => !known.includes(text))).toEqual([]);
    expect(bold.length).toBeGreaterThan(10);
  });

  it('says that the image runs on a self-managed Airbyte only', () => {
    expect(page).toContain('The image runs on a self-managed Airbyte (Open Source or Enterprise) and nowhere else');
    for (const env of ['cloud', 'oss']) expect(page).toMatch(new RegExp(`<!-- env:${env} -->[^]+<!-- /env:${env} -->`));
  });

  it('names each required setting among the prerequisites, and the version in its changelog', () => {
    const prerequisites = /## Prerequisites\n([\s\S]*?)\n## /.exec(page)?.[1]?.toLowerCase() ?? '';
    const { required, properties } = message.spec.connectionSpecification as {
      required: readonly string[];
      properties: Record<string, { title?: string }>;
    };
    for (const name of required) expect(prerequisites).toContain((properties[name]?.title ?? name).toLowerCase());
    expect(page.slice(page.indexOf('## Changelog'))).toContain(`| ${version} |`);
  });
});
