/** Airbyte lines on a destination's stdin → neutral events; and the echo of a state once everything before it is acknowledged. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { asJson, isObject, makeSafe, memberTexts, parseJsonLine, textToKeep } from '@ukg-together/kit/lines/json';
import type { Line, ReadOptions } from '@ukg-together/kit/lines/read-lines';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import type { ConnectorEvent, StateEvent } from '../event.ts';
import { notJson, type TakeEvent, takeEvents, tooDeep } from '../event-lines.ts';
import type { ConfiguredStream } from './catalog.ts';
import { writeLineThrough } from './message.ts';

export interface AirbyteDecodeOptions extends ReadOptions {
  readonly streams: readonly ConfiguredStream[];
  /**
   * Field names that the consumer looks for, by stream. Behind a cache or a warehouse all names are lower-cased: they come
   * back as these, else as the configured schema spells them.
   */
  readonly names?: (stream: string) => Iterable<string>;
  readonly warn?: (message: string) => void;
}

export interface AirbyteDecodeCounts {
  records: number;
  states: number;
  /** Messages that are not for a destination, and records of streams that are not configured. */
  ignored: number;
}

interface StreamReader {
  /** What the consumer knows the stream by: its name, with the namespace where several have the name. */
  readonly label: string;
  /** Names that need no change. */
  readonly known: ReadonlySet<string>;
  readonly byLowerCase: ReadonlyMap<string, string>;
  /** Whether its COMPLETE means that everything there is has come in this run. */
  readonly everything: boolean;
  /** Records since its last state. */
  records: number;
}

/**
 * Reads to the end of the input. First comes a schema event for each configured stream, then events in the order of the
 * lines; a promise returned by `take` is awaited before the next line. Unknown messages, streams and fields are ignored.
 * Throws ConnectorError 'input' with the number of a line that can't be read.
 */
export async function decodeAirbyte(
  input: AsyncIterable<Buffer | string>,
  take: TakeEvent,
  options: AirbyteDecodeOptions,
): Promise<AirbyteDecodeCounts> {
  const counts: AirbyteDecodeCounts = { records: 0, states: 0, ignored: 0 };
  const readers = createReaders(options);
  const unknown = new Set<string>();
  for (const [stream, reader] of readers.all) await take(schemaEvent(stream, reader), { number: 0, text: '' });

  const read = (line: Line): ConnectorEvent | undefined => {
    const { message, nonNumbers } = parseLine(line);
    if (message['type'] === 'RECORD' && isObject(message['record'])) {
      const { stream, namespace, data, emitted_at: emittedAt } = message['record'];
      const reader = readers.of(stream, namespace);
      if (reader === undefined) {
        counts.ignored++;
        const name = show(stream);
        if (unknown.size < 100 && !unknown.has(name)) {
          unknown.add(name);
          options.warn?.(`Records of stream ${name}, which is not in the configured catalog, are ignored.`);
        }
        return undefined;
      }
      counts.records++;
      reader.records++;
      const record = isObject(data) ? restoreNames(data, reader, line) : {};
      const timeExtracted = extractedAt(emittedAt);
      return {
        type: 'record',
        stream: reader.label,
        record,
        ...(timeExtracted !== undefined && { timeExtracted }),
        ...(nonNumbers > 0 && { nonNumbers }),
      };
    }
    if (message['type'] === 'STATE' && isObject(message['state'])) {
      counts.states++;
      if (!makeSafe(message['state'])) throw tooDeep(line);
      return stateEvent(message['state'], line, readers);
    }
    if (message['type'] === 'TRACE' && isObject(message['trace'])) {
      const reader = completedStream(message['trace'], readers);
      if (reader !== undefined) {
        const { label, everything } = reader;
        return { type: 'status', stream: label, status: 'complete', ...(everything && { everything: true }) };
      }
    }
    counts.ignored++;
    return undefined;
  };

  await takeEvents(input, read, take, options);
  return counts;
}

interface Readers {
  readonly all: readonly (readonly [ConfiguredStream, StreamReader])[];
  /** By the name and namespace of a message. One that names no namespace, or another one, finds the stream that alone has the name. */
  of(name: unknown, namespace: unknown): StreamReader | undefined;
}

function createReaders({ streams, names }: AirbyteDecodeOptions): Readers {
  const byName = new Map<string, Map<string, StreamReader>>();
  const all = streams.map((stream) => {
    const { name, namespace } = stream;
    const alone = streams.every((other) => other === stream || other.name !== name);
    const label = alone || namespace === '' ? name : `${namespace}.${name}`;
    const reader = streamReader(stream, label, names?.(name) ?? []);
    byName.set(name, (byName.get(name) ?? new Map<string, StreamReader>()).set(namespace, reader));
    return [stream, reader] as const;
  });
  return {
    all,
    of(name, namespace) {
      const found = typeof name === 'string' ? byName.get(name) : undefined;
      if (found === undefined) return undefined;
      const exact = found.get(typeof namespace === 'string' ? namespace : '');
      if (exact !== undefined || found.size > 1) return exact;
      const [only] = found.values();
      return only;
    },
  };
}

