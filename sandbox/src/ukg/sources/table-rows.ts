/** Rows of the configuration tables, from the world's own tables or invented to look alive. */
import { dayAsDateTime, dayString } from '../../company/dates.ts';
import { uuid } from '../../company/rng.ts';
import type { TableSource } from './people-rows.ts';

export const companyDetails: TableSource = ({ tables, seed }) => {
  const labels = [1, 2, 3, 4].map(
    (level) => tables.orgLevels.find((row) => row.level === level)?.levelDescription ?? null,
  );
  return tables.companies.map((company, n) => ({
    isMasterCompany: company.isMaster,
    masterCompanyId: tables.companies[0]?.id ?? null,
    companyId: company.id,
    companyCode: company.code,
    companyName: company.name,
    companyDoingBusinessAsName: null,
    companyGLSegment: `${10 + n}`,
    addressLine1: `${n + 1} Example Plaza`,
    addressCity: 'Exampleton',
    addressState: company.country === 'USA' ? 'NM' : null,
    addressZipCode: '87104    ',
    addressCountry: company.country,
    phoneNumber: '5550100000',
    federalTaxId: `00-000000${n}`,
    organizationLevel1Label: labels[0] ?? null,
    organizationLevel2Label: labels[1] ?? null,
    organizationLevel3Label: labels[2] ?? null,
    organizationLevel4Label: labels[3] ?? null,
    currencyCode: company.currency,
    usePositionManagement: true,
    integrationRecordId: uuid(seed, n, 800),
  }));
};

export const jobs: TableSource = ({ tables, seed }) =>
  tables.jobs.map((job, n) => ({
    countryCode: job.country,
    flsaTypeCode: 'E',
    isActive: job.isActive,
    jobCode: job.code,
    jobEEOCategory: '2',
    jobEE0Category: '2',
    jobFamilyCode: job.family,
    jobGroup: job.group,
    longDescription: `${job.title} (${job.country})`,
    title: job.title,
    integrationRecordId: uuid(seed, n, 810),
    workEnvirornmentCode: 'OFF',
    workEnvironmentDesc: 'Office',
  }));

export const locations: TableSource = ({ tables }) =>
  tables.locations.map((row, n) => ({
    locationCode: row.code,
    description: row.description,
    isActive: row.isActive,
    addressLine1: row.line1,
    addressLine2: row.line2,
    city: row.city,
    state: row.state,
    zipOrPostalCode: row.zip,
    countryCode: row.country,
    locationGLSegment: `${120 + n}`,
  }));

export const orgLevels: TableSource = ({ tables }) =>
  tables.orgLevels.map((row) => ({
    description: row.description,
    budgetGroup: null,
    code: row.code,
    currentYearBudgetFTE: 0,
    currentYearBudgetSalary: 0,
    glSegment: null,
    level: row.level,
    levelDescription: row.levelDescription,
    reportingCategory: null,
    isActive: row.isActive,
  }));

export const positions: TableSource = ({ tables, seed, population }) =>
  tables.companies.flatMap((company, at) =>
    Array.from({ length: 20 }, (_, n) => ({
      alternateTitle: null,
      companyId: company.id,
      dateTimeChanged: dayAsDateTime(population.asOf - n),
      dateTimeCreated: '2022-07-01T08:00:00.5',
      employeeType: 'REG',
      effectiveStartDate: '2022-07-01T00:00:00',
      effectiveStopDate: null,
      isApproved: true,
      isEligibleForBenefits: true,
      isProrated: false,
      jobcode: `J${100 + n}`,
      locationCode: null,
      notes: '',
      organizationLevelCode1: '100',
      overstaffingAllowed: false,
      payGroupCode: 'BIWKLY',
      positionCode: `P${100 + n}`,
      statusCode: 'A',
      statusAsOfDate: '2022-07-01T00:00:00',
      userDefinedField04: { isNull: true, Value: null },
      integrationRecordId: uuid(seed, at * 100 + n, 820),
    })),
  );

