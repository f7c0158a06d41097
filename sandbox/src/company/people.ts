/** What a person is: values as UKG Pro's database would hold them, padded, empty, wrong or missing where the mix says so. */
import type { Mix } from './mix.ts';
import type { Job, Location, OrgLevel, Tables } from './tables.ts';

/** One person in one company. Dates are wall times without a zone. */
export interface Employment {
  company: number;
  employeeNumber: string;
  status: string;
  statusStart: string;
  job: string;
  jobDescription: string | null;
  jobTitle: string | null;
  org: (string | null)[];
  location: string | null;
  employeeType: string;
  fullTime: 'F' | 'P';
  salaryOrHourly: 'S' | 'H';
  /** The supervisor's employeeId, right or wrong. */
  supervisor: string | null;
  originalHire: string;
  lastHire: string;
  dateInJob: string;
  seniority: string;
  termination: string | null;
  termReason: string | null;
  termType: string | null;
  leaveReason: string | null;
  workPhone: string | null;
  annualSalary: number;
  weeklyHours: number;
  created: string;
  changed: string | null;
}

export interface JobEntry {
  company: number;
  systemId: string;
  effective: string;
  created: string;
  job: string;
  reason: string;
  isPromotion: boolean;
  isTransfer: boolean;
  status: string;
}

export interface Person {
  readonly index: number;
  employeeId: string;
  readonly personId: string;
  userName: string;
  firstName: string;
  middleName: string | null;
  lastName: string;
  preferredName: string | null;
  formerName: string | null;
  prefix: string | null;
  suffix: string | null;
  email: string | null;
  alternateEmail: string | null;
  homePhone: string | null;
  line1: string;
  line2: string | null;
  city: string;
  state: string | null;
  zip: string;
  country: string;
  dateOfBirth: string;
  gender: string | null;
  maritalStatus: string | null;
  ethnicCode: string | null;
  ssn: string;
  created: string;
  changed: string | null;
  homeCompany: number;
  udf: (string | number | null)[];
  employments: Employment[];
  /** Further rows by person, each with what differs in it. */
  doubles?: Partial<Person>[];
  /** Job history once an event has touched it; before that it is derived. */
  history?: JobEntry[];
}

export interface Population {
  readonly seed: number;
  readonly count: number;
  readonly mix: Mix;
  readonly tables: Tables;
  /** Day on which the invented history ends; everything before any event lies before it. */
  readonly asOf: number;
  /** The tables by what people choose from. */
  readonly choices: Choices;
}
export interface Choices {
  readonly jobs: ReadonlyMap<string, Job[]>;
  readonly locations: ReadonlyMap<string, Location[]>;
  readonly levels: readonly OrgLevel[][];
}

export function choicesOf(tables: Tables): Choices {
  const by = <T extends { country: string }>(rows: readonly T[]): Map<string, T[]> => {
    const map = new Map<string, T[]>();
    for (const row of rows) map.set(row.country, [...(map.get(row.country) ?? []), row]);
    return map;
  };
  const levels = [1, 2, 3, 4].map((level) => tables.orgLevels.filter((row) => row.level === level));
  return { jobs: by(tables.jobs), locations: by(tables.locations), levels };
}