function parseLine(line: Line): { message: Record<string, unknown>; nonNumbers: number } {
  let parsed: ReturnType<typeof parseJsonLine>;
  try {
    parsed = parseJsonLine(line.text);
  } catch {
    throw notJson(line, {
      cutOff: 'The source was probably stopped while writing. Run the sync again.',
      foreign: 'What writes to this pipe is no Airbyte source.',
    });
  }
  const { value: message, nonNumbers } = parsed;
  if (!isObject(message))
    throw new ConnectorError('input', said`Line ${line.number} is not an Airbyte message: it is no JSON object.`);
  return { message, nonNumbers };
}

function streamReader(
  { schema, increment, resumable }: ConfiguredStream,
  label: string,
  names: Iterable<string>,
): StreamReader {
  const byLowerCase = new Map<string, string>();
  for (const name of [...names, ...Object.keys(schema.properties ?? {})]) {
    const lower = name.toLowerCase();
    if (!byLowerCase.has(lower)) byLowerCase.set(lower, name);
  }
  return {
    label,
    known: new Set(byLowerCase.values()),
    byLowerCase,
    everything: !increment && !resumable,
    records: 0,
  };
}

function schemaEvent(stream: ConfiguredStream, reader: StreamReader): ConnectorEvent {
  const canonical = (name: string) => reader.byLowerCase.get(name.toLowerCase()) ?? name;
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(stream.schema.properties ?? {})) {
    if (!name.startsWith('_airbyte_')) properties[canonical(name)] = property;
  }
  return {
    type: 'schema',
    stream: reader.label,
    ...(reader.label !== stream.name && { name: stream.name }),
    schema: { ...stream.schema, properties },
    keyProperties: stream.primaryKey.map(canonical),
    ...(stream.increment && { increment: true }),
  };
}

/** The record without Airbyte's own columns, its names as the consumer knows them. Mostly that is the record itself. */
function restoreNames(data: Record<string, unknown>, reader: StreamReader, line: Line): Record<string, unknown> {
  let plain = true;
  let nested = false;
  for (const key in data) {
    if (!reader.known.has(key)) plain = false;
    const value = data[key];
    if (typeof value === 'object' && value !== null) nested = true;
  }
  if ((nested || !plain) && !makeSafe(data)) throw tooDeep(line);
  if (plain) return data;
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    if (key.startsWith('_airbyte_')) continue;
    const name = reader.known.has(key) ? key : (reader.byLowerCase.get(key.toLowerCase()) ?? key);
    // Where both spellings came, the exact one counts.
    if (name === key || !Object.hasOwn(data, name)) record[name] = value;
  }
  return record;
}

/** Milliseconds by the protocol; seconds from PyAirbyte's cache. */
export function extractedAt(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return undefined;
  const date = new Date(value < 100_000_000_000 ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function stateEvent(state: Record<string, unknown>, line: Line, readers: Readers): ConnectorEvent {
  const descriptor = isObject(state['stream']) ? state['stream']['stream_descriptor'] : undefined;
  const name = isObject(descriptor) ? descriptor['name'] : undefined;
  const own = isObject(descriptor) ? readers.of(name, descriptor['namespace']) : undefined;
  const covered = typeof name === 'string' ? [own] : readers.all.map(([, reader]) => reader);
  let records = 0;
  for (const reader of covered) {
    records += reader?.records ?? 0;
    if (reader !== undefined) reader.records = 0;
  }
  const text = textToKeep(asJson(line.text).text, 'state', state);
  return {
    type: 'state',
    value: state,
    ...(text !== undefined && { text }),
    records,
    ...(typeof name === 'string' && { stream: own?.label ?? name }),
  };
}

function completedStream(trace: Record<string, unknown>, readers: Readers): StreamReader | undefined {
  const status = isObject(trace['stream_status']) ? trace['stream_status'] : undefined;
  const descriptor = status?.['status'] === 'COMPLETE' ? status['stream_descriptor'] : undefined;
  return isObject(descriptor) ? readers.of(descriptor['name'], descriptor['namespace']) : undefined;
}

/**
 * Gives a state back as it came, to the digit (the platform adds an `id` that it wants to see again), with how many of its records
 * were delivered and how many were refused: together as many as the source counted.
 */
export function echoState(
  writer: LineWriter,
  { value, text }: Pick<StateEvent, 'value' | 'text'>,
  counts: { delivered: number; rejected: number },
): Promise<void> {
  const received = isObject(value) ? value : {};
  const members = memberTexts(text ?? JSON.stringify(received));
  const misspelt = members.get('global_');
  if ((received['global'] ?? undefined) === undefined && isObject(received['global_']) && misspelt !== undefined)
    members.set('global', misspelt);
  const stats = { recordCount: counts.delivered, rejectedRecordCount: counts.rejected };
  members.set('destinationStats', JSON.stringify(stats));
  const state = [...members].map(([name, member]) => `${JSON.stringify(name)}:${member}`);
  return writeLineThrough(writer, `{"type":"STATE","state":{${state.join(',')}}}`);
}
