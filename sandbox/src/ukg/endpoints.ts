/** The web services as data: path, right, parameters as they are spelled, paging, rows. */

import type { World } from '../company/employer.ts';
import { CONFIGURATION_FIELDS } from './fields/configuration.ts';
import { PLATFORM_FIELDS, PLATFORM_VALUES, UDF_FIELDS, UDF_VALUES } from './fields/custom-fields.ts';
import { PAYROLL_FIELDS } from './fields/payroll.ts';
import { PERSONNEL_FIELDS } from './fields/personnel.ts';
import type { Getter, Part } from './fields/row.ts';
import { EMPLOYMENT_DATES } from './fields/values.ts';
import * as from from './sources/people-rows.ts';
import * as tables from './sources/table-rows.ts';

/** Names of the web services in Service Account Administration. */
export const RIGHTS = {
  person: 'Employee Person Details',
  personnel: 'Personnel Integration',
  changes: 'EmployeeExport',
  pay: 'Employee Compensation Details',
  history: 'Employee Job History Details',
  company: 'Company Configuration Integration',
  pto: 'PTO Plan Integration',
  payroll: 'Payroll Integration',
  statements: 'Employee Pay Statements',
  deposit: 'Employee Direct Deposit',
} as const;
export type Right = (typeof RIGHTS)[keyof typeof RIGHTS];

export interface Endpoint {
  readonly name: string;
  /** Path template; the collection, and its variants. `:one` marks a variant that answers a single object or 404. */
  readonly paths: readonly string[];
  /** Null: any valid account. */
  readonly right: Right | null;
  readonly fields: string;
  readonly own?: Readonly<Record<string, Getter>>;
  /** Declared query parameters besides paging. `!` marks a required one, `~` one that takes the date operators. */
  readonly params: string;
  /** How the page size is spelled; `none` where the endpoint declares no paging. */
  readonly paging: 'per_Page' | 'per_page' | 'none';
  readonly cap: number;
  readonly defaultSize: number;
  /** What a missing value looks like. */
  readonly empty: 'null' | '""';
  readonly source: from.Source | ((world: World) => Part[]);
  readonly method: 'GET' | 'POST';
}

type Extra = Partial<Pick<Endpoint, 'own' | 'paging' | 'cap' | 'defaultSize' | 'empty' | 'method'>>;
const define = (
  name: string,
  right: Right | null,
  paths: readonly string[],
  fields: string | undefined,
  source: Endpoint['source'],
  params: string,
  extra: Extra = {},
): Endpoint => {
  if (!fields) throw new Error(`no fields for ${name}`);
  return {
    name,
    right,
    paths,
    fields,
    source,
    params,
    paging: 'per_Page',
    cap: 10_000,
    defaultSize: 10_000,
    empty: 'null',
    method: 'GET',
    ...extra,
  };
};
const personnel = (
  name: string,
  right: Right,
  source: from.Source,
  params: string,
  extra: Extra & { variants?: readonly string[] } = {},
): Endpoint => {
  const { variants = [], ...rest } = extra;
  return define(name, right, [`/personnel/v1/${name}`, ...variants], PERSONNEL_FIELDS[name], source, params, rest);
};
const configuration = (
  name: string,
  source: from.TableSource,
  params: string,
  extra: Extra & { paths?: readonly string[]; fields?: string; right?: null } = {},
): Endpoint => {
  const {
    paths = [`/configuration/v1/${name}`],
    fields = CONFIGURATION_FIELDS[name],
    right = RIGHTS.company,
    ...rest
  } = extra;
  return define(name, right, paths, fields, from.ofTable(source), params, rest);
};
const payroll = (
  name: string,
  right: Right,
  source: from.Source,
  params: string,
  extra: Extra & { paths?: readonly string[] } = {},
): Endpoint => {
  const { paths = [`/payroll/v1/${name}`], ...rest } = extra;
  return define(name, right, paths, PAYROLL_FIELDS[name], source, params, rest);
};
const companyVariants = (name: string): string[] => [
  `/personnel/v1/companies/{companyId}/${name}`,
  `/personnel/v1/companies/{companyId}/employees/{employeeId}/${name}`,
];
const unpaged = { paging: 'none' } as const;

