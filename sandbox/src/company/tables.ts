/** The invented employer: companies, organization levels, jobs, locations, positions and code tables. */
import { hash, unit } from './rng.ts';

export interface Company {
  id: string;
  code: string;
  name: string;
  country: string;
  currency: string;
  isMaster: boolean;
}
export interface OrgLevel {
  level: number;
  code: string;
  description: string;
  levelDescription: string;
  isActive: boolean;
}
export interface Job {
  country: string;
  code: string;
  title: string;
  family: string;
  group: string | null;
  isActive: boolean;
}
export interface Location {
  code: string;
  description: string;
  line1: string;
  line2: string;
  city: string;
  state: string | null;
  zip: string;
  country: string;
  isActive: boolean;
}
export interface Tables {
  companies: Company[];
  orgLevels: OrgLevel[];
  jobs: Job[];
  locations: Location[];
  codes: Map<string, { code: string; description: string }[]>;
  udfLabels: string[];
}

const ID_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const companyId = (seed: number, index: number): string =>
  Array.from({ length: 5 }, (_, at) => ID_LETTERS[hash(seed, index, 900 + at) % ID_LETTERS.length]).join('');

const COMPANIES = [
  ['ACME', 'Acme Holdings, Inc.', 'USA', 'USD'],
  ['ACMEW', 'Acme West LLC', 'USA', 'USD'],
  ['ACMCA', 'Acme Canada / Acmé Canada Ltée', 'CAN', 'CAD'],
  ['ACMUK', 'Acme (UK) Ltd', 'GBR', 'GBP'],
] as const;

const DEPARTMENTS =
  'Finance|Fin Ops|Private Equity|Human Resources|Legal|IT|Engineering|Research & Development|Sales|Inside Sales|Marketing|Customer Success|Logistics|Warehouse|Procurement|Facilities|Quality|Safety|Payroll|Internal Audit|Communications|Réseau & Télécom|Design|Data';
const DIVISIONS = 'Corporate|Operations|Retail|Services|Technology|International';
const REGIONS = 'North|South|East|West|Québec|British Isles';
const TITLES =
  'Analyst|Senior Analyst|Engineer|Senior Engineer|Principal Engineer|Manager|Senior Manager|Director|Vice President|Accountant|HR Manager|Recruiter|Counsel|Technician|Operator|Team Lead|Designer|Architect|Coordinator|Administrator|Buyer|Planner|Scientist|Consultant';
const PLACES: readonly (readonly [
  code: string,
  name: string,
  line: string,
  city: string,
  state: string | null,
  zip: string,
  country: string,
])[] = [
  ['ALBUQ', 'Albuquerque, NM', '618 Rio Grande Blvd NW', 'Albuquerque', 'NM', '87104', 'USA'],
  ['NYC', 'New York HQ', '1 Example Plaza', 'New York', 'NY', '10001', 'USA'],
  ['CHI', 'Chicago', '200 Sample Ave', 'Chicago', 'IL', '60601', 'USA'],
  ['SEA', 'Seattle', '3 Rain Street', 'Seattle', 'WA', '98101-0003', 'USA'],
  ['TOR', 'Toronto', '40 Maple Road', 'Toronto', 'ON', 'M5H 2N2', 'CAN'],
  ['MTL', 'Montréal', '500, rue Saint-Exemple', 'Montréal', 'QC', 'H2Y 1C6', 'CAN'],
  ['LON', 'London', '6 Example Lane', 'London', null, 'EC1A 1BB', 'GBR'],
  ['EDI', 'Edinburgh', '7 Sample Close', 'Edinburgh', null, 'EH1 1YZ', 'GBR'],
];

const rows = (text: string): { code: string; description: string }[] =>
  text.split('|').map((item) => {
    const [code = '', description = ''] = item.split('=');
    return { code, description };
  });

