/** The plan beside Together's own list: who is there already, and where one address or id would hit two records. */
import { Kind, type People } from './people/people.ts';
import type { Plan } from './plan.ts';
import type { RemoteIndex } from './remote.ts';
import type { Fault } from './types.ts';

export interface RemoteFindings {
  /** People whom Together has, though the ledger did not know. */
  readonly present: number;
  /** By position: people whose address belongs to a record of another employeeId. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  /** Sentences for the log. */
  readonly lines: readonly string[];
}

const mostNotes = 10_000;

/** `known`: whether the ledger knows this employeeId. */
export function compareRemote(
  people: People,
  plan: Plan,
  remote: RemoteIndex,
  known: (id: string) => boolean,
): RemoteFindings {
  const notes = new Map<number, readonly Fault[]>();
  let present = 0;
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.user || !plan.sends(person)) continue;
    const id = people.id(person) as string;
    if (remote.has(id)) {
      if (!known(id)) present++;
      continue;
    }
    const { email } = people.user(person);
    const holder = typeof email === 'string' ? remote.holderOf(email) : undefined;
    if (holder === undefined || holder === id || notes.size >= mostNotes) continue;
    const whose = holder === null ? 'a record without an employeeId' : `employeeId ${holder}`;
    notes.set(person, [
      {
        field: 'email',
        code: 'address_in_together',
        message: `Together has this e-mail address under ${whose}: it will be matched by the address and become this person.`,
        remedy: 'If these are two people, give one of them another address in the HRIS before the first run.',
      },
    ]);
  }
  const lines = [
    `Together lists ${remote.users} users; ${present} of the people to send are among them by employeeId.`,
  ];
  if (notes.size > 0)
    lines.push(`${notes.size} more have the address of another record there; the summary names them.`);
  for (const { by, ids } of remote.twins.slice(0, 10)) {
    const named = ids.map((id) => id ?? 'none').join(' and ');
    lines.push(`Together holds two records with one ${by} (employeeId ${named}): ask its support to merge them.`);
  }
  if (remote.twins.length > 10) lines.push(`… and ${remote.twins.length - 10} more pairs.`);
  return { present, notes, lines };
}
