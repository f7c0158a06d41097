/** Ways from the bytes of a page to its rows, for the rows `json-rows` of the benchmark. */
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createSplitter } from '@ukg-together/transport/rows/json-rows';
import { jsonParser } from 'stream-json/core/parser.js';
import parser from 'stream-json/parser.js';
import streamArray from 'stream-json/streamers/stream-array.js';

/** Gives the rows that became complete, as bytes arrive. */
type Reader = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<readonly unknown[]>;

/** Whole keys and values only, and no token for a part of one: the fastest that stream-json knows. */
const packed = { packValues: true, streamValues: false };

/** stream-chain's word for the end of a stream, by which the parser learns that no more text comes. */
const endOfText = Symbol.for('object-stream.none');

export const readers: Readonly<Record<string, Reader>> = {
  async *ours(bytes) {
    const splitter = createSplitter();
    for await (const chunk of bytes) yield splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    splitter.end();
  },
  /** As its README puts it together: one Node stream for each stage. */
  async *streams(bytes) {
    const items = Readable.from(bytes).compose(parser.asStream(packed)).compose(streamArray.asStream());
    for await (const { value } of items as AsyncIterable<{ value: unknown }>) yield [value];
  },
  /** Its stages as plain functions, called by hand: a third of the work of its streams. */
  async *functions(bytes) {
    const decoder = new StringDecoder('utf8');
    const tokensOf = jsonParser(packed) as unknown as (text: string | symbol) => { values?: { name: string }[] };
    const rowOf = streamArray() as unknown as (token: { name: string }) => { value?: unknown };
    const rowsOf = (text: string | symbol) => {
      const rows: unknown[] = [];
      for (const token of tokensOf(text).values ?? []) {
        const item = rowOf(token);
        if (typeof item === 'object') rows.push(item.value);
      }
      return rows;
    };
    for await (const chunk of bytes) yield rowsOf(decoder.write(chunk as Buffer));
    yield rowsOf(endOfText);
  },
  /** No reader at all: the page as one text. */
  async *whole(bytes) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    yield JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown[];
  },
};