const CODE_TABLES: Readonly<Record<string, string>> = {
  EMPTYPE: 'REG=Regular|TMP=Temporary|SUM=Summer help|INT=Intern|CON=Contractor|FTC=Fixed Term Contract',
  JOBFAMILY: 'ADM=Administration|ENG=Engineering|FIN=Finance|OPS=Operations',
  TERMTYPE: 'V=Voluntary|I=Involuntary',
  TERMREASON: '201=Resigned|202=Retired|203=Position eliminated|TRO=Transfer to another company',
  GENDER: 'M=Male|F=Female|D=Non-binary',
  MARITALSTATUS: 'S=Single|M=Married|Z=Undisclosed',
  PREFIX: 'MR=Mr.|MS=Ms.|DR=Dr.|MX=Mx.',
  SUFFIX: 'JR=Jr.|SR=Sr.|III=III',
  EMPLSTATUS: 'A=Active|L=Leave of absence|O=On strike|R=Released|S=Suspended|T=Terminated',
  ETHNICCODE: '1=White|2=Black or African American|3=Hispanic or Latino|4=Asian|Z=Undisclosed',
  JOBCHANGEREASON: '100=Hire|200=Rehire|301=Transfer|400=Promotion|500=Correction',
  LEAVEREASON: 'FML=Family leave|MIL=Military leave|SAB=Sabbatical',
  COUNTRY: 'USA=United States|CAN=Canada|GBR=United Kingdom',
  DISABILITY: 'N=None|Y=Yes',
  EDUCLEVEL: 'BA=Bachelor|MA=Master|PHD=Doctorate',
  SKILLS: 'SQL=SQL|FRE=French',
};

/**
 * A fresh set of tables. `departmentLevel` (1–4) is the level whose levelDescription says "Department". Codes repeat between
 * levels on purpose (a code alone is no key), and so do job codes between countries.
 */
export function createTables(seed: number, options: { companies: number; departmentLevel: number }): Tables {
  const companies: Company[] = [];
  for (let index = 0; index < options.companies; index++) {
    const [code, name, country, currency] = COMPANIES[index % COMPANIES.length] ?? COMPANIES[0];
    const round = Math.floor(index / COMPANIES.length);
    companies.push({
      id: companyId(seed, index),
      code: round ? `${code.slice(0, 4)}${round}` : code,
      name: round ? `${name} ${round + 1}` : name,
      country,
      currency,
      isMaster: index === 0,
    });
  }
  const levels: [levelDescription: string, names: string[]][] = [
    ['Division', DIVISIONS.split('|')],
    ['Region', REGIONS.split('|')],
    ['Cost Center', Array.from({ length: 30 }, (_, at) => `Cost Center ${1000 + at * 10}`)],
  ];
  levels.splice(options.departmentLevel - 1, 0, ['Department', DEPARTMENTS.split('|')]);
  const orgLevels = levels.flatMap(([levelDescription, names], at) =>
    names.map((description, n) => ({
      level: at + 1,
      code: levelDescription === 'Department' ? description.slice(0, 3).toUpperCase().trim() + n : `${100 + n * 10}`,
      description,
      levelDescription,
      isActive: unit(seed, at * 100 + n, 910) > 0.06,
    })),
  );
  const countries = [...new Set(companies.map((company) => company.country))];
  const jobs = countries.flatMap((country) =>
    TITLES.split('|').map((title, n) => ({
      country,
      code: `J${100 + n}`,
      title: country === 'GBR' && title === 'Vice President' ? 'Managing Director' : title,
      family: ['ADM', 'ENG', 'FIN', 'OPS'][n % 4] ?? 'ADM',
      group: n % 3 ? 'STAFF' : null,
      isActive: n % 11 !== 10,
    })),
  );
  const locations = PLACES.filter((place) => countries.includes(place[6])).map(
    ([code, description, line1, city, state, zip, country], n) => ({
      code,
      description,
      line1,
      line2: n % 3 === 1 ? `Floor ${n + 2}` : '',
      city,
      state,
      zip,
      country,
      isActive: code !== 'EDI',
    }),
  );
  return {
    companies,
    orgLevels,
    jobs,
    locations,
    codes: new Map(Object.entries(CODE_TABLES).map(([table, text]) => [table, rows(text)])),
    udfLabels: ['Management Area', 'T-Shirt Size', 'Desk Number', 'Locker', 'Badge Expiry', 'First Aid Until'],
  };
}
