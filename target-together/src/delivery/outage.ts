import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Delivery } from '../model/person.ts';

/** People that Together itself keeps failing on, one by one, while others pass: above this it is an outage. */
export const mostQuarantined = 20;

/** So many people refused one by one and no one ever accepted: a setting is wrong, not the people. */
export const mostRefusedWithoutSuccess = 100;

export function retriesError(rounds: number): ConnectorError {
  return new ConnectorError('unreachable', said`POST /public/user: Together put the same people off ${rounds} times.`, {
    hint: 'Nothing is lost: run it again later.',
  });
}

export function quarantineError(people: readonly Delivery[]): ConnectorError {
  const ids = people.map((delivery) => delivery.employeeId).join(', ');
  return new ConnectorError(
    'unreachable',
    said`Together kept failing on ${people.length === 1 ? 'one person' : `${people.length} people`} (${ids}) while it took the others.`,
    { hint: 'They are undelivered and are sent again by the next run. If it goes on, give these ids to Together.' },
  );
}
