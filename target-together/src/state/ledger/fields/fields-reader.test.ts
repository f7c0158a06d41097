import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import { encodeFields } from './fields-format.ts';
import { fieldsReader } from './fields-reader.ts';

const keyOf = (person: number) => Buffer.from(`person ${person}`.padEnd(16)).toString('latin1');
const fieldsOf = (person: number, count: number) =>
  new Map(Array.from({ length: count }, (_, field) => [field, person * 1000 + field]));

it('gives every record, in whatever order they are asked for, also while the file grows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      async (counts, asked) => {
        const store = memoryStore();
        const { read } = fieldsReader(store, 'fields');
        const places: number[] = [];
        let size = 0;
        const prove = async (person: number) => {
          const found = new Map<number, number>();
          const keep = (field: number, hash: number) => found.set(field, hash);
          expect(await read(places[person] as number, keyOf(person), keep)).toBe(true);
          expect(found).toEqual(fieldsOf(person, counts[person] as number));
        };
        for (const [person, count] of counts.entries()) {
          const record = encodeFields(keyOf(person), fieldsOf(person, count));
          await store.append('fields', record, size, false);
          places.push(size);
          size += record.length;
          await prove(person);
          await prove((asked[person % asked.length] ?? 0) % places.length);
        }
        for (const number of asked) await prove(number % places.length);
        expect(await read(size, keyOf(0), () => expect.unreachable())).toBe(false);
      },
    ),
    { numRuns: 15 },
  );
});

it('reads the file once for many neighbours', async () => {
  const store = memoryStore();
  const records = Array.from({ length: 5000 }, (_, person) => encodeFields(keyOf(person), fieldsOf(person, 20)));
  await store.append('fields', Buffer.concat(records), 0, false);
  let reads = 0;
  const counted: typeof store.read = (...wanted) => {
    reads++;
    return store.read(...wanted);
  };
  const { read } = fieldsReader({ ...store, read: counted }, 'fields');
  let from = 0;
  for (const [person, record] of records.entries()) {
    expect(await read(from, keyOf(person), () => {})).toBe(true);
    from += record.length;
  }
  expect(reads).toBeLessThan(5);
});