export const ENDPOINTS: readonly Endpoint[] = [
  personnel(
    'person-details',
    RIGHTS.person,
    from.perPerson,
    'companyId employeeId lastName emailAddress addressState addressCountry cobraIsActive cobraStatus ~dateOfCobraEvent ~dateTimeCreated ~dateTimeChanged nationalId nationalIdCountry',
    {
      own: { companyId: (c) => c.world.tables.companies[c.person.homeCompany]?.id },
      variants: [...companyVariants('person-details'), ':one /personnel/v1/person-details/{employeeId}'],
    },
  ),
  personnel(
    'employment-details',
    RIGHTS.personnel,
    from.perEmployment,
    'companyId employeeId primaryJobCode jobTitle fullTimeOrPartTimeCode primaryWorkLocationCode primaryProjectCode deductionGroupCode earningGroupCode employeeTypeCode employeeStatusCode employeeNumber supervisorID ~originalHireDate ~lastHireDate ~dateOfTermination ~dateOfRetirement ~dateTimeCreated ~dateTimeChanged ~dateLastPayDatePaid payGroup isHomeCompany',
    { own: EMPLOYMENT_DATES, variants: companyVariants('employment-details') },
  ),
  personnel(
    'employee-employment-details',
    RIGHTS.personnel,
    from.perEmployment,
    'companyID employeeID primaryJobCode jobTitle fullTimeOrPartTimeCode primaryWorkLocationCode primaryProjectCode deductionGroupCode earningGroupCode employeeTypeCode employeeStatusCode employeeNumber supervisorId originalHireDate lastHireDate dateOfTermination dateOfRetirement dateTimeCreated dateTimeChanged dateLastPayDatePaid payGroup isHomeCompany',
    { own: EMPLOYMENT_DATES },
  ),
  personnel('employee-changes', RIGHTS.changes, from.perEmployment, 'startDate endDate', {
    paging: 'per_page',
    cap: 200,
    defaultSize: 100,
    empty: '""',
    own: { languageCode: () => 'en-us' },
    variants: ['/personnel/v1/employee-changes/{employeeId}'],
  }),
  personnel(
    'employee-demographic-details',
    RIGHTS.personnel,
    from.perPerson,
    'employeeId companyId lastName emailAddress addressState addressCountry',
    {
      own: { companyId: (c) => c.world.tables.companies[c.person.homeCompany]?.id, userID: (c) => c.person.userName },
    },
  ),
  personnel(
    'employee-supervisor-details',
    RIGHTS.personnel,
    from.perEmployment,
    'companyId employeeId supervisorCompanyId supervisorEmployeeId supervisorCompanyCode',
  ),
  personnel(
    'compensation-details',
    RIGHTS.pay,
    from.perEmployment,
    'companyId employeeId primaryJobCode jobGroupCode jobTitle payGroupCode fullTimeOrPartTimeCode salaryOrHourlyCode primaryShiftCode primaryShiftGroupCode ~dateInJob ~dateLastPaid ~datePaidThru isAutoAllocated isAutoPaid isSeasonalWorker isHighlyCompensated isMultipleJob performanceReviewRating performanceReviewType',
    { variants: [...companyVariants('compensation-details'), ':one /personnel/v1/compensation-details/{employeeId}'] },
  ),
  personnel(
    'employee-job-history-details',
    RIGHTS.history,
    from.jobHistory,
    'companyId employeeId isOrgChange isJobChange isRateChange isPromotion systemId ~jobEffectiveDate ~dateTimeCreated',
    { variants: ['/personnel/v1/employee-job-history-details/{systemId}'] },
  ),
  define(
    'pto-plans',
    RIGHTS.pto,
    [
      '/personnel/v1/pto-plans',
      ...companyVariants('pto-plans'),
      '/personnel/v1/companies/{companyId}/employees/{employeeId}/pto-plans/{ptoPlan}',
    ],
    PERSONNEL_FIELDS['pto-plans'],
    from.ptoPlans,
    '',
    { paging: 'per_page' },
  ),
  personnel(
    'contacts',
    RIGHTS.personnel,
    from.contacts,
    'employeeId isActive relationshipCode contactId countryCode cobraIsActive cobraStatus isBeneficiary isDependent ~dateOfCobraEvent ~statusAsOfDate',
    { variants: [':one /personnel/v1/contacts/{contactId}'] },
  ),
  define(
    'user-defined-fields',
    RIGHTS.personnel,
    ['/personnel/v1/user-defined-fields', ...companyVariants('user-defined-fields')],
    UDF_FIELDS,
    from.perPerson,
    'companyId employeeId',
    { own: UDF_VALUES },
  ),
  define(
    'platform-configuration-fields',
    RIGHTS.personnel,
    [
      '/personnel/v1/platform-configuration-fields/class-name/{className}',
      '/personnel/v2/platform-configuration-fields/class-name/{className}',
    ],
    PLATFORM_FIELDS,
    from.perPerson,
    '',
    { own: PLATFORM_VALUES },
  ),
  personnel(
    'employee-contract-details',
    RIGHTS.personnel,
    from.contracts,
    'companyId employeeId contractNumber contractTypeCode ~effectiveDate ~dateTimeCreated ~rowLastChanged',
  ),
  personnel('employee-education', RIGHTS.personnel, from.education, 'systemId employeeId country'),
  personnel(
    'empl-multiple-jobs',
    RIGHTS.personnel,
    from.multipleJobs,
    'employeeId companyId jobCode isPrimaryJob jobIsInActive',
  ),
  personnel(
    'empl-multiple-positions',
    RIGHTS.personnel,
    from.multiplePositions,
    'employeeId companyId jobCode positionCode isPrimary',
    { own: { dateTimeCreated: (c) => c.job.created } },
  ),
  personnel('employee-multi-phone-numbers', RIGHTS.personnel, from.phones, 'employeeId systemId'),
  personnel(
    'employee-extended-elements',
    RIGHTS.personnel,
    from.perEmployment,
    'companyId employeeId dateTimeCreated dateTimeChanged',
  ),
  personnel(
    'employee-cobra-details',
    RIGHTS.personnel,
    from.cobra,
    'companyId employeeId cobraIsActive cobraStatus dateOfCobraEvent',
  ),
  personnel(
    'national-documents',
    RIGHTS.personnel,
    from.nationalDocuments,
    'contactId employeeId nationalDocumentIssuingCountryCode',
  ),
  personnel('international-employees', RIGHTS.personnel, from.international, 'countryCode effectiveDate employeeId'),
  personnel('user-details', RIGHTS.personnel, from.users, 'userName userStatus employeeId'),
  personnel(
    'user-profile-details',
    RIGHTS.personnel,
    from.userProfiles,
    'masterCompany userStatus userId roleId companyId employeeId',
  ),
  personnel('employee-security-user-details', RIGHTS.personnel, from.users, 'userName employeeID', {
    own: { userID: (c) => `${c.person.index + 1}` },
  }),
  personnel(
    'integration/kronos/employee-status',
    RIGHTS.personnel,
    from.perEmployment,
    'effectiveDate companyId employeeIds inactiveTermWindow inactiveDisabledWindow',
  ),
  personnel(
    'emp-deductions',
    RIGHTS.personnel,
    from.employeeDeductions,
    'employeeId companyId !dedCode benStatus benefitOption endDateTime',
  ),
  personnel(
    'dep-deductions',
    RIGHTS.personnel,
    from.dependentDeductions,
    'companyId contactId deductionCode employeeId effectiveDate currentCOID',
  ),
  define(
    'audit-details',
    RIGHTS.personnel,
    ['/personnel/v1/audit-details'],
    PERSONNEL_FIELDS['audit-details'],
    from.ofTable(tables.auditDetails),
    '!startDateTime !endDateTime !tableName !fieldName action',
  ),
  define(
    'integration-audit-configuration',
    RIGHTS.personnel,
    ['/personnel/v1/integration-audit-configuration'],
    PERSONNEL_FIELDS['integration-audit-configuration'],
    from.ofTable(tables.auditConfiguration),
    'tableName fieldName',
  ),
  define(
    'position-report',
    RIGHTS.personnel,
    ['/personnel/v1/position-report'],
    PERSONNEL_FIELDS['position-report'],
    from.ofTable(tables.positionReport),
    'positionCode reportsToPositionCode effectiveStartDate effectiveStopDate',
  ),

  configuration('company-details', tables.companyDetails, 'companyId masterCompanyId companyCode isMasterCompany'),
  configuration('jobs', tables.jobs, 'countryCode isActive', {
    ...unpaged,
    fields: CONFIGURATION_FIELDS['jobs v1'] ?? '',
    paths: ['/configuration/v1/jobs', ':one /configuration/v1/jobs/{jobCode}'],
  }),
  configuration('jobs-v2', tables.jobs, 'jobCode countryCode isActive', {
    paging: 'per_page',
    fields: CONFIGURATION_FIELDS['jobs v2'] ?? '',
    paths: ['/configuration/v2/jobs'],
  }),
  configuration('locations', tables.locations, 'countryCode isActive', {
    ...unpaged,
    paths: ['/configuration/v1/locations', ':one /configuration/v1/locations/{locationCode}'],
  }),
  configuration('org-levels', tables.orgLevels, 'levelDescription code budgetGroup reportingCategory isActive', {
    ...unpaged,
    paths: ['/configuration/v1/org-levels', ':one /configuration/v1/org-levels/{level}/{code}'],
    own: {},
  }),
  configuration(
    'positions',
    tables.positions,
    'companyId employeeType statusCode payGroupCode positionCode projectCode shiftGroupCode isProrated isApproved isEligibleForBenefits',
  ),
  configuration('jobgroup', tables.jobGroups, 'jobGroupCode jobGroupCountryCode'),
  configuration('organization-reporting-category', tables.reportingCategories, ''),
  configuration('shift-codes', tables.shiftCodes, ''),
  configuration('roles', tables.roles, 'rolName'),
  configuration('tax-groups', tables.taxGroups, 'taxCalcGroupIdCode taxGroupIsInactive'),
  configuration(
    'earnings',
    tables.earnings,
    'calculationRule taxCategory useDeductionOffset countryCode includeInShiftDiffrential includeInManualCheck earningCode includeInAccruals includeInDeferredCompensation includeInDeferredCompensationHours',
    { right: null },
  ),

  payroll(
    'pay-register',
    RIGHTS.payroll,
    from.payRegister,
    'employeeId companyId checkId employeeNumber documentNumber payGroup periodControl payDate periodEndDate periodStartDate',
  ),
  define(
    'paygroup-payperiods',
    RIGHTS.payroll,
    ['/payroll/v1/paygroup-payperiods'],
    PAYROLL_FIELDS['paygroup-payperiods'],
    from.ofTable(tables.payPeriods),
    'payDateSeq periodEndDate periodStartDate payGroup payDate startPerControl endPerControl',
  ),
  payroll(
    'earnings-history-base-elements',
    RIGHTS.payroll,
    from.earningsHistory,
    'companyID earningCode employeeID employeeNumber payDate payGroup periodControl startPerControl endPerControl includeInDeferredCompensation includeInDeferredCompensationHours',
  ),
  payroll(
    'payroll-deductions-history',
    RIGHTS.payroll,
    from.deductionsHistory,
    'payDate payGroup periodControl startPerControl endPerControl',
  ),
  // The reference lists this one without its fields: these are stand-ins, to be met as unknown keys.
  define(
    'general-ledger',
    RIGHTS.payroll,
    ['/payroll/v2/general-ledger', '/payroll/v2/general-ledger/{runId}'],
    'runId blockId:i companyId accountNumber debitAmount:n creditAmount:n',
    from.ofTable(tables.generalLedger),
    'runId blockId mostRecent',
  ),
  payroll(
    'direct-deposit',
    RIGHTS.deposit,
    from.directDeposit,
    'accountIsInactive employeeId companyId employeeBankRoutingNumber countryCode ~dateTimeChanged',
    {
      paths: ['/payroll/v1/direct-deposit', '/payroll/v1/companies/{companyId}/direct-deposit'],
    },
  ),
  payroll('pay-statements-summary', RIGHTS.statements, from.payStatements, '!companyId startDate endDate payGroup', {
    paths: ['/payroll/v1/companies/pay-statements-summary'],
    method: 'POST',
  }),
  payroll('pay-statements', RIGHTS.statements, from.payStatements, '!companyId startDate endDate payGroup', {
    paths: ['/payroll/v1/companies/pay-statements'],
    method: 'POST',
  }),
  define(
    'employee-pay-statements',
    RIGHTS.statements,
    ['/payroll/v1/employees/pay-statements', ':one /payroll/v1/employees/pay-statement/last'],
    PAYROLL_FIELDS['pay-statements'],
    from.payStatements,
    'employeeIdentifier startDate endDate',
    { method: 'POST' },
  ),
  define(
    'pay-statement',
    RIGHTS.statements,
    [':one /payroll/v1/employees/pay-statement/{payIdentifier}', ':one /payroll/v1/pay-statement/{payIdentifier}'],
    PAYROLL_FIELDS['pay-statements'],
    from.payStatements,
    '',
  ),
];
