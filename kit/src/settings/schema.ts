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

/** The one kind of object that a setting may be; undefined where it is none, or one of several. */
export function objectOf(schema: JsonSchema): (JsonSchema & { required?: readonly string[] }) | undefined {
  const objects = branches(schema).filter(({ type }) => type === 'object');
  return objects.length === 1 ? objects[0] : undefined;
}

/** An object that may also be written as a list of small objects, which a form can draw: `.meta({ list })` of a setting. */
export interface ListForm {
  /** The part of an entry that is the name in the object. */
  readonly key: string;
  /** The part that is the value; default: all other parts together. */
  readonly value?: string;
  /** A switch among the parts that makes the value null. */
  readonly remove?: string;
  readonly entry: JsonSchema;
}

export function listForm(schema: JsonSchema): ListForm | undefined {
  return branches(schema).flatMap(({ list }) => (list === undefined ? [] : [list as ListForm]))[0];
}

/** Whether other names than the declared ones may stand in it. */
export function isOpen(schema: JsonSchema): boolean {
  return branches(schema).some(
    ({ additionalProperties: extra }) => extra === true || (typeof extra === 'object' && extra !== null),
  );
}

/** Whether validation refuses other names than the declared ones: then no warning has to say that they are ignored. */
export function isClosed(schema: JsonSchema): boolean {
  return branches(schema).some(({ additionalProperties: extra }) => extra === false);
}

/** The values that a schema lists. */
export function constantsOf(schema: JsonSchema): Set<unknown> {
  return new Set(
    branches(schema).flatMap(({ const: constant, enum: values }) => [
      ...(Array.isArray(values) ? (values as unknown[]) : []),
      ...(constant === undefined ? [] : [constant]),
    ]),
  );
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
