/** Ready catalogs: each selects what a purpose needs and no more, and says the least rights for it. */
import { discoverAirbyte } from '@ukg-together/protocol/airbyte/catalog';
import { type CatalogEntry, discover, type SingerCatalog } from '@ukg-together/protocol/singer/catalog';
import type { StreamDefinition } from '@ukg-together/protocol/stream';
import type { UkgStream } from '../streams/define.ts';
import { employeeField, streamsOf } from '../streams/employees.ts';
import { ukgStreams } from '../streams/index.ts';
import { rightNames } from '../streams/rights.ts';

export interface ReadyCatalog {
  readonly name: string;
  readonly purpose: string;
  readonly rights: readonly string[];
  readonly catalog: SingerCatalog;
}

/** What target-together's `ukg-pro` preset reads. */
const forTogether =
  `employeeId supervisorId firstName middleName lastName preferredName emailAddress employeeStatusCode employeeTypeCode
  fullTimeOrPartTimeCode jobTitle jobDescription primaryJobTitle primaryJobCode companyId companyCode orgLevel1Code
  orgLevel1Description orgLevel1LevelName orgLevel2Code orgLevel2Description orgLevel2LevelName orgLevel3Code
  orgLevel3Description orgLevel3LevelName orgLevel4Code orgLevel4Description orgLevel4LevelName departmentCode
  departmentName primaryWorkLocationCode workLocationDescription workLocationAddressLine1 workLocationAddressLine2
  workLocationCity workLocationState workLocationZipOrPostalCode workLocationCountryCode originalHireDate lastHireDate
  dateInJob dateOfTermination dateTimeChanged employmentReason`.split(/\s+/);

type Wanted = (stream: string, field: string) => boolean;

const isSensitive: Wanted = (stream, field) =>
  stream === 'employees'
    ? employeeField(field)?.sensitive === true
    : sourceOf(stream)?.fields.find(({ name }) => name === field)?.sensitive === true;

const sourceOf = (stream: string): UkgStream | undefined => ukgStreams.find(({ name }) => name === stream);

/** Streams that a right alone does not open: UKG wants a parameter that the settings name, or documents no fields. */
export function needsMore(stream: UkgStream): boolean {
  const { requests } = stream;
  return stream.open || (requests !== undefined && !['changes', 'codeTables', 'payPeriods'].includes(requests));
}

const readable = (stream: string): boolean => {
  const source = sourceOf(stream);
  return source === undefined || !needsMore(source);
};

/** The selection of fields decides the web services, and they decide the rights. */
function leastRights(wanted: Wanted, definitions: readonly StreamDefinition[]): string[] {
  const needed = definitions.flatMap(({ name, schema }) => {
    const fields = Object.keys(schema.properties ?? {}).filter((field) => wanted(name, field));
    if (fields.length === 0) return [];
    const source = sourceOf(name);
    return source ? [source] : streamsOf(fields);
  });
  return [...new Set(needed.map(({ right }) => rightNames[right]))].sort();
}

const purposes: readonly { name: string; purpose: string; wanted: Wanted }[] = [
  {
    name: 'together',
    purpose: "What Together's users are made of, and no more.",
    wanted: (stream, field) => stream === 'employees' && forTogether.includes(field),
  },
  {
    name: 'together-custom-fields',
    purpose: "The same, and all of UKG's user-defined fields for `hrisFields.*`.",
    wanted: (stream, field) =>
      stream === 'employees' && (forTogether.includes(field) || employeeField(field)?.source === 'userDefined'),
  },
  {
    name: 'together-promotions',
    purpose: 'The same as `together`, and the date of the last promotion.',
    wanted: (stream, field) => stream === 'employees' && (forTogether.includes(field) || field === 'lastPromotionDate'),
  },
  {
    name: 'all-but-sensitive',
    purpose: 'Every stream that needs no setting, and its fields that are not sensitive.',
    wanted: (stream, field) => readable(stream) && !isSensitive(stream, field),
  },
  {
    name: 'everything',
    purpose: 'Every stream that needs no setting, and every field, pay and health included.',
    wanted: readable,
  },
];

