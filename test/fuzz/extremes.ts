/** Inputs too large to be drawn: a line without end, a million streams, a million of everything. Each reports time and memory. */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { parseJson } from '@ukg-together/kit/lines/json';
import { readConfiguredCatalog, selectConfigured } from '@ukg-together/protocol/airbyte/catalog';
import { decodeAirbyte } from '@ukg-together/protocol/airbyte/decode';
import { selectStreams } from '@ukg-together/protocol/singer/catalog';
import { decodeSinger } from '@ukg-together/protocol/singer/decode';
import { parseState } from '@ukg-together/protocol/singer/state';
import { createSplitter } from '@ukg-together/transport/rows/json-rows';
import { buildCatalog } from '../../tap-ukg-pro/src/catalog/catalog.ts';
import { Violation } from './target.ts';

const million = 1_000_000;
const { definitions } = buildCatalog();

interface Extreme {
  readonly name: string;
  /** Gives what it took. */
  run(): Promise<string>;
}

async function* repeated(head: string, count: number, one: (i: number) => string, tail = ''): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  for (let i = 0; i < count; ) {
    let text = '';
    for (const to = Math.min(count, i + 2000); i < to; i++) text += one(i);
    yield Buffer.from(text);
  }
  yield Buffer.from(tail);
}

/** `said`: sentences that a log would get; there may be a hundred, not a million. */
function extreme(
  name: string,
  limits: { seconds: number; mb: number },
  job: (said: (text: string) => void) => Promise<void> | void,
): Extreme {
  return {
    name,
    async run() {
      let sentences = 0;
      let peak = 0;
      const before = process.memoryUsage().rss;
      const timer = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss);
      }, 20);
      const cpu = process.cpuUsage();
      let ended = 'read';
      try {
        await job(() => sentences++);
      } catch (thrown) {
        if (!(thrown instanceof ConnectorError)) throw thrown;
        if (thrown.message.length > 2000) throw new Violation(`a message of ${thrown.message.length} characters`);
        ended = thrown.message;
      } finally {
        clearInterval(timer);
      }
      const { user, system } = process.cpuUsage(cpu);
      const took = (user + system) / 1e6;
      const grown = (Math.max(peak, process.memoryUsage().rss) - before) / 1048576;
      if (took > limits.seconds) throw new Violation(`took ${took.toFixed(1)} s of CPU`);
      if (grown > limits.mb) throw new Violation(`took ${grown.toFixed(0)} MB`);
      if (sentences > 250) throw new Violation(`said ${sentences} sentences`);
      return `${took.toFixed(1)} s, ${grown.toFixed(0)} MB more: ${ended.slice(0, 120)}`;
    },
  };
}

export const extremes: readonly Extreme[] = [
  extreme('a million streams announced (Singer)', { seconds: 20, mb: 400 }, async (said) => {
    const one = (i: number) => `{"type":"SCHEMA","stream":"s${i}","schema":{"properties":{}},"key_properties":[]}\n`;
    await decodeSinger(repeated('', million, one), () => {}, { warn: said });
  }),
  extreme('a million unknown streams and message types', { seconds: 30, mb: 400 }, async (said) => {
    const one = (i: number) => `{"type":"RECORD","record":{"stream":"s${i}","data":{}}}\n{"type":"T${i}"}\n`;
    await decodeAirbyte(repeated('', million / 2, one), () => {}, { streams: [], warn: said });
    await decodeSinger(
      repeated('', million / 2, (i) => `{"type":"T${i}"}\n`),
      () => {},
      { warn: said },
    );
  }),
  extreme('a line without end', { seconds: 20, mb: 600 }, async (said) => {
    const part = 'x'.repeat(1 << 16);
    await decodeSinger(
      repeated('{"type":"RECORD","stream":"', 8192, () => part),
      () => {},
      { warn: said },
    );
  }),
  extreme('a million streams in a catalog', { seconds: 30, mb: 1500 }, (said) => {
    const entries = Array.from(
      { length: million },
      (_, i) => `{"tap_stream_id":"s${i}","stream":"s${i}","schema":{},"metadata":[]}`,
    );
    selectStreams(definitions, parseJson(`{"streams":[${entries.join()}]}`, 'The catalog'), said);
  }),
  extreme('a million streams in a configured catalog', { seconds: 30, mb: 1500 }, (said) => {
    const entries = Array.from(
      { length: million },
      (_, i) => `{"stream":{"name":"s${i}","json_schema":{}},"sync_mode":"full_refresh"}`,
    );
    selectConfigured(
      definitions,
      readConfiguredCatalog(parseJson(`{"streams":[${entries.join()}]}`, 'The catalog')),
      said,
    );
  }),
  extreme('a million bookmarks in a state', { seconds: 30, mb: 1500 }, () => {
    const entries = Array.from({ length: million }, (_, i) => `"s${i}":{"replication_key_value":"2026-01-01"}`);
    parseState(parseJson(`{"bookmarks":{${entries.join()}}}`, 'The state'), definitions);
  }),
  extreme('a row without end in a page', { seconds: 20, mb: 300 }, async () => {
    const splitter = createSplitter();
    try {
      for await (const piece of repeated('[{"a":"', 8192, () => 'x'.repeat(4096))) splitter.push(piece);
    } catch (thrown) {
      if ((thrown as { failure?: { code?: string } }).failure?.code !== 'TOO_LONG') throw thrown;
      throw new ConnectorError('unreachable', said`The row is too long.`);
    }
    throw new Violation('took a row of 32 MB');
  }),
  extreme('nested a million levels deep', { seconds: 20, mb: 400 }, async (said) => {
    const deep = '['.repeat(million) + ']'.repeat(million);
    for (const text of [
      `{"type":"STATE","value":${deep}}\n`,
      `${deep}\n`,
      `{"type":"RECORD","stream":"a","record":{"a":${deep}}}\n`,
    ]) {
      await decodeSinger(
        repeated(text, 0, () => ''),
        () => {},
        { warn: said },
      ).catch((error: unknown) => {
        if (!(error instanceof ConnectorError)) throw error;
      });
    }
    parseJson(deep, 'The state');
  }),
];
