/**
 * The doctor: asks each web service that the selection needs for one row, and tells a wrong key from a missing right by
 * comparing their answers.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, ConnectorError, ExitCode } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import type { SelectedStream } from '@ukg-together/protocol/stream';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import type { Send } from '@ukg-together/transport/http/request';
import { createComparison, explainFailure, wrongCredentialsHint } from '../access/access-errors.ts';
import { type Probe, probe } from '../access/probe.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { streamsOf } from '../employees/fields.ts';
import { filterFields } from '../employees/filters.ts';
import { planProbe } from '../requests/plan-requests.ts';
import type { PlannedRequest } from '../requests/planned-request.ts';
import type { Settings } from '../settings/settings.ts';
import type { UkgStream } from '../streams/define.ts';
import { ukgStream } from '../streams/index.ts';
import { rightName, whereToClick } from '../streams/rights.ts';
import { createTimes } from '../time/time.ts';
import { createUkgClient } from '../ukg/client.ts';
import type { Row } from '../ukg/row.ts';
import type { Checkup, ServiceReport } from './checkup.ts';

export interface DoctorDeps {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export async function checkup(
  deps: DoctorDeps,
  run: { settings: Settings; catalog: Catalog; selected: readonly SelectedStream[] },
): Promise<Checkup> {
  const { settings } = run;
  // A doctor does not wait for an hour: two tries tell whether a host answers.
  const client = createUkgClient(deps, { ...settings, max_retries: Math.min(settings.max_retries, 1) });
  const compare = createComparison(client);
  const services: ServiceReport[] = [];
  const plan = { client, log: deps.log, clock: deps.clock, settings, times: await createTimes(settings.timezone) };
  let outage: Error | undefined;
  let credentials = false;
  let company: Row | undefined;
  const empty = new Set<string>();
  for (const [stream, users] of neededServices(run)) {
    const base = { service: stream.path, right: rightName(stream), streams: users };
    if (credentials || outage) {
      services.push({ ...base, result: 'not_tried' });
      continue;
    }
    let request: PlannedRequest | undefined;
    try {
      request = await planProbe(plan, stream, company);
    } catch (thrown) {
      services.push({ ...base, result: 'failed', problem: (thrown as Error).message, setting: true });
      continue;
    }
    if (request === undefined) {
      services.push({ ...base, result: 'not_tried', problem: 'There is no company that it could be asked about.' });
      continue;
    }
    const { answer, report } = await ask(stream, request);
    services.push({ ...base, service: request.path, ...report });
    if (answer.kind === 'ok') {
      if (answer.rows === 0) empty.add(stream.name);
      if (stream.name === 'company_details') company = answer.row;
    }
    if (answer.kind === 'denied') {
      credentials = (await compare(stream)) === 'credentials';
    }
    if (answer.kind === 'failed' && isOutage(answer.error)) outage = answer.error;
    deps.signal.throwIfAborted();
  }
  halves();
  return verdictOf();

  async function ask(
    stream: UkgStream,
    request: PlannedRequest,
  ): Promise<{ answer: Probe; report: Pick<ServiceReport, 'result' | 'status' | 'problem'> }> {
    const answer = await probe(client, stream, request);
    if (answer.kind === 'ok') {
      // UNVERIFIED: whether UKG answers a missing right with an empty list.
      const problem = 'It answered without a single row: if there should be some, look at the right.';
      return { answer, report: { result: 'ok', ...(answer.rows === 0 ? { problem } : {}) } };
    }
    if (answer.kind === 'denied') return { answer, report: { result: 'denied', status: answer.status } };
    const error = asConnectorError(await explainFailure(answer.error, stream, compare, client));
    const status = answer.error instanceof AttemptError ? answer.error.failure.status : undefined;
    const problem = error.message + (error.hint === undefined ? '' : ` ${error.hint}`);
    return { answer, report: { result: 'failed', ...(status === undefined ? {} : { status }), problem } };
  }

  /** No tenant has people and no employments, or the other way round: the run refuses that, so the doctor does too. */
  function halves(): void {
    for (const [name, other] of [
      ['person_details', 'employment_details'],
      ['employment_details', 'person_details'],
    ] as const) {
      const path = ukgStream(name).path;
      const at = services.findIndex(({ service, result }) => service === path && result === 'ok');
      const sister = services.find(({ service }) => service === ukgStream(other).path);
      if (at === -1 || !empty.has(name) || empty.has(other) || sister?.result !== 'ok') continue;
      const problem = `It answered without a single row, while ${sister.service} has some.`;
      services[at] = { ...(services[at] as ServiceReport), result: 'denied', problem };
    }
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
      const onlySettings = failed.every(({ setting }) => setting === true);
      const rest = onlySettings ? 'can not be asked before a setting is made' : 'failed';
      return {
        ...common,
        verdict: 'failed',
        exitCode: onlySettings ? ExitCode.settings : ExitCode.unreachable,
        sentence: `${failed.length} of ${services.length} web services ${rest}${client.accepted ? '; credentials and rights are right' : ''}.`,
        hint: client.accepted
          ? 'The lines above tell why, and what to do.'
          : `No web service has answered as UKG does: check base_url against System Configuration > Security > Web Services in UKG Pro.`,
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

/** A host that does not answer at all, as opposed to a web service that is not there, keeps failing or is none of UKG's. */
function isOutage(error: Error): boolean {
  const last = error instanceof AttemptError ? error : error.cause;
  return !(last instanceof AttemptError) || (last.failure.status === undefined && last.failure.phase !== 'answer');
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
      if (own.requests === 'payStatements') add(ukgStream('company_details'), definition.name);
      add(own, definition.name);
      continue;
    }
    const names = [...Object.keys(schema.properties ?? {}), ...filterFields(run.settings.filters)];
    for (const stream of streamsOf(names, run.settings.home_company_source)) {
      // Without classes `employees` has no platform fields, and asks for none.
      const idle = stream.requests === 'platformFields' && !run.settings.platform_configuration_classes?.length;
      if (!idle) add(stream, definition.name);
    }
  }
  return needed;
}
