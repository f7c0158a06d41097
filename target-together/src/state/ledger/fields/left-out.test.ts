import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import { ledgerKeys } from '../keys.ts';
import { openLedger } from '../ledger.ts';

const keys = ledgerKeys('a key of at least sixteen characters');
const open = (store: ReturnType<typeof memoryStore>) =>
  openLedger({ store, keys, destination: 'x', run: { id: 'r', startedAt: 0 }, shared: (field) => field === 'office' });

describe('fields that Together keeps', () => {
  it('are those accepted, filled, and in the body no more; told by field, as asked person by person', async () => {
    const value = fc.constantFrom('a', 'b', null, '', undefined);
    const user = fc.record({ title: value, office: value, nick: value });
    const names = ['title', 'office', 'nick'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(user, user), { minLength: 1, maxLength: 30 }), async (people) => {
        const ledger = await open(memoryStore());
        const ids = people.map((_, at) => `E${at}`);
        // Twice, so that records of the file are replaced and some fields are of an earlier body.
        for (const part of [0, 1] as const)
          await ledger.recordOutcomes(
            people.map((both, at) => ({
              employeeId: `E${at}`,
              json: JSON.stringify({ employeeId: `E${at}`, ...both[part] }),
              refusedStatus: undefined,
            })),
          );
        const bodies = people.map(([now]) => Object.keys(now).filter((name) => now[name as 'nick'] !== undefined));
        const expected: Record<string, number> = {};
        for (const [at, id] of ids.entries()) {
          const before = await ledger.fields(id);
          for (const name of names) {
            const isFilled = before?.key(name) !== undefined && !before.holds(name, null) && !before.holds(name, '');
            if (isFilled && !bodies[at]?.includes(name)) expected[name] = (expected[name] ?? 0) + 1;
          }
        }
        const counted = await ledger.leftOut({
          at: Float64Array.from(ids, (id) => ledger.lookup(id)?.fieldsAt ?? -1),
          setOf: (person) => person,
          fieldsOf: (set) => ['employeeId', ...(bodies[set] ?? [])],
        });
        expect(counted).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('are not asked of people whose fields are not known, and a place beyond the file tells nothing', async () => {
    const ledger = await open(memoryStore());
    await ledger.recordOutcomes([
      { employeeId: 'E', json: '{"employeeId":"E","title":"a"}', refusedStatus: undefined },
    ]);
    const ask = (at: number) =>
      ledger.leftOut({ at: Float64Array.of(at), setOf: () => 0, fieldsOf: () => ['employeeId'] });
    expect([await ask(-1), await ask(10_000), await ask(0)]).toEqual([{}, {}, { title: 1 }]);
  });
});
