/** `target-together doctor`: proves settings, state folder and key before the first run. Changes nothing in Together. */
import { writeBundle } from '@ukg-together/kit/doctor/bundle';
import { watchDate } from '@ukg-together/kit/doctor/clock-check';
import {
  type Check,
  faultCheck,
  findingLines,
  notedWarnings,
  orFault,
  runChecks,
  skippedChecks,
} from '@ukg-together/kit/doctor/finding';
import { type Half, machineChecks } from '@ukg-together/kit/doctor/machine';
import { scheduleCheck } from '@ukg-together/kit/doctor/schedule-check';
import { type ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { logAnswered } from '@ukg-together/kit/log/failure';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { zoneOfOtherHalf } from '@ukg-together/kit/settings/other-half';
import { show } from '@ukg-together/kit/text/show';
import { certificateCheck } from '@ukg-together/transport/http/certificate-check';
import { proxyFor } from '@ukg-together/transport/http/proxy';
import packageJson from '../../../package.json' with { type: 'json' };
import { tryTogether } from '../../app/ask-together.ts';
import type { Io } from '../../app/io.ts';
import { mappingOptions } from '../../app/mapping-session.ts';
import { openSession, type Session } from '../../app/session.ts';
import settingsJson from '../../generated/settings.json' with { type: 'json' };
import { fitCatalog, readCatalog } from '../../mapping/tools/fit-catalog.ts';
import type { Command } from './command.ts';
import { type Opened, placeOf, type Seen, stateChecks, urlOf } from './doctor-state.ts';

const half: Half = { name: packageJson.name, version: packageJson.version, engines: packageJson.engines.node };

export const doctor: Command = async (line, io) => {
  const configs = line.values('config');
  const noted = notedWarnings(io.log);
  const opened = await orFault(() => openSession(configs, { ...io, log: noted.log }));
  try {
    const catalog = line.value('catalog');
    const seen: Seen = { runs: [], counts: {} };
    const of = opened.opened ? sessionChecks(opened.opened, catalog) : faultyChecks(opened.fault, catalog);
    const [folder, lastRuns] = stateChecks(opened, io, seen);
    const { findings, error } = await runChecks([
      ...of.settings,
      folder,
      ...of.together,
      certificateCheck(urlOf(opened), io.env, io.clock),
      lastRuns,
      ...machineChecks({
        ...surroundings(opened, io),
        otherZone: await otherZone(opened, configs, io),
        warnings: noted.warnings,
      }),
      scheduleCheck({ configs, clock: io.clock, lastRun: () => seen.last }),
    ]);
    const exitCode = error?.exitCode ?? ExitCode.ok;
    const asJson = line.has('json') || line.value('format') === 'json';
    io.stdout.write(asJson ? `${JSON.stringify({ ok: !error, findings }, null, 2)}\n` : findingLines(findings));
    const bundle = line.value('bundle');
    if (bundle !== undefined) {
      const settings = { ...(opened.opened ? opened.opened.settings : opened.valid) };
      const json = settingsJson as JsonSchema;
      const { runs, counts } = seen;
      writeBundle(bundle, { half, exitCode, findings, settings, json, now: io.clock.now(), runs, counts });
    }
    logAnswered(io.log, io.stdout, error);
    return exitCode;
  } finally {
    await opened.opened?.close();
  }
};

/** Compared with what this half means by itself: with settings that are wrong, only a zone that they name. */
const otherZone = async (opened: Opened, configs: readonly string[], { env }: Io) =>
  opened.opened || opened.valid['time_zone'] !== undefined
    ? await zoneOfOtherHalf(configs, 'target-together', env)
    : undefined;

const sessionChecks = (session: Session, catalog: string | undefined) => {
  const { connections, io } = session;
  const watch = watchDate(connections.send, io.clock);
  const settings: Check[] = [['settings', () => 'Settings and mapping rules are in order.']];
  if (catalog !== undefined) settings.push(['catalog', () => catalogCheck(session, catalog)]);
  const watched = { ...session, connections: { ...connections, send: watch.send } };
  return { settings, together: [['together', () => tryTogether(watched)] as const, watch.check] };
};

const faultyChecks = (fault: ConnectorError, catalog: string | undefined) => ({
  settings: [faultCheck(half.name, fault), ...skippedChecks(catalog === undefined ? [] : ['catalog'])],
  together: skippedChecks(['together', 'clock']),
});

function surroundings(opened: Opened, { env }: Io) {
  const url = urlOf(opened);
  const place = placeOf(opened, env);
  const timeZone = (opened.opened ? opened.opened.settings : opened.valid)['time_zone'];
  return {
    half,
    // No exemption in NO_PROXY names this one: a host that is not known yet.
    proxy: () => proxyFor(url ?? new URL('https://together.invalid'), env),
    timeZone: typeof timeZone === 'string' ? timeZone : settingsJson.properties.time_zone.default,
    folder:
      place?.kind === 'folder'
        ? { path: place.where, own: true }
        : place === undefined
          ? 'Where the state is depends on the settings that are wrong or missing.'
          : 'No state folder is used.',
  };
}

const catalogCheck = async ({ settings, io }: Session, path: string): Promise<string> => {
  const stream = await fitCatalog(
    await readCatalog(path),
    mappingOptions(settings, io.env, io.clock, () => {}),
  );
  return `Mapping and filters fit stream ${show(stream)} of the catalog.`;
};
