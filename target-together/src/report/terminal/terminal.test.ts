import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../model/run-summary.ts';
import { sampleSummary } from '../../testing/sample-report.ts';
import { type TerminalOptions, terminalOptions } from './layout.ts';
import { renderTerminal } from './terminal.ts';

const plain: TerminalOptions = { columns: 100, color: false, unicode: true };
const render = (over: Partial<RunSummary> = {}, options: Partial<TerminalOptions> = {}) =>
  renderTerminal(sampleSummary(over), { ...plain, ...options });

describe('terminal summary', () => {
  it('tells the run in the order somebody asks: what happened, how much, why, who, what next', () => {
    const text = render();
    const labels = [...text.matchAll(/^(\w[\w ]*?) {2,}/gm)].map((match) => match[1]);
    expect(labels).toEqual([
      'Read',
      'Scope',
      'Plan',
      'Causes',
      'Guards',
      'Sent',
      'Outcome',
      'Look at',
      'Next',
      'Audit',
    ]);
    expect(text).toContain(
      '! Done: 104 people accepted (12 created, 92 updated); 2 refused by Together, 9 could not be sent.',
    );
    expect(text).toContain('71 of 85 changes: departmentName “Fin Ops” → “Finance Operations”');
    expect(text).toContain('4 × There is no work e-mail address. (10311, 10387, 11020, 12001)');
    expect(text).toContain('supervisor loop 10021 → 10387 → 10021');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('says nothing of what did not happen', () => {
    const base = sampleSummary();
    const text = render({
      outcomes: { ...base.outcomes, created: 0, updated: 0, skipped: 4987, excluded: 0, invalid: 0, rejected: 0 },
      excluded_by: {},
      causes: [],
      actions: { ...base.actions, vanished: 0 },
      changes_by_field: {},
      requests: { ...base.requests, count: 0 },
      problems: [],
      problem_groups: [],
      supervisors: { dropped: [], dropped_total: 0, loops: [], relinked: 0 },
      unmapped_codes: [],
      stale: [],
      data_quality: [],
      code_spellings: [],
    });
    expect(text).toContain('✓ Nothing to send: Together has everything of the 4,987 people read.');
    for (const label of ['Scope', 'Causes', 'Sent', 'Look at', 'Next'])
      expect(text).not.toMatch(new RegExp(`^${label}`, 'm'));
  });

  it('names a guard that tripped with what it found, its limit, its cause and the release', () => {
    const [guard] = sampleSummary().guards;
    const text = render({
      exit_code: 3,
      guards: [
        {
          ...guard,
          count: 900,
          percent: 18,
          verdict: 'tripped',
          cause: '880 of 900 from company ZZ',
        } as RunSummary['guards'][0],
      ],
    });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      '✗ Stopped before the first write, nothing was sent: terminated 900 (18 %), limit more than 10 and more than 5 %',
    );
    expect(text).toContain('880 of 900 from company ZZ');
    expect(text).toContain('--accept 41ab77c0de5512f9');
  });

  it('says why nothing could be compared', () => {
    const guards = sampleSummary().guards.map((g) => ({ ...g, verdict: 'no_baseline' as const, baseline: null }));
    expect(render({ guards, baseline: null, baseline_note: 'first run' })).toContain(
      '– terminated, vanished, changed, created, people read, fields filled: first run',
    );
  });

  it('keeps within the columns, but for words that are longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), fc.string({ maxLength: 300 }), (columns, message) => {
        const base = sampleSummary();
        const group = { ...base.problem_groups[0], message } as RunSummary['problem_groups'][0];
        for (const line of render({ problem_groups: [group] }, { columns }).split('\n'))
          if (line.length > columns)
            expect(
              line
                .trim()
                .split(' ')
                .some((word) => word.length > columns - 22),
            ).toBe(true);
      }),
    );
  });

  it('has no escape sequence without colour, and the same words with it', () => {
    const escapes = /\p{Cc}\[[\d;]*m/gu;
    expect(render()).not.toMatch(escapes);
    const painted = render({}, { color: true });
    expect(painted).toMatch(escapes);
    expect(painted.replace(escapes, '')).toBe(render());
  });

  it('lets no control character of a record reach the terminal', () => {
    const base = sampleSummary();
    const text = render({
      problems: [{ ...base.problems[0], id: '1\u001B[2J\u0007\u202Eevil\n' } as RunSummary['problems'][0]],
      excluded_by: { 'company\u001B]0;x\u0007': 3 },
    });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('uses nothing but ASCII signs where the locale asks for it', () => {
    expect(render({}, { unicode: false })).toMatch(/^[\n -~]*$/);
  });

  it('shows no values of a single person, nor personal ones, in causes', () => {
    const cause = {
      action: 'change',
      field: 'lastName',
      from: 'CANARY',
      to: 'CANARY',
      same: true,
      people: 40,
      of: 85,
    } as const;
    const text = render({ causes: [cause, { ...cause, field: 'departmentName', people: 1 }] });
    expect(text).not.toContain('CANARY');
    expect(text).toContain('40 of 85 changes: lastName');
  });

  it('tells what leavers share as a value, and a change of which only the new value is known as such', () => {
    const cause = {
      action: 'leave',
      field: 'departmentName',
      from: null,
      to: 'Legal',
      same: true,
      people: 30,
      of: 31,
    } as const;
    const text = render({
      causes: [cause, { ...cause, action: 'change' }, { ...cause, action: 'change', to: null, from: 'HR' }],
    });
    expect(text).toContain('30 of 31 leavers: departmentName “Legal”');
    expect(text).toContain('30 of 31 changes: departmentName → “Legal”');
    expect(text).toContain('30 of 31 changes: departmentName “HR” → empty');
  });

  it('calls people of a plan planned, and not undelivered', () => {
    const outcomes = { ...sampleSummary().outcomes, undelivered: 3 };
    expect(render({ mode: 'plan', outcomes })).toContain('3 planned, not sent');
    expect(render({ mode: 'run', outcomes, exit_code: 5 })).toContain('3 not delivered');
  });

  it('fits what the stream and the environment say', () => {
    const utf8 = { LANG: 'en_US.UTF-8' };
    expect(terminalOptions({}, utf8)).toEqual({ columns: 120, color: false, unicode: true });
    expect(terminalOptions({}, { ...utf8, COLUMNS: '80' })).toMatchObject({ columns: 80 });
    expect(terminalOptions({}, { ...utf8, COLUMNS: 'wide' })).toMatchObject({ columns: 120 });
    expect(terminalOptions({ isTTY: true, columns: 90 }, utf8)).toEqual({ columns: 90, color: true, unicode: true });
    expect(terminalOptions({ isTTY: true, columns: 20 }, { ...utf8, NO_COLOR: '1' })).toMatchObject({
      columns: 40,
      color: false,
    });
    expect(terminalOptions({ isTTY: true }, { ...utf8, TERM: 'dumb' })).toMatchObject({ color: false });
    expect(terminalOptions({}, { LC_ALL: 'C', LANG: 'en_US.UTF-8' })).toMatchObject({ unicode: false });
  });
});
