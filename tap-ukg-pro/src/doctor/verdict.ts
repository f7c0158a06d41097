/** What the answers of all web services mean together. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import { wrongCredentialsHint } from '../access/access-errors.ts';
import { ukgStream } from '../streams/index.ts';
import { whereToClick } from '../streams/rights.ts';
import type { Checkup, ServiceReport } from './checkup.ts';

export interface Findings {
  readonly host: string;
  readonly services: readonly ServiceReport[];
  /** Streams whose web service answered without a row. */
  readonly empty: ReadonlySet<string>;
  /** Some web service let the account in. */
  readonly accepted: boolean;
  /** No web service let the account in. */
  readonly wrongCredentials: boolean;
  /** Why the host did not answer at all. */
  readonly outage: Error | undefined;
}

/** An outage before wrong credentials before a missing right before any other failure. */
export function verdictOf(findings: Findings): Checkup {
  const { host, accepted, outage } = findings;
  const services = emptyHalvesDenied(findings.services, findings.empty);
  const missingRights = findings.wrongCredentials
    ? []
    : [...new Set(services.filter(({ result }) => result === 'denied').map(({ right }) => right))];
  const common = { host, missingRights, services };
  if (outage) {
    const hint = outage instanceof ConnectorError ? outage.hint : undefined;
    const look = 'Check base_url, the network, the proxy (HTTPS_PROXY) and the certificates (NODE_EXTRA_CA_CERTS).';
    const words = outage instanceof AttemptError ? describe(outage.failure) : outage.message;
    return {
      ...common,
      verdict: 'unreachable',
      exitCode: ExitCode.unreachable,
      sentence: said`${host} can't be reached: ${words}`,
      hint: hint === undefined ? look : `${hint} ${look}`,
    };
  }
  if (findings.wrongCredentials) {
    return {
      ...common,
      verdict: 'wrong_credentials',
      exitCode: ExitCode.credentials,
      sentence: said`${host} answers, but no web service lets the account in: the credentials are wrong.`,
      hint: wrongCredentialsHint,
    };
  }
  if (missingRights.length > 0) {
    return {
      ...common,
      verdict: 'missing_rights',
      exitCode: ExitCode.credentials,
      sentence: said`The credentials ${accepted ? 'are right' : 'may be right'}; the View right is missing for: ${missingRights.join(', ')}.`,
      hint: `${whereToClick} ${missingRights.map((right) => `"${right}"`).join(', ')}. Add, Edit and Delete are never needed.`,
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
      sentence: said`${failed.length} of ${services.length} web services ${rest}${accepted ? '; credentials and rights are right' : ''}.`,
      hint: accepted
        ? 'The lines above tell why, and what to do.'
        : `No web service has answered as UKG does: check base_url against System Configuration > Security > Web Services in UKG Pro.`,
    };
  }
  return {
    ...common,
    verdict: 'ok',
    exitCode: ExitCode.ok,
    // No error, and so none of the page of errors.
    sentence: { text: `${host} lets the account in everywhere that is needed.`, anchor: '' },
  };
}

/** No tenant has people and no employments, or the other way round: the run refuses that, so the doctor does too. */
function emptyHalvesDenied(services: readonly ServiceReport[], empty: ReadonlySet<string>): readonly ServiceReport[] {
  const answered = (name: string) =>
    services.find(({ service, result }) => service === ukgStream(name).path && result === 'ok');
  const persons = answered('person_details');
  const employments = answered('employment_details');
  const noPersons = empty.has('person_details');
  if (!persons || !employments || noPersons === empty.has('employment_details')) return services;
  const [empties, full] = noPersons ? [persons, employments] : [employments, persons];
  const problem = `It answered without a single row, while ${full.service} has some.`;
  return services.map((one) => (one === empties ? { ...one, result: 'denied', problem } : one));
}
