import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../model/run-summary.ts';
import { percent } from '../model/text/number-text.ts';
import { sampleSummary } from '../testing/sample-report.ts';
import { bytes, duration, moment } from './text.ts';
import { verdictOf } from './verdict.ts';

const { outcomes, actions, guards, files, source } = sampleSummary();
const none = { created: 0, updated: 0, unchanged: 0, skipped: 0, excluded: 0, invalid: 0, rejected: 0, undelivered: 0 };
const nobody = { ...actions, join: 0, change: 0, leave: 0, rehire: 0, vanished: 0, invalid: 0 };
const tripped = [{ ...guards[0], verdict: 'tripped' } as RunSummary['guards'][0]];

const docs = 'https://example.com/errors#one';

describe('verdict', () => {
  it.each([
    { name: 'target-together', log: 'the exit code of the tap' },
    { name: 'destination-together', log: 'what the source logged in the same sync' },
  ])('points from $name to the log of the source: $log', ({ name, log }) => {
    const cutOff = { ...source, cut_off: true };
    const tool = { ...sampleSummary().tool, name };
    for (const over of [{ source: cutOff }, { source: { ...cutOff, streams: [] }, people_read: 0 }])
      expect(
        verdictOf(sampleSummary({ tool, ...over }))
          .next.map(({ text }) => text)
          .join(),
      ).toContain(log);
  });

  it.each<[string, Partial<RunSummary>, string, string]>([
    [
      'done',
      { outcomes: { ...none, created: 1, updated: 2 } },
      'good',
      'Done: 3 people accepted (1 created, 2 updated).',
    ],
    [
      'some refused',
      { outcomes: { ...none, updated: 2, rejected: 1 } },
      'attention',
      'Done: 2 people accepted (2 updated); 1 refused by Together.',
    ],
    [
      'too many refused',
      { exit_code: 4, outcomes: { ...none, updated: 1, rejected: 9 } },
      'attention',
      'Done, but more people were refused than allowed: 1 person accepted, 9 refused by Together.',
    ],
    [
      'nothing to do',
      { people_read: 5, outcomes: { ...none, skipped: 5 } },
      'good',
      'Nothing to send: Together has everything of the 5 people read.',
    ],
    [
      'nothing new, and some who can’t be sent',
      { outcomes: { ...none, skipped: 5, invalid: 4 } },
      'attention',
      'Nothing to send; 4 could not be sent.',
    ],
    [
      'a source that was cut off',
      { people_read: 0, outcomes: none, source: { ...source, cut_off: true } },
      'attention',
      'No people were read, and nothing was sent.',
    ],
    [
      'nobody but vanished people',
      { people_read: 5, outcomes: { ...none, skipped: 5 }, vanished_ended: { planned: 3, accepted: 2 } },
      'attention',
      'Done: 2 people accepted (2 vanished as terminated); 1 vanished not terminated.',
    ],
    [
      'a plan that only ends vanished people',
      {
        mode: 'plan',
        outcomes: none,
        actions: { ...nobody, vanished: 2 },
        vanished_ended: { planned: 2, accepted: 0 },
      },
      'good',
      'Nothing was sent. This would send 2 people: 2 vanished as terminated.',
    ],
    [
      'a plan of people whose daily resend is due',
      { mode: 'plan', outcomes: { ...none, undelivered: 4, skipped: 1 }, actions: { ...nobody, join: 1, same: 4 } },
      'good',
      'Nothing was sent. This would send 4 people: 1 join, 3 unchanged and due again.',
    ],
    [
      'a plan of a first read, with people who have left already',
      { mode: 'plan', joins_left: 88, outcomes: { ...none, undelivered: 476 }, actions: { ...nobody, join: 476 } },
      'good',
      'Nothing was sent. This would send 476 people: 476 join (88 have left already).',
    ],
    ['nobody read', { people_read: 0, outcomes: none }, 'good', 'No people were read, and nothing was sent.'],
    [
      'plan',
      { mode: 'plan', exit_code: 8, outcomes: { ...none, undelivered: 106 }, actions: { ...actions, invalid: 0 } },
      'good',
      'Nothing was sent. This would send 106 people: 7 leave, 12 join, 2 rehired, 85 changed.',
    ],
    [
      'empty plan',
      { mode: 'dry-run', outcomes: none, actions: nobody },
      'good',
      'Nothing was sent. There is nothing to send.',
    ],
    [
      'guard',
      { exit_code: 3, guards: tripped },
      'stop',
      'Stopped before the first write, nothing was sent: terminated 7 (0.2 %), limit more than 10 and more than 5 %.',
    ],
    [
      'guard in a plan',
      { mode: 'plan', exit_code: 3, guards: tripped },
      'stop',
      'Nothing was sent, and a guard would stop this plan: terminated 7 (0.2 %), limit more than 10 and more than 5 %.',
    ],
    [
      'outage',
      {
        exit_code: 5,
        outcomes: { ...none, updated: 10, undelivered: 3 },
        error: { kind: 'unreachable', message: 'Together kept answering 503.', hint: 'Wait.', docs },
      },
      'failed',
      'Together kept answering 503. 10 people had been accepted before. 3 people not delivered.',
    ],
    [
      'signal',
      { exit_code: 143, outcomes: { ...none, undelivered: 3 } },
      'failed',
      'The run ended early (exit code 143). No person was accepted. 3 people not delivered.',
    ],
  ])('%s', (_, over, tone, sentence) => {
    const verdict = verdictOf(sampleSummary(over));
    expect([verdict.tone, verdict.sentence.replaceAll('\u00A0', ' ')]).toEqual([tone, sentence]);
  });

  it('says several faults in one sentence', () => {
    const error = {
      kind: 'settings',
      message: 'The mapping has 2 faults:\n  a is wrong\n  b is too',
      hint: null,
      docs,
    } as const;
    const verdict = verdictOf({ ...sampleSummary(), guards: [], exit_code: 2, outcomes: none, error });
    expect(verdict.sentence).toBe('The mapping has 2 faults: a is wrong; b is too. No person was accepted.');
  });

  it('never calls a run good that has undelivered people, an error, or an exit code of failure', () => {
    for (const over of [
      { outcomes: { ...outcomes, undelivered: 1 } },
      { error: { kind: 'unexpected', message: 'No.', hint: null, docs } },
      { exit_code: 1 },
      { exit_code: 6 },
    ])
      expect(verdictOf(sampleSummary(over)).tone).toBe('failed');
  });

  it('says what to do next, with what to type', () => {
    const next = (over: Partial<RunSummary>) => verdictOf(sampleSummary(over)).next.map((s) => s.command ?? s.text);
    expect(next({ exit_code: 3, guards: tripped })[0]).toBe('--accept 41ab77c0de5512f9');
    const tool = { name: 'destination-together', version: '1', node: '20' };
    expect(verdictOf(sampleSummary({ exit_code: 3, guards: tripped, tool })).next[0]).toEqual({
      text: "If this is right, release exactly this plan once: sync again, with this in the destination's settings",
      command: '"accept_plan": "41ab77c0de5512f9"',
    });
    expect(next({ mode: 'plan', files: { ...files, plan: 'p.json' } })[0]).toBe(
      'target-together apply p.json --config config.json',
    );
    const planned = { ...files, plan: 'my plan.json', config: ['base.json', "it's.json"] };
    expect(next({ mode: 'plan', exit_code: 3, guards: tripped, files: planned })[0]).toBe(
      "target-together apply 'my plan.json' --config base.json --config 'it'\\''s.json' --accept 41ab77c0de5512f9",
    );
    const error = { kind: 'settings', message: 'No.', hint: 'Look.', docs };
    expect(next({ error }).slice(0, 2)).toEqual(['Look.', docs]);
    expect(next({})).toEqual(['/var/lib/together/rejects.singer']);
  });
});

describe('words', () => {
  const spaced = (text: string) => text.replaceAll('\u00A0', ' ');
  it('say durations, sizes, shares and moments as people do', () => {
    expect([999, 1000, 59_950, 61_000, 120_000, 3_600_000, 12_000_000].map((ms) => spaced(duration(ms)))).toEqual([
      '999 ms',
      '1 s',
      '60 s',
      '1 min 1 s',
      '2 min',
      '1 h',
      '3 h 20 min',
    ]);
    expect([999, 88_213, 2_500_000].map((n) => spaced(bytes(n)))).toEqual(['999 B', '88.2 kB', '2.5 MB']);
    expect([0, 0.02, 1.84, 100].map((n) => spaced(percent(n)))).toEqual(['0 %', '0.02 %', '1.84 %', '100 %']);
    expect(spaced(moment('2026-03-31T04:05:06.000Z'))).toBe('31 Mar 2026, 04:05 UTC');
  });
});
