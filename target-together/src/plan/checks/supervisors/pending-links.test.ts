import { describe, expect, it } from 'vitest';
import type { PendingLinks } from '../../../state/run-history.ts';
import { peopleOf, person, type Row } from '../../../testing/people.ts';
import { checkWholeSet } from '../check-people.ts';
import { pendingAfter, relinkBody, relinksOf } from './pending-links.ts';

function links(rows: readonly Row[], pending: PendingLinks, accepted: readonly string[] = []) {
  const people = peopleOf(rows);
  const known = (id: string) => accepted.includes(id);
  const findings = checkWholeSet({ people, statusOf: (id) => (known(id) ? 'A' : undefined), pending });
  return {
    relinks: relinksOf(pending, people, findings, known, () => false),
    after: (...relinked: string[]) => ({ ...pendingAfter(pending, people, findings, (id) => relinked.includes(id)) }),
  };
}
const patchOnly = [{ field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' }];

describe('a link that was left out, of a person who is not read', () => {
  const pending = { away: 'boss' };

  it.each([
    { what: 'the supervisor comes in this run', rows: [person('boss')], accepted: ['away'], sent: true },
    { what: 'Together accepted the supervisor before', rows: [], accepted: ['away', 'boss'], sent: true },
    { what: 'the supervisor is still unknown', rows: [], accepted: ['away'], sent: false },
    { what: 'Together never had the person', rows: [person('boss')], accepted: [], sent: false },
    {
      what: 'the supervisor is out of scope',
      rows: [{ user: person('boss'), filter: 'company' }],
      accepted: ['away'],
      sent: false,
    },
    {
      what: 'the supervisor is a second id that has ended',
      rows: [
        person('boss', { email: 'a@example.com', employeeStatusCode: 'T' }),
        person('2', { email: 'a@example.com' }),
      ],
      accepted: ['away', '2'],
      sent: false,
    },
    { what: 'the supervisor is impossible to map', rows: [{ invalid: 'boss' }], accepted: ['away'], sent: false },
    {
      what: 'the supervisor can only be patched',
      rows: [{ user: person('boss'), patchOnly }],
      accepted: ['away'],
      sent: false,
    },
    {
      what: 'the supervisor is in conflict',
      rows: [person('boss', { email: 'x@example.com' }), person('b', { email: 'x@example.com' })],
      accepted: ['away'],
      sent: false,
    },
    {
      what: 'the person is read, and says so anew',
      rows: [person('boss'), person('away')],
      accepted: ['away'],
      sent: false,
    },
  ])('is sent when $what: $sent', ({ rows, accepted, sent }) => {
    expect(links(rows, pending, accepted).relinks).toEqual(sent ? [{ id: 'away', supervisorId: 'boss' }] : []);
  });

  it('is not sent as long as it closes a loop', () => {
    const loop = { a: 'b', b: 'a', c: 'a' };
    expect(links([], loop, ['a', 'b', 'c']).relinks).toEqual([{ id: 'c', supervisorId: 'a' }]);
    const opened = links([person('b')], loop, ['a', 'b', 'c']).relinks;
    expect(opened).toEqual([
      { id: 'a', supervisorId: 'b' },
      { id: 'c', supervisorId: 'a' },
    ]);
  });

  it('goes alone with the employeeId', () => {
    expect(relinkBody({ id: 'away', supervisorId: 'boss' })).toBe('{"employeeId":"away","supervisorId":"boss"}');
  });
});

describe('what is still left out after a run', () => {
  it('is what was before, without who was linked or read', () => {
    const { after } = links([person('read')], { read: 'x', linked: 'y', waits: 'z' });
    expect(after('linked')).toEqual({ waits: 'z' });
  });

  it('is what was found now, where another record can end it', () => {
    const rows: Row[] = [
      person('1', { supervisorId: '77' }),
      person('2', { supervisorId: '2' }),
      { user: person('3'), filter: 'company' },
      person('4', { supervisorId: '3' }),
      { invalid: '5' },
      person('6', { supervisorId: '5' }),
      person('7', { supervisorId: '8' }),
      person('8', { supervisorId: '7' }),
      person('9', { supervisorId: '1' }),
    ];
    const { after } = links(rows, { 9: 'old', waits: 'z' });
    expect(after()).toEqual({ waits: 'z', 1: '77', 4: '3', 6: '5', 7: '8', 8: '7' });
  });
});
