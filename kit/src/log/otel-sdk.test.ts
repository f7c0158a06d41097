import { describe, expect, it } from 'vitest';
import { ConnectorError, said } from '../error.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import type { Logger } from './log.ts';
import { timed } from './metrics.ts';
import { openSdk, type Packages, packageFor } from './otel-sdk.ts';
import { createRedactor } from './redact.ts';
import type { Watched } from './telemetry-types.ts';

interface Span {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Record<string, unknown>;
  failed: boolean;
  ended: boolean;
}

interface Point {
  readonly kind: string;
  readonly metric: string;
  readonly value: number;
  readonly attributes: Record<string, unknown>;
}

/** An SDK that remembers: spans follow the calls, one at a time. */
function pretend(over: { shutdown?: () => Promise<void>; broken?: boolean } = {}) {
  const spans: Span[] = [];
  const points: Point[] = [];
  const configured: object[] = [];
  const open: Span[] = [];
  let carrier: unknown;
  let diagnose: (text: string) => void = () => {};
  const instrument = (kind: string) => (metric: string) => {
    const record = (value: number, attributes: Record<string, unknown>) =>
      points.push({ kind, metric, value, attributes });
    return { record, add: record };
  };
  const handle = (span: Span) => ({
    setAttributes: (more: object) => Object.assign(span.attributes, more),
    setStatus: () => (span.failed = true),
    end: () => {
      span.ended = true;
      open.splice(open.indexOf(span), 1);
    },
  });
  const handles = new Map<Span, ReturnType<typeof handle>>();
  const api = {
    SpanKind: { INTERNAL: 0, CLIENT: 2 },
    SpanStatusCode: { ERROR: 2 },
    DiagLogLevel: { ERROR: 30 },
    diag: { setLogger: ({ error }: { error: typeof diagnose }) => (diagnose = error) },
    context: { active: () => 'root', with: (_: unknown, job: () => unknown) => job() },
    propagation: { extract: (_: unknown, given: unknown) => (carrier = given) },
    metrics: {
      getMeter: () => ({
        createHistogram: instrument('histogram'),
        createCounter: instrument('counter'),
        createGauge: instrument('gauge'),
      }),
    },
    trace: {
      getActiveSpan: () => handles.get(open.at(-1) as Span),
      getTracer: () => ({
        startActiveSpan(name: string, { attributes }: { attributes: object }, job: (span: unknown) => unknown) {
          const span = { name, parent: open.at(-1)?.name, attributes: { ...attributes }, failed: false, ended: false };
          spans.push(span);
          open.push(span);
          handles.set(span, handle(span));
          return job(handles.get(span));
        },
      }),
    },
  };
  const sdk = {
    NodeSDK: class {
      constructor(options: object) {
        if (over.broken) throw new TypeError('Ada Lovelace');
        configured.push(options);
      }
      start() {}
      shutdown = over.shutdown ?? (async () => {});
    },
  };
  const packages = { api, sdk } as unknown as Packages;
  return { spans, points, configured, packages, carrier: () => carrier, diagnose: (text: string) => diagnose(text) };
}

function options(env: Record<string, string> = {}) {
  const warnings: string[] = [];
  const metrics: unknown[] = [];
  const log: Logger = {
    debug() {},
    info() {},
    warn: (message) => warnings.push(message),
    error() {},
    metric: (point) => metrics.push(point),
    progress() {},
    child: () => log,
  };
  const clock = fakeClock();
  const redactor = createRedactor(['hunter22']);
  const watch: Watched = { name: 'target-together', version: '1.2.3', command: 'run', env, log, clock, redactor };
  return { watch, warnings, metrics, clock };
}

const both = { traces: true, metrics: true };

async function opened(env: Record<string, string> = {}, over: Parameters<typeof pretend>[0] = {}) {
  const fake = pretend(over);
  const given = options(env);
  const telemetry = await openSdk(given.watch, both, async () => fake.packages);
  if (!telemetry) throw new Error('not opened');
  return { ...fake, ...given, telemetry, log: telemetry.watch(given.watch.log) };
}

describe('the SDK', () => {
  it('gets the executable’s name, unless the environment has one', async () => {
    const configured = async (env: Record<string, string>) => (await opened(env)).configured[0];
    expect(await configured({})).toEqual({ serviceName: 'target-together', logRecordProcessors: [] });
    expect(await configured({ OTEL_SERVICE_NAME: 'hr' })).toEqual({ logRecordProcessors: [] });
    expect(await configured({ OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=hr' })).toEqual({ logRecordProcessors: [] });
  });

  it('is told to leave out what nobody asks for', async () => {
    const fake = pretend();
    await openSdk(options().watch, { traces: true, metrics: false }, async () => fake.packages);
    await openSdk(options().watch, { traces: false, metrics: true }, async () => fake.packages);
    expect(fake.configured).toMatchObject([{ metricReaders: [] }, { spanProcessors: [] }]);
  });

  it('that is missing is a warning that says what to install', async () => {
    const { watch, warnings } = options();
    const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    expect(await openSdk(watch, both, () => Promise.reject(missing))).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/not installed: npm i @opentelemetry\/sdk-node.*The run goes on/)]);
  });

  it('that does not start is a warning too, without what it says', async () => {
    const { watch, warnings } = options();
    const fake = pretend({ broken: true });
    expect(await openSdk(watch, both, async () => fake.packages)).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/could not be started.*The run goes on/)]);
    expect(warnings[0]).not.toContain('Lovelace');
  });

  it('is named in the version that runs on this Node.js', () => {
    expect(['20.19.0', '22.14.9'].map(packageFor)).toEqual(Array(2).fill('@opentelemetry/sdk-node@0.223'));
    expect(['22.15.0', '24.1.0'].map(packageFor)).toEqual(Array(2).fill('@opentelemetry/sdk-node'));
  });
});

