import { describe, expect, it } from 'vitest';
import type { Guard } from '../../model/run-summary.ts';
import { guardActions } from './limits.ts';
import { releaseOf } from './release.ts';
import { describeGuard } from './text.ts';

const guard: Guard = {
  name: 'max_terminated',
  field: null,
  count: 30,
  percent: 12.5,
  limit: { count: 10, percent: 5 },
  baseline: 240,
  cause: null,
  verdict: 'tripped',
  reason: null,
};

describe('a guard in words', () => {
  it.each([
    { of: guard, text: 'max_terminated: 30 people (12.5 % of 240), it stops at more than 10 and more than 5 %' },
    {
      of: { ...guard, name: 'max_created', count: 11200, percent: 1866.67, baseline: 600 },
      text: 'max_created: 11,200 people (1,866.67 % of 600), it stops at more than 10 and more than 5 %',
    },
    {
      of: { ...guard, count: 1, percent: 100, baseline: 1 },
      text: 'max_terminated: 1 person (100 % of 1), it stops at more than 10 and more than 5 %',
    },
    {
      of: { ...guard, name: 'min_rows_percent', count: 100, limit: { count: null, percent: 80 } },
      text: 'min_rows_percent: 100 people read, 12.5 % of the 240 of the last successful run, at least 80 %',
    },
    {
      of: { ...guard, name: 'min_rows_percent', count: null, limit: { count: null, percent: 80 } },
      text: 'min_rows_percent: 0 people read, 12.5 % of the 240 of the last successful run, at least 80 %',
    },
    {
      of: { ...guard, name: 'min_filled_percent', field: 'officeId', limit: { count: null, percent: 50 } },
      text: 'min_filled_percent: officeId is filled for 12.5 % of the share it had in the last successful run, at least 50 %',
    },
    {
      of: { ...guard, name: 'min_filled_percent', limit: { count: null, percent: 50 } },
      text: 'min_filled_percent: is filled for 12.5 % of the share it had in the last successful run, at least 50 %',
    },
  ])('$text', ({ of, text }) => {
    expect(describeGuard(of)).toBe(text);
  });
});

describe('the release of a plan', () => {
  const by = { mode: 'run', plan: null, config: ['c.json'] };
  it('is a flag for the target, a setting for the destination, and a variable for Meltano', () => {
    expect({
      target: releaseOf({ ...by, name: 'target-together' }, 'abc'),
      plan: releaseOf({ ...by, name: 'target-together', mode: 'plan', plan: 'a plan.json' }, 'abc'),
      destination: releaseOf({ ...by, name: 'destination-together' }, 'abc'),
      meltano: releaseOf({ ...by, name: 'target-together', runner: 'meltano' }, 'abc'),
      meltanoPlan: releaseOf(
        { ...by, name: 'target-together', runner: 'meltano', mode: 'plan', plan: 'plan.json' },
        'abc',
      ),
    }).toEqual({
      meltano: { steps: 'the same command again, with the variable', type: 'TARGET_TOGETHER_ACCEPT_PLAN=abc' },
      meltanoPlan: { steps: '', type: 'meltano invoke target-together apply plan.json --accept abc' },
      plan: { steps: '', type: "target-together apply 'a plan.json' --config c.json --accept abc" },
      target: { steps: 'the same command again, with', type: '--accept abc' },
      destination: {
        steps: "sync again, with this in the destination's settings",
        type: '"accept_plan": "abc"',
      },
    });
  });
});

describe('the actions behind a guard', () => {
  it.each([
    { name: 'max_terminated', actions: ['leave'] },
    { name: 'max_vanished', actions: ['vanished'] },
    { name: 'max_changed', actions: ['change', 'rehire'] },
    { name: 'max_created', actions: ['join'] },
    { name: 'min_rows_percent', actions: ['vanished'] },
    { name: 'min_filled_percent', actions: [] },
  ])('$name: $actions', ({ name, actions }) => {
    expect(guardActions(name)).toEqual(actions);
  });
});
