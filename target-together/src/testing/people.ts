/** Invented people for unit tests: mapped users put into a store the way reading does it. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Fault, TogetherUser } from '../model/person.ts';
import { createPeople } from '../people/people.ts';
import type { People } from '../people/person.ts';
import { createSpill } from '../people/spill.ts';
import { emailHasher } from '../state/email-owners.ts';

export const testHash = (json: string): Uint8Array => createHash('sha256').update(json).digest().subarray(0, 16);

export function person(employeeId: string, over: Partial<TogetherUser> = {}): TogetherUser {
  const user = {
    employeeId,
    employeeStatusCode: 'A',
    email: `${employeeId}@example.com`,
    firstName: 'Ada',
    lastName: `Nr ${employeeId}`,
    ...over,
  };
  return JSON.parse(JSON.stringify(user)) as TogetherUser;
}

interface Sent {
  readonly user: TogetherUser;
  readonly filter?: string;
  readonly key?: string;
  readonly patchOnly?: readonly Fault[];
  /** The address of the row, where leaver_email has put another one in its place. */
  readonly rowEmail?: string;
}

export type Row = TogetherUser | Sent | { readonly invalid: string | undefined; readonly key?: string };

export function peopleOf(
  rows: readonly Row[],
  people: People = createPeople(createSpill({ folder: tmpdir() }), emailHasher(Buffer.alloc(16))),
): People {
  rows.forEach((row, at) => {
    if ('invalid' in row) {
      const faults = [{ field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' }];
      const mapped = { kind: 'invalid', id: row.invalid as string | undefined, faults } as const;
      people.add(
        { mapped, rowKey: (row.key as string | undefined) ?? (row.invalid as string), raw: `raw ${at}`, line: at + 1 },
        '',
        undefined,
      );
      return;
    }
    const given: Sent = 'user' in row && typeof row.user === 'object' ? (row as Sent) : { user: row as TogetherUser };
    const { user } = given;
    const mapped = given.filter
      ? ({ kind: 'excluded', id: user.employeeId, user, filter: given.filter } as const)
      : ({
          ...({ kind: 'user', user, notes: [], rowEmail: given.rowEmail } as const),
          ...(given.patchOnly ? { patchOnly: given.patchOnly } : {}),
        } as const);
    const json = JSON.stringify(user);
    people.add({ mapped, rowKey: given.key ?? user.employeeId, raw: `raw ${at}`, line: at + 1 }, json, testHash(json));
  });
  return people;
}
