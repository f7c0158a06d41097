/** Singer lines → neutral events. Tolerant of every habit of real taps, strict where data would be lost or mixed up. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject, makeSafe, parseJsonLine, textToKeep } from '@ukg-together/kit/lines/json';
import type { Line, ReadOptions } from '@ukg-together/kit/lines/read-lines';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import type { ConnectorEvent, RecordEvent } from '../event.ts';
import { notJson, type TakeEvent, takeEvents, tooDeep } from '../event-lines.ts';

export interface DecodeOptions extends ReadOptions {
  /** Sentences about what was ignored; each is given once. */
  readonly warn?: (message: string) => void;
}

export interface DecodeCounts {
  schemas: number;
  records: number;
  states: number;
  activateVersions: number;
  /** Messages of an unknown type, by type. */
  ignored: Record<string, number>;
}

/** More streams than any tap has: a stream's key is remembered for the whole run. */
const maxStreams = 10_000;

/**
 * Reads to the end of the input and hands over each event in order; a promise returned by `take` is awaited before the
 * next line. `line.text` is the message as it came, for those that keep it, but null where a record has NaN or Infinity.
 * Throws ConnectorError 'input' with the number of the line, never with anything out of it but names of streams and keys.
 */
export async function decodeSinger(
  input: AsyncIterable<Buffer | string>,
  take: TakeEvent,
  options: DecodeOptions = {},
): Promise<DecodeCounts> {
  const counts: DecodeCounts = { schemas: 0, records: 0, states: 0, activateVersions: 0, ignored: {} };
  const keys = new Map<string, readonly string[]>();
  const warned = new Set<string>();
  const warnOnce = (message: string) => {
    if (warned.has(message) || warned.size > 100) return;
    warned.add(message);
    options.warn?.(message);
  };

  await takeEvents(input, (line) => readMessage(line, keys, counts, warnOnce), take, options);
  return counts;
}

function readMessage(
  line: Line,
  keys: Map<string, readonly string[]>,
  counts: DecodeCounts,
  warnOnce: (message: string) => void,
): ConnectorEvent | undefined {
  const { message, nonNumbers } = parseMessage(line);
  if (!isObject(message) || typeof message['type'] !== 'string') {
    throw new ConnectorError(
      'input',
      said`Line ${line.number} is not a Singer message: it is no JSON object with a "type".`,
    );
  }
  const type = message['type'] === 'RECORD' ? 'RECORD' : message['type'].toUpperCase();
  switch (type) {
    case 'RECORD':
      counts.records++;
      return withNonNumbers(readRecord(message, line, keys), nonNumbers);
    case 'SCHEMA':
      counts.schemas++;
      return readSchema(message, line, keys);
    case 'STATE':
      counts.states++;
      if (message['value'] === undefined) throw lacks(line, 'STATE', 'value');
      checkSafe(message['value'], line);
      return readState(message['value'], line);
    case 'ACTIVATE_VERSION': {
      counts.activateVersions++;
      const stream = streamOf(message, line, 'ACTIVATE_VERSION');
      const version = message['version'];
      if (!keys.has(stream) || typeof version !== 'number') {
        warnOnce(`ACTIVATE_VERSION for stream ${show(stream)} without a SCHEMA or a version is ignored.`);
        return undefined;
      }
      return { type: 'activate_version', stream, version };
    }
    case 'BATCH':
      throw new ConnectorError(
        'input',
        said`Line ${line.number} is a BATCH message: its records lie in files that this target does not read.`,
        {
          hint: "Remove batch_config from the tap's settings: its records then come through the pipe.",
        },
      );
    default: {
      const name = Object.keys(counts.ignored).length < 100 ? type.slice(0, 80) : 'others';
      if (counts.ignored[name] === undefined)
        warnOnce(`Messages of the unknown type ${show(type)} are ignored (first on line ${line.number}).`);
      counts.ignored[name] = (counts.ignored[name] ?? 0) + 1;
      return undefined;
    }
  }
}