export const jobGroups: TableSource = () => [
  { jobGroupCode: 'STAFF', jobGroupCodeDescription: 'Staff', jobGroupNotes: null, jobGroupCountryCode: 'USA' },
  { jobGroupCode: 'STAFF', jobGroupCodeDescription: 'Staff', jobGroupNotes: null, jobGroupCountryCode: 'CAN' },
];
export const reportingCategories: TableSource = ({ seed }) => [
  { description: 'Overhead', code: 'OH', level: '1', integrationRecordId: uuid(seed, 1, 830) },
  { description: 'Direct', code: 'DI', level: '1', integrationRecordId: uuid(seed, 2, 830) },
];
export const shiftCodes: TableSource = () => [
  { shiftCode: 'Z', shiftCodeDescription: 'No shift' },
  { shiftCode: '1', shiftCodeDescription: 'Day' },
  { shiftCode: '2', shiftCodeDescription: 'Night' },
];
export const roles: TableSource = () =>
  ['Employee', 'Manager', 'HR'].map((name, n) => ({
    rolDefaultRole: n === 0,
    rolDescription: `${name} role`,
    rolID: n + 1,
    rolName: name,
    rolDefaultRoleTerminated: false,
    rolBI: n === 2,
  }));
export const taxGroups: TableSource = ({ tables }) =>
  tables.companies.map((company) => ({
    taxCalcGroupIdCode: company.code,
    taxCalcGroupDescription: company.name,
    depositFrequencyCode: 'M',
    depositFrequencyDescription: 'Monthly',
    taxCalcGroupTypeCode: 'R',
    taxCalcGroupTypeDescription: 'Regular',
    taxGroupCountryCode: company.country,
    dateYearReset: '2025-01-01T00:00:00',
    taxGroupIsInactive: false,
  }));
export const earnings: TableSource = () =>
  ['REG', 'OT', 'BONUS'].map((code, n) => ({
    earningCode: code,
    longDescription: `${code} pay`,
    amount: n * 1.5,
    isProductiveTime: n < 2,
    isSupplimentalWages: n === 2,
    countryCode: 'USA',
    includeInShiftDiffrential: n === 0,
    taxCategory: 'REG',
    calculationRule: '01',
  }));
export const payPeriods: TableSource = ({ population }) =>
  [42, 28, 14].map((back, n) => {
    const day = population.asOf - back;
    return {
      isActive: true,
      dateTimeChanged: dayAsDateTime(day),
      dateTimeCreated: '2024-12-01T00:00:00',
      payDate: dayAsDateTime(day),
      payDateSeq: n + 1,
      payGroup: 'BIWKLY',
      payPeriodId: n + 1,
      periodControl: `${dayString(day).replaceAll('-', '')}1`,
      periodEndDate: dayAsDateTime(day - 4),
      periodStartDate: dayAsDateTime(day - 17),
      periodType: 'R',
      isPeriodClosed: true,
      auditKey: 1000 + n,
    };
  });
export const positionReport: TableSource = ({ population }) =>
  Array.from({ length: 19 }, (_, n) => ({
    dateTimeChanged: dayAsDateTime(population.asOf - n),
    dateTimeCreated: '2022-07-01T08:00:00.5',
    effectiveStartDate: '2022-07-01T00:00:00',
    effectiveStopDate: null,
    positionCode: `P${101 + n}`,
    reportsToPositionCode: `P${100 + Math.floor(n / 4)}`,
  }));
export const auditDetails: TableSource = ({ population }) =>
  [0, 1, 2].map((n) => ({
    audDateTime: `${dayString(population.asOf - n)}T09:15:00.2`,
    audKey1Label: 'EEID',
    audKey1Value: `KEY${n}`,
    audTableName: 'EmpComp',
    audFieldName: 'EecEmplStatus',
    audOldValue: 'A',
    audNewValue: 'L',
    audAction: 'U',
    audSystemID: `AUD00000${n}0K0`,
  }));
export const auditConfiguration: TableSource = () => [
  { tableName: 'EmpComp', fieldName: 'EecEmplStatus', isAudited: 'Y', isDefaultAudit: 'Y' },
  { tableName: 'EmpPers', fieldName: 'EepNameLast', isAudited: 'Y', isDefaultAudit: 'N' },
];
export const generalLedger: TableSource = ({ tables }) =>
  tables.companies.flatMap((company, n) =>
    [1, 2].map((block) => ({
      runId: `RUN${n}`,
      blockId: block,
      companyId: company.id,
      accountNumber: '5000',
      debitAmount: 100 * block,
      creditAmount: 0,
    })),
  );
