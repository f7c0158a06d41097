/** Reading a settings JSON Schema: what zod's toJSONSchema writes, and nothing more. */
import type { JsonSchema, JsonType } from './json-schema.ts';

/** The schema and the alternatives of its unions. */
function branches(schema: JsonSchema): JsonSchema[] {
  const unions = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap((list) =>
    Array.isArray(list) ? (list as JsonSchema[]) : [],
  );
  return [schema, ...unions.flatMap(branches)];
}

export function typesOf(schema: JsonSchema): Set<JsonType> {
  return new Set(
    branches(schema).flatMap(({ type, const: constant, enum: values }) => {
      if (type !== undefined) return type;
      return [...(Array.isArray(values) ? (values as unknown[]) : []), constant].flatMap(
        (value) => jsonType(value) ?? [],
      );
    }),
  );
}

function jsonType(value: unknown): JsonType | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}

/** Declared properties of an object setting, over all alternatives; undefined for anything but an object with names of its own. */
export function declaredProperties(schema: JsonSchema): Record<string, JsonSchema> | undefined {
  const found = branches(schema).flatMap(({ properties }) => (properties === undefined ? [] : [properties]));
  return found.length === 0 ? undefined : Object.assign({}, ...found);
}

/** Whether other names than the declared ones may stand in it. */
export function isOpen(schema: JsonSchema): boolean {
  return branches(schema).some(
    ({ additionalProperties: extra }) => extra === true || (typeof extra === 'object' && extra !== null),
  );
}

/** Whether validation refuses other names than the declared ones: then nobody has to be told that they are ignored. */
export function isClosed(schema: JsonSchema): boolean {
  return branches(schema).some(({ additionalProperties: extra }) => extra === false);
}

export function isSecret(schema: JsonSchema): boolean {
  return branches(schema).some((branch) => branch['secret'] === true);
}

/** Dotted paths of all settings marked secret. */
export function secretPaths(schema: JsonSchema, path: readonly string[] = []): string[][] {
  return Object.entries(declaredProperties(schema) ?? {}).flatMap(([name, property]) => {
    const here = [...path, name];
    return isSecret(property) ? [here] : secretPaths(property, here);
  });
}
