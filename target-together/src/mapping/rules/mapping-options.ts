import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import type { Preset } from './presets.ts';

export interface MappingOptions {
  /** A preset, or its name; undefined: the user's rules alone. */
  readonly preset?: Preset | string | undefined;
  /** The `mapping` setting: `{ preset, stream, fields }`; only `fields` is read here. */
  readonly mapping?: unknown;
  /** The `hris_fields` setting. */
  readonly hrisFields?: unknown;
  /** The `sensitive_fields` setting. */
  readonly sensitiveFields?: readonly string[];
  /** The stream's SCHEMA; without it, only what does not need it is checked. */
  readonly schema?: JsonSchema | undefined;
  readonly stream?: string;
  /** Where stream maps or flattening have made the schema another one: what its fields were. */
  readonly origins?: Origins;
  readonly departmentOrgLevel?: number | null;
  readonly onDepartment?: ((message: string) => void) | undefined;
  /** IANA zone of date-times that come without one. */
  readonly timeZone?: string;
  readonly clearWith?: 'null' | 'empty';
  /** Milliseconds since 1970; decides whether an end date has passed. */
  readonly now?: () => number;
}

/** The source's names behind a path of a rule. */
export type Origins = (path: string) => readonly string[];
