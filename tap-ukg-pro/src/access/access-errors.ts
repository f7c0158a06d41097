/**
 * A 401 or 403 means wrong credentials or a missing right; nothing public states which status UKG uses for which. So it
 * is found by comparison: a key that opens any web service is right.
 */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import { wordsFor } from '@ukg-together/transport/retry/policy';
import type { UkgStream } from '../streams/define.ts';
import { ukgStream } from '../streams/index.ts';
import { rightName, whereToClick } from '../streams/rights.ts';
import type { UkgClient } from '../ukg/client.ts';
import { isDenied } from '../ukg/page-errors.ts';
import { ukgPolicy } from '../ukg/status-policy.ts';
import { probe } from './probe.ts';

/** `credentials`: no web service let us in. `right`: one did. `unknown`: the others could not be asked. */
export type Reason = 'credentials' | 'right' | 'unknown';

/** Remembers its answer: credentials don't change within a run. */
export function createComparison(client: UkgClient): (denied: UkgStream) => Promise<Reason> {
  let known: Promise<Reason> | undefined;
  async function compare(denied: UkgStream): Promise<Reason> {
    if (client.accepted) return 'right';
    let refused = 1;
    // The first needs no right at all; the others are the ones that accounts usually have.
    for (const name of ['earnings', 'person_details', 'employment_details', 'company_details']) {
      if (name === denied.name) continue;
      const result = await probe(client, ukgStream(name));
      if (result.kind === 'ok') return 'right';
      if (result.kind === 'denied') refused++;
    }
    return refused >= 3 ? 'credentials' : 'unknown';
  }
  return (denied) => {
    if (client.accepted) return Promise.resolve('right');
    known ??= compare(denied);
    return known;
  };
}

export const wrongCredentialsHint =
  'Check username, password and customer_api_key against System Configuration > Security > Service Account Administration in UKG Pro, and base_url against System Configuration > Security > Web Services. A key of the test system does not open the real one. The same page shows whether the account is suspended or locked, and gives it a new password where that has expired.';

/** What a failure means, as a sentence with what to do; anything that is no failed attempt stays as it is. */
export async function explainFailure(
  thrown: unknown,
  stream: UkgStream,
  compare: (denied: UkgStream) => Promise<Reason>,
  client: Pick<UkgClient, 'hasAccepted'>,
): Promise<unknown> {
  if (!(thrown instanceof AttemptError)) return thrown;
  const { failure } = thrown;
  const { name } = stream;
  const answer = `${describe(failure)} to ${stream.path}`;
  if (isDenied(thrown)) {
    if (client.hasAccepted(stream.path)) {
      return new ConnectorError(
        'credentials',
        said`${name}: UKG answered ${answer}, after it had let the account in: the credentials or a right were taken away meanwhile.`,
        {
          stream: stream.name,
          hint: 'Ask the keeper of the service account whether its password was changed or the account locked; then run `tap-ukg-pro doctor`.',
        },
      );
    }
    const reason = await compare(stream);
    if (reason === 'credentials') {
      return new ConnectorError(
        'credentials',
        said`${name}: UKG answered ${answer}, and refused every other web service too: the credentials are wrong.`,
        {
          stream: stream.name,
          hint: wrongCredentialsHint,
          cause: { wrongCredentials: true },
        },
      );
    }
    if (reason === 'right') {
      return new ConnectorError(
        'credentials',
        said`${name}: UKG answered ${answer}: the service account lacks the View right "${rightName(stream)}".`,
        {
          stream: stream.name,
          hint: `${whereToClick} "${rightName(stream)}". Other web services let the account in.`,
        },
      );
    }
    return new ConnectorError(
      'credentials',
      said`${name}: UKG answered ${answer}: wrong credentials, or the View right "${rightName(stream)}" is missing.`,
      {
        stream: stream.name,
        hint: wrongCredentialsHint,
      },
    );
  }
  if (failure.status === undefined) {
    return new ConnectorError(
      'unreachable',
      said`${name}: no answer from UKG, ${describe(failure)} at ${stream.path}.`,
      {
        stream: stream.name,
        hint: 'Check base_url, the network, and the certificates and proxies of this machine.',
      },
    );
  }
  return new ConnectorError(
    'unreachable',
    said`${name}: UKG answered ${answer}: ${wordsFor(failure.status, ukgPolicy)}.`,
    {
      stream: stream.name,
      hint:
        failure.status === 404
          ? `Check base_url; a tenant without this web service can leave the stream out of its catalog.${stream.name === 'jobs' ? ' Newer tenants may want jobs_version: v2.' : ''}`
          : 'Leave the stream out of the catalog to read the others; if it goes on, ask UKG support.',
    },
  );
}

/** Whether going on with other streams would only knock at a closed door. */
export function isWrongCredentials(thrown: unknown): boolean {
  return (
    thrown instanceof ConnectorError &&
    (thrown.cause as { wrongCredentials?: unknown } | undefined)?.wrongCredentials === true
  );
}
