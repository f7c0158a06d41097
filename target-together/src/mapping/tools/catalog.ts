/** Streams out of any catalog file: Singer's, Airbyte's discovered or configured one, or one SCHEMA message. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';

export interface CatalogStream {
  readonly stream: string;
  readonly schema: JsonSchema;
}

export function catalogStreams(catalog: unknown): CatalogStream[] {
  const root = isObject(catalog) && isObject(catalog.catalog) ? catalog.catalog : catalog;
  if (isObject(root) && typeof root.stream === 'string' && isObject(root.schema))
    return [{ stream: root.stream, schema: root.schema }];
  if (!isObject(root) || !Array.isArray(root.streams)) {
    throw new ConnectorError('input', said`The catalog has no list of streams.`, {
      hint: 'Give the file that the tap prints with --discover (or an Airbyte catalog).',
    });
  }
  return root.streams.flatMap((entry: unknown) =>
    streamOf(isObject(entry) && isObject(entry.stream) ? entry.stream : entry),
  );
}

function streamOf(entry: unknown): CatalogStream[] {
  if (!isObject(entry)) return [];
  const name = [entry.tap_stream_id, entry.stream, entry.name].find((one) => typeof one === 'string' && one !== '');
  const schema = entry.schema ?? entry.json_schema;
  return typeof name === 'string' && isObject(schema)
    ? [{ stream: name, schema: withoutDeselected(schema, entry.metadata) }]
    : [];
}

/** Fields that the catalog deselects never arrive, so a mapping can't count on them. */
function withoutDeselected(schema: JsonSchema, metadata: unknown): JsonSchema {
  if (!Array.isArray(metadata) || !isObject(schema.properties)) return schema;
  const off = new Set(
    metadata.flatMap((entry: unknown) => {
      if (
        !isObject(entry) ||
        !Array.isArray(entry.breadcrumb) ||
        entry.breadcrumb.length !== 2 ||
        !isObject(entry.metadata)
      )
        return [];
      const { inclusion, selected } = entry.metadata;
      const isOff =
        inclusion === 'unsupported' ||
        (inclusion !== 'automatic' &&
          (selected === false ||
            selected === 'false' ||
            (selected === undefined && entry.metadata['selected-by-default'] === false)));
      return isOff ? [String(entry.breadcrumb[1])] : [];
    }),
  );
  if (off.size === 0) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !off.has(name))),
  };
}
