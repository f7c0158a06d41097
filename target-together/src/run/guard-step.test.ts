import { describe, expect, it } from 'vitest';
import type { Guard } from '../model/run-summary.ts';
import { person } from '../testing/people.ts';
import { everybody } from '../testing/run.ts';
import { identityOf, keptLog, planEvents } from '../testing/steps.ts';
import { guardStep } from './guard-step.ts';

const guard = (over: Partial<Guard> = {}): Guard => ({
  name: 'max_terminated',
  field: null,
  count: 12,
  percent: 60,
  limit: { count: 10, percent: 5 },
  baseline: 20,
  verdict: 'ok',
  cause: null,
  reason: null,
  ...over,
});
const tripped = guard({ verdict: 'tripped', cause: 'most are of office 7' });

async function gate(guards: readonly Guard[], accept: string | undefined, name = 'target-together') {
  const { planned } = await planEvents(everybody([person('a')]));
  const { hash } = planned.plan;
  const { log, lines } = keptLog();
  const run = identityOf({ accept: accept === 'this' ? hash : accept });
  const about = { ...run.about, tool: { ...run.about.tool, name } };
  const gated = guardStep({ ...planned, guards }, { ...run, about }, log);
  return { gated, lines, hash };
}

describe('guard', () => {
  it.each([
    ['no guard trips', [guard()], undefined, undefined, ['ok'], undefined],
    ['no guard trips, released all the same', [guard()], 'this', undefined, ['ok'], /no guard needed it/],
    ['one trips', [guard({ name: 'max_vanished' }), tripped], undefined, 'guard', ['ok', 'tripped'], undefined],
    [
      'one trips and is released',
      [tripped, guard()],
      'this',
      undefined,
      ['accepted', 'ok'],
      /Released by its plan hash/,
    ],
    ['one trips and another plan is released', [tripped], 'another', 'guard', ['tripped'], undefined],
    [
      'what is switched off or not checked',
      [guard({ verdict: 'off' }), guard({ verdict: 'no_baseline' })],
      undefined,
      undefined,
      ['off', 'no_baseline'],
      undefined,
    ],
  ] as const)('%s', async (_, guards, accept, kind, verdicts, line) => {
    const { gated, lines } = await gate(guards, accept);
    expect(gated.stopped?.kind).toBe(kind);
    expect(gated.guards.map(({ verdict }) => verdict)).toEqual(verdicts);
    expect(lines.map(({ message }) => message)).toEqual(line ? [expect.stringMatching(line)] : []);
  });

  it('says what tripped, why, and how exactly this plan is released, for each protocol', async () => {
    const singer = await gate([tripped], 'another');
    expect(singer.gated.stopped?.message).toMatch(
      /^Nothing was sent: max_terminated.*\(most are of office 7\)\. another names another plan/,
    );
    expect(singer.gated.stopped?.hint).toContain(`--accept ${singer.hash}`);
    const airbyte = await gate([tripped], undefined, 'destination-together');
    expect(airbyte.gated.stopped?.hint).toContain(`"accept_plan": "${airbyte.hash}"`);
  });

  it('names the plan that released it', async () => {
    const { gated, hash } = await gate([tripped], 'this');
    expect(gated.guards[0]?.reason).toBe(`released once by its plan hash ${hash}`);
  });
});
