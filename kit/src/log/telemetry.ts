/**
 * A run watched through OpenTelemetry, where its usual variables ask for it: the log's metrics and timed jobs go to its SDK as
 * well. The SDK is an optional package. Nothing here can fail, stop or hold up a run for long.
 */

import { asConnectorError, isGood } from '../error.ts';
import type { Environment } from '../text/environment.ts';
import type { Tags } from './entry.ts';
import type { Logger } from './log.ts';
import type { Signals, Telemetry, Watched } from './telemetry-types.ts';

/**
 * A signal is wanted when its exporter is named and not `none`, or when none is named and there is an address to send to.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function wantedSignals(env: Environment): Signals {
  const set = (name: string) => env[name]?.trim() || undefined;
  const wanted = (signal: string) => {
    if (set('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false;
    const exporters = set(`OTEL_${signal}_EXPORTER`)?.split(',');
    if (exporters) return !exporters.some((name) => name.trim() === 'none');
    return (set('OTEL_EXPORTER_OTLP_ENDPOINT') ?? set(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)) !== undefined;
  };
  return { traces: wanted('TRACES'), metrics: wanted('METRICS') };
}

/**
 * Runs `job`, which gives the exit code, with a log that measures; logs how long it took. Throws what `job` throws, so that the caller
 * logs it after everything else: runners show the last line.
 */
export async function watched(
  options: Watched,
  job: (log: Logger) => Promise<number>,
  open: typeof openTelemetry = openTelemetry,
): Promise<number> {
  const { clock, command } = options;
  const telemetry = await open(options);
  const log = telemetry?.watch(options.log) ?? options.log;
  const start = clock.monotonic();
  const ended = (exit: Tags) =>
    log.metric({
      type: 'timer',
      metric: 'run_duration',
      value: (clock.monotonic() - start) / 1000,
      tags: { command, ...exit },
    });
  const timed = async () => {
    try {
      const code = await job(log);
      ended({ status: isGood(code) ? 'succeeded' : 'failed', exit_code: code });
      return code;
    } catch (thrown) {
      ended({ status: 'failed', exit_code: asConnectorError(thrown).exitCode });
      throw thrown;
    }
  };
  try {
    return await (telemetry?.root(`${options.name} ${command}`, timed) ?? timed());
  } finally {
    await telemetry?.close();
  }
}

/** undefined: it is not asked for, or it can't be had, which is a warning. */
async function openTelemetry(options: Watched): Promise<Telemetry | undefined> {
  const signals = wantedSignals(options.env);
  if (!signals.traces && !signals.metrics) return undefined;
  const { openSdk } = await import('./otel-sdk.ts');
  return await openSdk(options, signals);
}
