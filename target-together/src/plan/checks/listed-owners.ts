/** Together's own list is evidence of who has which address there, as what earlier runs left is. */
import { emailReadFor } from '../../people/emails.ts';
import { Kind, type People } from '../../people/person.ts';
import type { OtherOwners } from '../../state/email-owners.ts';
import type { RemoteIndex } from '../../together/remote-index.ts';

/**
 * `owners` and whom Together lists with an address that another person comes with. Owners who are not read are left out: who comes with
 * their address is matched to them, which compare-remote.ts tells and guards.max_relinked limits.
 */
export function withListed(people: People, remote: RemoteIndex, owners: OtherOwners): OtherOwners {
  const elsewhere = new Map(owners.elsewhere);
  const handedOver = new Map(owners.handedOver);
  const leavers = new Map(owners.leavers);
  for (let person = 0; person < people.size; person++) {
    const hash = people.emailHash(person);
    if (people.kind(person) !== Kind.user || hash === 0) continue;
    const id = remote.ownerOf(String(people.user(person).email));
    const owner = typeof id === 'string' ? people.find(id) : -1;
    if (typeof id !== 'string' || owner < 0 || id === people.id(person)) continue;
    const now = emailReadFor(people, id);
    if (now === hash && people.status(owner) !== 'T') continue;
    const found = now === hash ? leavers : now ? handedOver : elsewhere;
    found.set(hash, [...new Set([...(found.get(hash) ?? []), id])]);
  }
  return { elsewhere, handedOver, leavers };
}
