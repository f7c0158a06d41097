import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySpill } from '../../testing/spill.ts';
import { asJson, createKeptRows } from './kept-rows.ts';
import { createLists } from './lists.ts';
import { createStore } from './row-store.ts';

describe('createStore', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 3000 }), { maxLength: 50 });
  test('gives back every text, from memory and from the file', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (all, spilling) => {
        const store = createStore(memorySpill, spilling ? 0 : undefined);
        const handles = all.map((text) => store.put(text));
        for (const [i, text] of all.entries())
          expect(store.get(handles[i] as number)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  test('goes to the file when it grows large, keeps what was there and closes the file', () => {
    const spill = memorySpill();
    let closed = 0;
    const store = createStore(() => ({ ...spill, close: () => void closed++ }), 2 << 20);
    const text = 'x'.repeat(1000);
    const handles = Array.from({ length: 8000 }, (_, i) => store.put(`${i}${text}`));
    expect(store.spilled).toBe(true);
    for (const i of [0, 1, 999, 4000, 7999]) expect(store.get(handles[i] as number)).toBe(`${i}${text}`);
    for (let i = 0; i < 3000; i++) store.put(text);
    expect(store.get(handles[7999] as number)).toBe(`7999${text}`);
    store.close();
    expect(closed).toBe(1);
  });

  test('refuses a monstrous text with an error, not with a crash', () => {
    expect(() => createStore(memorySpill).put('x'.repeat(1 << 20))).toThrow(
      expect.objectContaining({ kind: 'unreachable' }),
    );
  });
});

describe('createLists', () => {
  test('behaves as an array for each person', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 3000 }), fc.nat()), { maxLength: 300 }), (adds) => {
        const lists = createLists();
        const plain = new Map<number, number[]>();
        for (const [person, handle] of adds) {
          lists.add(person, handle);
          plain.set(person, [...(plain.get(person) ?? []), handle]);
        }
        for (const [person, handles] of plain) {
          expect(lists.of(person)).toEqual(handles);
          expect(lists.count(person)).toBe(handles.length);
        }
        expect(lists.of(3001)).toEqual([]);
      }),
    );
  });
});

describe('createKeptRows', () => {
  test('gives back rows as they were, and knows which it has', () => {
    const rows = createKeptRows(createStore(memorySpill), asJson<{ a: number }>());
    rows.add(3, { a: 1 });
    rows.add(3, { a: 2 });
    expect(rows.of(3)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(rows.has(3, { a: 2 })).toBe(true);
    expect(rows.has(3, { a: 3 })).toBe(false);
    expect(rows.has(4, { a: 1 })).toBe(false);
    expect(rows.count(3)).toBe(2);
  });
});
