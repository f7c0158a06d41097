/** Compares the plan with Together's own list: who is there already, and where one address or id would hit two records. */
import { counted } from '@ukg-together/kit/text/show';
import type { Fault } from '../model/person.ts';
import { emailReadFor } from '../people/emails.ts';
import { Kind, type People } from '../people/person.ts';
import type { RemoteIndex } from '../together/list/remote-index.ts';
import type { Plan } from './plan.ts';

export interface RemoteFindings {
  /** People Together has, though the ledger does not know them. */
  readonly present: number;
  /** People to be sent that Together finds by nothing but an address that another employeeId has there. */
  readonly byAddress: number;
  /** employeeIds whose address a person who is read comes with. */
  readonly matched: ReadonlySet<string>;
  /** employeeIds of people who are not read, and whose record a person takes whom Together does not have by employeeId. */
  readonly taken: ReadonlySet<string>;
  /** By position: people whose address belongs to a record of another employeeId. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  /** Sentences for the log. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

const mostNotes = 10_000;

function handsOver(people: People, owner: string, person: number): boolean {
  const now = emailReadFor(people, owner);
  return !!now && now !== people.emailHash(person);
}

/** `known`: whether the ledger knows this employeeId. */
export function compareRemote(
  people: People,
  plan: Plan,
  remote: RemoteIndex,
  known: (id: string) => boolean,
): RemoteFindings {
  const notes = new Map<number, readonly Fault[]>();
  let present = 0;
  let twice = 0;
  let byAddress = 0;
  const matched = new Set<string>();
  const taken = new Set<string>();
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    const id = people.id(person) as string;
    const isListed = remote.statusOf(id) !== undefined;
    if (isListed && plan.sends(person) && !known(id)) present++;
    if (!isListed && !plan.sends(person)) continue;
    const { email } = people.user(person);
    const owner = typeof email === 'string' ? remote.ownerOf(email) : undefined;
    if (owner === undefined || owner === id) continue;
    // It goes first, and gives the address up.
    if (owner !== null && handsOver(people, owner, person)) continue;
    if (owner !== null) matched.add(owner);
    if (!isListed && owner !== null && plan.sends(person)) {
      if (people.find(owner) < 0) taken.add(owner);
      if (!known(id)) byAddress++;
    }
    if (notes.size >= mostNotes) continue;
    const whose = owner === null ? 'a record without an employeeId' : `employeeId ${owner}`;
    if (isListed) {
      twice++;
      notes.set(person, [
        {
          field: 'email',
          code: 'two_records_in_together',
          value: `with ${whose}`,
          message: `Together holds two records of this person: one by employeeId, and ${whose} with this e-mail address, which is not sent.`,
          fix: 'Ask Together support to merge them. If these are two people, correct the address in the HRIS.',
        },
      ]);
      continue;
    }
    notes.set(person, [
      {
        field: 'email',
        code: 'address_in_together',
        value: `under ${whose}`,
        message: `Together has this e-mail address under ${whose}: it will be matched by the address and become this person.`,
        fix: 'If these are two people, give one of them another address in the HRIS before the first run.',
      },
    ]);
  }
  const lines = [
    `Together lists ${counted(remote.users, 'user')}; ${present} of the people to send are among them by employeeId.`,
  ];
  if (notes.size > twice)
    lines.push(
      `${counted(notes.size - twice, 'more has', 'more have')} the address of another record there; the summary names them.`,
    );
  const warnings = remote.twins.slice(0, 10).map(({ by, ids }) => {
    const named = [...new Set(ids.map((id) => id ?? 'none'))].join(' and ');
    return `Together holds two records with one ${by} (employeeId ${named}): ask its support to merge them.`;
  });
  if (remote.twins.length > 10) warnings.push(`… and ${counted(remote.twins.length - 10, 'more pair')}.`);
  if (twice > 0)
    warnings.push(
      `${counted(twice, 'person has', 'people have')} two records in Together, by employeeId and by address; the summary names them.`,
    );
  return { present, byAddress, matched, taken, notes, lines, warnings };
}
