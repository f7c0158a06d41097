import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isClosedPipe, type Line, readLines } from './read-lines.ts';
import { lineWriter } from './write-lines.ts';

/** Each chunk holds until the next one is asked for. */
async function* chunks(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    const chunk = Buffer.from(part as string);
    yield chunk;
    chunk.fill('?');
  }
}

async function read(input: AsyncIterable<Buffer>, options = {}): Promise<Line[]> {
  const all: Line[] = [];
  for await (const lines of readLines(input, options)) all.push(...lines);
  return all;
}

describe('readLines', () => {
  it('gives the same lines however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\n\r]/g, ' ')),
          { maxLength: 12 },
        ),
        fc.array(fc.nat(400), { maxLength: 8 }),
        fc.boolean(),
        async (texts, cuts, ending) => {
          const bytes = Buffer.from(texts.join('\n') + (ending ? '\n' : ''));
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const parts = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          const expected = texts.flatMap((text, i) => {
            const plain = text.replace(/^\ufeff/, '');
            return /^[ \t\r]*$/.test(plain) ? [] : [{ number: i + 1, text: plain }];
          });
          const lines = await read(chunks(...parts));
          expect(lines.map(({ number, text }) => ({ number, text }))).toEqual(expected);
        },
      ),
    );
  });

  it('splits at nothing but \\n: U+2028, U+2029, U+0085 and a lone \\r stay inside a line', async () => {
    const lines = await read(chunks('"a\u2028b\u2029c\u0085d\re"\n"f"\n'));
    expect(lines.map(({ text }) => text)).toEqual(['"a\u2028b\u2029c\u0085d\re"', '"f"']);
  });

  it('takes \\r\\n, byte order marks and blank lines, and counts the blank ones', async () => {
    const lines = await read(chunks('\ufeff{}\r\n\r\n \t\n\n\ufeff[]\n'));
    expect(lines).toEqual([
      { number: 1, text: '{}' },
      { number: 5, text: '[]' },
    ]);
  });

  it('marks a last line that has no end', async () => {
    expect(await read(chunks('{}\n{"a"', ':1'))).toEqual([
      { number: 1, text: '{}' },
      { number: 2, text: '{"a":1', unterminated: true },
    ]);
  });

  it('hands over the lines before a fault, then names its line', async () => {
    for (const broken of [
      Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a]),
      Buffer.concat([Buffer.alloc(50, 'x'), Buffer.from('\n')]),
    ]) {
      const seen: Line[] = [];
      const run = async () => {
        for await (const lines of readLines(
          chunks(Buffer.concat([Buffer.from('1\n2\n'), broken, Buffer.from('4\n')])),
          { maxLineBytes: 40 },
        )) {
          seen.push(...lines);
        }
      };
      await expect(run()).rejects.toMatchObject({
        kind: 'input',
        message: expect.stringContaining('Line 3 of stdin') as string,
      });
      expect(seen.map(({ text }) => text)).toEqual(['1', '2']);
    }
  });

  it('refuses a line without an end once it is too long, without waiting for its end', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked++;
        yield Buffer.alloc(1000, 'x');
      }
    }
    await expect(read(endless(), { maxLineBytes: 10_000 })).rejects.toThrow('longer than 10000 bytes');
    expect(asked).toBe(11);
  });
});

/** A reader that takes nothing until told to. */
function slowReader() {
  const taken: string[] = [];
  let release: (() => void) | undefined;
  const output = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      release = () => done();
    },
  });
  return { output, taken, release: () => release?.() };
}

const long = 'x'.repeat(200_000);

describe('lineWriter', () => {
  it('asks to wait only when the reader is behind, and goes on when it has caught up', async () => {
    const { output, taken, release } = slowReader();
    const writer = lineWriter(output);
    expect(writer.write('short')).toBeUndefined();
    const wait = writer.write(long);
    expect(wait).toBeInstanceOf(Promise);
    let ready = false;
    void wait?.then(() => {
      ready = true;
    });
    await new Promise(setImmediate);
    expect(ready).toBe(false);
    release();
    await wait;
    expect(taken.join('')).toBe(`short\n${long}\n`);
  });

  it('flushes what is batched and resolves once it has been taken', async () => {
    const { output, taken, release } = slowReader();
    const writer = lineWriter(output);
    void writer.write('a');
    const flushed = writer.flush();
    expect(taken).toEqual(['a\n']);
    release();
    await flushed;
    await writer.flush();
  });

  it('rejects every wait, and every later write, when the reader is gone', async () => {
    const { output } = slowReader();
    const writer = lineWriter(output);
    const wait = writer.write(long) as Promise<void>;
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const error: unknown = await wait.catch((reason: unknown) => reason);
    expect(isClosedPipe(error)).toBe(true);
    expect(writer.closed).toBe(true);
    await expect(writer.write('more')).rejects.toBe(error);
    await expect(writer.flush()).rejects.toBe(error);
  });

  it('tells a full disk from a closed pipe', async () => {
    const { output } = slowReader();
    const writer = lineWriter(output);
    const wait = writer.write(long) as Promise<void>;
    output.destroy(Object.assign(new Error('ENOSPC: /secret/path'), { code: 'ENOSPC' }));
    const error: unknown = await wait.catch((reason: unknown) => reason);
    expect(isClosedPipe(error)).toBe(false);
    expect(error).toMatchObject({ message: "Can't write to stdout: the disk is full (ENOSPC)." });
  });
});
