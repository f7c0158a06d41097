/** What a stream is, said once for both protocols: name, shape, key, cursor, what is selected unasked. */

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** The part of JSON Schema that our own streams use; foreign schemas may hold anything more. */
export interface JsonSchema {
  type?: JsonType | JsonType[];
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  [keyword: string]: unknown;
}
