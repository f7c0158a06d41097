/** Spans and instruments on OpenTelemetry's API. */
import type * as Api from '@opentelemetry/api';
import { ConnectorError, ExitCode, isGood } from '../error.ts';
import type { Metric, Tags } from './entry.ts';
import type { Logger, SpanOptions } from './log.ts';
import type { Telemetry, Watched } from './telemetry-types.ts';

export type OpenTelemetry = Pick<typeof Api, 'context' | 'diag' | 'metrics' | 'propagation' | 'trace'> &
  Pick<typeof Api, 'DiagLogLevel' | 'SpanKind' | 'SpanStatusCode'>;

/** How long the end of a run waits for a collector, milliseconds. */
const closeMs = 5000;

/** Seconds. The SDK's own boundaries are meant for milliseconds. */
const boundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 10_800];

export function telemetryOf(
  options: Watched,
  api: OpenTelemetry,
  sdk: { shutdown: () => Promise<void>; complain: (reason: string) => void },
): Telemetry {
  const { name, version, env, clock, redactor } = options;
  const { context, propagation, trace, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer(name, version);
  const record = recorder(api.metrics.getMeter(name, version));
  const failed = new WeakSet<Api.Span>();

  const clean = (tags: Tags): Api.Attributes => {
    const attributes: Api.Attributes = {};
    for (const [key, value] of Object.entries(tags)) {
      if (typeof value === 'string') attributes[key] = redactor.text(value);
      else if (typeof value === 'number' || typeof value === 'boolean') attributes[key] = value;
    }
    return attributes;
  };
  const markOn = (span: Api.Span, tags: Tags) => {
    span.setAttributes(clean(tags));
    if (tags['error.type'] === undefined || failed.has(span)) return;
    failed.add(span);
    span.setStatus({ code: SpanStatusCode.ERROR });
  };
  const within = async <T>(span: Api.Span, job: () => Promise<T>): Promise<T> => {
    try {
      return await job();
    } catch (thrown) {
      // The kind only: a foreign error's text may repeat what it choked on.
      if (!failed.has(span)) markOn(span, { 'error.type': errorType(thrown) });
      throw thrown;
    } finally {
      span.end();
    }
  };
  const span = <T>(spanName: string, { attributes = {}, client }: SpanOptions, job: () => Promise<T>) => {
    const kind = client ? SpanKind.CLIENT : SpanKind.INTERNAL;
    return tracer.startActiveSpan(spanName, { kind, attributes: clean(attributes) }, (opened) => within(opened, job));
  };
  const mark = (tags: Tags) => {
    const active = trace.getActiveSpan();
    if (active) markOn(active, tags);
  };
  const watch = (log: Logger, own: Tags = {}): Logger => ({
    ...log,
    metric(point) {
      log.metric(point);
      record(point, clean({ ...own, ...point.tags }));
    },
    span: (spanName, given, job) => span(spanName, { ...given, attributes: { ...own, ...given.attributes } }, job),
    mark,
    child: (stream) => watch(log.child(stream), { stream }),
  });

  return {
    watch,
    root(rootName, job) {
      const carrier = { traceparent: env['TRACEPARENT'], tracestate: env['TRACESTATE'] };
      const around = propagation.extract(context.active(), carrier);
      return context.with(around, () =>
        span(rootName, {}, async () => {
          const code = await job();
          mark({ 'process.exit.code': code, ...(isGood(code) ? {} : { 'error.type': exitWord(code) }) });
          return code;
        }),
      );
    },
    async close() {
      const waited = new AbortController();
      const done = sdk.shutdown().catch((thrown: unknown) => {
        sdk.complain(thrown instanceof Error ? thrown.message : 'no reason given');
      });
      const late = clock.sleep(closeMs, waited.signal).then(
        () => sdk.complain(`no answer within ${closeMs / 1000} s`),
        () => {},
      );
      await Promise.race([done, late]);
      waited.abort();
    },
  };
}

/** Instruments by the name of their METRIC: counters add up, timers are histograms in seconds, gauges keep the last value. */
function recorder(meter: Api.Meter): (point: Metric, attributes: Api.Attributes) => void {
  const instruments = new Map<string, (value: number, attributes: Api.Attributes) => void>();
  const make = ({ type, metric }: Metric) => {
    if (type === 'timer') {
      const histogram = meter.createHistogram(metric, {
        unit: 's',
        advice: { explicitBucketBoundaries: [...boundaries] },
      });
      return histogram.record.bind(histogram);
    }
    if (type === 'gauge') {
      const gauge = meter.createGauge(metric);
      return gauge.record.bind(gauge);
    }
    const added = meter.createCounter(metric);
    return added.add.bind(added);
  };
  return (point, attributes) => {
    let instrument = instruments.get(point.metric);
    if (!instrument) instruments.set(point.metric, (instrument = make(point)));
    instrument(point.value, attributes);
  };
}

function errorType(thrown: unknown): string {
  if (thrown instanceof ConnectorError) return thrown.kind;
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

/** `guard` for 3, and so on. */
function exitWord(code: number): string {
  return Object.entries(ExitCode).find(([, value]) => value === code)?.[0] ?? String(code);
}
