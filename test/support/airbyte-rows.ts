/** Rows through the Airbyte destination, as the platform hands them over: a configured catalog, records, a state and an end for each stream. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type House, start } from './pipe.ts';

export interface AirbyteStream {
  readonly rows: readonly object[];
  readonly name?: string;
  readonly namespace?: string;
  /** The column that tells rows apart. */
  readonly key?: string;
  /** An incremental sync. */
  readonly part?: boolean;
}

export function writeAirbyte(house: House, streams: readonly AirbyteStream[], settings: object = {}) {
  const config = join(house.folder, 'destination.json');
  const catalog = join(house.folder, 'catalog.json');
  const both = JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>;
  writeFileSync(config, JSON.stringify({ ...both['target-together'], ...settings }), { mode: 0o600 });
  writeFileSync(catalog, JSON.stringify({ streams: streams.map(configured) }));
  return start('destination-together', ['write', '--config', config, '--catalog', catalog], {
    input: streams
      .flatMap(messages)
      .map((message) => `${JSON.stringify(message)}\n`)
      .join(''),
  });
}

const descriptor = ({ name = 'employees', namespace }: AirbyteStream) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
});

function configured(stream: AirbyteStream) {
  const columns = [...new Set(stream.rows.flatMap((row) => Object.keys(row)))];
  return {
    stream: {
      ...descriptor(stream),
      json_schema: { properties: Object.fromEntries(columns.map((name) => [name, {}])) },
      supported_sync_modes: ['full_refresh', 'incremental'],
    },
    sync_mode: stream.part ? 'incremental' : 'full_refresh',
    destination_sync_mode: 'append',
    ...(stream.key === undefined ? {} : { primary_key: [[stream.key]] }),
  };
}

function messages(stream: AirbyteStream): object[] {
  const { name: streamName, ...space } = descriptor(stream);
  const stream_descriptor = descriptor(stream);
  const stream_status = { stream_descriptor, status: 'COMPLETE' };
  return [
    ...stream.rows.map((data) => ({ type: 'RECORD', record: { stream: streamName, ...space, data, emitted_at: 1 } })),
    { type: 'STATE', state: { type: 'STREAM', stream: { stream_descriptor, stream_state: { at: 1 } } } },
    { type: 'TRACE', trace: { type: 'STREAM_STATUS', emitted_at: 1, stream_status } },
  ];
}
