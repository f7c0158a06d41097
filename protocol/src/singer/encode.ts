/** Neutral events → Singer lines. https://hub.meltano.com/singer/spec/ */

import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { Emit, RecordEvent, StateEvent } from '../event.ts';

/**
 * An Emit that writes Singer messages in order. A STATE is flushed together with everything before it, and its promise
 * resolves when the operating system has them; the same STATE twice in a row is written once.
 */
export function singerEncoder(writer: LineWriter): Emit {
  const prefixes = new Map<string, string>();
  let tailOf: { time: string | undefined; version: number | undefined; text: string } = {
    time: undefined,
    version: undefined,
    text: '}',
  };
  let lastState: string | undefined;

  const recordLine = (event: RecordEvent): string => {
    let prefix = prefixes.get(event.stream);
    if (prefix === undefined) {
      prefix = `{"type":"RECORD","stream":${JSON.stringify(event.stream)},"record":`;
      prefixes.set(event.stream, prefix);
    }
    if (tailOf.time !== event.timeExtracted || tailOf.version !== event.version) {
      const version = event.version === undefined ? '' : `,"version":${event.version}`;
      const time = event.timeExtracted === undefined ? '' : `,"time_extracted":${JSON.stringify(event.timeExtracted)}`;
      tailOf = { time: event.timeExtracted, version: event.version, text: `${version}${time}}` };
    }
    return prefix + JSON.stringify(event.record) + tailOf.text;
  };

  return (event) => {
    if (event.type === 'record') {
      lastState = undefined;
      return writer.write(recordLine(event));
    }
    switch (event.type) {
      case 'schema':
        lastState = undefined;
        return writer.write(
          JSON.stringify({
            type: 'SCHEMA',
            stream: event.stream,
            schema: event.schema,
            key_properties: event.keyProperties,
            ...(event.bookmarkProperties && { bookmark_properties: event.bookmarkProperties }),
          }),
        );
      case 'activate_version':
        lastState = undefined;
        return writer.write(JSON.stringify({ type: 'ACTIVATE_VERSION', stream: event.stream, version: event.version }));
      case 'state': {
        const line = JSON.stringify({ type: 'STATE', value: event.value });
        if (line === lastState) return undefined;
        lastState = line;
        return writeThrough(writer, line);
      }
      case 'status':
        // Singer has no message for it; people read it in the log.
        return undefined;
    }
  };
}

/**
 * What a target prints once everything before a STATE is settled: the bare value as it came, flushed. Meltano stores each line as it
 * is, so a wrapped message would spoil the state for the next run.
 */
export function bareState(writer: LineWriter, state: StateEvent): Promise<void> {
  return writeThrough(writer, stateText(state));
}

/** The value of a STATE in one line, as its tap wrote it. */
export const stateText = ({ value, text }: StateEvent): string => text ?? JSON.stringify(value);

async function writeThrough(writer: LineWriter, line: string): Promise<void> {
  const wait = writer.write(line);
  if (wait !== undefined) await wait;
  await writer.flush();
}
