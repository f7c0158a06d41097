/**
 * `--only`: who is named goes through the same plan, of a set that was checked with everybody in it. The others stay as Together has
 * them, so whatever hangs on something being sent of them waits.
 */

import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { notNamed } from '../model/keep-reason.ts';
import { Kind, type People } from '../people/person.ts';
import type { Findings } from './checks/findings.ts';

export type IsNamed = (person: number) => boolean;

/** undefined: everybody is meant. Names the ids that the read does not have; throws `settings` where it has none of them. */
export function namedBy(only: ReadonlySet<string> | undefined, people: People, log: Logger): IsNamed | undefined {
  if (!only) return undefined;
  const lacking = [...only].filter((id) => people.find(id) < 0);
  const are = lacking.length === 1 ? 'is' : 'are';
  if (lacking.length === only.size) {
    throw new ConnectorError(
      'settings',
      said`--only: ${lacking.join(', ')} ${are} not in this read. Nothing was sent.`,
      {
        hint: 'Name employeeIds as Together has them; an increment holds only the people who changed.',
      },
    );
  }
  if (lacking.length > 0) log.warn(`--only: ${lacking.join(', ')} ${are} not in this read.`);
  return (person) => only.has(people.id(person) ?? '');
}

/** The findings of everybody, as far as they concern those who are named. `isKnown`: whether Together has this id, and can link to it. */
export function ofNamed(
  findings: Findings,
  people: People,
  isNamed: IsNamed | undefined,
  isKnown: (id: string) => boolean,
): Findings {
  if (!isNamed) return findings;
  const { parent } = findings;
  const leftOut = new Map<number, string>();
  const unlinked = new Set<number>();
  let droppedTotal = 0;
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    if (!isNamed(person)) {
      leftOut.set(person, notNamed);
      continue;
    }
    const supervisor = parent[person] as number;
    if (supervisor >= 0 && !isNamed(supervisor) && !isKnown(people.id(supervisor) as string)) unlinked.add(person);
    if (unlinked.has(person) || findings.dropped(person)) droppedTotal++;
  }
  return {
    ...findings,
    conflicts: named(findings.conflicts, isNamed),
    newIds: named(findings.newIds, isNamed),
    notes: named(findings.notes, isNamed),
    leftOut: new Map([...named(findings.leftOut, isNamed), ...leftOut]),
    dropped: (person) => (unlinked.has(person) ? 'excluded' : isNamed(person) ? findings.dropped(person) : undefined),
    droppedTotal,
  };
}

const named = <T>(found: ReadonlyMap<number, T>, isNamed: IsNamed): Map<number, T> =>
  new Map([...found].filter(([person]) => isNamed(person)));
