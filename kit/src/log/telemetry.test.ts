import { describe, expect, it } from 'vitest';
import { ConnectorError, said } from '../error.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import type { Metric } from './entry.ts';
import type { Logger } from './log.ts';
import { createRedactor } from './redact.ts';
import { wantedSignals, watched } from './telemetry.ts';
import type { Telemetry, Watched } from './telemetry-types.ts';

const address = 'http://127.0.0.1:4318';

describe('which signals are wanted', () => {
  it.each([
    [{}, false, false],
    [{ OTEL_SERVICE_NAME: 'hr' }, false, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: address }, true, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false, false],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: address }, false, true],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, true, false],
    [{ OTEL_METRICS_EXPORTER: 'prometheus' }, false, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_METRICS_EXPORTER: 'none' }, true, false],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }, false, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_SDK_DISABLED: 'True' }, false, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_SDK_DISABLED: 'no' }, true, true],
  ])('%j: traces %s, metrics %s', (env, traces, metrics) => {
    expect(wantedSignals(env)).toEqual({ traces, metrics });
  });
});

describe('a watched run', () => {
  function setup(env: Record<string, string> = {}) {
    const points: Metric[] = [];
    const clock = fakeClock();
    const silent = () => {};
    const log: Logger = {
      debug: silent,
      info: silent,
      warn: silent,
      error: silent,
      progress: silent,
      metric: (point) => points.push(point),
      child: () => log,
    };
    const options: Watched = {
      name: 'tap-ukg-pro',
      version: '1.0.0',
      command: 'sync',
      env,
      log,
      clock,
      redactor: createRedactor(),
    };
    return { options, points, clock };
  }

  it('gives the exit code and logs how long it took, with nobody watching', async () => {
    const { options, points, clock } = setup();
    const code = await watched(options, async (log) => {
      expect(log).toBe(options.log);
      clock.advance(2500);
      return 5;
    });
    expect(code).toBe(5);
    expect(points).toEqual([
      {
        type: 'timer',
        metric: 'run_duration',
        value: 2.5,
        tags: { command: 'sync', status: 'failed', exit_code: 5 },
      },
    ]);
  });

  it('counts the exit codes 0 and 8 as good', async () => {
    for (const [code, status] of [
      [0, 'succeeded'],
      [8, 'succeeded'],
      [3, 'failed'],
    ] as const) {
      const { options, points } = setup();
      await watched(options, async () => code);
      expect(points[0]?.tags).toMatchObject({ status });
    }
  });

  it('is closed whatever happens, and throws on what the job throws', async () => {
    const { options, points } = setup();
    const told: string[] = [];
    const telemetry: Telemetry = {
      watch: (log) => log,
      root: async (name, job) => {
        told.push(name);
        return await job();
      },
      close: async () => void told.push('closed'),
    };
    const failure = new ConnectorError('unreachable', said`down`);
    const run = watched(
      options,
      () => Promise.reject(failure),
      async () => telemetry,
    );
    await expect(run).rejects.toBe(failure);
    expect(told).toEqual(['tap-ukg-pro sync', 'closed']);
    expect(points).toMatchObject([{ metric: 'run_duration', tags: { status: 'failed', exit_code: 5 } }]);
  });
});
