/** The table of a user's fields as a schema: for tests, and for the JSON Schema in `catalog/`. A run does without it: it takes a while to build. */
import * as z from 'zod';
import { type UserField, userFields, type ValueType } from './user-fields.ts';

/** Dates as the guide shows them: `2019-01-01T00:00:00.000Z`. */
const wireDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

// UNVERIFIED: whether Together takes null or "" to clear a field; either is let through where a field is not required.
const optional = (type: z.ZodType) => z.union([type, z.literal(''), z.null()]).optional();

function zodOf(field: UserField): z.ZodType {
  const type = plainZod(field.type);
  if (field.required) return type.describe(field.description);
  return (type === text ? z.string().nullable().optional() : optional(type)).describe(field.description);
}

const text = z.string().min(1);

function plainZod(type: ValueType): z.ZodType {
  switch (type) {
    case 'status':
      return z.enum(['A', 'L', 'T']);
    case 'boolean':
      return z.boolean();
    case 'email_list':
    case 'list':
      return z.array(text);
    case 'date':
    case 'datetime':
      return z.string().regex(wireDate);
    case 'number':
      return z.number();
    case 'country':
    case 'subdivision':
    case 'code':
    case 'string':
    case 'id':
    case 'email':
    case 'any':
      return text;
  }
}

const custom = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/** A whole user as it is sent. A leaver Together knows may lack required fields: see `Leaver`. */
export const User = z
  .object(Object.fromEntries(userFields.map((field) => [field.name, zodOf(field)])))
  .catchall(custom);

/** What a leaver needs at least: Together patches the record it has. */
export const Leaver = User.partial().required({ employeeId: true, employeeStatusCode: true });
