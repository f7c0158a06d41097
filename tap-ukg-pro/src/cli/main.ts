/** The Singer executable: arguments, settings and catalog become a run; its failures an exit code. */
import { systemClock } from '@ukg-together/kit/clock';
import { stopSignal } from '@ukg-together/kit/command/stop-signal';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { logError, logFailure } from '@ukg-together/kit/log/failure';
import { createLogger, type Logger } from '@ukg-together/kit/log/log';
import { successAt } from '@ukg-together/kit/log/metrics';
import { createRedactor, type Redactor } from '@ukg-together/kit/log/redact';
import { watched } from '@ukg-together/kit/log/telemetry';
import { keepYoungGenerationSmall } from '@ukg-together/kit/young-generation';
import { discover, selectStreams } from '@ukg-together/protocol/singer/catalog';
import type { TapArgs } from '@ukg-together/protocol/singer/command';
import { singerEncoder } from '@ukg-together/protocol/singer/encode';
import { readStateFile } from '@ukg-together/protocol/singer/state';
import { traced } from '@ukg-together/transport/http/traced';
import packageJson from '../../package.json' with { type: 'json' };
import { buildCatalog } from '../catalog/catalog.ts';
import { throwWorst } from '../sync/failures.ts';
import { runTap } from '../sync/tap.ts';
import { runDoctor } from './doctor.ts';
import { goesOn, openHttp, openSpill, readSettings } from './process.ts';

/** Runs what the arguments ask for and gives the exit code. */
export async function runCli(args: TapArgs): Promise<number> {
  const redactor = createRedactor();
  const log = createLogger({
    name: 'tap-ukg-pro',
    env: process.env,
    stream: process.stderr,
    clock: systemClock,
    redactor,
    stdoutIsTerminal: process.stdout.isTTY,
  });
  const job = (watchedLog: Logger) => runJob(args, watchedLog, redactor);
  const { name, version } = packageJson;
  try {
    if (args.action === 'command' && args.command === 'doctor') return await runDoctor(args, log, redactor);
    if (args.action !== 'sync') return await job(log);
    return await watched({ name, version, command: 'sync', env: process.env, log, clock: systemClock, redactor }, job);
  } catch (thrown) {
    return logFailure(log, thrown);
  }
}

async function runJob(args: TapArgs, log: Logger, redactor: Redactor): Promise<number> {
  const writer = lineWriter(process.stdout);
  const signal = stopSignal(process, goesOn);
  try {
    keepYoungGenerationSmall();
    const settings = await readSettings(args.config, log, redactor);
    const catalog = buildCatalog(settings);
    if (args.action === 'discover') {
      await writer.write(JSON.stringify(discover(catalog.offered), null, 2));
      await writer.flush();
      return 0;
    }
    const given = args.catalog === undefined ? undefined : await readJsonFile(args.catalog, 'The catalog');
    const selected = selectStreams(catalog.definitions, given, (message) => log.warn(message));
    const http = openHttp(settings);
    try {
      const deps = { send: traced(http.send, log), clock: systemClock, log, random: Math.random, signal };
      const state =
        args.state === undefined
          ? { bookmarks: {} }
          : await readStateFile(args.state, catalog.definitions, {
              note: (message) => log.info(message),
              warn: (message) => log.warn(message),
            });
      const emit = singerEncoder(writer);
      const test = args.action !== 'test' ? undefined : args.schemaOnly ? 'schema' : 'records';
      const failures = await runTap(
        { ...deps, emit, openSpill },
        { settings, catalog, selected, state, ...(test ? { test } : {}) },
      );
      await writer.flush();
      await throwWorst(failures, selected.length, (error) => logError(log, error));
      log.metric(successAt(systemClock.now()));
      return 0;
    } finally {
      await http.close();
    }
  } catch (thrown) {
    // What was written before the failure is true, and the reader shall have it.
    if (!writer.closed) await writer.flush().catch(() => {});
    throw thrown;
  }
}
