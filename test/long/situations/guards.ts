/** What the guards by field stop, and what is no news to them. */
import { people, person, type Situation } from '../../support/situations.ts';

export const guards: readonly Situation[] = [
  {
    situation: 'three people with addresses in a domain that nobody had',
    reason: 'a rebrand is released by its plan; a slip or an attack is not',
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 27), ...people(28, 30, (id) => ({ emailAddress: `p${id}@elsewhere.example` }))] },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /new domain: elsewhere\.example/ },
  },
  {
    situation: 'one person with such an address, whose row the source sends three times',
    reason: 'a row seen again is the same person',
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 29), ...[1, 2, 3].map(() => person('30', { emailAddress: 'p30@elsewhere.example' }))] },
    ],
    expect: { code: 0, sent: ['30'] },
  },
  {
    situation: 'three leavers who get the address of leaver_email, in a domain of its own',
    reason: 'what the settings make of an address is no news of the source',
    settings: { leaver_email: '{employeeId}@left.example.com' },
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 27), ...people(28, 30, () => ({ employeeStatusCode: 'T' }))] },
    ],
    expect: { code: 0, sent: ['28', '29', '30'], status: { 28: 'T' } },
  },
];
