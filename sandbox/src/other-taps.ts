/** What taps of other sources write: a table as Singer messages, and rows that say that a person was deleted. */

export type Row = Readonly<Record<string, unknown>>;

/** How a source marks a deleted row; `value` is what its column holds then, `alive` what it holds otherwise. */
export interface DeletionMark {
  readonly column: string;
  readonly from: string;
  readonly value: (instant: string) => unknown;
  readonly alive: unknown;
}

export const DELETION_MARKS: readonly DeletionMark[] = [
  { column: '_sdc_deleted_at', from: 'log-based Singer taps', value: (instant) => instant, alive: null },
  { column: '_sdc_lsn_deleted_at', from: "tap-mssql's change tracking", value: (instant) => instant, alive: null },
  { column: '_ab_cdc_deleted_at', from: "Airbyte's change data capture", value: (instant) => instant, alive: null },
  { column: '_fivetran_deleted', from: "Fivetran's warehouse tables", value: () => true, alive: false },
  { column: '__deleted', from: "Debezium's flattened rows, a text", value: () => 'true', alive: 'false' },
  { column: '_hevo__marked_deleted', from: "Hevo's warehouse tables", value: () => true, alive: false },
];

/** The row of a deleted person: as it was, or only its key, as a database's log often has it. */
export function deletedRow(
  row: Row,
  mark: DeletionMark,
  how: { key: string; instant: string; keyOnly?: boolean },
): Row {
  const rest = how.keyOnly ? { [how.key]: row[how.key] } : row;
  return { ...rest, [mark.column]: mark.value(how.instant) };
}

export interface Table {
  readonly stream: string;
  readonly key: string;
  readonly rows: readonly Row[];
  /** JSON Schema types by column; a column that no row has is announced all the same, one that is not named is text. */
  readonly types?: Readonly<Record<string, unknown>>;
  /** A read of everything: rows carry it, and an ACTIVATE_VERSION follows them. */
  readonly version?: number;
  /** Where the tap writes ACTIVATE_VERSION; `first` and `both` announce it before any row, as the Meltano SDK does; `never`: it died. */
  readonly activate?: 'last' | 'first' | 'both' | 'never';
  /** The value of the last STATE; none where the tap died before it. */
  readonly state?: unknown;
}

/** The messages of one run, a line each. Without `key` values a row is written all the same: that is the reader's business. */
export function singerLines(table: Table): string[] {
  const { stream, key, rows, types = {}, version, activate = 'last', state } = table;
  const columns = [...new Set([key, ...Object.keys(types), ...rows.flatMap((row) => Object.keys(row))])];
  const properties = Object.fromEntries(
    columns.map((column) => [column, types[column] ?? { type: ['null', 'string', 'boolean'] }]),
  );
  const activation = { type: 'ACTIVATE_VERSION', stream, version };
  const messages: object[] = [
    { type: 'SCHEMA', stream, schema: { type: 'object', properties }, key_properties: [key] },
  ];
  if (version !== undefined && (activate === 'first' || activate === 'both')) messages.push(activation);
  for (const record of rows)
    messages.push({ type: 'RECORD', stream, record, ...(version === undefined ? {} : { version }) });
  if (version !== undefined && (activate === 'last' || activate === 'both')) messages.push(activation);
  if (state !== undefined) messages.push({ type: 'STATE', value: state });
  return messages.map((message) => JSON.stringify(message));
}
