/** Whether rules and filters read what the tap has: a rehearsal makes records with every column that is asked for. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { show } from '@ukg-together/kit/text/show';
import { nearest } from '@ukg-together/kit/text/suggest';
import employeesFields from '../../generated/employees-fields.json' with { type: 'json' };
import { parsePath } from '../../mapping/paths/path.ts';
import { fitCatalog } from '../../mapping/tools/fit-catalog.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Io } from '../io.ts';
import { mappingOptions } from '../mapping-session.ts';
import { pathsOf, ruleOf, type Source } from './records.ts';

/** Throws ConnectorError `settings` with each fault. `catalog`: what the tap offers, where that is known. */
export async function checkColumns(settings: Settings, { preset, stream }: Source, io: Io, catalog?: unknown) {
  const options = mappingOptions(settings, io.env, io.clock, () => {});
  const mapping = { ...options.mapping, preset: preset.name };
  // What our own tap offers is the same everywhere.
  const isOurs = preset.name === 'ukg-pro' && stream === preset.streams[0];
  const offered = catalog ?? (isOurs ? { streams: [{ stream, schema: { properties: ourColumns() } }] } : undefined);
  if (offered !== undefined) await fitCatalog(offered, { ...options, mapping });
  else if (!settings.stream_maps) checkSlips(settings, preset);
}

const ourColumns = () => Object.fromEntries(employeesFields.map((name) => [name, {}]));

/** The columns of another tap are not all known: a name that is one letter away from one of the preset's is a slip. */
function checkSlips(settings: Settings, preset: Source['preset']): void {
  const { fields } = settings.mapping as { fields?: Record<string, unknown> };
  const asked = [
    ...settings.filters.map(({ field }, at) => ({ path: `filters[${at}].field`, field })),
    ...Object.entries(fields ?? {}).flatMap(of('mapping.fields')),
    ...Object.entries(settings.hris_fields).flatMap(of('hris_fields')),
  ];
  const known = [
    ...preset.detect,
    ...(preset.own_fields ?? []),
    ...Object.values(preset.fields).flatMap((rule) => pathsOf(ruleOf(rule))),
  ].flatMap(columnOf);
  const faults = asked.flatMap(({ path, field }) =>
    columnOf(field).flatMap((column) => {
      const meant = known.includes(column) ? undefined : nearest(letters(column), known.map(letters), 1);
      return meant === undefined || meant === letters(column)
        ? []
        : [`${path} ${show(field)}: did you mean ${known.find((name) => letters(name) === meant)}?`];
    }),
  );
  if (faults.length === 0) return;
  throw new ConnectorError(
    'settings',
    said`Records of ${preset.name} have no such ${faults.length === 1 ? 'column' : 'columns'}, as far as is known:\n${faults.map((text) => `  ${text}`).join('\n')}`,
    { hint: 'Where the tap has it: --catalog FILE, with what the tap prints with --discover.' },
  );
}

const of =
  (place: string) =>
  ([name, rule]: [string, unknown]) =>
    pathsOf(ruleOf(rule)).map((field) => ({ path: `${place}.${name}`, field }));

/** The first key of a path. */
function columnOf(text: string): string[] {
  const path = parsePath(text);
  const first = typeof path === 'string' ? undefined : path.steps[0];
  return first?.kind === 'key' ? [first.key] : [];
}

/** address1 and address2 are two columns. */
const letters = (name: string): string => name.toLowerCase().replace(/\d+/g, '');
