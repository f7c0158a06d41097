/** Which people are sent, and what of them: `mapping`, `hris_fields`, `filters`. Rules are checked by the mapping, once the stream is known. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import * as z from 'zod';

const text = (title: string, description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  title,
  description,
  ...more,
});

/** A rule as a form writes it, under the name of its field; the other keywords of a rule are written as JSON. Its choices: generate.ts. */
const ruleList = (key: string, name: JsonSchema) => ({
  key,
  remove: 'remove',
  entry: {
    type: 'object',
    title: 'Rule',
    required: [key],
    properties: {
      [key]: name,
      from: {
        type: 'array',
        title: 'From',
        description: 'Paths in the source record; the first filled one counts.',
        examples: [['jobTitle']],
        items: { type: 'string' },
        minItems: 1,
      },
      const: text('Fixed value', 'The same for everybody.'),
      expression: text('Expression', "JSONata over the record, for what paths can't say.", { multiline: true }),
      lookup: {
        type: 'object',
        title: 'Translations',
        description: 'Codes and what becomes of them: {"Active": "A"}.',
        multiline: true,
      },
      default: text('Otherwise', 'For codes that Translations does not have.'),
      type: text('Type', 'What to make of the value; default: what the field needs.'),
      format: text('Format', 'How dates or numbers are written, as DD/MM/YYYY.'),
      if_empty: text('Where it is empty', 'keep what Together has (default), or clear it.', {
        enum: ['keep', 'clear'],
      }),
      optional: { type: 'boolean', title: 'Optional', description: 'Its paths may be missing from the stream.' },
      sensitive: { type: 'boolean', title: 'Sensitive', description: 'Sent only when Sensitive fields lists it.' },
      remove: { type: 'boolean', title: 'Remove', description: "Takes the preset's rule for this field away." },
    },
  } satisfies JsonSchema,
});

export const mapping = z
  .strictObject({
    $schema: z.string().optional(),
    preset: z.string().optional().meta({
      title: 'Preset',
      description: 'Ready rules for one HRIS; none: your rules alone. Default: by the stream.',
    }),
    stream: z
      .string()
      .optional()
      .meta({ title: 'Stream', description: 'The stream that holds the people, where several could.' }),
    fields: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({
        title: 'Rules',
        description: "Where each field of Together comes from. They go over the preset's.",
        list: ruleList('field', text('Field of Together', 'What is sent.')),
      }),
  })
  .prefault({})
  .meta({
    title: 'Mapping',
    description:
      'preset, stream and fields: `{"fields": {"title": "jobTitle"}}`. Your fields go over the preset; null removes one.',
  });

export const hris_fields = z
  .record(z.string(), z.unknown())
  .default({})
  .meta({
    title: 'Custom fields',
    description:
      'Short for mapping.fields["hrisFields.<key>"]: `{"costCenter": "orgLevel2Code"}`. Each key must be set up in Together first.',
    list: ruleList('key', text('Key', 'As it is set up in Together.', { examples: ['costCenter'], secret: false })),
  });

const values = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

/** One reason to leave people out. The name is what reports show. */
const filter = z
  .strictObject({
    name: z.string().min(1).optional().meta({ title: 'Name', description: 'Shown in reports; default: the field.' }),
    field: z.string().min(1).meta({ title: 'Field', description: 'A path in the source record, e.g. companyId.' }),
    in: values.optional().meta({ title: 'Keep', description: 'Keep only people with one of these values.' }),
    not_in: values.optional().meta({ title: 'Leave out', description: 'Leave out people with one of these values.' }),
  })
  .refine((rule) => (rule.in === undefined) !== (rule.not_in === undefined), {
    message: 'needs exactly one of "in" and "not_in"',
  });

export const filters = z.array(filter).default([]).meta({
  title: 'Filters',
  description:
    'People to leave out, each filter with a name: `[{"name":"contractors","field":"employeeTypeCode","not_in":["CON"]}]`. A leaver that Together knows is sent all the same.',
});
