/** What editors, other tools and people read about users and mappings: made from the same tables that the code runs on. */
import * as z from 'zod';
import { userFields } from '../../model/user-fields.ts';
import { User } from '../../model/user-schema.ts';
import { type Preset, presets } from '../rules/presets.ts';
import { RuleObject } from '../rules/rule.ts';

const draft = 'https://json-schema.org/draft/2020-12/schema';

function userSchema(): Record<string, unknown> {
  const made = z.toJSONSchema(User, { io: 'input' }) as {
    properties: Record<string, unknown>;
    required: string[];
    additionalProperties: unknown;
  };
  const fields = Object.fromEntries(
    userFields.map((field) => [field.name, withMarks(made.properties[field.name], field.sensitive)]),
  );
  return {
    $schema: draft,
    title: 'Together user',
    description: 'What target-together sends for one person. Only the fields present are overwritten.',
    type: 'object',
    properties: fields,
    patternProperties: {
      '^hrisFields\\..+$': {
        ...(made.additionalProperties as object),
        description: 'A custom field; its key must be set up on the organization first.',
      },
    },
    required: userFields.filter((field) => field.required).map((field) => field.name),
    additionalProperties: false,
  };
}

const withMarks = (schema: unknown, sensitive: boolean | undefined): unknown =>
  sensitive
    ? { ...(schema as object), 'x-sensitive': true, $comment: 'Sent only when listed in sensitive_fields.' }
    : schema;

function ruleObject() {
  const made = z.toJSONSchema(RuleObject, { io: 'input' }) as Record<string, unknown>;
  const { $schema: _, id: __, $id: ___, ...rule } = made;
  return rule as { properties: object };
}

function ruleSchemas(): Record<string, unknown> {
  const rule = ruleObject();
  return {
    rule: {
      anyOf: [
        { type: 'string', minLength: 1, description: 'A path in the source record.' },
        rule,
        { type: 'null', description: 'Removes the field.' },
      ],
    },
  };
}

function fieldsSchema(): Record<string, unknown> {
  const rule = { $ref: '#/$defs/rule' };
  return {
    type: 'object',
    description: 'Together fields and their rules.',
    properties: {
      ...Object.fromEntries(userFields.map((field) => [field.name, { ...rule, description: field.description }])),
      hrisFields: { type: 'object', description: 'Custom fields, nested: the same as hrisFields.<key>.' },
    },
    patternProperties: { '^hrisFields\\..+$': rule },
    additionalProperties: false,
  };
}

/** The rules as a list of small objects, as forms write them. */
function ruleList(): Record<string, unknown> {
  const rule = ruleObject();
  const field = {
    anyOf: [{ enum: userFields.map(({ name }) => name) }, { type: 'string', pattern: '^hrisFields\\..+$' }],
    description: 'The Together field of this rule.',
  };
  const remove = { type: 'boolean', description: "Takes the preset's rule away." };
  const entry = { ...rule, properties: { field, remove, ...rule.properties }, required: ['field'] };
  return { type: 'array', items: entry };
}

function mappingSchema(): Record<string, unknown> {
  return {
    $schema: draft,
    title: 'target-together mapping',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      preset: {
        enum: [...presets.map((preset) => preset.name), 'none'],
        description: 'Which preset to start from; default: by the tap and the SCHEMA.',
      },
      stream: { type: 'string', description: 'Which stream holds the people; default: the one that fits the preset.' },
      fields: { anyOf: [fieldsSchema(), ruleList()] },
    },
    additionalProperties: false,
    $defs: ruleSchemas(),
  };
}

