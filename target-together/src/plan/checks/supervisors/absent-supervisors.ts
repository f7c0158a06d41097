/** Managers who are named by address or number and were not read: found among those Together has. */
import { plainAddress, plainNumber, referenceKind } from '../../../model/reference.ts';
import { Kind, type People } from '../../../people/person.ts';
import type { RunState } from '../../../state/run-state.ts';

export async function linkAbsent(
  people: People,
  state: Pick<RunState, 'emails' | 'hash' | 'acceptedIds'>,
): Promise<void> {
  if (!people.usesReferences()) return;
  const byAddress = new Map<number, number[]>();
  const byNumber = new Map<string, number[]>();
  for (let person = 0; person < people.size; person++) {
    const match = people.matchOf(person);
    const at = people.supervisorAt(person);
    if (match === undefined || at < 0 || people.kind(person) === Kind.superseded || people.isAmbiguous(person))
      continue;
    const reference = people.ids.at(at);
    if (match === 'email' && referenceKind(reference) === 'address')
      note(byAddress, people.hashOfAddress(plainAddress(reference)), person);
    // A number of the people's own is not kept between runs; another spelling of the employeeId is found.
    else if (match === 'employeeNumber' && people.numbers.size === 0) note(byNumber, plainNumber(reference), person);
  }
  const link = (ids: readonly string[], persons: readonly number[] | undefined): void => {
    for (const person of persons ?? []) {
      if (ids.length === 1) people.link(person, ids[0] as string, state.hash);
      else people.linkFails(person);
    }
  };
  if (byAddress.size > 0) for (const [hash, ids] of await state.emails.idsOf(byAddress)) link(ids, byAddress.get(hash));
  if (byNumber.size === 0) return;
  const ids = new Map<string, string[]>();
  for await (const id of state.acceptedIds()) {
    const number = plainNumber(id);
    if (byNumber.has(number)) note(ids, number, id);
  }
  for (const [number, found] of ids) link(found, byNumber.get(number));
}

function note<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
