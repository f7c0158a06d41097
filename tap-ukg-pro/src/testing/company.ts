/** A small company for tests: people with employments that live, as UKG's rows would show them. */
import type { Row } from '../ukg/row.ts';

export interface FakePerson {
  readonly employeeId: string;
  firstName: string;
  lastName: string;
  emailAddress: string | null;
  homeCompanyId: string;
  /** Null: never changed since it was created, as some tenants have it. */
  changedMs: number | null;
  readonly createdMs: number;
  readonly employments: Map<string, FakeEmployment>;
}

export interface FakeEmployment {
  readonly companyId: string;
  status: string;
  lastHireDate: string;
  originalHireDate: string;
  jobTitle: string | null;
  supervisorId: string | null;
  orgLevel1Code: string | null;
  dateOfTermination: string | null;
  termReason?: string;
  changedMs: number | null;
  readonly createdMs: number;
}

export interface Company {
  readonly people: Map<string, FakePerson>;
  readonly orgLevels: Map<string, string>;
  readonly rows: Record<string, () => Row[]>;
}

const timestamp = (ms: number) =>
  new Date(ms)
    .toISOString()
    .replace(/0{0,3}Z$/, '')
    .replace(/\.$/, '');

export function fakeCompany(): Company {
  const people = new Map<string, FakePerson>();
  const orgLevels = new Map([
    ['FIN', 'Finance'],
    ['HR', 'Human Resources'],
  ]);
  return {
    people,
    orgLevels,
    rows: {
      '/personnel/v1/person-details': () =>
        [...people.values()].map((person) => ({
          employeeId: person.employeeId,
          companyId: person.homeCompanyId,
          firstName: person.firstName,
          lastName: person.lastName,
          emailAddress: person.emailAddress,
          datetimeChanged: person.changedMs === null ? null : timestamp(person.changedMs),
          datetimeCreated: timestamp(person.createdMs),
          ssn: '000-00-0000',
        })),
      '/personnel/v1/employment-details': () =>
        [...people.values()].flatMap((person) =>
          [...person.employments.values()].map((employment) => ({
            companyID: employment.companyId,
            companyCode: employment.companyId.slice(0, 2),
            employeeID: person.employeeId,
            employeeStatusCode: employment.status,
            originalHireDate: `${employment.originalHireDate}T00:00:00`,
            lastHireDate: `${employment.lastHireDate}T00:00:00`,
            dateOfTermination:
              employment.dateOfTermination === null ? null : `${employment.dateOfTermination}T00:00:00`,
            termReason: employment.termReason ?? null,
            jobTitle: employment.jobTitle,
            primaryJobCode: 'J1',
            primaryWorkLocationCode: 'L1',
            orgLevel1Code: employment.orgLevel1Code,
            supervisorID: employment.supervisorId,
            dateTimeChanged: employment.changedMs === null ? null : timestamp(employment.changedMs),
            dateTimeCreated: timestamp(employment.createdMs),
          })),
        ),
      '/configuration/v1/org-levels': () =>
        [...orgLevels].map(([code, description]) => ({ level: 1, code, description, levelDescription: 'Department' })),
      '/configuration/v1/jobs': () => [{ countryCode: 'USA', jobCode: 'J1', title: 'Analyst', jobFamilyCode: 'A' }],
      '/configuration/v1/locations': () => [
        { locationCode: 'L1', description: 'Main office', city: 'Springfield', countryCode: 'USA', addressLine2: '' },
      ],
    },
  };
}

/** `stamped`: whether new rows carry a changed time before they are changed. */
export function hire(
  company: Company,
  employeeId: string,
  companyId: string,
  day: string,
  nowMs: number,
  stamped = true,
): void {
  const stamps = { changedMs: stamped ? nowMs : null, createdMs: nowMs };
  const known = company.people.get(employeeId);
  const employment: FakeEmployment = {
    companyId,
    status: 'A',
    lastHireDate: day,
    originalHireDate: day,
    jobTitle: null,
    supervisorId: null,
    orgLevel1Code: 'FIN',
    dateOfTermination: null,
    ...stamps,
  };
  if (known) {
    known.employments.set(companyId, employment);
    return;
  }
  company.people.set(employeeId, {
    employeeId,
    firstName: `First${employeeId}`,
    lastName: `Last${employeeId}`,
    emailAddress: `${employeeId.toLowerCase()}@example.com`,
    homeCompanyId: companyId,
    ...stamps,
    employments: new Map([[companyId, employment]]),
  });
}
