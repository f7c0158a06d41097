/**
 * What only the whole set shows: one employeeId or one e-mail address for two people, and supervisors who can't be.
 *
 * One address for several people (compared without case), whatever their status: nobody of them is sent and all are named,
 * since Together would match them to one record. Only the end of access is not held up: a leaver of such a group whom
 * Together has as active or on leave is sent, without the address.
 *
 * An address that its holder gives up in this run is sent to the next one after the holder has given it up, never before: Together
 * would make the two into one. Where that can't be (the holder is not sent; several change round in a circle) the next one waits.
 * A leaver, who is sent before all others, goes without such an address.
 *
 * A supervisor link is left out, and comes back by itself as soon as it is valid, when the supervisor is unknown (neither in
 * this set nor ever accepted by Together), out of scope or impossible to map and never accepted, the person themselves, or
 * part of a loop (everybody in the loop loses the link: which of them is wrong only HR knows). Links left out before, of people
 * who are not read, are looked at as well: their loop may be open now, or still closed.
 */

import { isAccepted } from '../../model/access.ts';
import type { Fault } from '../../model/person.ts';
import type { People } from '../../people/person.ts';
import type { Held } from '../../state/email-owners.ts';
import { sharedAddresses, sharedIds } from './duplicates.ts';
import { giversOf, takeTurns } from './email-handover.ts';
import type { Findings } from './findings.ts';
import { checkLinks } from './supervisor-links.ts';

/**
 * `statusOf`: first letter of the status that Together last accepted; undefined: never accepted.
 * `held`: who holds addresses of this run, as far as earlier runs have seen.
 * `pending`: employeeId → supervisorId, links left out by earlier runs.
 * `isIdle`: who could be sent and is not, as Together has refused them.
 */
export function checkWholeSet(
  people: People,
  statusOf: (id: string) => string | undefined,
  held: Held = { elsewhere: new Map(), handedOver: new Map() },
  pending: Readonly<Record<string, string>> = {},
  isIdle: (person: number) => boolean = () => false,
): Findings {
  const known = (id: string) => isAccepted(statusOf(id));
  const conflicts = new Map<number, Fault[]>();
  const withoutEmail = new Set<number>();
  sharedIds(people, conflicts);
  sharedAddresses(people, statusOf, held.elsewhere, conflicts, withoutEmail);
  const givers = giversOf(people, statusOf, held.handedOver);
  const turns = takeTurns(people, statusOf, givers, isIdle, conflicts, withoutEmail);
  const links = checkLinks(people, known, conflicts, pending);
  return { conflicts, withoutEmail, turns, givers, ...links };
}
