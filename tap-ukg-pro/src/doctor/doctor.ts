/**
 * The doctor: asks each web service that the selection needs for one row, and tells a wrong key from a missing right by
 * comparing their answers.
 */

import { asConnectorError } from '@ukg-together/kit/error';
import { AttemptError } from '@ukg-together/transport/http/failure';
import { createComparison, explainFailure } from '../access/access-errors.ts';
import { type Probe, probe } from '../access/probe.ts';
import { planProbe } from '../requests/plan-requests.ts';
import type { PlannedRequest } from '../requests/planned-request.ts';
import type { UkgStream } from '../streams/define.ts';
import { rightName } from '../streams/rights.ts';
import { createTimes } from '../time/time.ts';
import { type ClientDeps, createUkgClient } from '../ukg/client.ts';
import type { Row } from '../ukg/row.ts';
import type { Checkup, ServiceReport } from './checkup.ts';
import { neededServices, type Selection } from './services.ts';
import { verdictOf } from './verdict.ts';

export async function checkup(deps: Omit<ClientDeps, 'onWait'>, run: Selection): Promise<Checkup> {
  const { settings } = run;
  // A doctor does not wait for an hour: two tries show whether a host answers.
  const client = createUkgClient(deps, { ...settings, max_retries: Math.min(settings.max_retries, 1) });
  const compare = createComparison(client);
  const services: ServiceReport[] = [];
  const plan = { client, log: deps.log, clock: deps.clock, settings, times: await createTimes(settings.time_zone) };
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
  return verdictOf({
    host: client.origin,
    services,
    empty,
    accepted: client.accepted,
    wrongCredentials: credentials,
    outage,
  });

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
}

/** A host that does not answer at all, as opposed to a web service that is not there, keeps failing or is none of UKG's. */
function isOutage(error: Error): boolean {
  const last = error instanceof AttemptError ? error : error.cause;
  return !(last instanceof AttemptError) || (last.failure.status === undefined && last.failure.phase !== 'answer');
}
