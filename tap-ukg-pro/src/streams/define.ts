/**
 * What a UKG web service is, as data. A stream says its fields as text, one word each:
 *
 *   `employeeId s, nameSuffixCode=nameSufixCode s, dateOfBirth d!, weeklyHours n, notes s+`
 *
 * name in the record, `=` further spellings on the wire, the kind, and `!` when no one gets it unasked.
 * In a `private` stream everything is sensitive except the key and what ends in `+`.
 * Wire names are matched without regard to case (`employeeID`, `employeeId`: UKG uses both), so only true misspellings
 * need a second name.
 */

import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import type { StreamDefinition } from '@ukg-together/protocol/stream';
import type { Right } from './rights.ts';

/**
 * s string · d calendar day · t instant · n number · i integer · b boolean ("Y"/"N" too) · o object · a array.
 * Days carry no zone and stay the day that UKG wrote; instants are zone-less on the wire and get the tenant's zone.
 */
export type Kind = 's' | 'd' | 't' | 'n' | 'i' | 'b' | 'o' | 'a';

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Not selected unless a catalog asks for it. */
  readonly sensitive: boolean;
  /** Misspellings and abbreviations on the wire. */
  readonly aliases: readonly string[];
}

/** How a web service spells its page size; `none`: it declares no paging at all. */
export type Paging = 'per_Page' | 'per_page' | 'none';

/** Web services that need more than one plain GET; see `requests.ts`. */
export type RequestPlan =
  | 'auditDetails'
  | 'changes'
  | 'codeTables'
  | 'customFieldsSchema'
  | 'deductionCodes'
  | 'payPeriods'
  | 'payStatements'
  | 'platformFields';

export interface UkgStream {
  readonly name: string;
  readonly path: string;
  readonly right: Right;
  /** The right's name, for an endpoint of the user's own. */
  readonly ownRight?: string;
  readonly description: string;
  /** Record names. Empty: the rows have no key that is known to be unique. */
  readonly key: readonly string[];
  readonly paging: Paging;
  /** Rows asked for on a page. */
  readonly pageSize: number;
  /** The key is certain: rows that shift between pages are recognised by it, else by their whole content. */
  readonly uniqueKey: boolean;
  readonly cursor?: {
    readonly field: string;
    /** Query parameter that takes the operator syntax, e.g. `>01-31-2026`. */
    readonly parameter: string;
    /**
     * The same for the time of creation. UNVERIFIED: rows that were never changed may have no changed time, and then no
     * filter by it finds them; so new rows are asked for by this too.
     */
    readonly createdParameter?: string;
    /** FULL_TABLE unless a catalog says INCREMENTAL. */
    readonly fullByDefault?: boolean;
  };
  readonly requests?: RequestPlan;
  /** Sent with each request. */
  readonly params?: Readonly<Record<string, string>>;
  /** Its fields aren't documented: every key that comes is kept. */
  readonly open: boolean;
  /** Everything is sensitive except what its fields say aloud. */
  readonly private: boolean;
  readonly fields: readonly Field[];
}

export interface StreamInput
  extends Partial<Pick<UkgStream, 'pageSize' | 'uniqueKey' | 'cursor' | 'requests' | 'open'>> {
  readonly name: string;
  readonly path: string;
  readonly right: Right;
  readonly description: string;
  readonly key: readonly string[];
  readonly paging: Paging;
  readonly private?: boolean;
  readonly fields: string;
}

/**
 * UNVERIFIED: services born after January 2022 state no page limit. 10,000 is the documented maximum of the older ones;
 * a server that caps it lower only sends shorter pages, and a short page is never taken for the last one.
 */
const defaultPageSize = 10_000;

export function stream(input: StreamInput): UkgStream {
  const { private: isPrivate = false, fields, ...rest } = input;
  return {
    pageSize: defaultPageSize,
    uniqueKey: false,
    open: false,
    ...rest,
    private: isPrivate,
    fields: parseFields(fields, new Set(input.key), isPrivate),
  };
}

const word = /^(?<name>\w+)(?:=(?<aliases>[\w|]+))? (?<kind>[sdtnibao])(?<mark>[!+]?)$/;

export function parseFields(text: string, key: ReadonlySet<string>, isPrivate: boolean): Field[] {
  return text.split(',').map((piece) => {
    const match = word.exec(piece.trim())?.groups;
    if (!match) throw new Error(`Not a field: "${piece.trim()}"`);
    const name = match['name'] as string;
    const open = key.has(name) || match['mark'] === '+';
    return {
      name,
      kind: match['kind'] as Kind,
      sensitive: !open && (isPrivate || match['mark'] === '!'),
      aliases: match['aliases']?.split('|') ?? [],
    };
  });
}

const types: Record<Kind, JsonSchema> = {
  s: { type: ['string', 'null'] },
  d: { type: ['string', 'null'], format: 'date' },
  t: { type: ['string', 'null'], format: 'date-time' },
  n: { type: ['number', 'null'] },
  i: { type: ['integer', 'null'] },
  b: { type: ['boolean', 'null'] },
  o: { type: ['object', 'null'] },
  a: { type: ['array', 'null'], items: {} },
};

export function fieldSchema(field: Field, isKey: boolean): JsonSchema {
  const schema = { ...types[field.kind] };
  if (isKey) schema.type = (schema.type as string[])[0] as 'string';
  return schema;
}

export function toDefinition(source: UkgStream): StreamDefinition {
  const key = new Set(source.key);
  return {
    name: source.name,
    schema: {
      type: 'object',
      description: source.description,
      ...(source.open ? { additionalProperties: true } : {}),
      properties: Object.fromEntries(
        source.fields.map((field) => [field.name, fieldSchema(field, key.has(field.name))]),
      ),
    },
    keyProperties: source.key,
    ...(source.cursor ? { replicationKey: source.cursor.field } : {}),
    replicationMethods: !source.cursor
      ? ['FULL_TABLE']
      : source.cursor.fullByDefault
        ? ['FULL_TABLE', 'INCREMENTAL']
        : ['INCREMENTAL', 'FULL_TABLE'],
    selectedByDefault: false,
    sensitive: new Set(source.fields.filter((field) => field.sensitive).map((field) => field.name)),
  };
}
