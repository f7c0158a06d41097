/** Which fields of a stream are wanted: on the schema once, on each record by a plan compiled from that schema. */

import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import type { SelectedStream, StreamDefinition } from './stream.ts';

/** Property names from the top; array items add no segment. */
export type FieldPath = readonly string[];

/** Fields that travel whatever a catalog says: a row without them can't be distinguished from another, or resumed after. */
export function automaticFields(
  stream: Pick<StreamDefinition, 'keyProperties' | 'replicationKey' | 'automatic'>,
): ReadonlySet<string> {
  const cursor = stream.replicationKey === undefined ? [] : [stream.replicationKey];
  return new Set([...stream.keyProperties, ...cursor, ...(stream.automatic ?? [])]);
}

/** The object schema that a property holds: itself, or its array items. */
export function nestedProperties(schema: JsonSchema): Record<string, JsonSchema> | undefined {
  return schema.properties ?? (schema.items && nestedProperties(schema.items));
}

/**
 * The schema without the fields that `wanted` refuses, at any depth. A refused parent takes its children with it.
 * Returns the same object where nothing is refused.
 */
export function pruneSchema(
  schema: JsonSchema,
  wanted: (path: FieldPath) => boolean,
  path: FieldPath = [],
): JsonSchema {
  if (schema.items !== undefined && schema.properties === undefined) {
    const items = pruneSchema(schema.items, wanted, path);
    return items === schema.items ? schema : { ...schema, items };
  }
  if (schema.properties === undefined) return schema;
  let changed = false;
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const here = [...path, name];
    const kept = wanted(here) ? pruneSchema(property, wanted, here) : undefined;
    if (kept !== property) changed = true;
    if (kept !== undefined) properties[name] = kept;
  }
  if (!changed) return schema;
  const pruned: JsonSchema = { ...schema, properties };
  if (Array.isArray(schema['required'])) {
    const required = (schema['required'] as unknown[]).filter((name) => Object.hasOwn(properties, String(name)));
    if (required.length > 0) pruned['required'] = required;
    else delete pruned['required'];
  }
  return pruned;
}

type Row = Record<string, unknown>;

/**
 * Compiles "keep only what is selected". Gives back the row itself when nothing is deselected.
 * Keys that the full schema does not know are dropped, unless it says `additionalProperties: true`.
 */
export function recordFilter(selected: Pick<SelectedStream, 'schema' | 'definition'>): (record: Row) => Row {
  return objectFilter(selected.definition.schema, selected.schema) ?? ((record) => record);
}

function objectFilter(full: JsonSchema, kept: JsonSchema): ((row: Row) => Row) | undefined {
  if (full === kept || full.properties === undefined || kept.properties === undefined) return undefined;
  const plan: { name: string; inner: ((value: unknown) => unknown) | undefined }[] = [];
  for (const [name, property] of Object.entries(kept.properties)) {
    plan.push({ name, inner: valueFilter(full.properties[name] ?? property, property) });
  }
  const dropped = Object.keys(full.properties).filter((name) => !Object.hasOwn(kept.properties as object, name));
  if (dropped.length === 0 && plan.every(({ inner }) => inner === undefined)) return undefined;

  if (full.additionalProperties === true || typeof full.additionalProperties === 'object') {
    const out = new Set(dropped);
    const inners = new Map(plan.map(({ name, inner }) => [name, inner]));
    return (row) => {
      const result: Row = {};
      for (const key of Object.keys(row)) {
        if (out.has(key) || key === '__proto__') continue;
        const inner = inners.get(key);
        result[key] = inner === undefined ? row[key] : inner(row[key]);
      }
      return result;
    };
  }
  return (row) => {
    const result: Row = {};
    for (const { name, inner } of plan) {
      const value = row[name];
      if (value !== undefined) result[name] = inner === undefined ? value : inner(value);
    }
    return result;
  };
}

function valueFilter(full: JsonSchema, kept: JsonSchema): ((value: unknown) => unknown) | undefined {
  if (full === kept) return undefined;
  const inObject = objectFilter(full, kept);
  const inItems = full.items && kept.items && valueFilter(full.items, kept.items);
  if (inObject === undefined && inItems === undefined) return undefined;
  return (value) => {
    if (Array.isArray(value)) return inItems === undefined ? value : (value as unknown[]).map(inItems);
    return inObject !== undefined && typeof value === 'object' && value !== null ? inObject(value as Row) : value;
  };
}