export function readyCatalogs(definitions: readonly StreamDefinition[]): ReadyCatalog[] {
  return purposes.map(({ name, purpose, wanted }) => ({
    name,
    purpose,
    rights: leastRights(wanted, definitions),
    catalog: { streams: discover(definitions).streams.flatMap((entry) => selectedEntry(entry, wanted)) },
  }));
}

/** The entry with every choice said aloud; nothing when none of its fields is wanted. */
function selectedEntry(entry: CatalogEntry, wanted: Wanted): CatalogEntry[] {
  const fields = Object.keys(entry.schema.properties ?? {});
  if (!fields.some((field) => wanted(entry.stream, field))) return [];
  const metadata = entry.metadata.map(({ breadcrumb, metadata: given }) => {
    const [, field] = breadcrumb;
    const selected = field === undefined || given['inclusion'] === 'automatic' || wanted(entry.stream, field);
    return { breadcrumb, metadata: { ...given, selected } };
  });
  return [{ ...entry, metadata }];
}

/** A configured catalog for trying the source by hand: `employees`, incremental. */
export function airbyteCatalog(definitions: readonly StreamDefinition[]): unknown {
  const employees = definitions.filter(({ name }) => name === 'employees');
  const { catalog } = discoverAirbyte(employees) as unknown as { catalog: { streams: Record<string, unknown>[] } };
  return {
    streams: catalog.streams.map((stream) => ({
      stream,
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      cursor_field: stream['default_cursor_field'],
      primary_key: stream['source_defined_primary_key'],
    })),
  };
}

export function catalogsReadme(catalogs: readonly ReadyCatalog[]): string {
  const rows = catalogs.map(
    ({ name, purpose, rights }) =>
      `| [\`ukg-pro.${name}.json\`](ukg-pro.${name}.json) | ${purpose} | ${rights.map((right) => `${right}`).join(', ')} |`,
  );
  return `# Ready catalogs

Generated by \`npm run generate\`; give one with \`tap-ukg-pro --config config.json --catalog catalog/ukg-pro.together.json\`.
The rights are the least that the web service account needs: View, never Add, Edit or Delete. \`tap-ukg-pro doctor\` tries them.

| catalog | for | View rights |
|:--|:--|:--|
${rows.join('\n')}

Streams that need a setting besides a right (a window, a code, a class) and those whose fields UKG does not document are in
none of the ready catalogs: ${ukgStreams
    .filter(needsMore)
    .map(({ name }) => `\`${name}\``)
    .join(', ')}. Name them in \`include_fields\`, and select them in the output of \`--discover\`.

These catalogs name each field that they select, sensitive ones too, so they need no \`include_fields\`. \`ukg-pro.singer.json\` is what \`--discover\` prints; \`ukg-pro.airbyte.json\` is a configured Airbyte catalog for \`employees\`.
`;
}

/** One line for each field and each choice: readable, and half the size of the usual indentation. */
export function catalogText({ streams }: SingerCatalog): string {
  const list = (open: string, items: string[], close: string) =>
    items.length === 0 ? open + close : `${open}\n        ${items.join(',\n        ')}\n      ${close}`;
  const entries = streams.map(({ schema, metadata, ...rest }) => {
    const { properties = {}, ...outer } = schema;
    const fields = Object.entries(properties).map(
      ([name, field]) => `${JSON.stringify(name)}: ${JSON.stringify(field)}`,
    );
    const head = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    const shape = JSON.stringify(outer).slice(0, -1);
    return [
      ...head,
      `"schema": ${shape}, "properties": ${list('{', fields, '}')}}`,
      `"metadata": ${list(
        '[',
        metadata.map((entry) => JSON.stringify(entry)),
        ']',
      )}`,
    ].join(',\n      ');
  });
  return `{\n  "streams": [\n${entries.map((entry) => `    {\n      ${entry}\n    }`).join(',\n')}\n  ]\n}\n`;
}
