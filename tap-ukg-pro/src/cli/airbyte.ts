/** The Airbyte source: the same settings, streams and run as Singer's, written as Airbyte's messages. */

import { systemClock } from '@ukg-together/kit/clock';
import { stopSignal } from '@ukg-together/kit/command/stop-signal';
import { ConnectorError, type ErrorKind, said } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import { createLogger, type Logger } from '@ukg-together/kit/log/log';
import { successAt } from '@ukg-together/kit/log/metrics';
import type { Redactor } from '@ukg-together/kit/log/redact';
import { watched } from '@ukg-together/kit/log/telemetry';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { keepYoungGenerationSmall } from '@ukg-together/kit/young-generation';
import { discoverAirbyte, readConfiguredCatalog, selectConfigured } from '@ukg-together/protocol/airbyte/catalog';
import type { AirbyteArgs } from '@ukg-together/protocol/airbyte/command';
import { airbyteEncoder } from '@ukg-together/protocol/airbyte/encode';
import {
  type AirbyteMessage,
  airbyteEnv,
  logSink,
  traceError,
  writeThrough,
} from '@ukg-together/protocol/airbyte/message';
import { readAirbyteState } from '@ukg-together/protocol/airbyte/state';
import { defaultSelection } from '@ukg-together/protocol/singer/catalog';
import { traced } from '@ukg-together/transport/http/traced';
import packageJson from '../../package.json' with { type: 'json' };
import { buildCatalog } from '../catalog/catalog.ts';
import type { Checkup } from '../doctor/checkup.ts';
import { checkup } from '../doctor/doctor.ts';
import { throwWorst } from '../sync/failures.ts';
import { runTap } from '../sync/tap.ts';
import { goesOn, openHttp, openSpill, readSettings } from './process.ts';

interface Out {
  readonly writer: LineWriter;
  readonly redactor: Redactor;
}

function logOf(args: AirbyteArgs, { writer, redactor }: Out): Logger {
  return createLogger({
    name: 'tap-ukg-pro',
    env: airbyteEnv(process.env, args),
    stream: process.stderr,
    clock: systemClock,
    redactor,
    sink: logSink(writer),
  });
}

const kinds: Record<Checkup['verdict'], ErrorKind> = {
  ok: 'unexpected',
  wrong_credentials: 'credentials',
  missing_rights: 'credentials',
  unreachable: 'unreachable',
  failed: 'unreachable',
};

/** Tries what the streams in `check_streams` need; throws what is wrong with settings, host, credentials or rights. */
export async function check(args: AirbyteArgs, out: Out): Promise<void> {
  const signal = stopSignal(process, goesOn);
  const log = logOf(args, out);
  const settings = await readSettings([args.config], log, out.redactor, { ofPlatform: true });
  const catalog = buildCatalog(settings);
  const names = catalog.definitions.map(({ name }) => name);
  const selected = settings.check_streams.map((name) => {
    const definition = catalog.definitions.find((candidate) => candidate.name === name);
    if (definition) return defaultSelection(definition);
    throw new ConnectorError(
      'settings',
      said`check_streams names a stream that is not there${didYouMean(name, names)}.`,
    );
  });
  const http = openHttp(settings);
  try {
    const deps = { send: traced(http.send, log), clock: systemClock, log, random: Math.random, signal };
    const report = await checkup(deps, { settings, catalog, selected });
    log.info(report.sentence.text);
    if (report.verdict === 'ok') return;
    throw new ConnectorError(
      kinds[report.verdict],
      report.sentence,
      report.hint === undefined ? {} : { hint: report.hint },
    );
  } finally {
    await http.close();
  }
}

export async function discover(args: AirbyteArgs, out: Out): Promise<AirbyteMessage> {
  const settings = await readSettings([args.config], logOf(args, out), out.redactor, { ofPlatform: true });
  return discoverAirbyte(buildCatalog(settings).offered);
}

/**
 * Throws what ended the sync, or the worst of what failed when some streams did; the others' states are out by then. Of
 * several that failed, each is reported by an error of its own first.
 */
export async function read(args: AirbyteArgs, out: Out): Promise<void> {
  const { version } = packageJson;
  const watch = { name: 'source-ukg-pro', version, command: 'read', env: process.env, clock: systemClock };
  await watched({ ...watch, log: logOf(args, out), redactor: out.redactor }, async (log) => {
    await readStreams(args, out, log);
    log.metric(successAt(systemClock.now()));
    return 0;
  });
}

async function readStreams(args: AirbyteArgs, out: Out, log: Logger): Promise<void> {
  const signal = stopSignal(process, goesOn);
  keepYoungGenerationSmall();
  const settings = await readSettings([args.config], log, out.redactor, { ofPlatform: true });
  const catalog = buildCatalog(settings);
  const configured = readConfiguredCatalog(await readJsonFile(args.catalog, 'The configured catalog'));
  const selected = selectConfigured(catalog.definitions, configured, (message) => log.info(message));
  const state = await readAirbyteState(args.state, selected, (message) => log.warn(message));
  const encoder = airbyteEncoder({ writer: out.writer, clock: systemClock });
  const http = openHttp(settings);
  try {
    const deps = {
      send: traced(http.send, log),
      clock: systemClock,
      log,
      random: Math.random,
      signal,
      openSpill,
    };
    const failures = await runTap({ ...deps, emit: encoder.emit }, { settings, catalog, selected, state });
    await throwWorst(failures, selected.length, (error) =>
      writeThrough(out.writer, traceError(error, { clock: systemClock, redactor: out.redactor })),
    );
  } catch (thrown) {
    await encoder.abort().catch(() => {});
    throw thrown;
  } finally {
    await http.close();
  }
}
