/** The requests that a stream needs: one for most, one for each company, code or class where UKG wants it so. */
import type { Clock } from '@ukg-together/protocol/clock';
import { readPages } from './paging.ts';
import type { PlannedRequest, ReadDeps } from './rows.ts';
import { pageSizeOf, type Settings, settingFault } from './settings.ts';
import type { Row } from './splitter.ts';
import type { UkgStream } from './streams/define.ts';
import { ukgStream } from './streams/index.ts';
import { isoDay } from './time.ts';

export interface PlanDeps extends ReadDeps {
  readonly settings: Settings;
  readonly clock: Clock;
}

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
        path: `${path}/${encodeURIComponent(className)}`,
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

/** Code tables that the settings name, or all that UKG lists. */
export async function codeTables(
  deps: ReadDeps,
  plain: PlannedRequest,
  named: readonly string[] | undefined,
): Promise<PlannedRequest[]> {
  const tables: { name: string; path: string }[] = [];
  const ownPath = (name: string) => `${plain.path}/${encodeURIComponent(name)}`;
  if (named && named.length > 0) {
    for (const name of named) tables.push({ name, path: ownPath(name.toUpperCase()) });
  } else {
    const known = new Set<string>();
    await readPages(deps, plain, (rows) => {
      let fresh = 0;
      for (const row of rows) {
        const name = text(row, 'codeTable');
        if (name === undefined || known.has(name)) continue;
        known.add(name);
        fresh++;
        tables.push({ name, path: linkedPath(text(row, 'url'), deps.client.origin) ?? ownPath(name) });
      }
      return fresh;
    });
  }
  return tables.map(({ name, path }) => ({ ...plain, path, extra: { codeTable: name } }));
}

function text(row: Row, name: string): string | undefined {
  const value = row[name] ?? row[Object.keys(row).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The path of a link, if it stays on the host that the credentials are for. */
function linkedPath(link: string | undefined, origin: string): string | undefined {
  if (link === undefined) return undefined;
  try {
    const url = new URL(link, origin);
    return url.origin === origin && url.search === '' ? url.pathname : undefined;
  } catch {
    return undefined;
  }
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

function payStatementsBody(
  { clock }: Pick<PlanDeps, 'clock'>,
  window: NonNullable<Settings['pay_statements']>,
  companyId: string,
): Record<string, string> {
  return {
    companyId,
    startDate: `${window.from.slice(0, 10)}T00:00:00`,
    endDate: `${(window.to ?? isoDay(clock.now())).slice(0, 10)}T00:00:00`,
    ...(window.pay_group === undefined ? {} : { payGroup: window.pay_group }),
  };
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

const payStatementsFault = (stream: string) => settingFault('pay_statements', 'UKG wants a window of days.', stream);
