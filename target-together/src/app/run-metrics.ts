/** A run's summary as gauges for monitoring of many runs: the same numbers as in `--summary`, and no one's id. */

import type { Metric, Tags } from '@ukg-together/kit/log/entry';
import { successAt } from '@ukg-together/kit/log/metrics';
import type { RunSummary } from '../model/run-summary.ts';
import type { RunMemory } from '../state/run-history.ts';

/** `memory`: after the run. `openRejects`: people among the rejects, where it is known. */
export function runMetrics(summary: RunSummary, memory: RunMemory, openRejects: number | undefined): Metric[] {
  const gauge = (metric: string, value: number, tags: Tags = {}): Metric => ({ type: 'gauge', metric, value, tags });
  const points = [gauge('people_read', summary.people_read)];
  for (const [outcome, people] of Object.entries(summary.outcomes)) points.push(gauge('people', people, { outcome }));
  for (const [action, people] of Object.entries(summary.actions)) points.push(gauge('planned', people, { action }));
  for (const { name, field, count, percent, limit, verdict } of summary.guards) {
    const tags = { guard: name, ...(field === null ? {} : { field }) };
    const values = {
      guard_percent: percent,
      guard_limit_percent: limit.percent,
      // Of each field that is watched, the share says it.
      ...(field === null ? { guard_count: count, guard_limit_count: limit.count } : {}),
      guard_tripped: verdict === 'tripped' ? 1 : 0,
    };
    for (const [metric, value] of Object.entries(values)) if (value !== null) points.push(gauge(metric, value, tags));
  }
  if (openRejects !== undefined) points.push(gauge('open_rejects', openRejects));
  points.push(gauge('failing', memory.failing_since === undefined ? 0 : 1));
  const { last_success: success } = memory;
  return success ? [...points, successAt(Date.parse(success.finished_at))] : points;
}
