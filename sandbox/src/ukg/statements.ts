/** Pay statements are asked for with a body instead of a query. */
import type { Request } from '../server/http.ts';
import type { Condition } from './filters.ts';

/** The body's members; none where it is no object. */
export function bodyOf(request: Request): Record<string, unknown> {
  const body: unknown = JSON.parse(request.body.toString() || '{}');
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

/** A pay statements request: one company or one employee, pay days within the dates. */
export function statementsOf(parameters: ReadonlyMap<string, string>, condition: Condition | undefined): Condition {
  const who = JSON.parse(parameters.get('employeeidentifier') ?? '{}') as {
    eeid?: string;
    coid?: string;
    employeeNumber?: string;
    companyCode?: string;
  };
  const [from, to] = [
    parameters.get('startdate')?.slice(0, 10) ?? '',
    parameters.get('enddate')?.slice(0, 10) ?? '9999',
  ];
  return (context) => {
    const day = `${context.extra.paydate as string}`.slice(0, 10);
    if (day < from || day > to) return false;
    if (who.eeid !== undefined && who.eeid !== context.person.employeeId) return false;
    if (who.coid !== undefined && who.coid !== context.company.id) return false;
    if (who.employeeNumber !== undefined && who.employeeNumber !== context.job.employeeNumber) return false;
    if (who.companyCode !== undefined && who.companyCode !== context.company.code) return false;
    return condition?.(context) ?? true;
  };
}
