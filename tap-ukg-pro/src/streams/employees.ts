/**
 * The fields of `employees`, and where each comes from. A field's source decides which web services are called: what
 * is not selected is not asked for.
 */
import { type Field, fieldSchema, type Kind, parseFields, type UkgStream } from './define.ts';
import { ukgStream } from './index.ts';

/** Person and employment are always read; the rest only when a selected field needs it. */
export type Source =
  | 'person'
  | 'employment'
  | 'derived'
  | 'orgLevels'
  | 'jobs'
  | 'locations'
  | 'supervisor'
  | 'userDefined'
  | 'platform'
  | 'history'
  | 'statusTypes'
  | 'jobFamilies';

/** The stream whose web service a source reads. */
export const sourceStreams: Record<Exclude<Source, 'derived'>, string> = {
  person: 'person_details',
  employment: 'employment_details',
  orgLevels: 'org_levels',
  jobs: 'jobs',
  locations: 'locations',
  supervisor: 'employee_supervisor_details',
  userDefined: 'user_defined_fields',
  platform: 'platform_configuration_fields',
  history: 'employee_job_history_details',
  statusTypes: 'code_tables',
  jobFamilies: 'code_tables',
};

export interface EmployeeField extends Field {
  readonly source: Source;
  /** Needs a web service beyond the five of the default selection: not selected unless a catalog asks for it. */
  readonly optional: boolean;
  readonly description?: string;
}

/** Why a person is to be kept as before: UKG has the person, and what it shows today says nothing about access. See employees/keep-reason.ts. */
export const keepReasons = {
  no_employment: 'the person row came without any employment',
  no_person_row: 'employments came without the person row',
  in_transfer:
    'the last employment ended for one of `transfer_reasons` and no other one has begun, for `transfer_grace_days`',
  out_of_scope:
    'the person works in a company that `company_ids` leaves out (or, with `mark_left_out`, a filter left the person out)',
} as const;
export type KeepReason = keyof typeof keepReasons;

/** The name of the marker in a record. */
export const keepField = 'keepReason';

/** Always in a record: the key and the cursor. */
export const keyField = 'employeeId';
export const cursorField = 'dateTimeChanged';

function from(source: Source, text: string, options: { optional?: boolean } = {}): EmployeeField[] {
  return parseFields(text, new Set([keyField]), false).map((field) => ({
    ...field,
    source,
    optional: options.optional === true,
  }));
}

const described: Record<string, string> = {
  employeeId: "UKG's system id of the person: the same in every company, and after a rehire.",
  dateTimeChanged: 'The later of the changed times of the person and of the employment that counts.',
  homeCompanyId: 'The home company, where it is known.',
  employmentReason:
    'Why this employment counts: only_employment, begun (one that has begun before one that begins later), status (active before leave before terminated), home_company, latest_hire, company_id, or latest_change for two rows of one company.',
  employmentCount: 'In how many companies UKG holds an employment of the person, of the companies that are read.',
  keepReason: `Filled where a target is to keep the person as before. ${Object.entries(keepReasons)
    .map(([reason, text]) => `${reason}: ${text}`)
    .join('; ')}. With no_employment and no_person_row the rest of the record is absent.`,
  departmentCode: 'Code of the org level that is the department (see department_org_level).',
  departmentName: 'Its description.',
  primaryJobTitle: "The job's title; UKG's jobTitle is the employee's alternate title and often empty.",
  supervisorId: "The supervisor's employeeId.",
  lastPromotionDate: 'The newest promotion in the job history that is not in the future.',
  userDefinedFields: 'All user-defined fields with a label, by label.',
  platformFields: 'Custom fields of the classes in platform_configuration_classes, by class and name.',
};

const personFields = from(
  'person',
  `employeeId s, personId s, userName s, firstName s, middleName s, lastName s, preferredName s, formerName s!,
  namePrefixCode s, nameSuffixCode=nameSufixCode s, emailAddress s, emailAddressAlternate s, homePhone s!,
  homePhoneCountry s!, addressLine1 s!, addressLine2 s!, addressLine3 s!, addressLine4 s!, addressCity s!,
  addressState s!, addressZipCode s!, addressCountry s!, addressCounty s!, dateOfBirth d!, gender s!,
  maritalStatusCode s!, ethnicIdCode s!, ethnicDescription s!, nationality1 s!, nationality2 s!, nationality3 s!,
  nationalId s!, nationalIdCountry s!, ssn s!, dateDeceased d!, disabilityType s!, isDisabled b!, isSmoker b!,
  militaryService b!, militaryBranchServed s!, militaryEra s!`,
);

