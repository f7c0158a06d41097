import { describe, expect, it } from 'vitest';
import type { ReviewedPlan } from '../plan/prepared.ts';
import { writeKeptRuns } from '../state/kept-runs.ts';
import { memoryStore } from '../state/store/memory-store.ts';
import { peopleOf, person } from '../testing/people.ts';
import { everybody, row, schema, state } from '../testing/run.ts';
import { openTestState, planEvents, readEvents, testKeys } from '../testing/steps.ts';
import { planFromFile, planFromRead } from './plan-step.ts';

const boss = person('boss');
const report = person('r', { supervisorId: 'boss' });
const lost = person('lost', { supervisorId: 'nobody' });

describe('a plan of what was read', () => {
  it('carries what the run that applies it must know of the read', async () => {
    const { planned, read } = await planEvents(everybody([boss, report, lost]));
    expect(planned.carried).toEqual({
      states: [state('end')],
      schemas: [schema()],
      source: read.source,
      vanished: [],
      facts: read.facts,
      pendingLinks: { lost: 'nobody' },
    });
    expect(planned.plan.counts).toMatchObject({ join: 3 });
  });

  it('names the fields of a body, of equal ones in one list', async () => {
    const { planned } = await planEvents(everybody([boss, person('other'), report, lost]));
    const { fieldsOf } = planned;
    expect(fieldsOf(0)).toBe(fieldsOf(1));
    expect(fieldsOf(2)).toContain('supervisorId');
    expect(fieldsOf(3)).not.toContain('supervisorId');
    expect([...fieldsOf(3)].sort()).toEqual([...fieldsOf(0)].sort());
  });

  it.each([
    ['run', undefined, 1],
    ['dry-run', undefined, 1],
    ['plan', undefined, 1],
    ['plan', { compareRemote: true }, 1],
    ['explain', undefined, 0],
  ] as const)('%s %o asks Together for its list %i times before there is a ledger', async (mode, asked, times) => {
    const { read, run, state: kept, log } = await readEvents(everybody([boss]), { mode, asked });
    let calls = 0;
    const planner = planFromRead(
      () => 'm',
      async () => {
        calls++;
        return undefined;
      },
    );
    await planner.plan(read, run, { state: kept, log });
    expect(calls).toBe(times);
  });

  it('keeps links left out by earlier runs until they are sent', async () => {
    const files = new Map<string, Buffer>();
    const before = await openTestState(files, { id: 'before', startedAt: 0 });
    await before.close();
    const memory = { pending_links: { absent: 'boss', lost: 'boss' } };
    await writeKeptRuns(memoryStore(files), testKeys, { memory, known: 0 });
    const { planned } = await planEvents([schema(), row(lost), state(1)], { files });
    expect(planned.pendingLinks(() => false)).toEqual({ absent: 'boss', lost: 'nobody' });
    expect(planned.pendingLinks((id) => id === 'absent')).toEqual({ lost: 'nobody' });
  });
});

describe('a plan that was reviewed', () => {
  it('is the same value, of the people in the file and the read that it was made of', async () => {
    const source = await planEvents(everybody([boss, report, lost]));
    const { carried, plan, findings, guards, causes, changesByField, clears, changes } = source.planned;
    const given: ReviewedPlan = { plan, findings, guards, causes, changesByField, clears, changes, read: carried };
    const { read, run, state: kept, log } = await readEvents([], { mode: 'apply' });
    const planner = planFromFile('reviewed', async (people) => {
      peopleOf([boss, report, lost], people);
      return given;
    });
    const planned = await planner.plan(read, run, { state: kept, log });
    expect(planner.mappingHash()).toBe('reviewed');
    expect(planned.read).toMatchObject({ source: carried.source, schemas: carried.schemas, facts: carried.facts });
    expect(planned.carried).toBe(carried);
    expect(planned.pendingLinks((id) => id === 'lost')).toEqual({});
    expect(planned.fieldsOf(0)).toEqual(source.planned.fieldsOf(0));
    expect({ changes: planned.changes.size, notes: planned.notes.size, note: planned.baselineNote }).toEqual({
      changes: 0,
      notes: 0,
      note: undefined,
    });
    // Its checkpoints wait for all people the file names.
    const { checkpoints } = planned.read;
    expect(checkpoints.release()).toEqual([]);
    for (const one of [0, 1, 2]) checkpoints.acknowledge(one);
    expect(checkpoints.release().map(({ event }) => event)).toEqual(carried.states);
  });
});
