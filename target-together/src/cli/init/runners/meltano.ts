/** A Meltano project of both plugins: definitions, settings, what is selected, and a night. Secrets stay in `.env`, which Meltano reads. */
import { isAbsolute } from 'node:path';
import plugins from '../../../generated/plugins.json' with { type: 'json' };
import { foreignName, type Machine } from '../schedules.ts';
import { type Half, type Instead, selectedFields, withoutSecrets } from './shared-settings.ts';

export function meltanoProject(machine: Machine): string {
  const { tap, catalog } = machine;
  const own = tap === undefined;
  const extractor = own ? 'tap-ukg-pro' : foreignName(tap);
  const picked = own ? selectedFields(catalog) : undefined;
  const select = picked?.fields.map((field) => `${picked.stream}.${field}`) ?? ['employees.*'];
  return `${[
    '# Written by target-together init. No secret is in it: they come from .env, which Meltano reads.',
    'default_environment: prod',
    'send_anonymous_usage_stats: false',
    'environments:',
    '  - name: prod',
    'plugins:',
    ...(own
      ? ['  extractors:', ...plugin('tap-ukg-pro', machine, ['select:', ...select.map((path) => `  - ${path}`)])]
      : []),
    '  loaders:',
    ...plugin('target-together', machine, []),
    'jobs:',
    '  - name: ukg-to-together',
    `    tasks: [${extractor} target-together]`,
    'schedules:',
    '  - name: every-night',
    "    interval: '0 3 * * *'",
    '    job: ukg-to-together',
  ].join('\n')}\n`;
}

function plugin(half: Half, { folder, executables, sections }: Machine, more: readonly string[]): string[] {
  const config = withoutSecrets(half, sections[half], ofVariables(folder));
  const entry = [
    `name: ${half}`,
    `executable: ${JSON.stringify(executables[half])}`,
    ...more,
    'config:',
    ...Object.entries(config).flatMap(([key, value]) => {
      const text = configText(key === 'state_dir' ? wholePath(value) : value);
      return text === undefined ? [] : [`  ${key}: ${text}`];
    }),
    ...plugins[half].meltano.trimEnd().split('\n'),
  ];
  return entry.map((line, at) => `${at === 0 ? '    - ' : '      '}${line}`);
}

/** Meltano replaces a variable by its value; other references the plugin resolves. */
const ofVariables =
  (folder: string): Instead =>
  (variable, reference) => {
    if (reference === undefined || reference.startsWith('env:')) return `\0${variable}`;
    const [, path] = /^file:(.+)$/.exec(reference) ?? [];
    return path === undefined || isAbsolute(path) ? reference : `file:${folder}/${path}`;
  };

/** The settings file of a run is Meltano's own: a relative path would count from there. */
const wholePath = (value: unknown): unknown =>
  typeof value === 'string' && !isAbsolute(value) && !/^(redis|none)\b/.test(value)
    ? `\0MELTANO_PROJECT_ROOT/${value}`
    : value;

/** Objects and lists as a text of JSON: Meltano would part their names at each dot. */
function configText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll('\\u0000', '\0');
  // What looks like a variable and is none.
  const plain = text.replace(/\$(?=\{|[A-Z])/g, '\\$').replaceAll('\0', '$');
  return `'${plain.replaceAll("'", "''")}'`;
}
