/** From a person's values to the bytes of a row: keys in their order, spelled and typed as the endpoint does. */
import { usDateTime } from '../../company/dates.ts';
import type { World } from '../../company/employer.ts';
import type { Employment, JobEntry, Person } from '../../company/people.ts';
import type { Company } from '../../company/tables.ts';

export type Value = string | number | boolean | null | object;

/** What a row is made of: a person's part, or for tables only `extra`. */
export interface Part {
  /** The person as this row has them, where it differs. */
  readonly person?: Person;
  readonly job?: Employment;
  /** Ordinal of this part among the person's parts. */
  readonly n?: number;
  readonly entry?: JobEntry;
  /** Values of this row alone, by lower-case key. */
  readonly extra?: Readonly<Record<string, Value | undefined>>;
}
export interface Context {
  readonly world: World;
  readonly person: Person;
  readonly job: Employment;
  readonly company: Company;
  readonly n: number;
  readonly entry: JobEntry | undefined;
  readonly extra: Readonly<Record<string, Value | undefined>>;
}
export type Getter = (context: Context) => Value | undefined;

export type FieldType = 's' | 'dt' | 'us' | 'day' | 'n' | 'i' | 'b' | 'uuid' | 'obj' | 'array';
export interface Field {
  readonly key: string;
  readonly type: FieldType;
  /** Undefined where the server knows nothing: the key is sent empty. */
  readonly get: Getter | undefined;
}

/**
 * Reads a field list (`a b:dt c:n`) and finds each key's value: the part's `extra` first, then the endpoint's own getter, then
 * the shared one. `bare`: parts of this endpoint have no `extra`, so an unknown key is the same text on every row.
 */
export function compileFields(
  list: string,
  own: Readonly<Record<string, Getter>>,
  shared: ReadonlyMap<string, Getter>,
  bare: boolean,
): Field[] {
  const fields = list
    .trim()
    .split(/\s+/)
    .map((item) => {
      const [key = '', type = 's'] = item.split(':');
      const lower = key.toLowerCase();
      const known = own[key] ?? shared.get(lower);
      if (bare) return { key, type: type as FieldType, get: known };
      const get: Getter = (context) => {
        const value = context.extra[lower];
        return value === undefined ? known?.(context) : value;
      };
      return { key, type: type as FieldType, get };
    });
  for (const key of Object.keys(own)) {
    if (!fields.some((field) => field.key === key)) throw new Error(`no field ${key} in this row`);
  }
  return fields;
}

const quote = (text: string): string => JSON.stringify(text);
const decimal = (n: number): string => (Number.isInteger(n) ? `${n}.0` : `${n}`);

/** One value as the wire carries it: `40.0` for a decimal, `"Y"` for a flag that is declared a string. */
function wire(type: FieldType, value: Value | undefined, empty: string): string {
  if (value === undefined)
    return type === 'n' ? '0.0' : type === 'i' ? '0' : type === 'b' ? 'false' : type === 'array' ? '[]' : empty;
  if (value === null) return empty;
  if (typeof value === 'string')
    return quote(type === 'us' ? usDateTime(value) : type === 'day' ? value.slice(0, 10) : value);
  if (typeof value === 'number') return type === 'n' ? decimal(value) : type === 's' ? quote(`${value}`) : `${value}`;
  if (typeof value === 'boolean') return type === 's' ? (value ? '"Y"' : '"N"') : `${value}`;
  return JSON.stringify(value);
}

/**
 * Makes the function that writes a row. `empty` is what a missing value looks like: `null`, or `""` in employee-changes.
 * `extraKeys` is JSON put before the closing brace, for keys that appear without notice.
 */
export function rowWriter(fields: readonly Field[], empty: string, extraKeys = ''): (context: Context) => string {
  const heads: string[] = [];
  const known: { type: FieldType; get: Getter }[] = [];
  let head = '{';
  fields.forEach(({ key, type, get }, at) => {
    head += `${at ? ',' : ''}${quote(key)}:`;
    if (get) {
      heads.push(head);
      known.push({ type, get });
      head = '';
    } else head += wire(type, undefined, empty);
  });
  const tail = `${head}${extraKeys ? `,${extraKeys}` : ''}}`;
  return (context) => {
    let text = '';
    for (let at = 0; at < known.length; at++) {
      const field = known[at];
      if (field) text += heads[at] + wire(field.type, field.get(context), empty);
    }
    return text + tail;
  };
}
