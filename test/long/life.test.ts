/** The life test about itself: quiet lives pass, and a sender that takes each row at its word is found out on every rule. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Life, lives } from '../life/arbitrary.ts';
import { type Product, playLife } from '../life/life.ts';
import type { Ran, Run } from '../life/product.ts';
import { playNights } from '../life/property.ts';

/** Sends each row as it is: no dates, no owners, no guards. What a script of twenty lines does. */
async function naive({ config, lines, summary }: Run): Promise<Ran> {
  const settings = JSON.parse(readFileSync(config, 'utf8')) as Record<string, string>;
  const messages = lines.map((line) => JSON.parse(line) as { type: string; record?: Row; value?: unknown });
  const users = messages.flatMap(({ record }) => (record ? [userOf(record)] : []));
  if (users.length > 0) {
    await fetch(`${settings['api_url']}/public/user`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'organization-id': settings['organization_id'] ?? '',
        'client-id': settings['client_id'] ?? '',
        'api-key': settings['api_key'] ?? '',
      },
      body: JSON.stringify(users),
    });
  }
  const told = { outcomes: { updated: users.length }, people_read: users.length, hashes: { plan: null }, guards: [] };
  rmSync(summary, { force: true });
  writeFileSync(summary, JSON.stringify(told));
  return { code: 0, stdout: `${JSON.stringify(messages.at(-1)?.value)}\n`, stderr: '', summary: told };
}
type Row = Readonly<Record<string, string | null>>;
function userOf(record: Row): object {
  const day = (text: string | null | undefined) => (text ? `${text.slice(0, 10)}T00:00:00.000Z` : undefined);
  return {
    employeeId: record['employeeId'],
    email: record['emailAddress'] ?? undefined,
    employeeStatusCode: record['employeeStatusCode'],
    firstName: record['firstName'],
    lastName: record['lastName'],
    title: record['jobTitle'],
    supervisorId: record['supervisorId'] ?? undefined,
    lastHireDate: day(record['lastHireDate']),
    dateOfTermination: day(record['dateOfTermination']),
  };
}
const careless: Product = { here: naive, apart: (night) => Object.assign(naive(night), { kill: () => {} }) };

const night = (...events: Life['nights'][number]['events']): Life['nights'][number] => ({
  ...{ hours: 24, reads: 'all', events, mishap: 'none', at: 1, refusals: [], accept: false, apart: false, ahead: 0 },
});
const life = (...nights: Life['nights']): Life => ({
  ...{ size: 24, zone: 'UTC', begins: Date.UTC(2026, 0, 1), lead: 0, end: 'day_after', onNewId: 'hold' },
  ...{ outOfScope: 'report', leaverEmail: false, completeReads: 'declared', prefilled: { byId: 0, byAddress: 0 } },
  ...{ vanished: 'report', maxRejectedPercent: 5, batch: 7, mark: 0, nights },
});

describe('a careless sender is found out', () => {
  const found: readonly (readonly [string, Life, RegExp])[] = [
    ['who starts later', life(night(), night({ do: 'join', ahead: 5, address: 'own', who: 3 })), /must not be/],
    ['whose end is ahead', life(night(), night({ do: 'leave', who: 5, days: 3 })), /employeeStatusCode is T, not A/],
    [
      'who gets the address of a leaver',
      life(night(), night({ do: 'leave', who: 5, days: -2 }), night({ do: 'join', ahead: 0, address: 'of', who: 5 })),
      /two people are one/,
    ],
    ['who comes under a new id', life(night(), night({ do: 'renumber', who: 7 })), /two people are one/],
    ['everybody under new ids', life(night(), night({ do: 'mass', what: 'renumber' })), /no guard stopped it/],
    ['a new domain', life(night(), night({ do: 'mass', what: 'domain' })), /no guard stopped it/],
    ['most of them gone', life(night(), night({ do: 'mass', what: 'hide' })), /no guard stopped it/],
    [
      'a day that stands for none',
      life(night(), night({ do: 'placeholder', who: 4, field: 'start', which: 1 })),
      /1753/,
    ],
    ['who is marked as deleted', life(night(), night({ do: 'delete', who: 4, keyOnly: false })), /Code is A, not T/],
    ['rows that differ', life(night(), night({ do: 'double', who: 4, how: 'different' })), /title is/],
    [
      'a leaver who comes back with the old end date',
      life(night(), night({ do: 'leave', who: 4, days: -2 }), night({ do: 'rehire', who: 4, ahead: 0, keep: true })),
      /dateOfTermination is/,
    ],
    [
      'a lost state and an increment',
      life(night(), { ...night({ do: 'promote', who: 3 }), mishap: 'lost-state', reads: 'changes' }),
      /something was sent/,
    ],
  ];
  for (const [what, one, line] of found) {
    it(what, async () => {
      const divergence = await playLife(one, careless);
      expect(divergence?.lines.join('\n')).toMatch(line);
      expect(divergence?.night).toBe(one.nights.length - 1);
    });
  }
});

describe('quiet lives', () => {
  const quiet = new Set(['promote', 'boss', 'leave-of-absence', 'return', 'rename', 'new-address', 'stamp']);
  it('pass, also with refusals, and with processes that are killed and begin again', async () => {
    let killed = 0;
    for (const random of fc.sample(lives(9), { seed: 3, numRuns: 6 })) {
      const nights = random.nights.map((one, at) => ({
        ...{ ...one, refusals: one.refusals.filter(({ status }) => status !== 410), apart: false },
        mishap: at % 4 === 2 ? ('kill-after' as const) : ('none' as const),
        events: one.events.filter((event) => quiet.has(event.do)),
      }));
      killed += nights.filter(({ mishap }) => mishap !== 'none').length;
      const usual = { lead: 0, end: 'day_after', onNewId: 'hold', vanished: 'report' } as const;
      expect(await playLife({ ...random, ...usual, nights })).toBeUndefined();
    }
    expect(killed).toBeGreaterThan(2);
  });
});

describe('random lives', () => {
  it.each([11, 22])('60 nights of seed %i are as the rules have them', async (seed) => {
    expect(await playNights(60, seed, { mostInALife: 12 })).not.toHaveProperty('found');
  });
});

describe('lives that parted from the rules once', () => {
  const corpus = new URL('../life/corpus/', import.meta.url);
  it.each(readdirSync(corpus).map((name) => name.replace('.json', '')))('%s', async (name) => {
    const life = JSON.parse(readFileSync(new URL(`${name}.json`, corpus), 'utf8')) as Life;
    expect(await playLife(life)).toBeUndefined();
  });
});
