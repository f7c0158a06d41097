/** Rewrites the ledger without what later entries have replaced. All or nothing: the old one is whole until the rename. */
import { randomBytes } from 'node:crypto';
import type { StateStore } from '../store/store.ts';
import { encodeFields, fieldsFile } from './fields/fields-format.ts';
import { EntryType, encodeField, encodeFrame, encodeHeader, encodeRun, type Header, personAt } from './format.ts';
import { forEntries, logFile, readFrames } from './load.ts';

export interface CompactInput {
  readonly store: StateStore;
  readonly header: Header;
  readonly runs: ReadonlyMap<number, { readonly id: string; readonly startedAt: number }>;
  readonly fieldNames: readonly string[];
  /** Whether the entry that starts at `offset` is a person's present one. */
  readonly isLive: (bytes: Buffer, at: number, offset: number) => boolean;
  /** A person's fields as the old file has them; undefined: none, or lost. */
  readonly fieldsOf: (key: string, from: number) => Promise<ReadonlyMap<number, number> | undefined>;
}

const frameEntries = 1000;

/** Returns the new header. Open ledgers of the old generation must not be used afterwards. */
export async function compact(input: CompactInput): Promise<Header> {
  const { store } = input;
  const header: Header = { ...input.header, generation: randomBytes(16) };
  const oldFields = fieldsFile(input.header.generation);
  const newFields = fieldsFile(header.generation);

  // Two passes: which runs are still named, then the copying. The entries of a million people do not wait in memory.
  const named = new Set<number>();
  for await (const frame of readFrames(store)) {
    const { bytes } = frame;
    forEntries(store, frame, (type, at) => {
      if (type !== EntryType.person || !input.isLive(bytes, at, frame.base + at)) return;
      named.add(personAt.run(bytes, at)).add(personAt.refusedRun(bytes, at));
    });
  }

  async function* content(): AsyncGenerator<Buffer> {
    yield encodeHeader(header);
    const names = input.fieldNames.map((name, number) => encodeField(number, name));
    const runs = [...input.runs].filter(([number]) => named.has(number)).map(([number, run]) => encodeRun(number, run));
    if (names.length + runs.length > 0) yield encodeFrame([...names, ...runs]);
    let fieldsSize = 0;
    for await (const batch of liveEntries(input)) {
      const records: Buffer[] = [];
      for (const entry of batch) {
        const from = personAt.fieldsAt(entry, 0);
        const key = entry.toString('latin1', 20, 36);
        const fields = await input.fieldsOf(key, from);
        const record = fields && encodeFields(key, fields);
        entry.writeUIntLE(record ? fieldsSize : 2 ** 48 - 1, 12, 6);
        if (record) {
          records.push(record);
          fieldsSize += record.length;
        }
      }
      const bytes = Buffer.concat(records);
      await store.append(newFields, bytes, fieldsSize - bytes.length, false);
      yield encodeFrame(batch);
    }
    if (fieldsSize > 0) await store.append(newFields, Buffer.alloc(0), fieldsSize, true);
  }

  await store.replace(logFile, content());
  await store.remove(oldFields);
  return header;
}

/** Present entries in batches, copied out of the reading buffer. */
async function* liveEntries({ store, isLive }: CompactInput): AsyncGenerator<Buffer[]> {
  let batch: Buffer[] = [];
  for await (const frame of readFrames(store)) {
    const { bytes } = frame;
    forEntries(store, frame, (type, at, length) => {
      if (type === EntryType.person && isLive(bytes, at, frame.base + at)) {
        batch.push(Buffer.from(bytes.subarray(at, at + length)));
      }
    });
    if (batch.length < frameEntries) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
