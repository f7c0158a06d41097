/**
 * The doctor: asks each web service that the selection needs for one row, and tells a wrong key from a missing right by
 * comparing their answers.
 */
import type { Clock } from '@ukg-together/protocol/clock';
import { ConnectorError, ExitCode } from '@ukg-together/protocol/error';
import type { Logger } from '@ukg-together/protocol/log';
import type { SelectedStream } from '@ukg-together/protocol/stream';
import { AttemptError, describe } from '@ukg-together/transport/failure';
import type { Send } from '@ukg-together/transport/request';
import type { Catalog } from './catalog.ts';
import { createComparison, explainFailure, type Probe, probe, wrongCredentialsHint } from './denied.ts';
import { streamsOf } from './employees/fields.ts';
import { filterFields } from './employees/filters.ts';
import { rightNames, whereToClick } from './rights.ts';
import type { Settings } from './settings.ts';
import type { UkgStream } from './streams/define.ts';
import { ukgStream } from './streams/index.ts';
import { createUkgClient } from './ukg-client.ts';

export interface DoctorDeps {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface ServiceReport {
  /** Resource path. */
  readonly service: string;
  /** The right's name on UKG's screen. */
  readonly right: string;
  readonly result: 'ok' | 'denied' | 'failed' | 'not_tried';
  readonly status?: number;
  /** What is wrong, for people. */
  readonly problem?: string;
  /** Streams that can't be read without it. */
  readonly streams: readonly string[];
}

export interface Checkup {
  readonly verdict: 'ok' | 'wrong_credentials' | 'missing_rights' | 'unreachable' | 'failed';
  readonly exitCode: ExitCode;
  readonly host: string;
  readonly sentence: string;
  readonly hint?: string;
  readonly missingRights: readonly string[];
  readonly services: readonly ServiceReport[];
}

/** Web services that can't be asked without a parameter: their right is told by a sister service, or not at all. */
const needParameters = new Set([
  'auditDetails',
  'deductionCodes',
  'customFieldsSchema',
  'platformFields',
  'payStatements',
]);

export async function checkup(
  deps: DoctorDeps,
  run: { settings: Settings; catalog: Catalog; selected: readonly SelectedStream[] },
): Promise<Checkup> {
  const { settings } = run;
  // A doctor does not wait for an hour: two tries tell whether a host answers.
  const client = createUkgClient(deps, { ...settings, max_retries: Math.min(settings.max_retries, 1) });
  const compare = createComparison(client);
  const services: ServiceReport[] = [];
  let outage: Error | undefined;
  let credentials = false;
  for (const [stream, users] of neededServices(run)) {
    const base = { service: pathOf(stream, settings), right: rightNames[stream.right], streams: users };
    if (credentials || outage || (stream.requests !== undefined && needParameters.has(stream.requests))) {
      services.push({ ...base, result: 'not_tried' });
      continue;
    }
    const result = await ask(stream, base.service);
    services.push({ ...base, ...result.report });
    if (result.probe.kind === 'denied') {
      credentials = (await compare(stream)) === 'credentials';
    }
    if (result.probe.kind === 'failed' && isOutage(result.probe.error)) outage = result.probe.error;
    deps.signal.throwIfAborted();
  }
  return verdictOf();

  async function ask(
    stream: UkgStream,
    path: string,
  ): Promise<{ probe: Probe; report: Pick<ServiceReport, 'result' | 'status' | 'problem'> }> {
    const answer = await probe(client, stream, path);
    if (answer.kind === 'ok') {
      // UNVERIFIED: whether UKG answers a missing right with an empty list. No tenant is without people.
      const empty = answer.rows === 0 && (stream.right === 'person' || stream.right === 'personnel');
      const problem = 'It answered without a single row: if there should be some, look at the right.';
      return { probe: answer, report: { result: 'ok', ...(empty ? { problem } : {}) } };
    }
    if (answer.kind === 'denied') return { probe: answer, report: { result: 'denied', status: answer.status } };
    const error = (await explainFailure(answer.error, stream, compare, client)) as Error;
    const status = answer.error instanceof AttemptError ? answer.error.failure.status : undefined;
    return {
      probe: answer,
      report: { result: 'failed', ...(status === undefined ? {} : { status }), problem: error.message },
    };
  }

  function verdictOf(): Checkup {
    const host = client.origin;
    const missing = credentials
      ? []
      : [...new Set(services.filter(({ result }) => result === 'denied').map(({ right }) => right))];
    const common = { host, missingRights: missing, services };
    if (outage) {
      const hint = outage instanceof ConnectorError ? outage.hint : undefined;
      const words = outage instanceof AttemptError ? describe(outage.failure) : outage.message;
      return {
        ...common,
        verdict: 'unreachable',
        exitCode: ExitCode.unreachable,
        sentence: `${host} can't be reached: ${words}`,
        hint: hint ?? 'Check base_url, the network, and the certificates and proxies of this machine.',
      };
    }
    if (credentials) {
      return {
        ...common,
        verdict: 'wrong_credentials',
        exitCode: ExitCode.credentials,
        sentence: `${host} answers, but no web service lets the account in: the credentials are wrong.`,
        hint: wrongCredentialsHint,
      };
    }
    if (missing.length > 0) {
      return {
        ...common,
        verdict: 'missing_rights',
        exitCode: ExitCode.credentials,
        sentence: `The credentials ${client.accepted ? 'are right' : 'may be right'}; the View right is missing for: ${missing.join(', ')}.`,
        hint: `${whereToClick} ${missing.map((right) => `"${right}"`).join(', ')}. Add, Edit and Delete are never needed.`,
      };
    }
    const failed = services.filter(({ result }) => result === 'failed');
    if (failed.length > 0) {
      return {
        ...common,
        verdict: 'failed',
        exitCode: ExitCode.unreachable,
        sentence: `${failed.length} of ${services.length} web services failed; credentials and rights are right.`,
      };
    }
    return {
      ...common,
      verdict: 'ok',
      exitCode: ExitCode.ok,
      sentence: `${host} lets the account in everywhere that is needed.`,
    };
  }
}

/** A host that does not answer at all, as opposed to a web service that is not there. */
function isOutage(error: Error): boolean {
  return !(error instanceof AttemptError) || error.failure.status === undefined;
}

function pathOf(stream: UkgStream, settings: Settings): string {
  return stream.name === 'jobs' && settings.jobs_version === 'v2' ? '/configuration/v2/jobs' : stream.path;
}

/** The web services that the selection needs, each once, with the streams that need it. */
export function neededServices(run: {
  settings: Settings;
  catalog: Catalog;
  selected: readonly SelectedStream[];
}): Map<UkgStream, string[]> {
  const needed = new Map<UkgStream, string[]>();
  const add = (stream: UkgStream, user: string) => needed.set(stream, [...(needed.get(stream) ?? []), user]);
  for (const { definition, schema } of run.selected) {
    const own = run.catalog.source(definition.name);
    if (own) {
      add(own, definition.name);
      if (own.requests === 'payStatements') add(ukgStream('company_details'), definition.name);
      continue;
    }
    const names = [...Object.keys(schema.properties ?? {}), ...filterFields(run.settings.filters)];
    for (const stream of streamsOf(names, run.settings.home_company_source)) add(stream, definition.name);
  }
  return needed;
}
