/** Managers who are named by address or by number, found among the people read. Done once everything is read, before anything is sent. */

import type { IdIndex } from '@ukg-together/kit/ids/id-index';
import type { Reference } from '../model/person.ts';
import { plainAddress, plainNumber } from '../model/reference.ts';
import { Kind, type People } from './person.ts';
import { Column, Mark, type Rows } from './person-rows.ts';
import type { PersonTexts } from './person-texts.ts';

/** What `People` says of managers who are not named by employeeId. */
export function createReferences(rows: Rows, texts: PersonTexts, ids: IdIndex) {
  const flags = (person: number) => rows.get(person, Column.flags);
  const has = (person: number, mark: number) => (flags(person) & mark) !== 0;
  let used = false;
  return {
    /** The bit for `flags`. */
    markOf(reference: Reference | undefined): number {
      if (!reference) return 0;
      used = true;
      return Mark[reference.match];
    },
    usesReferences: () => used,
    matchOf: (person: number): Reference['match'] | undefined =>
      has(person, Mark.email) ? 'email' : has(person, Mark.employeeNumber) ? 'employeeNumber' : undefined,
    isLinked: (person: number) => has(person, Mark.linked),
    isAmbiguous: (person: number) => has(person, Mark.ambiguous),
    numbers: new Map<number, string>(),
    link(person: number, supervisorId: string, hash: (json: string) => Uint8Array): void {
      const json = JSON.stringify({ ...JSON.parse(texts.json(person)), supervisorId });
      texts.replaceBody(person, json);
      rows.set(person, Column.supervisor, ids.add(supervisorId));
      rows.setHash(person, hash(json));
      rows.set(person, Column.flags, (flags(person) & ~(Mark.email | Mark.employeeNumber)) | Mark.linked);
    },
    linkFails: (person: number) => rows.set(person, Column.flags, flags(person) | Mark.ambiguous),
  };
}

/** Two people have what the reference names. */
const several = -2;

export type Find = (reference: string) => number;

/** Links everybody whose manager is among the people read. `hash`: of a body. */
export function linkByReference(people: People, hash: (json: string) => Uint8Array): void {
  if (!people.usesReferences()) return;
  const finders: { email?: Find; employeeNumber?: Find } = {};
  const found = new Map<number, number>();
  for (let person = 0; person < people.size; person++) {
    const match = people.matchOf(person);
    const at = people.supervisorAt(person);
    if (match === undefined || at < 0 || people.kind(person) === Kind.superseded) continue;
    const reference = people.ids.at(at);
    let manager = found.get(at);
    if (manager === undefined) {
      finders[match] ??= match === 'email' ? byAddress(people) : byNumber(people);
      found.set(at, (manager = finders[match](reference)));
    }
    if (manager >= 0) people.link(person, people.id(manager) as string, hash);
    else if (manager === several) people.linkFails(person);
  }
}

function byAddress(people: People): Find {
  const owners = new Map<number, number>();
  for (let person = 0; person < people.size; person++) {
    const hash = people.emailHash(person);
    if (hash === 0 || (people.kind(person) !== Kind.user && people.kind(person) !== Kind.excluded)) continue;
    const other = owners.get(hash);
    // Of a leaver and a person who is there it is the latter's.
    if (other === undefined || (other >= 0 && people.status(other) === 'T')) owners.set(hash, person);
    else if (people.status(person) !== 'T') owners.set(hash, several);
  }
  return (reference) =>
    reference.includes('@')
      ? (owners.get(people.hashOfAddress(plainAddress(reference))) ?? -1)
      : people.find(reference);
}

/** By the people's own numbers where the source has them, else by employeeId in whatever spelling. */
function byNumber(people: People): Find {
  const owners = new Map<string, number>();
  const numbered = people.numbers.size > 0;
  const take = (number: string, person: number) => owners.set(number, owners.has(number) ? several : person);
  if (numbered) for (const [person, number] of people.numbers) take(plainNumber(number), person);
  else
    for (let person = 0; person < people.size; person++) {
      const id = people.kind(person) === Kind.superseded ? undefined : people.id(person);
      if (id !== undefined && people.find(id) === person) take(plainNumber(id), person);
    }
  return (reference) => {
    const exact = numbered ? -1 : people.find(reference);
    return exact >= 0 ? exact : (owners.get(plainNumber(reference)) ?? -1);
  };
}
