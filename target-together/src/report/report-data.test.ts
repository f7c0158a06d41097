import { expect, it } from 'vitest';
import type { Ended } from '../run/end-step.ts';
import { person } from '../testing/people.ts';
import { type Day, everybody, row, schema, state, world } from '../testing/run.ts';
import type { OrgTree, ReportData } from './model.ts';
import { layOut } from './org-chart.ts';
import { orgHealth } from './org-health.ts';
import { reportData } from './report-data.ts';

const { keys } = Object;

/** What the report of a run shows. */
async function reported(day: ReturnType<typeof world>['day'], what: Day): Promise<ReportData & { tree: OrgTree }> {
  let data: ReportData | undefined;
  const look = ({ summary, read, planned, sent }: Ended) => {
    if (!planned) throw new Error('no plan');
    const { findings, plan } = planned;
    const made = reportData({
      summary,
      level: 'full',
      people: read.people,
      findings,
      plan,
      changes: (person) => planned.changes.get(person) ?? [],
      outcome: (person) => sent?.outcomes.get(person),
      sensitiveFields: [],
      requests: [],
      history: [],
    });
    data = { ...made, changes: { ...made.changes, rows: [...made.changes.rows] } };
  };
  await day({ ...what, look });
  return data as ReportData & { tree: OrgTree };
}

/** id → id of the supervisor in the chart, with the state. */
function chart(tree: OrgTree, of: Int32Array = tree.parent): Record<string, string | undefined> {
  const id = (place: number) => (place < 0 ? undefined : tree.id(place));
  return Object.fromEntries(Array.from(of, (place, at) => [tree.id(at), id(place)]));
}

const team = (supervisorId: string, ids: readonly string[], over: object = {}) =>
  ids.map((id) => person(id, { supervisorId, ...over }));
const company = [person('top'), ...team('top', ['a', 'b']), ...team('a', ['1', '2', '3', '4'])];

it('a move is told from the old supervisor to the new one, though the ledger holds hashes only', async () => {
  const { day } = world();
  await day({ events: everybody(company) });
  const moved = [person('top'), ...team('top', ['a', 'b']), ...team('b', ['1', '2', '3']), ...team('a', ['4'])];
  const { tree, changes, summary } = await reported(day, { events: everybody(moved) });
  expect(chart(tree, tree.before)).toMatchObject({ 1: 'a', 2: 'a', 3: 'a', 4: 'a', a: 'top' });
  expect(orgHealth(tree, layOut(tree)).moves.map(({ people }) => people)).toEqual([3]);
  expect([...changes.rows][0]).toMatchObject({
    changes: [{ field: 'supervisorId', from: 'a', to: 'b' }],
    outcome: 'updated',
  });
  expect(summary.causes).toMatchObject([{ field: 'supervisorId', from: 'a', to: 'b', same: true, people: 3, of: 3 }]);
});

it('in a partial read people stand under the supervisors that it did not bring', async () => {
  const { day } = world();
  await day({ events: everybody(company) });
  const events = [schema(), ...team('b', ['1', '2']).map((one) => row(one)), state('x')];
  const { tree } = await reported(day, { events });
  expect(chart(tree)).toEqual({ 1: 'b', 2: 'b', a: undefined, b: undefined });
  expect(orgHealth(tree, layOut(tree))).toMatchObject({ people: 2, tops: 0, alone: 0, moved: 2 });
});

it('names people whose manager left before, and counts no new manager as a jump', async () => {
  const { day } = world();
  await day({ events: everybody([...company.slice(0, 2), person('b', { employeeStatusCode: 'T' })]) });
  const newTeam = Array.from({ length: 8 }, (_, at) => `n${at}`);
  const after = [
    person('top'),
    person('a', { supervisorId: 'b' }),
    person('b', { employeeStatusCode: 'T' }),
    person('new'),
    ...team('new', newTeam),
  ];
  const { tree } = await reported(day, { events: everybody(after) });
  const health = orgHealth(tree, layOut(tree));
  expect(health.goneManagers.map(({ position, reports }) => [tree.id(position), reports])).toEqual([['b', 1]]);
  expect([health.people, health.jumps]).toEqual([11, []]);
  expect(keys(chart(tree))).toHaveLength(12);
});

it('who vanished is told by what they share, as far as it was remembered', async () => {
  const { day } = world();
  const people = Array.from({ length: 40 }, (_, at) =>
    person(`${at}`, { officeId: at < 15 ? 'NYC' : 'TOR', officeAddress: at < 15 ? '1 Example Plaza' : '2 Sample Ave' }),
  );
  await day({ events: everybody(people) });
  const stopped = await day({ events: everybody(people.slice(15)) });
  expect(stopped.exitCode).toBe(3);
  expect(stopped.summary.causes).toMatchObject([{ action: 'vanished', field: 'officeId', to: 'NYC', people: 15 }]);
  const cause = '15 of 15 share officeId NYC';
  const tripped = stopped.summary.guards.filter(({ verdict }) => verdict === 'tripped');
  expect(tripped.map((guard) => [guard.name, guard.cause])).toEqual([
    ['max_vanished', cause],
    ['min_rows_percent', cause],
  ]);
});

it('a run that a guard stopped tells what would have gone, and that nothing did', async () => {
  const { day } = world();
  const people = Array.from({ length: 100 }, (_, at) => person(`${at}`));
  await day({ events: everybody(people) });
  const { summary } = await day({ events: everybody(people.map((one) => ({ ...one, title: 'New' }))) });
  expect([summary.exit_code, summary.privacy.sent, summary.privacy.people]).toEqual([3, false, 100]);
});