function parseMessage(line: Line): { message: Record<string, unknown>; nonNumbers: number } {
  try {
    const { value, nonNumbers } = parseJsonLine(line.text);
    return { message: value as Record<string, unknown>, nonNumbers };
  } catch {
    throw notJson(line, {
      cutOff: 'The tap was probably stopped while writing: its own log tells why. Run both again.',
      foreign:
        'Something other than Singer messages is written to this pipe (a print, a warning): logs belong on stderr.',
    });
  }
}

const withNonNumbers = (event: RecordEvent, nonNumbers: number): RecordEvent =>
  nonNumbers === 0 ? event : { ...event, nonNumbers };

function readState(value: unknown, line: Line): ConnectorEvent {
  const text = textToKeep(line.text, 'value', value);
  return text === undefined ? { type: 'state', value } : { type: 'state', value, text };
}

function readRecord(message: Record<string, unknown>, line: Line, keys: Map<string, readonly string[]>): RecordEvent {
  const stream = streamOf(message, line, 'RECORD');
  const record = message['record'];
  if (!isObject(record)) throw lacks(line, 'RECORD', 'record');
  const keyProperties = keys.get(stream);
  if (keyProperties === undefined) {
    throw new ConnectorError(
      'input',
      said`RECORD for stream ${show(stream)} before its SCHEMA (line ${line.number}).`,
      {
        hint: 'A tap announces each stream with a SCHEMA message: this input is incomplete, or cut at its start.',
      },
    );
  }
  if (!isFlat(line.text)) checkSafe(record, line);
  for (const key of keyProperties) {
    if (record[key] === undefined) {
      throw new ConnectorError(
        'input',
        said`RECORD for stream ${show(stream)} has a missing key property ${show(key)} (line ${line.number}).`,
        {
          hint: 'A row without its key stands for no person: select the key in the catalog, or fix the tap.',
        },
      );
    }
  }
  const timeExtracted = message['time_extracted'];
  const version = message['version'];
  if (typeof timeExtracted === 'string') {
    return typeof version === 'number'
      ? { type: 'record', stream, record, timeExtracted, version }
      : { type: 'record', stream, record, timeExtracted };
  }
  return typeof version === 'number' ? { type: 'record', stream, record, version } : { type: 'record', stream, record };
}

/**
 * Whether a message holds one object at most, its record, and no `__proto__`, also none in escapes: most records hold plain values
 * only, and a few searches through the text take a fraction of a look at each value.
 */
function isFlat(text: string): boolean {
  const record = text.indexOf('{', 1);
  return (
    text.indexOf('{', record + 1) === -1 &&
    text.indexOf('[') === -1 &&
    text.indexOf('__proto__') === -1 &&
    text.indexOf('\\u') === -1
  );
}

function readSchema(
  message: Record<string, unknown>,
  line: Line,
  keys: Map<string, readonly string[]>,
): ConnectorEvent {
  const stream = streamOf(message, line, 'SCHEMA');
  const schema = message['schema'];
  if (!isObject(schema)) throw lacks(line, 'SCHEMA', 'schema');
  if (!isObject(schema['properties'])) throw lacks(line, `SCHEMA for stream ${show(stream)}`, 'schema.properties');
  checkSafe(schema, line);
  const keyProperties = strings(message['key_properties']);
  const bookmarks = strings(message['bookmark_properties']);
  if (!keys.has(stream) && keys.size >= maxStreams) {
    throw new ConnectorError(
      'input',
      said`Line ${line.number} announces stream number ${maxStreams + 1}: no tap has that many.`,
    );
  }
  keys.set(stream, keyProperties);
  return {
    type: 'schema',
    stream,
    schema: schema as JsonSchema,
    keyProperties,
    ...(bookmarks.length > 0 && { bookmarkProperties: bookmarks }),
  };
}

/** Absent, null and a lone string are all met in real streams. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function streamOf(message: Record<string, unknown>, line: Line, type: string): string {
  const stream = message['stream'];
  if (typeof stream !== 'string' || stream === '') throw lacks(line, type, 'stream');
  return stream;
}

function checkSafe(value: unknown, line: Line): void {
  if (!makeSafe(value)) throw tooDeep(line);
}

function lacks(line: Line, what: string, key: string): ConnectorError {
  return new ConnectorError('input', said`Line ${line.number}: ${what} has no ${show(key)}.`, {
    hint: 'What writes to this pipe is not a Singer tap, or a broken one.',
  });
}
