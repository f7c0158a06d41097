/**
 * Home companies, for people whose status alone does not decide which employment counts. employment-details has no flag,
 * only a filter; employee-employment-details has one; the person row names one company.
 * UNVERIFIED: that a person row's company is the home company. UKG's version history hints at one row for a person who is
 * shared across companies, so it is taken where all of a person's rows agree; the setting `home_company_source` changes it.
 */

import { readRecords } from '../../records/read-records.ts';
import { planRequests } from '../../requests/plan-requests.ts';
import type { PlanDeps } from '../../requests/planned-request.ts';
import { ukgStream } from '../../streams/index.ts';
import { forPeople, requestsOf, type Scope } from './requests-by-person.ts';

/** More people than this with an unclear home company are decided by one read instead of one by one. */
const maxLookUps = 25;

/** By the flag of employee-employment-details. */
export async function readHomesByFlag(
  deps: PlanDeps,
  scope: Scope,
  keep: (employeeId: string, companyId: string) => void,
): Promise<void> {
  const stream = ukgStream('employee_employment_details');
  await readRecords(deps, {
    stream,
    requests: await requestsOf(deps, scope, stream),
    selected: new Set(['employeeId', 'companyId', 'isHomeCompany', 'homeCompany']),
    take({ employeeId, companyId, isHomeCompany, homeCompany }) {
      const home = isHomeCompany === true ? companyId : homeCompany;
      if (typeof home === 'string' && home !== '') keep(employeeId as string, home);
    },
  });
}

/**
 * By the filter of employment-details, for these people. A server that ignores the filter answers with all companies:
 * then nothing is learnt.
 */
export async function readHomesByFilter(
  deps: PlanDeps,
  ids: ReadonlySet<string>,
  keep: (employeeId: string, companyId: string) => void,
): Promise<void> {
  if (ids.size === 0) return;
  const stream = ukgStream('employment_details');
  const plain = await planRequests(deps, stream, { isHomeCompany: 'true' });
  const requests = ids.size > maxLookUps ? plain : forPeople(stream, plain, ids);
  const found = new Map<string, Set<string>>();
  await readRecords(deps, {
    stream,
    requests,
    selected: new Set(stream.key),
    take({ employeeId, companyId }) {
      const id = employeeId as string;
      if (ids.has(id)) found.set(id, (found.get(id) ?? new Set()).add(companyId as string));
    },
  });
  for (const [id, companies] of found) if (companies.size === 1) keep(id, [...companies][0] as string);
}