const employmentFields = from(
  'employment',
  `companyId s, companyCode s, companyName s, employeeNumber s, employeeStatusCode s, statusStartDate d,
  employeeTypeCode s, fullTimeOrPartTimeCode s, salaryOrHourly s!, jobTitle s, jobDescription s, primaryJobCode s,
  jobGroupCode s, positionCode s, orgLevel1Code s, orgLevel2Code s, orgLevel3Code s, orgLevel4Code s,
  primaryWorkLocationCode s, primaryProjectCode s, originalHireDate d, lastHireDate d, dateInJob d,
  dateOfSeniority d, dateOfBenefitSeniority d, dateLastWorked d, dateOfTermination d, dateOfRetirement d,
  dateOfSuspension d, termReason s!, terminationReasonDescription s!, termType s!, okToRehire s!, leaveReasonCode s!,
  plannedLeaveReason s!, supervisorId s, supervisorCompanyId=supervisorCOID s, supervisorCompanyCode s,
  supervisorEmployeeNumber s, supervisorFirstName s, supervisorLastName s, workPhoneNumber s, workPhoneExtension s,
  workPhoneCountry s, languageCode s, mailstop s, isMultipleJob s, hireSource s, jobChangeReasonCode s,
  scheduledFTE n, scheduledWorkHrs n, scheduledAnnualHrs n, weeklyHours n, shift s, shiftGroup s, payGroup s!,
  payGroupDescription s!, payPeriod s!, unionLocal s!, unionNational s!`,
);

const udfKinds: readonly Kind[] = ['s', 's', 'n', 'n', 'd', 'd', 's', 's', 's', 'n', 'n', 'd', 'd', 's'];
/** Types by number: 01, 02, 07, 08, 09, 14 text; 03, 04, 10, 11 number; the others date. Source: UKG's OpenAPI. */
const udfText = (prefix: string) =>
  udfKinds.map((kind, i) => `${prefix}${String(i + 1).padStart(2, '0')} ${kind}`).join(', ');

export const employeeFields: readonly EmployeeField[] = [
  ...personFields,
  ...employmentFields,
  ...from('derived', 'homeCompanyId s, employmentReason s, employmentCount i, employeeStatusDescription s'),
  ...[1, 2, 3, 4].flatMap((n) => from('orgLevels', `orgLevel${n}Description s, orgLevel${n}LevelName s`)),
  ...from('orgLevels', 'departmentCode s, departmentName s'),
  ...from('jobs', 'primaryJobTitle s, jobFamilyCode s'),
  ...from(
    'locations',
    `workLocationDescription s, workLocationAddressLine1 s, workLocationAddressLine2 s, workLocationCity s,
    workLocationState s, workLocationZipOrPostalCode s, workLocationCountryCode s`,
  ),
  ...from('derived', `${cursorField} t, ${keepField} s`),
  ...from(
    'supervisor',
    'supervisorEmailAddress s, supervisorWorkPhone s, supervisorPersonId s, supervisorStatusCode s',
    {
      optional: true,
    },
  ),
  ...from('statusTypes', 'employeeTypeDescription s', { optional: true }),
  ...from('jobFamilies', 'jobFamilyDescription s', { optional: true }),
  ...from('history', 'lastPromotionDate d', { optional: true }),
  ...from('userDefined', `userDefinedFields o, ${udfText('personnelUDField')}, ${udfText('internationalUDField')}`, {
    optional: true,
  }),
  ...from('platform', 'platformFields o', { optional: true }),
].map((field) => {
  const description = described[field.name];
  return description === undefined ? field : { ...field, description };
});

export const employeeFieldNames: readonly string[] = employeeFields.map(({ name }) => name);
const byName = new Map(employeeFields.map((field) => [field.name, field]));
export const employeeField = (name: string): EmployeeField | undefined => byName.get(name);

/** The sources that these fields need; person and employment always. */
export function sourcesOf(names: Iterable<string>): ReadonlySet<Source> {
  const sources = new Set<Source>(['person', 'employment']);
  for (const name of names) {
    const source = byName.get(name)?.source;
    if (source !== undefined) sources.add(source);
    // The family's code stands on the job, not on the person.
    if (source === 'jobFamilies') sources.add('jobs');
    // Of several jobs with one code, the one of the country where the person works.
    if (source === 'jobs' || source === 'jobFamilies') sources.add('locations');
  }
  sources.delete('derived');
  return sources;
}

/** The streams whose web services these fields need. */
export function streamsOf(names: Iterable<string>, homeCompanySource?: string): UkgStream[] {
  const streams = new Set([...sourcesOf(names)].map((source) => sourceStreams[source as Exclude<Source, 'derived'>]));
  if (homeCompanySource === 'employee_employment_details') streams.add('employee_employment_details');
  return [...streams].map(ukgStream);
}

export function employeeSchema(field: EmployeeField) {
  const schema = fieldSchema(field, field.name === keyField);
  return field.description === undefined ? schema : { ...schema, description: field.description };
}
