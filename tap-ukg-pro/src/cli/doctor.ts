/** `tap-ukg-pro doctor`: host, credentials and rights, and the machine; with half of the settings, what needs no more. */
import { tmpdir } from 'node:os';
import { systemClock } from '@ukg-together/kit/clock';
import { stopSignal } from '@ukg-together/kit/command/stop-signal';
import { writeBundle } from '@ukg-together/kit/doctor/bundle';
import { watchDate } from '@ukg-together/kit/doctor/clock-check';
import {
  type Check,
  faultCheck,
  findingLines,
  notedWarnings,
  type Outcome,
  orFault,
  runChecks,
  skippedChecks,
} from '@ukg-together/kit/doctor/finding';
import { type Half, machineChecks } from '@ukg-together/kit/doctor/machine';
import { scheduleCheck } from '@ukg-together/kit/doctor/schedule-check';
import { ConnectorError, said, sentencePage } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { logAnswered } from '@ukg-together/kit/log/failure';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Redactor } from '@ukg-together/kit/log/redact';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { zoneOfOtherHalf } from '@ukg-together/kit/settings/other-half';
import { visible } from '@ukg-together/kit/text/visible';
import { selectStreams } from '@ukg-together/protocol/singer/catalog';
import type { TapArgs } from '@ukg-together/protocol/singer/command';
import { certificateCheck } from '@ukg-together/transport/http/certificate-check';
import { proxyFor } from '@ukg-together/transport/http/proxy';
import { traced } from '@ukg-together/transport/http/traced';
import packageJson from '../../package.json' with { type: 'json' };
import { buildCatalog } from '../catalog/catalog.ts';
import type { Checkup } from '../doctor/checkup.ts';
import { checkup } from '../doctor/doctor.ts';
import { renderCheckup } from '../doctor/text.ts';
import settingsJson from '../generated/settings.json' with { type: 'json' };
import type { Settings } from '../settings/settings.ts';
import { goesOn, openHttp, readSettings } from './process.ts';

const half: Half = { name: packageJson.name, version: packageJson.version, engines: packageJson.engines.node };

/** Gives the exit code: that of the web services where they were asked, else of the first check that failed. */
export async function runDoctor(args: TapArgs, log: Logger, redactor: Redactor): Promise<number> {
  const writer = lineWriter(process.stdout);
  const noted = notedWarnings(log);
  const found = await orFault(() => readSettings(args.config, noted.log, redactor));
  const { report, checks } = found.opened
    ? await askServices(args, found.opened, log)
    : {
        report: undefined,
        checks: [faultCheck(half.name, found.fault), ...skippedChecks([...withCatalog(args), 'ukg', 'clock'])],
      };
  const known: Readonly<Record<string, unknown>> = found.opened ? { ...found.opened } : found.valid;
  const { base_url: base, time_zone: zone } = known;
  const { findings, error } = await runChecks([
    ...checks,
    certificateCheck(found.opened && hostUrl(base), process.env, systemClock),
    ...machineChecks({
      half,
      proxy: () => proxyFor(hostUrl(base), process.env),
      timeZone: typeof zone === 'string' ? zone : settingsJson.properties.time_zone.default,
      otherZone:
        found.opened || zone !== undefined ? await zoneOfOtherHalf(args.config, 'tap-ukg-pro', process.env) : undefined,
      // Rows that wait for their joins are kept there.
      folder: { path: tmpdir(), own: false },
      warnings: noted.warnings,
    }),
    // How its runs ended the state of the target knows.
    scheduleCheck({ configs: args.config, clock: systemClock, lastRun: () => undefined }),
  ]);
  const exitCode = report?.exitCode || (error?.exitCode ?? 0);
  const text = `${report ? `${renderCheckup(report)}\n\n` : ''}${findingLines(findings).trimEnd()}`;
  await writer.write(
    visible(args.format === 'json' ? JSON.stringify({ ...report, exitCode, findings }, null, 2) : text),
  );
  await writer.flush();
  if (args.bundle !== undefined) {
    const counts: Record<string, number> = {};
    for (const { result } of report?.services ?? [])
      counts[`services_${result}`] = (counts[`services_${result}`] ?? 0) + 1;
    const json = settingsJson as unknown as JsonSchema;
    writeBundle(args.bundle, { half, exitCode, findings, settings: known, json, counts, now: systemClock.now() });
  }
  logAnswered(
    log,
    process.stdout,
    findings.find(({ verdict }) => verdict === 'failed'),
  );
  return exitCode;
}

async function askServices(args: TapArgs, settings: Settings, log: Logger) {
  const signal = stopSignal(process, goesOn);
  const catalog = buildCatalog(settings);
  const given = await orFault(() => readSelection(args.catalog, catalog.definitions));
  // A catalog that is broken selects nothing: what a run without one reads is asked for.
  const { selected, warnings } = given.opened ?? select(catalog.definitions, undefined);
  const http = openHttp(settings);
  try {
    const watch = watchDate(traced(http.send, log), systemClock);
    const deps = { send: watch.send, clock: systemClock, log, random: Math.random, signal };
    const report = await checkup(deps, { settings, catalog, selected });
    const checks: Check[] = [
      ['settings', () => 'Settings are in order.'],
      ...withCatalog(args).map((name): Check => [name, () => catalogOutcome(given.fault, selected, warnings)]),
      ['ukg', () => serviceOutcome(report)],
      watch.check,
    ];
    return { report, checks };
  } finally {
    await http.close();
  }
}

const withCatalog = ({ catalog }: TapArgs) => (catalog === undefined ? [] : (['catalog'] as const));

function select(definitions: Parameters<typeof selectStreams>[0], given: unknown) {
  const warnings: string[] = [];
  return { selected: selectStreams(definitions, given, (message) => warnings.push(message)), warnings };
}

const readSelection = async (path: string | undefined, definitions: Parameters<typeof selectStreams>[0]) =>
  select(definitions, path === undefined ? undefined : await readJsonFile(path, 'The catalog'));

function catalogOutcome(
  fault: ConnectorError | undefined,
  selected: readonly { readonly definition: { readonly name: string } }[],
  warnings: readonly string[],
): Outcome {
  const hint = 'tap-ukg-pro --config FILE --discover > catalog.json writes one anew.';
  if (fault)
    throw new ConnectorError(fault.kind, fault.sentence, {
      hint: [fault.hint, hint].filter(Boolean).join(' '),
      cause: fault,
    });
  if (selected.length === 0) throw new ConnectorError('settings', said`The catalog selects no stream.`, { hint });
  const message = `It selects ${selected.map(({ definition }) => definition.name).join(', ')}.`;
  return warnings.length === 0 ? message : { verdict: 'warning', message: [message, ...warnings].join('\n'), hint };
}

/** The check-up, which is printed before, names each web service. */
function serviceOutcome({ verdict, sentence, hint }: Checkup) {
  return {
    verdict: verdict === 'ok' ? 'ok' : 'failed',
    message: sentence.text,
    ...(hint !== undefined && { hint }),
    ...(verdict !== 'ok' && { docs: sentencePage(sentence) }),
  } as const;
}

/** Where none is known yet, a host that no exemption in NO_PROXY names. */
function hostUrl(base: unknown): URL {
  const text = typeof base !== 'string' ? '' : base.includes('://') ? base : `https://${base}`;
  return new URL(URL.canParse(text) ? text : 'https://ukg.invalid');
}
