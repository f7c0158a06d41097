/** The requests that a stream needs: one for most, one for each company, code or class where UKG wants it so. */

import { pageSizeOf, type Settings, settingFault } from '../settings/settings.ts';
import type { UkgStream } from '../streams/define.ts';
import { ukgStream } from '../streams/index.ts';
import { readPages } from '../ukg/paging.ts';
import type { Row } from '../ukg/row.ts';
import { codeTables } from './code-tables.ts';
import { payStatementsBody, payStatementsFault } from './pay-statements.ts';
import type { PlannedRequest } from './planned-request.ts';
import { type PlanDeps, text } from './planned-request.ts';

/** `window`: query parameters that narrow the read to what changed. */
export async function planRequests(
  deps: PlanDeps,
  stream: UkgStream,
  window: Readonly<Record<string, string>> = {},
): Promise<PlannedRequest[]> {
  const { settings } = deps;
  const plain: PlannedRequest = {
    stream: stream.name,
    path: stream.path,
    params: { ...stream.params, ...window },
    paging: stream.paging,
    pageSize: pageSizeOf(settings, stream),
  };
  const withParams = (params: Record<string, string>): PlannedRequest => ({
    ...plain,
    params: { ...plain.params, ...params },
  });

  const { requests } = stream;
  if (requests === undefined) {
    const newJobs = stream.name === 'jobs' && settings.jobs_version === 'v2';
    return [newJobs ? { ...plain, path: '/configuration/v2/jobs', paging: 'per_page' } : plain];
  }
  switch (requests) {
    case 'changes':
      return [plain];
    case 'codeTables':
      return codeTables(deps, plain, settings.code_tables);
    case 'customFieldsSchema':
      return classes(settings, stream).map((className) => ({ ...withParams({ className }), extra: { className } }));
    case 'platformFields': {
      const path = stream.path.replace('/v1/', `/${settings.platform_configuration_version}/`);
      return classes(settings, stream).map((className) => ({
        ...plain,
        path: `${path}/${encodeURIComponent(Buffer.from(className).toString())}`,
        extra: { className },
      }));
    }
    case 'deductionCodes': {
      const codes = settings.deduction_codes ?? [];
      if (codes.length === 0) throw settingFault('deduction_codes', 'UKG answers for one code at a time.', stream.name);
      return codes.map((dedCode) => withParams({ dedCode }));
    }
    case 'payPeriods': {
      const { from, to } = settings.pay_periods;
      // UNVERIFIED: how UKG bounds them; both are documented for paygroup-payperiods, earnings and deductions history.
      return [withParams({ ...(from ? { startPerControl: from } : {}), ...(to ? { endPerControl: to } : {}) })];
    }
    case 'auditDetails': {
      if (settings.audit_details.length === 0) {
        throw settingFault('audit_details', 'UKG answers for one table and field at a time.', stream.name);
      }
      if (!settings.start_date) throw settingFault('start_date', 'UKG wants a window of time.', stream.name);
      const until = new Date(deps.clock.now()).toISOString().slice(0, 19);
      const since = new Date(Date.parse(settings.start_date)).toISOString().slice(0, 19);
      return settings.audit_details.map(({ table_name, field_name, action }) =>
        withParams({
          startDateTime: since,
          endDateTime: until,
          tableName: table_name,
          fieldName: field_name,
          ...(action === undefined ? {} : { action }),
        }),
      );
    }
    case 'payStatements':
      return payStatements(deps, plain);
  }
}

/**
 * The requests for what changed after a day; `createdToo`: and for what was created after it, where rows may carry no
 * changed time.
 */
export async function planChanged(
  deps: PlanDeps,
  stream: UkgStream,
  since: string,
  createdToo: boolean,
): Promise<PlannedRequest[]> {
  const { cursor } = stream;
  const parameters = cursor ? [cursor.parameter, createdToo ? cursor.createdParameter : undefined] : [];
  const plans: PlannedRequest[] = [];
  for (const parameter of parameters) {
    if (parameter !== undefined) plans.push(...(await planRequests(deps, stream, { [parameter]: since })));
  }
  return plans;
}

function classes(settings: Settings, stream: UkgStream): readonly string[] {
  const names = settings.platform_configuration_classes ?? [];
  if (names.length === 0) {
    throw settingFault('platform_configuration_classes', 'UKG answers for one class at a time.', stream.name);
  }
  return names;
}

/** UNVERIFIED: one POST for each company; the body's dates as UKG's other date-times are written. */
async function payStatements(deps: PlanDeps, plain: PlannedRequest): Promise<PlannedRequest[]> {
  const { settings } = deps;
  const window = settings.pay_statements;
  if (!window) throw payStatementsFault(plain.stream);
  const companies: string[] = [];
  const company = ukgStream('company_details');
  const wanted = new Set((settings.company_ids ?? []).map((id) => id.toUpperCase()));
  for (const request of await planRequests(deps, company)) {
    await readPages(deps, request, (rows) => {
      let fresh = 0;
      for (const row of rows) {
        const id = text(row, 'companyId');
        if (id === undefined || companies.includes(id)) continue;
        const code = text(row, 'companyCode')?.toUpperCase() ?? '';
        if (wanted.size > 0 && !wanted.has(id.toUpperCase()) && !wanted.has(code)) continue;
        fresh++;
        companies.push(id);
      }
      return fresh;
    });
  }
  return companies.map((companyId) => ({ ...plain, body: payStatementsBody(deps, window, companyId) }));
}

/**
 * A request that tries a web service, without reading anything else for it: the first of those that the stream needs.
 * `company`: a row of company_details, for what is asked by company. Undefined when there is none; throws ConnectorError
 * 'settings' when the stream needs a setting that is not there.
 */
export async function planProbe(
  deps: PlanDeps,
  stream: UkgStream,
  company: Row | undefined,
): Promise<PlannedRequest | undefined> {
  const { settings } = deps;
  if (stream.requests === 'codeTables') return { stream: stream.name, params: {}, ...pick(stream), pageSize: 1 };
  if (stream.requests !== 'payStatements') return (await planRequests(deps, stream))[0];
  if (!settings.pay_statements) throw payStatementsFault(stream.name);
  const companyId = company && text(company, 'companyId');
  if (companyId === undefined) return undefined;
  return {
    stream: stream.name,
    params: {},
    ...pick(stream),
    pageSize: 1,
    body: payStatementsBody(deps, settings.pay_statements, companyId),
  };
}

const pick = ({ path, paging }: UkgStream) => ({ path, paging });
