/**
 * Settings as forms and runners write them: objects as a text of JSON or as a list of small objects, and `""`, null, `{}` and
 * `[]` for what no one filled in. What comes out has the form that the schema describes; a setting that is not set is not there.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../lines/json.ts';
import { type Fault, pathText } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import { declaredProperties, type ListForm, listForm, objectOf, typesOf } from './schema.ts';

type Path = readonly PropertyKey[];

/** The settings without what is unset; where null means something, the schema allows it. Adds what can't be read to `faults`. */
export function asDescribed(written: Record<string, unknown>, json: JsonSchema, faults: Fault[]) {
  return objectAsDescribed(written, json, [], faults);
}

function objectAsDescribed(written: Record<string, unknown>, json: JsonSchema, path: Path, faults: Fault[]) {
  const declared = declaredProperties(json) ?? {};
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    const schema = Object.hasOwn(declared, key) ? declared[key] : undefined;
    const found = schema === undefined ? value : valueAsDescribed(value, schema, [...path, key], faults);
    if (schema === undefined || !isUnset(found, schema)) kept[key] = found;
  }
  return kept;
}

function valueAsDescribed(written: unknown, json: JsonSchema, path: Path, faults: Fault[]): unknown {
  const value = parsed(written, json, path, faults);
  const form = listForm(json);
  if (Array.isArray(value) && form) return fromList(value, form, path, faults);
  if (Array.isArray(value) && json.items !== undefined) {
    const { items } = json;
    return value.map((item, at) => valueAsDescribed(item, items, [...path, at], faults));
  }
  if (!isObject(value) || declaredProperties(json) === undefined) return value;
  return objectAsDescribed(value, json, path, faults);
}

/** A list of small objects, each with its name among its parts, as the object of those names. */
function fromList(list: readonly unknown[], form: ListForm, path: Path, faults: Fault[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [at, item] of list.entries()) {
    const here = [...path, at];
    const entry = isObject(item) ? objectAsDescribed(item, form.entry, here, faults) : {};
    const { [form.key]: name, ...parts } = entry;
    if (typeof name !== 'string') faults.push({ path: pathText([...here, form.key]), message: 'is required' });
    else if (Object.hasOwn(found, name))
      faults.push({ path: pathText(here), message: 'says the same as one above it' });
    else found[name] = partsOf(parts, form);
  }
  return found;
}

function partsOf(parts: Record<string, unknown>, { value, remove }: ListForm): unknown {
  if (value !== undefined) return parts[value];
  if (remove === undefined) return parts;
  const { [remove]: removed, ...rest } = parts;
  return removed === true ? null : rest;
}

function parsed(value: unknown, json: JsonSchema, path: Path, faults: Fault[]): unknown {
  const types = typesOf(json);
  if (typeof value !== 'string' || types.has('string') || !(types.has('object') || types.has('array'))) return value;
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    faults.push({ path: pathText(path), message: 'is a text of JSON with a mistake in it' });
    return undefined;
  }
}

function isUnset(value: unknown, json: JsonSchema): boolean {
  if (value === undefined || value === '') return true;
  if (value === null) return !typesOf(json).has('null');
  // An empty list is said against a default, or says nothing.
  if (Array.isArray(value)) return value.length === 0 && json['default'] === undefined;
  return isObject(value) && isUnfilled(value, json);
}

/** `{}`, or a form's group that holds its defaults alone while something is missing without which it says nothing. */
function isUnfilled(value: Record<string, unknown>, json: JsonSchema): boolean {
  const entries = Object.entries(value);
  if (entries.length === 0) return true;
  const { required = [], properties = {} } = objectOf(json) ?? {};
  return (
    (required as string[]).some((name) => !Object.hasOwn(value, name)) &&
    entries.every(([name, inner]) => isDeepStrictEqual(inner, properties[name]?.['default']))
  );
}
