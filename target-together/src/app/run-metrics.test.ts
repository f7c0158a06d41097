import { expect, it } from 'vitest';
import { sampleSummary } from '../testing/sample-report.ts';
import { runMetrics } from './run-metrics.ts';

const success = { run_id: 'r', finished_at: '2026-03-31T04:00:58.000Z', people_read: 3 };
const summary = sampleSummary();
const points = runMetrics(summary, { last_success: success }, 5);
const value = (metric: string, tags: object = {}) =>
  points.find((point) => point.metric === metric && JSON.stringify(point.tags ?? {}) === JSON.stringify(tags))?.value;

it('everybody is counted once, by outcome', () => {
  const people = points.filter(({ metric }) => metric === 'people').map((point) => point.value);
  expect(people.reduce((a, b) => a + b)).toBe(summary.people_read);
  expect(value('people', { outcome: 'rejected' })).toBe(summary.outcomes.rejected);
});

it('guards tell what they found and their limits', () => {
  const guard = summary.guards.find(({ name }) => name === 'max_terminated');
  expect(value('guard_percent', { guard: 'max_terminated' })).toBe(guard?.percent);
  expect(value('guard_limit_percent', { guard: 'max_terminated' })).toBe(guard?.limit.percent);
  expect(value('guard_tripped', { guard: 'max_terminated' })).toBe(0);
});

it('the last successful run is told by failing ones too', () => {
  const failed = runMetrics(sampleSummary({ exit_code: 5 }), { last_success: success, failing_since: 'x' }, undefined);
  expect(failed.find(({ metric }) => metric === 'last_success')?.value).toBe(Date.parse(success.finished_at) / 1000);
  expect(failed.find(({ metric }) => metric === 'failing')?.value).toBe(1);
  expect(failed.some(({ metric }) => metric === 'open_rejects')).toBe(false);
  expect(runMetrics(summary, {}, 0).some(({ metric }) => metric === 'last_success')).toBe(false);
});

it('nobody is named', () => {
  const ids = summary.problems.flatMap(({ id }) => (id === null ? [] : [id]));
  expect(ids.length).toBeGreaterThan(0);
  const text = JSON.stringify(points);
  for (const id of ids) expect(text).not.toContain(id);
});
