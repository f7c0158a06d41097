/** Together's own list is evidence of who has which address there, as what earlier runs left is. */
import { emailReadFor, leavesWithEmail } from '../../people/emails.ts';
import { Kind, type People } from '../../people/person.ts';
import type { ListedPeople, OtherOwners } from '../../state/email-owners.ts';
import type { RemoteIndex } from '../../together/list/remote-index.ts';

/**
 * `owners` and the people that Together lists with an address that another person comes with. Owners who are not read stand apart, as
 * `matched`: who alone comes with their address is matched to them, which compare-remote.ts reports and guards.max_relinked limits.
 */
export function withListed(people: People, remote: RemoteIndex, owners: OtherOwners): OtherOwners {
  const elsewhere = new Map(owners.elsewhere);
  const handedOver = new Map(owners.handedOver);
  const leavers = new Map(owners.leavers);
  const matched = new Map<number, readonly string[]>();
  for (let person = 0; person < people.size; person++) {
    const hash = people.emailHash(person);
    if (people.kind(person) !== Kind.user || hash === 0) continue;
    const id = remote.ownerOf(String(people.user(person).email));
    if (typeof id !== 'string' || id === people.id(person)) continue;
    const owner = people.find(id);
    const note = (found: Map<number, readonly string[]>) =>
      found.set(hash, [...new Set([...(found.get(hash) ?? []), id])]);
    if (owner < 0) {
      // Who has a record there can't be matched to another one as well.
      note(remote.statusOf(people.id(person) as string) === undefined ? matched : elsewhere);
      continue;
    }
    const now = emailReadFor(people, id);
    if (now === hash && people.status(owner) !== 'T') continue;
    note(now === hash ? leavers : now ? handedOver : elsewhere);
    if (now && leavesWithEmail(people, id, hash, remote.statusOf(id))) note(leavers);
  }
  return { ...owners, elsewhere, handedOver, leavers, matched };
}

/**
 * What later runs, which do not ask for the list, are to know of it. `taken`: see compare-remote.ts; who loses the record to another
 * person is not remembered with it.
 */
export function listedPeople(
  { statuses, owners }: Pick<RemoteIndex, 'statuses' | 'owners'>,
  taken: ReadonlySet<string>,
  hashOf: (address: string) => number,
): ListedPeople {
  function* people() {
    for (const [id, status] of statuses) if (!taken.has(id)) yield [id, status] as const;
  }
  function* addresses() {
    for (const [address, id] of owners) if (id !== null && !taken.has(id)) yield { id, hash: hashOf(address) };
  }
  return { people: people(), addresses: addresses() };
}
