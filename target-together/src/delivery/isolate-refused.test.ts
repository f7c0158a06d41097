import { ConnectorError, said } from '@ukg-together/kit/error';
import { AttemptError } from '@ukg-together/transport/http/failure';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { isolateFailing, isolateRefused } from './isolate-refused.ts';

const people = (ids: string): Delivery[] =>
  Array.from(ids, (employeeId, index) => ({ index, employeeId, body: Buffer.from('{}'), isNew: true }));
const idsOf = (group: readonly Delivery[]) => group.map(({ employeeId }) => employeeId).join('');

/** Groups in the order in which they were sent, a refused group down to its people. */
async function refusing(all: string, bad: string): Promise<string[]> {
  const sent: string[] = [];
  const send = async (group: readonly Delivery[]): Promise<boolean> => {
    sent.push(idsOf(group));
    const isRefused = group.some(({ employeeId }) => bad.includes(employeeId));
    if (isRefused && group.length > 1) await isolateRefused(group, send);
    return isRefused;
  };
  await isolateRefused(people(all), send);
  return sent;
}

describe('the refused of a group', () => {
  it.each([
    ['ab', 'a', ['a', 'b']],
    ['ab', 'b', ['a', 'b']],
    ['abcd', 'd', ['ab', 'c', 'd']],
    ['abcd', 'c', ['ab', 'c', 'd']],
    ['abcd', 'a', ['ab', 'a', 'b', 'cd']],
    ['abcd', 'ad', ['ab', 'a', 'b', 'cd', 'c', 'd']],
    ['abc', 'c', ['a', 'b', 'c']],
  ])('of %s is %s, found by %j', async (all, bad, requests) => {
    expect(await refusing(all, bad)).toEqual(requests);
  });
});

describe('people on whom Together fails', () => {
  const failure = new ConnectorError('unreachable', said`HTTP 500`, {
    cause: new AttemptError({ phase: 'answer', status: 500 }),
  });

  async function failing(all: string, bad: string, thrown: Error = failure) {
    const sent: string[] = [];
    const quarantined: string[] = [];
    const probe = async (group: readonly Delivery[]): Promise<boolean> => {
      sent.push(idsOf(group));
      if (group.some(({ employeeId }) => bad.includes(employeeId))) throw thrown;
      return false;
    };
    const ended = isolateFailing(people(all), failure, probe, (group) => void quarantined.push(idsOf(group)));
    const error = await ended.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { sent, quarantined, error };
  }

  it.each([
    ['ab', 'b', ['a', 'b'], ['b'], undefined],
    ['abcd', 'c', ['ab', 'cd', 'c', 'd'], ['c'], undefined],
    ['abcdefgh', 'h', ['abcd', 'efgh', 'ef', 'gh', 'g', 'h'], ['h'], undefined],
    // No half passes: Together is down, or it is more than content.
    ['abcd', 'abcd', ['ab', 'cd'], [], failure],
    ['abcd', 'cd', ['ab', 'cd', 'c', 'd'], [], failure],
  ] as const)('of %s: %s', async (all, bad, sent, quarantined, error) => {
    expect(await failing(all, bad)).toEqual({ sent, quarantined, error });
  });

  it('does not look further at an error that content can not cause', async () => {
    const revoked = new ConnectorError('credentials', said`HTTP 401`);
    expect(await failing('abcd', 'a', revoked)).toEqual({ sent: ['ab'], quarantined: [], error: revoked });
  });
});
