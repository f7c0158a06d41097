/** Settings that every target built on the Singer SDK takes: accepted here too, so that a config for another target works. */
import * as z from 'zod';

export const sdkSettings = {
  stream_maps: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .meta({
      title: 'Stream maps',
      description: 'Aliases, filters and removed fields by stream, before the mapping; see the Singer SDK.',
      examples: [{ employees: { costCenter: 'orgLevel2Code' } }],
      multiline: true,
    }),
  stream_map_config: z.record(z.string(), z.unknown()).nullable().default(null).meta({
    title: 'Stream map config',
    description: 'Values that stream map expressions may use.',
    multiline: true,
  }),
  flattening_enabled: z.boolean().default(false).meta({
    title: 'Flattening',
    description: 'Expand nested objects of a record into flat keys before the mapping.',
  }),
  flattening_max_depth: z.int().min(0).nullable().default(null).meta({
    title: 'Flattening depth',
    description: 'How deep to flatten; null: all the way.',
  }),
  flattening_max_key_length: z.int().min(1).nullable().default(null).meta({
    title: 'Flattened key length',
    description: 'The longest flattened key.',
  }),
  flattening_separator: z.string().default('__').meta({
    title: 'Flattening separator',
    description: 'Between the parts of a flattened key.',
  }),
  add_record_metadata: z.boolean().default(false).meta({
    title: 'Record metadata',
    description: 'Accepted and without effect: _sdc_* fields are never sent to Together.',
  }),
  validate_records: z.boolean().default(false).meta({
    title: 'Validate records',
    description:
      'Check each record against its SCHEMA message too. The mapping checks what it sends in any case; off saves time.',
  }),
  batch_size_rows: z.int().min(1).nullable().default(null).meta({
    title: 'Batch size (rows)',
    description: "The SDK's name for batch_size; the smaller of the two counts.",
  }),
  load_method: z.enum(['append-only', 'upsert', 'overwrite']).default('upsert').meta({
    title: 'Load method',
    description:
      'Together matches people by employeeId and patches them: upsert. append-only means the same here; overwrite is refused, since nothing may be deleted.',
  }),
};
