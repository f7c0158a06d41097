import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { inputOf, until } from './input.ts';

const folder = mkdtempSync(join(tmpdir(), 'reading-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'messages');
/** More than two pieces, and no whole number of them. */
const text = Array.from({ length: 40_000 }, (_, at) => `line ${at}\n`).join('');
writeFileSync(path, text);

async function all(input: AsyncIterable<Buffer>): Promise<string> {
  const copies: Buffer[] = [];
  for await (const piece of input) copies.push(Buffer.from(piece));
  return Buffer.concat(copies).toString();
}

/** What stdin is after `< messages`. */
const redirected = () => Object.assign(Readable.from([]), { fd: openSync(path, 'r') });

describe.each<[string, (signal: AbortSignal) => AsyncIterable<Buffer>]>([
  ['--input', (signal) => inputOf(signal, path)],
  ['a file on stdin', (signal) => until(signal, redirected())],
  ['a pipe', (signal) => until(signal, Readable.from([Buffer.from(text), Buffer.alloc(0)]))],
])('%s', (_name, open) => {
  it('is read to its end', async () => {
    expect(await all(open(new AbortController().signal))).toBe(text);
  });

  it('ends at a stop, with its reason', async () => {
    const stop = new AbortController();
    let pieces = 0;
    const reading = async () => {
      for await (const piece of open(stop.signal)) {
        pieces += piece.length > 0 ? 1 : 0;
        stop.abort(new Error('stopped'));
      }
    };
    await expect(reading()).rejects.toThrow('stopped');
    expect(pieces).toBe(1);
  });
});

it('a folder on stdin is no empty input', async () => {
  const stdin = Object.assign(Readable.from([]), { fd: openSync(folder, 'r') });
  await expect(all(until(new AbortController().signal, stdin))).rejects.toThrow(/stdin is a folder/);
});

it.each([
  ['missing', /missing does not exist/],
  ['.', /is a folder/],
])('an input that is none is told by its name: %s', async (name, sentence) => {
  await expect(all(inputOf(new AbortController().signal, join(folder, name)))).rejects.toThrow(sentence);
});
