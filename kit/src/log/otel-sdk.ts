/** OpenTelemetry's own SDK, which reads the OTEL_* variables itself. Loaded only when they ask for it. */
import { Console } from 'node:console';
import { asConnectorError } from '../error.ts';
import { findPackage, loadPackage } from '../secrets/optional-package.ts';
import { type OpenTelemetry, telemetryOf } from './otel.ts';
import type { Signals, Telemetry, Watched } from './telemetry-types.ts';

/** The part of `@opentelemetry/sdk-node` that is used; the same from 0.200 to 0.301. */
interface Sdk {
  readonly NodeSDK: new (options: {
    readonly serviceName?: string;
    readonly spanProcessors?: readonly never[];
    readonly metricReaders?: readonly never[];
    readonly logRecordProcessors?: readonly never[];
  }) => { start(): void; shutdown(): Promise<void> };
}

export interface Packages {
  readonly sdk: Sdk;
  readonly api: OpenTelemetry;
}

/** undefined, and a warning: it is not installed, or does not start. */
export async function openSdk(
  options: Watched,
  signals: Signals,
  load: (signals: Signals) => Promise<Packages> = loadPackages,
): Promise<Telemetry | undefined> {
  const { log, env, name } = options;
  try {
    const { sdk, api } = await load(signals);
    const complain = complaint(options, api);
    const running = new sdk.NodeSDK({
      // Given here, a name would win over the environment's.
      ...(env['OTEL_SERVICE_NAME'] || /(^|,)\s*service\.name=/.test(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')
        ? {}
        : { serviceName: name }),
      ...(signals.traces ? {} : { spanProcessors: [] }),
      ...(signals.metrics ? {} : { metricReaders: [] }),
      logRecordProcessors: [],
    });
    running.start();
    return telemetryOf(options, api, { complain, shutdown: () => running.shutdown() });
  } catch (thrown) {
    const missing = (thrown as { code?: unknown }).code === 'MODULE_NOT_FOUND';
    log.warn(
      missing
        ? `OpenTelemetry is asked for (OTEL_* variables), but its SDK is not installed: npm i ${packageFor(process.versions.node)}, beside the connector or in a folder that UKG_TOGETHER_PACKAGES names. The run goes on without; OTEL_SDK_DISABLED=true ends this warning.`
        : `OpenTelemetry could not be started (${asConnectorError(thrown).message}) The run goes on without.`,
    );
    return undefined;
  }
}

async function loadPackages(signals: Signals): Promise<Packages> {
  keepStdoutClean();
  presets(process.env, signals);
  const sdk = findPackage('@opentelemetry/sdk-node');
  return {
    sdk: (await loadPackage('@opentelemetry/sdk-node')) as unknown as Sdk,
    // The SDK's own copy: two versions would not see each other.
    api: (await loadPackage('@opentelemetry/api', sdk)) as unknown as OpenTelemetry,
  };
}

/** The last version that runs on a Node.js before 22.15 is named, for npm does not look for it by itself. */
export function packageFor(node: string): string {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return `@opentelemetry/sdk-node${major < 22 || (major === 22 && minor < 15) ? '@0.223' : ''}`;
}

/** Its console exporters and its own log write through console, and on stdout are messages for the next program in the pipe. */
function keepStdoutClean(): void {
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
}

/** Variables that are not set. */
function presets(env: NodeJS.ProcessEnv, { metrics }: Signals): void {
  // Without `process`, which reports the command line and the user's name.
  env['OTEL_NODE_RESOURCE_DETECTORS'] ||= 'env,host';
  // Ten seconds by its own default: a collector that hangs would keep the process alive for so long.
  env['OTEL_EXPORTER_OTLP_TIMEOUT'] ||= '3000';
  // The default, which old versions of the SDK don't know.
  if (metrics) env['OTEL_METRICS_EXPORTER'] ||= 'otlp';
}

/** One sentence, once, however often nothing gets through. With OTEL_LOG_LEVEL the SDK logs everything itself. */
function complaint({ env, log }: Watched, { diag, DiagLogLevel }: OpenTelemetry): (reason: string) => void {
  let told = false;
  const complain = (reason: string) => {
    if (told) return;
    told = true;
    log.warn(
      `OpenTelemetry could not deliver (${reason.slice(0, 200)}). Check the OTEL_EXPORTER_OTLP_* variables and the collector. The run is not affected.`,
    );
  };
  if (env['OTEL_LOG_LEVEL']) return complain;
  const quiet = () => {};
  const logger = {
    error: (text: string) => complain(reasonIn(text)),
    warn: quiet,
    info: quiet,
    debug: quiet,
    verbose: quiet,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  return complain;
}

/** The SDK logs an error as JSON, and inside its message the one that caused it. */
function reasonIn(text: string): string {
  let { message } = { message: text };
  try {
    ({ message = text } = JSON.parse(text) as { message?: string });
  } catch {
    // Plain words.
  }
  return /\(error \w+: (.*)\)$/s.exec(message)?.[1] ?? message;
}