describe('spans', () => {
  it('stand in each other as the jobs do, and below the caller’s', async () => {
    const { telemetry, log, spans, clock, carrier } = await opened({ TRACEPARENT: '00-ab-cd-01' });
    const code = await telemetry.root('target-together run', async () => {
      await timed({ logger: log, clock }, 'phase_duration', { phase: 'plan' }, async () => {
        log.mark?.({ people: 3 });
      });
      await timed({ logger: log.child('employees'), clock }, 'sync_duration', {}, async () => {});
      return 0;
    });
    expect(code).toBe(0);
    expect(carrier()).toMatchObject({ traceparent: '00-ab-cd-01' });
    expect(spans.map(({ name, parent, attributes }) => [name, parent, attributes])).toEqual([
      ['target-together run', undefined, { 'process.exit.code': 0 }],
      ['plan', 'target-together run', { phase: 'plan', people: 3 }],
      ['sync', 'target-together run', { stream: 'employees' }],
    ]);
    expect(spans.every(({ ended, failed }) => ended && !failed)).toBe(true);
  });

  it('of failures tell the kind, never the text', async () => {
    const { telemetry, log, spans } = await opened();
    const failing = (thrown: unknown) => () => Promise.reject(thrown as Error);
    await telemetry.root('run', async () => {
      await log.span?.('a', {}, failing(new ConnectorError('guard', said`ada@example.com left`))).catch(() => {});
      await log.span?.('b', {}, failing(new TypeError('ada@example.com is undefined'))).catch(() => {});
      return 3;
    });
    expect(spans.map(({ name, failed, attributes }) => [name, failed, attributes['error.type']])).toEqual([
      ['run', true, 'guard'],
      ['a', true, 'guard'],
      ['b', true, 'TypeError'],
    ]);
    expect(JSON.stringify(spans)).not.toContain('ada');
  });

  it('and metrics are masked, and hold words, numbers and yes or no only', async () => {
    const { log, spans, points } = await opened();
    const tags = { key: 'hunter22', yes: true, none: null, deep: { email: 'ada@example.com' }, list: ['x'] };
    await log.span?.('a', { attributes: tags }, async () => {});
    log.metric({ type: 'counter', metric: 'm', value: 1, tags });
    expect([spans[0]?.attributes, points[0]?.attributes]).toEqual(Array(2).fill({ key: '***', yes: true }));
  });
});

describe('metrics', () => {
  it('of the log become instruments of the same names', async () => {
    const { log, points, metrics } = await opened();
    log.child('employees').metric({ type: 'counter', metric: 'record_count', value: 7 });
    log.metric({ type: 'timer', metric: 'run_duration', value: 1.5, tags: { status: 'succeeded' } });
    log.metric({ type: 'gauge', metric: 'people', value: 2, tags: { outcome: 'rejected' } });
    expect(points).toEqual([
      { kind: 'counter', metric: 'record_count', value: 7, attributes: { stream: 'employees' } },
      { kind: 'histogram', metric: 'run_duration', value: 1.5, attributes: { status: 'succeeded' } },
      { kind: 'gauge', metric: 'people', value: 2, attributes: { outcome: 'rejected' } },
    ]);
    expect(metrics).toHaveLength(3);
  });
});

describe('the end', () => {
  it('waits a few seconds for a collector, no longer', async () => {
    const { telemetry, warnings, clock } = await opened({}, { shutdown: () => new Promise(() => {}) });
    const from = clock.monotonic();
    await telemetry.close();
    expect(clock.monotonic() - from).toBe(5000);
    expect(warnings).toEqual([expect.stringMatching(/could not deliver \(no answer within 5 s\)/)]);
  });

  it('tells once that nothing could be delivered, and never fails', async () => {
    const { telemetry, warnings, diagnose } = await opened({}, { shutdown: () => Promise.reject(new Error('503')) });
    diagnose(JSON.stringify({ message: 'metrics export failed (error Error: connect ECONNREFUSED 127.0.0.1:4318)' }));
    diagnose('again');
    await telemetry.close();
    expect(warnings).toEqual([expect.stringMatching(/could not deliver \(connect ECONNREFUSED 127\.0\.0\.1:4318\)/)]);
  });
});