function presetSchema(): Record<string, unknown> {
  const words = (description: string) => ({ type: 'array', items: { type: 'string' }, description });
  return {
    $schema: draft,
    title: 'target-together preset',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      name: { type: 'string' },
      title: { type: 'string' },
      namespaces: words("Meltano's namespaces of the taps it fits."),
      streams: words('Streams it fits, the best first.'),
      detect: words('Source fields that its people have; without one of the next three they are no evidence.'),
      own_streams: words('Evidence: streams that only this HRIS has.'),
      own_fields: words('Evidence: fields that only this HRIS has, in whatever case of letters.'),
      own_spellings: words('Evidence: fields that only this HRIS spells so, letter by letter.'),
      active_streams: words('Those of them that hold active people only: where such a stream says no status, it is A.'),
      rehearsed: {
        type: 'object',
        properties: { on: { type: 'string' }, version: { type: 'string' } },
        required: ['on', 'version'],
        additionalProperties: false,
        description: 'When it passed all events of rehearse, and with which version; npm run rehearse writes it.',
      },
      notes: words('What its users should know.'),
      fields: fieldsSchema(),
    },
    required: ['name', 'title', 'namespaces', 'streams', 'detect', 'rehearsed', 'notes', 'fields'],
    additionalProperties: false,
    $defs: ruleSchemas(),
  };
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${cell(text)}\``;

/** The presets as a page: per HRIS, where each Together field comes from. */
function presetsPage(): string {
  const sections = presets.map((preset) => {
    const rows = Object.entries(preset.fields).map(([field, rule]) => `| ${field} | ${describeRule(rule)} |`);
    return [
      `## ${preset.name}`,
      '',
      `${preset.title}. ${preset.streams.length === 0 ? 'Any stream' : `Streams: ${preset.streams.map(code).join(', ')}`}.`,
      '',
      `Recognised by ${preset.detect.map(code).join(', ')}, and at least one of: ${evidenceOf(preset)}.`,
      '',
      `Passed all life events of \`target-together rehearse\` on ${preset.rehearsed.on}, with version ${preset.rehearsed.version}.`,
      '',
      '| Together | from |',
      '|---|---|',
      ...rows,
      '',
      ...('active_streams' in preset
        ? [`- Only active people are in ${preset.active_streams.map(code).join(', ')}: without a status, it is A.`]
        : []),
      ...preset.notes.map((note) => `- ${note}`),
      '',
    ].join('\n');
  });
  return [
    '# Presets',
    '',
    'Generated from `target-together/presets/`. Your own `mapping.fields` go over a preset; `null` removes a field.',
    '',
    ...sections,
  ].join('\n');
}

const evidenceOf = ({ own_streams = [], own_fields = [], own_spellings = [] }: Preset): string =>
  [
    ...own_streams.map((name) => `the stream ${code(name)}`),
    ...own_fields.map(code),
    ...own_spellings.map((name) => `${code(name)} (spelled so)`),
  ].join(', ');

function describeRule(rule: unknown): string {
  if (typeof rule === 'string') return code(rule);
  const { from, join, lookup, org_level, end_date, transform, ...rest } = rule as RuleObject;
  const paths = from === undefined ? [] : typeof from === 'string' ? [from] : from;
  const parts: string[] = [];
  if (org_level !== undefined) parts.push(`${org_level} of the org level called department, else of level 1`);
  if (paths.length > 0)
    parts.push(join === undefined ? paths.map(code).join(', else ') : `${paths.map(code).join(', ')} on one line`);
  if (transform !== undefined) parts.push(`its ${String(transform).replaceAll('_', ' ')}`);
  if (lookup)
    parts.push(
      Object.entries(lookup)
        .map(([key, value]) => `${cell(key)}→${value === null ? 'see next' : String(value)}`)
        .join(', '),
    );
  if (end_date !== undefined)
    parts.push(`without one: T once ${[end_date].flat().map(code).join(' or ')} has passed, else A`);
  if (rest.default !== undefined)
    parts.push(rest.default === '' ? 'anything else is left out' : `anything else ${String(rest.default)}`);
  return parts.join('; ');
}

/** Path in the repository → content. */
export function generated(): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'catalog/together-user.schema.json': json(userSchema()),
    'catalog/mapping.schema.json': json(mappingSchema()),
    'catalog/preset.schema.json': json(presetSchema()),
    'docs/presets.md': presetsPage(),
  };
}
