/** A process to be killed: settles people into the ledger of a folder, or of a Redis, for ever and reports on stdout what is durable. */

import { loadLedgerKeys } from '../../target-together/src/state/ledger/keys.ts';
import { openLedger } from '../../target-together/src/state/ledger/ledger.ts';
import { fileStore } from '../../target-together/src/state/store/file-store.ts';
import { openRedisState } from './redis-state.ts';

async function main(where: string, from: number): Promise<never> {
  const store = where.startsWith('redis:') ? (await openRedisState(where)).store : await fileStore(where);
  const keys = await loadLedgerKeys(store, undefined, (await store.size('ledger.log')) !== undefined);
  for (let batch = from; ; ) {
    const ledger = await openLedger({
      store,
      keys,
      destination: 'test',
      run: { id: `run-${batch}`, startedAt: batch },
    });
    for (const end = batch + 4; batch < end; batch++) {
      const people = Array.from({ length: 40 }, (_, i) => `E${(batch * 40 + i) % 400}`);
      await ledger.recordOutcomes(
        people.map((employeeId) => ({
          employeeId,
          json: JSON.stringify({ employeeId, employeeStatusCode: 'A', title: `title of batch ${batch}` }),
          refusedStatus: undefined,
        })),
      );
      process.stdout.write(`${batch}\n`);
    }
    // To be forgotten needs a rewriting of all files: the moment with most to lose.
    const gone = { employeeId: `GONE${batch}`, json: '{"employeeId":"GONE"}', refusedStatus: undefined };
    await ledger.recordOutcomes([gone]);
    await ledger.forget(gone.employeeId);
  }
}

await main(process.argv[2] as string, Number(process.argv[3]));
