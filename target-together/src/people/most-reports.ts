/** How many people each supervisor has among those read. */
import { referenceKind } from '../model/reference.ts';
import { Kind, type People } from './person.ts';

const listed = 5;

/** The supervisors with the most reports, most first. */
export function mostReports(people: People): { readonly id: string; readonly reports: number }[] {
  const reports = new Map<number, number>();
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    const at = people.matchOf(person) === undefined ? people.supervisorAt(person) : -1;
    if (at >= 0) reports.set(at, (reports.get(at) ?? 0) + 1);
  }
  return [...reports]
    .sort((a, b) => b[1] - a[1])
    .slice(0, listed)
    .map(([at, count]) => ({ id: people.ids.at(at), reports: count }))
    .filter(({ id }) => referenceKind(id) === 'id');
}
