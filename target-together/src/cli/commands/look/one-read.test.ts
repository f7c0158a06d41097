import { describe, expect, it } from 'vitest';
import type { OpenState } from '../../../app/open-state.ts';
import type { Session } from '../../../app/session.ts';
import type { RecordMapping } from '../../../collect/collected.ts';
import { Settings } from '../../../settings/settings.ts';
import { askedTwice, mappedOnce } from './one-read.ts';

const given = { region: 'us', organization_id: 'o', client_id: 'c', api_key: 'k' };

function session(more: object, mapped: object[]): Session {
  const mapping: RecordMapping = {
    map(record) {
      mapped.push(record);
      return { kind: 'excluded', id: undefined, user: undefined, filter: 'f' };
    },
  };
  return {
    settings: Settings.parse({ ...given, ...more }),
    io: { env: {}, clock: { now: () => 0 } },
    mapping: { open: async () => mapping },
  } as unknown as Session;
}

async function timesMapped(next: object): Promise<number> {
  const mapped: object[] = [];
  const both = mappedOnce(session({}, mapped), session(next, mapped));
  const schema = { type: 'schema', stream: 's', schema: {}, keyProperties: [] } as const;
  const [first, second] = [await both.now.mapping.open(schema), await both.next.mapping.open(schema)];
  for (const record of [{ a: 1 }, { a: 1 }]) expect(second?.map(record)).toEqual(first?.map(record));
  return mapped.length;
}

describe('two plans of one read', () => {
  it('map each record once where both map by the same settings', async () => {
    expect(await timesMapped({ leaver_email: 'gone-{employeeId}@example.com' })).toBe(2);
    expect(await timesMapped({ mapping: { fields: { title: null } } })).toBe(4);
    expect(await timesMapped({ time_zone: 'Asia/Tokyo' })).toBe(4);
  });

  it('list the ledger once, and hash a body once that both make', async () => {
    const asked: string[] = [];
    const state = {
      hash(json: string) {
        asked.push(json);
        return Buffer.from(json);
      },
      async missing(isRead: (id: string) => boolean) {
        asked.push('list');
        return ['1', '2', '3'].filter((id) => !isRead(id));
      },
    };
    const both = askedTwice({ state } as unknown as OpenState).state;
    expect([await both.missing((id) => id === '1'), await both.missing((id) => id === '2')]).toEqual([
      ['2', '3'],
      ['1', '3'],
    ]);
    for (const json of ['a', 'a', 'b', 'a']) expect(both.hash(json)).toEqual(Buffer.from(json));
    expect(asked).toEqual(['list', 'a', 'b', 'a']);
  });
});
