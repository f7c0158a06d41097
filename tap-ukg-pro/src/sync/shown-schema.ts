/**
 * The SCHEMA of a stream whose fields UKG does not document: written when the first rows have shown them, so that a target makes columns for all
 * of them. A key or a type that only a later row shows is declared by a further SCHEMA before that row.
 */
import type { JsonSchema, JsonType } from '@ukg-together/kit/settings/json-schema';
import type { Emit, RecordEvent, SchemaEvent } from '@ukg-together/protocol/event';
import type { SelectedStream } from '@ukg-together/protocol/stream';

/** Rows that are looked at before the first SCHEMA. */
const firstRows = 1000;

export interface ShownSchema {
  take(event: RecordEvent): void | Promise<void>;
  /** After the last record. */
  end(): Promise<void>;
}

/** `declared`: what is known before any row. */
export function createShownSchema(declared: SchemaEvent, emit: Emit): ShownSchema {
  const properties: Record<string, JsonSchema> = { ...declared.schema.properties };
  let kept: RecordEvent[] | undefined = [];

  /** Whether the record shows anything new. */
  function learn(record: Readonly<Record<string, unknown>>): boolean {
    let news = false;
    for (const [name, value] of Object.entries(record)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const shown = widened(known, value);
      if (shown === known) continue;
      properties[name] = shown;
      news = true;
    }
    return news;
  }

  async function declare(): Promise<void> {
    const shown = Object.fromEntries(Object.entries(properties).map(typed));
    await emit({ ...declared, schema: { ...declared.schema, properties: shown } });
    const events = kept ?? [];
    kept = undefined;
    for (const event of events) await emit(event);
  }

  return {
    take(event) {
      const news = learn(event.record);
      if (kept !== undefined) {
        kept.push(event);
        return kept.length < firstRows ? undefined : declare();
      }
      return news ? declare().then(() => emit(event)) : emit(event);
    },
    async end() {
      if (kept !== undefined) await declare();
    },
  };
}

/** The same object where the value fits. A key of which only nulls came has no type yet. */
function widened(known: JsonSchema | undefined, value: unknown): JsonSchema {
  const type = typeOf(value);
  const before = known === undefined ? [] : [known.type ?? []].flat();
  if (type === 'null' ? known !== undefined : before.includes(type)) return known as JsonSchema;
  const types = [...before.filter((one) => one !== 'null'), ...(type === 'null' ? [] : [type]), 'null' as const];
  return { ...known, type: types, ...(types.includes('array') ? { items: {} } : {}) };
}

const typed = ([name, schema]: [string, JsonSchema]): [string, JsonSchema] =>
  [schema.type ?? []].flat().some((type) => type !== 'null') ? [name, schema] : [name, { type: ['string', 'null'] }];

function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'number' : (typeof value as JsonType);
}

/** What is known of a stream before any row. */
export function schemaOf(stream: SelectedStream): SchemaEvent {
  const { replicationKey: cursor } = stream;
  return {
    type: 'schema',
    stream: stream.definition.name,
    schema: stream.schema,
    keyProperties: stream.keyProperties,
    ...(stream.replicationMethod === 'INCREMENTAL' && cursor !== undefined ? { bookmarkProperties: [cursor] } : {}),
  };
}
