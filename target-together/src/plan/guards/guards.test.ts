import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, actions } from '../../model/outcome.ts';
import { Settings } from '../../settings/settings.ts';
import { checkGuards, type GuardInput } from './guards.ts';

const { guards: settings } = Settings.parse({ region: 'us', organization_id: 'o', client_id: 'c', api_key: 'k' });
const none = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;

const input = (
  over: Partial<Omit<GuardInput, 'counts'>> & { counts?: Partial<Record<Action, number>> } = {},
): GuardInput => ({
  settings,
  complete: true,
  rows: 1000,
  users: 1000,
  filled: { officeId: 970 },
  note: undefined,
  baseline: { known: 1000, active: 1000, whole: true, rows: 1000, filled: { officeId: 0.97 } },
  ...over,
  counts: { ...none, ...over.counts },
});
const tripped = (given: GuardInput) =>
  checkGuards(given)
    .filter((guard) => guard.verdict === 'tripped')
    .map((guard) => guard.name);

describe('guards', () => {
  it('trip only when both the count and the percent are passed', () => {
    const leave = (count: number, active: number) =>
      input({ counts: { leave: count }, baseline: { known: active, active, whole: true } });
    expect(tripped(leave(10, 100))).toEqual([]);
    expect(tripped(leave(11, 100))).toEqual(['max_terminated']);
    expect(tripped(leave(50, 1000))).toEqual([]);
    expect(tripped(leave(51, 1000))).toEqual(['max_terminated']);
  });

  it.each([
    ['max_vanished', { vanished: 60 }],
    ['max_changed', { change: 200, rehire: 150 }],
    ['max_created', { join: 201 }],
  ] as const)('%s counts its own actions', (name, counts) => {
    expect(tripped(input({ counts }))).toEqual([name]);
  });

  it('stop a complete read of half the people, and do not judge a partial one by its rows', () => {
    expect(tripped(input({ rows: 500 }))).toEqual(['min_rows_percent']);
    expect(tripped(input({ rows: 800 }))).toEqual([]);
    expect(tripped(input({ rows: 5, complete: false, filled: {} }))).toEqual([]);
  });

  it('name the field that lost its values', () => {
    const [guard] = checkGuards(input({ filled: { officeId: 410 } })).filter((one) => one.verdict === 'tripped');
    expect(guard).toMatchObject({ name: 'min_filled_percent', field: 'officeId', baseline: 97 });
  });

  it('do not stop a run because two people lost what only they had, and do when a whole small field is gone', () => {
    const rare = (was: number, is: number) =>
      tripped(
        input({
          filled: { gender: is },
          baseline: { known: 1000, active: 1000, whole: true, rows: 1000, filled: { gender: was / 1000 } },
        }),
      );
    expect(rare(2, 0)).toEqual([]);
    expect(rare(3, 1)).toEqual([]);
    expect(rare(3, 0)).toEqual(['min_filled_percent']);
  });

  it('say that they have no baseline, never that all is well', () => {
    const found = checkGuards(input({ baseline: undefined, note: 'first run', counts: { leave: 900, join: 900 } }));
    expect(new Set(found.map((guard) => guard.verdict))).toEqual(new Set(['no_baseline']));
    expect(found[0]?.reason).toBe('first run');
  });

  it('let the rest of an interrupted run pass, and stop what goes beyond it', () => {
    const baseline = { known: 1000, active: 1000, whole: true, vetted: { leave: 300 } };
    expect(tripped(input({ baseline, counts: { leave: 300 } }))).toEqual([]);
    expect(tripped(input({ baseline, counts: { leave: 301 } }))).toEqual(['max_terminated']);
  });

  it('are off only where the settings say null', () => {
    const off = input({
      settings: { ...settings, max_terminated: null, min_rows_percent: null },
      counts: { leave: 999 },
      rows: 1,
    });
    expect(tripped(off)).toEqual([]);
    expect(checkGuards(off)[0]?.verdict).toBe('off');
  });

  it('never trip on a quiet day, whatever the size of the company', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100), (known, active) => {
        const base = { known, active: Math.min(known, active), whole: true, rows: known, filled: { a: known ? 1 : 0 } };
        expect(tripped(input({ rows: known, users: known, filled: { a: known }, baseline: base }))).toEqual([]);
      }),
    );
  });
});
