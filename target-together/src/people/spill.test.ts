import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpill } from './spill.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('spill', () => {
  it('gives back every text, whatever its size and wherever it lies', () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.nat(700_000).map((size) => 'é'.repeat(size)),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(0, 5_000_000), (all, memoryBytes) => {
        const spill = createSpill({ folder, memoryBytes });
        const places = all.map((text) => [spill.append(text), spill.lengths[0] as number] as const);
        all.forEach((text, at) => {
          const [offset, length] = places[at] as (typeof places)[number];
          expect(spill.read(offset, length).toString('utf8')).toBe(Buffer.from(text).toString('utf8'));
        });
        for (const [at, text] of [...all.entries()].reverse()) {
          const [offset, length] = places[at] as (typeof places)[number];
          expect(spill.read(offset, length).equals(Buffer.from(text))).toBe(true);
        }
        const kept = places.map(([offset, length]) => spill.keep(offset, length));
        expect(kept.every((bytes, at) => bytes.equals(Buffer.from(all[at] as string)))).toBe(true);
        spill.close();
      }),
      { numRuns: 25 },
    );
  });

  it('keeps texts that are appended together side by side', () => {
    const spill = createSpill({ folder, memoryBytes: 0 });
    for (let i = 0; i < 2000; i++) {
      const at = spill.append(`é${i}`, 'x'.repeat(3000), '');
      const [first = 0, second = 0, third] = spill.lengths;
      expect([spill.read(at, first).toString(), second, third]).toEqual([`é${i}`, 3000, 0]);
      expect(spill.read(at + first, second).toString()).toBe('x'.repeat(3000));
    }
    expect(spill.onDisk).toBe(true);
    spill.close();
  });

  it('leaves no file behind, not even while it is open', () => {
    const spill = createSpill({ folder, memoryBytes: 0 });
    for (let i = 0; i < 3; i++) spill.append('x'.repeat(5 << 20));
    expect(spill.onDisk).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    spill.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says where it could not write, and that nothing was sent', () => {
    const spill = createSpill({ folder: join(folder, 'file', 'below'), memoryBytes: 0 });
    writeFileSync(join(folder, 'file'), '');
    expect(() => {
      for (let i = 0; i < 3; i++) spill.append('x'.repeat(5 << 20));
    }).toThrow(/temporary file in .*below: .* \(ENOTDIR\)/);
  });
});
