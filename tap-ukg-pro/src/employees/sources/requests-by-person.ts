/** Requests for single people, and what to make of people with only one half. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { planRequests } from '../../requests/plan-requests.ts';
import type { PlanDeps, PlannedRequest } from '../../requests/planned-request.ts';
import type { UkgStream } from '../../streams/define.ts';
import { rightNames, whereToClick } from '../../streams/rights.ts';

/** Which people to read: everybody, or these, asked for one by one (`lookUp`) or sought in a whole read. */
export type Scope = { readonly ids?: ReadonlySet<string>; readonly lookUp?: boolean };

/** The requests that read a stream's rows of the people in `scope`. */
export async function requestsOf(
  deps: PlanDeps,
  scope: Scope,
  stream: UkgStream,
  window: Readonly<Record<string, string>> = {},
): Promise<PlannedRequest[]> {
  const plain = await planRequests(deps, stream, window);
  if (scope.ids === undefined || scope.lookUp !== true || stream.requests !== undefined) return plain;
  return forPeople(stream, plain, scope.ids);
}

/** One person's rows fit any page, so no page is asked for: no second request for an empty one. */
export function forPeople(
  stream: UkgStream,
  plain: readonly PlannedRequest[],
  ids: Iterable<string>,
): PlannedRequest[] {
  return [...ids].flatMap((id) =>
    plain.map((request) => ({
      ...request,
      params: { ...request.params, [idParameter(stream)]: id },
      paging: 'none' as const,
      onePerson: true as const,
    })),
  );
}

/** UNVERIFIED that the case matters: each service's documented spelling. */
function idParameter(stream: UkgStream): string {
  return stream.name === 'employee_employment_details' ? 'employeeID' : 'employeeId';
}

/** A tenant with people but no employments, or the other way round, is one whose rights are half: UKG may answer [] then. */
export function refuseHalf(persons: boolean, employments: boolean): void {
  if (persons === employments) return;
  const right = rightNames[persons ? 'personnel' : 'person'];
  throw new ConnectorError(
    'credentials',
    said`employees: UKG answered with ${persons ? 'people but no employments' : 'employments but no people'}: the View right "${right}" seems to be missing.`,
    { stream: 'employees', hint: `${whereToClick} "${right}".` },
  );
}
