/** A user's own endpoint as a stream: the same data as ours, said in the settings. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import * as z from 'zod';
import { parseFields, type UkgStream } from '../streams/define.ts';

const kinds = ['string', 'date', 'date-time', 'number', 'integer', 'boolean', 'object', 'array'] as const;
const letters: Record<(typeof kinds)[number], string> = {
  string: 's',
  date: 'd',
  'date-time': 't',
  number: 'n',
  integer: 'i',
  boolean: 'b',
  object: 'o',
  array: 'a',
};

/** An object as a list of `{name, …}`, for forms. */
const pairs = (key: string, title: string, value: string, its: JsonSchema) => ({
  key,
  value,
  entry: {
    type: 'object',
    required: [key, value],
    properties: { [key]: { type: 'string', title }, [value]: its },
  } satisfies JsonSchema,
});

export const customEndpoint = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, { message: 'must be lower case letters, digits and _' })
    .meta({
      title: 'Stream name',
      description: 'What the stream is called.',
      pattern_descriptor: 'lower case letters, digits and _',
    }),
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9._~/-]+$/, { message: 'must be a path such as /personnel/v1/my-service' })
    .refine((path) => !path.split('/').includes('..'), { message: 'must not hold ..' })
    .meta({
      title: 'Path',
      description: 'From the root of the host, e.g. /personnel/v1/my-service.',
      pattern_descriptor: '/personnel/v1/my-service',
    }),
  key_properties: z
    .array(z.string().regex(/^\w+$/).meta({ pattern_descriptor: 'letters, digits and _' }))
    .default([])
    .meta({ title: 'Key', description: 'Fields that tell a row from all others.' }),
  fields: z
    .record(z.string().regex(/^\w+$/), z.enum(kinds))
    .optional()
    .meta({
      title: 'Fields',
      description: `Name and type (${kinds.join(', ')}). Default: every field as it comes.`,
      list: pairs('name', 'Field name', 'type', { type: 'string', title: 'Field type', enum: [...kinds] }),
    }),
  paging: z
    .enum(['per_Page', 'per_page', 'none'])
    .default('per_Page')
    .meta({ title: 'Paging', description: 'How the endpoint spells its page size; none: it has no pages.' }),
  page_size: z.int().min(1).max(10_000).default(1000).meta({ title: 'Page size', description: 'Most rows on a page.' }),
  params: z
    .record(z.string(), z.string())
    .default({})
    .meta({
      title: 'Parameters',
      description: 'Sent with each request.',
      list: pairs('name', 'Parameter name', 'value', { type: 'string', title: 'Value' }),
    }),
  right: z.string().min(1).optional().meta({
    title: 'Right',
    description: 'The View right that it needs, as UKG spells it; for messages and the doctor.',
  }),
  date_filter: z
    .strictObject({
      parameter: z.string().min(1).meta({ title: 'Parameter', description: 'Query parameter, e.g. dateTimeChanged.' }),
      field: z.string().min(1).meta({ title: 'Field', description: 'Field of the row that holds the changed time.' }),
    })
    .optional()
    .meta({ title: 'Date filter', description: "For increments: a parameter with UKG's `>MM-DD-YYYY` syntax." }),
});
export type CustomEndpoint = z.infer<typeof customEndpoint>;

export function customStream(endpoint: CustomEndpoint): UkgStream {
  const { date_filter: filter, key_properties: key } = endpoint;
  const declared = { ...Object.fromEntries(key.map((name) => [name, 'string' as const])), ...endpoint.fields };
  if (filter) declared[filter.field] ??= 'date-time';
  const text = Object.entries(declared).map(([name, kind]) => `${name} ${letters[kind]}`);
  return {
    name: endpoint.name,
    path: endpoint.path,
    right: 'own',
    ...(endpoint.right === undefined ? {} : { ownRight: endpoint.right }),
    description: 'An endpoint of your own settings.',
    key,
    paging: endpoint.paging,
    pageSize: endpoint.page_size,
    uniqueKey: false,
    ...(filter ? { cursor: { field: filter.field, parameter: filter.parameter } } : {}),
    params: endpoint.params,
    open: endpoint.fields === undefined,
    private: false,
    fields: text.length > 0 ? parseFields(text.join(','), new Set(key), false) : [],
  };
}
