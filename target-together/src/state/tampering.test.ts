/** Bits of a small state, read as a run reads it. Every single one, by a whole run, and real processes: test/attacks/tampering.test.ts. */
import { expect, it } from 'vitest';
import { peopleOf, person } from '../testing/people.ts';
import { everybody, world } from '../testing/run.ts';
import { openTestState, testKeys } from '../testing/steps.ts';
import { readKeptRuns } from './kept-runs.ts';
import { encodeFrame, encodePerson } from './ledger/format.ts';
import { memoryStore } from './store/memory-store.ts';

// A step that meets each of the eight bits of a byte in turn.
const step = 11;

it('with a single bit turned does not open, or not as far as a run reads it', async () => {
  const { files, day } = world();
  await day({ events: everybody([person('a'), person('b')]) });
  const kept = [...files].map(([name, bytes]) => [name, Buffer.from(bytes)] as const);
  const people = peopleOf([person('new', { email: 'a@example.com' })]);
  async function readAll(from: Map<string, Buffer>, changed?: string): Promise<void> {
    if (changed === 'runs.json') return void (await readKeptRuns(memoryStore(from), testKeys));
    const state = await openTestState(from);
    await state.emails.othersOf(people);
    for await (const { employeeId } of state.ledger.entries()) await state.ledger.fields(employeeId);
  }
  await readAll(files);
  for (const [name, whole] of kept) {
    for (let bit = 0; bit < whole.length * 8; bit += name === 'runs.json' ? 1 : step) {
      const turned = Buffer.from(whole);
      turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
      const opened = await readAll(new Map([...kept, [name, turned]]), name).then(
        () => 'opens',
        (error: Error) => error.constructor.name,
      );
      expect([name, bit, opened]).toEqual([name, bit, 'ConnectorError']);
    }
  }
});

it('an entry of the ledger under another id than it was written for is damage', async () => {
  const { files, day } = world();
  await day({ events: everybody([person('a'), person('b')]) });
  const state = await openTestState(files, { id: 'r', startedAt: 1 });
  const forged = encodeFrame([
    encodePerson({
      employeeId: 'somebody-else',
      key: testKeys.id('a'),
      hash: '\0'.repeat(16),
      status: 'A',
      run: 1,
      refused: undefined,
      fieldsAt: -1,
    }),
  ]);
  const size = (files.get('ledger.log') as Buffer).length;
  await state.close();
  await memoryStore(files).append('ledger.log', forged, size, true);
  const next = await openTestState(files);
  await expect(next.missing(() => false)).rejects.toThrow(/ledger\.log is damaged at byte/);
});
