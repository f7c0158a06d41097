/** A zod object → the plain JSON Schema that `--about`, the Airbyte spec, the Hub files and the README tables are made of. */
import * as z from 'zod';
import type { JsonSchema } from './json-schema.ts';

/**
 * What a user may write (`io: 'input'`: defaults make a setting optional). `.meta()` supplies title, description, examples,
 * and `secret: true`, which brings `writeOnly: true` along.
 */
export function settingsJsonSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      if (jsonSchema['secret'] === true) jsonSchema.writeOnly = true;
      // Zod writes the safe-integer bounds, which tell a reader nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return json as JsonSchema;
}
