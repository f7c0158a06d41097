/**
 * Where the value of a key comes from, by its lower-case name: the same thing has several spellings on the wire, and one home
 * here. What is not listed is sent empty (null, 0.0 or false, by type).
 */
import { wallString } from '../../company/dates.ts';
import { unit } from '../../company/rng.ts';
import type { Context, Getter } from './row.ts';

// A row asks for its supervisor up to ten times: the last one found is remembered.
let memo:
  | { world: unknown; version: number; id: string | null; found: ReturnType<Context['world']['find']> }
  | undefined;
const boss = (c: Context): ReturnType<Context['world']['find']> => {
  if (memo?.world !== c.world || memo.version !== c.world.version || memo.id !== c.job.supervisor) {
    memo = {
      world: c.world,
      version: c.world.version,
      id: c.job.supervisor,
      found: c.job.supervisor === null ? undefined : c.world.find(c.job.supervisor),
    };
  }
  return memo.found;
};
const bossJob = (c: Context) => {
  const found = boss(c);
  return found?.employments.find((job) => job.company === found.homeCompany);
};
const bossCompany = (c: Context) => {
  const job = bossJob(c);
  return job && c.world.tables.companies[job.company];
};
const code =
  (table: string, pickCode: (c: Context) => string | null): Getter =>
  (c) => {
    const wanted = pickCode(c);
    return c.world.tables.codes.get(table)?.find((row) => row.code === wanted)?.description ?? null;
  };
const today = (c: Context): string => `${c.world.wallNow().slice(0, 10)}T00:00:00`;
const org =
  (level: number): Getter =>
  (c) =>
    c.job.org[level - 1] ?? null;
const isHome = (c: Context): boolean => c.job.company === c.person.homeCompany;
const chance = (c: Context, salt: number): number => unit(c.world.seed, c.person.index, salt);

const table: Record<string, Getter> = {
  // who
  employeeid: (c) => c.person.employeeId,
  personid: (c) => c.person.personId,
  employeenumber: (c) => c.job.employeeNumber,
  username: (c) => c.person.userName,
  userid: (c) => c.person.index + 1,
  userintegrationkey: (c) => (c.person.index % 2 ? c.person.personId : null),
  integrationuserkey: (c) => c.person.personId,
  firstname: (c) => c.person.firstName,
  middlename: (c) => c.person.middleName,
  lastname: (c) => c.person.lastName,
  namefirst: (c) => c.person.firstName,
  namemiddle: (c) => c.person.middleName,
  namelast: (c) => c.person.lastName,
  namesuffix: (c) => c.person.suffix,
  fullname: (c) => `${c.person.firstName.trim()} ${c.person.lastName.trim()}`,
  preferredname: (c) => c.person.preferredName,
  formername: (c) => c.person.formerName,
  nameformer: (c) => c.person.formerName,
  nameprefixcode: (c) => c.person.prefix,
  namesufixcode: (c) => c.person.suffix,
  namesuffixcode: (c) => c.person.suffix,
  prefix: (c) => c.person.prefix,
  suffix: (c) => c.person.suffix,
  emailaddress: (c) => c.person.email,
  email: (c) => c.person.email,
  emailaddressalternate: (c) => c.person.alternateEmail,
  alternateemailaddress: (c) => c.person.alternateEmail,
  homephone: (c) => c.person.homePhone,
  homephonecountry: (c) => (c.person.homePhone ? c.person.country : null),
  cellphonenumber: (c) => c.person.homePhone,
  addressline1: (c) => c.person.line1,
  addressline2: (c) => c.person.line2,
  addresscity: (c) => c.person.city,
  addressstate: (c) => c.person.state,
  addresszipcode: (c) => c.person.zip,
  addresscountry: (c) => c.person.country,
  addresscounty: () => null,
  employeeaddress1: (c) => c.person.line1,
  employeeaddress2: (c) => c.person.line2,
  city: (c) => c.person.city,
  state: (c) => c.person.state,
  zipcode: (c) => c.person.zip,
  countrycode: (c) => c.person.country,
  dateofbirth: (c) => c.person.dateOfBirth,
  gender: (c) => c.person.gender,
  maritalstatuscode: (c) => c.person.maritalStatus,
  ethnicidcode: (c) => c.person.ethnicCode,
  ethnicdescription: code('ETHNICCODE', (c) => c.person.ethnicCode),
  ssn: (c) => c.person.ssn,
  nationalid: (c) => c.person.ssn,
  nationalidcountry: (c) => c.person.country,
  ssnissuppressed: () => false,
  disabilitytype: (c) => (chance(c, 300) < 0.05 ? 'Y' : null),
  isdisabled: (c) => chance(c, 300) < 0.05,
  issmoker: (c) => chance(c, 301) < 0.1,
  militaryera: (c) => (chance(c, 302) < 0.03 ? 'GULF' : null),
  militaryservice: (c) => chance(c, 302) < 0.03,
  healthbloodtype: (c) => (chance(c, 303) < 0.02 ? 'O+' : null),
  nationality1: (c) => c.person.country,
  datetimecreated: (c) => c.person.created,
  datetimechanged: (c) => c.person.changed,
  languagecode: () => 'EN',

  employeeidentifier: (c) => ({
    companyCode: c.company.code,
    employeeNumber: c.job.employeeNumber,
    eeid: c.person.employeeId,
    coid: c.company.id,
  }),

  // employment
  companyid: (c) => c.company.id,
  currentcoid: (c) => c.company.id,
  companycode: (c) => c.company.code,
  companyname: (c) => c.company.name,
  homecompany: (c) => c.world.tables.companies[c.person.homeCompany]?.id,
  homecompanyid: (c) => c.world.tables.companies[c.person.homeCompany]?.id,
  homecompanycountrycode: (c) => c.world.tables.companies[c.person.homeCompany]?.country,
  currentcompanycountrycode: (c) => c.company.country,
  ishomecompany: isHome,
  isprimary: isHome,
  issupervisor: () => false,
  jobdescription: (c) => c.job.jobDescription,
  jobtitle: (c) => c.job.jobTitle,
  alternatejobtitle: (c) => c.job.jobTitle,
  primaryjobcode: (c) => c.job.job,
  jobcode: (c) => c.job.job,
  jobgroupcode: () => null,
  jobchangereasoncode: (c) => (c.job.lastHire > c.job.originalHire ? '200' : '100'),
  orglevel1code: org(1),
  orglevel2code: org(2),
  orglevel3code: org(3),
  orglevel4code: org(4),
  organizationlevel1: org(1),
  organizationlevel2: org(2),
  organizationlevel3: org(3),
  organizationlevel4: org(4),
  organizationlevel1code: org(1),
  organizationlevel2code: org(2),
  organizationlevel3code: org(3),
  organizationlevel4code: org(4),
  primaryworklocationcode: (c) => c.job.location,
  worklocationcode: (c) => c.job.location,
  locationcode: (c) => c.job.location,
  location: (c) => c.job.location,
  employeetypecode: (c) => c.job.employeeType,
  employeetype: (c) => c.job.employeeType,
  employeetypedescription: code('EMPTYPE', (c) => c.job.employeeType),
  employeestatuscode: (c) => c.job.status,
  employeestatus: (c) => c.job.status,
  emplstatus: (c) => c.job.status,
  status: (c) => c.job.status,
  isactive: (c) => c.job.status !== 'T' && c.job.status !== 'R',
  fulltimeorparttimecode: (c) => c.job.fullTime,
  fulltimeorparttime: (c) => c.job.fullTime,
  salaryorhourly: (c) => c.job.salaryOrHourly,
  salaryorhourlycode: (c) => c.job.salaryOrHourly,
  originalhiredate: (c) => c.job.originalHire,
  hiredate: (c) => c.job.originalHire,
  lasthiredate: (c) => c.job.lastHire,
  dateoflasthire: (c) => c.job.lastHire,
  dateinjob: (c) => c.job.dateInJob,
  dateofseniority: (c) => c.job.seniority,
  senioritydate: (c) => c.job.seniority,
  dateofbenefitseniority: (c) => c.job.seniority,
  benefitsenioritydate: (c) => c.job.seniority,
  dateoftermination: (c) => c.job.termination,
  terminationdate: (c) => c.job.termination,
  datelastworked: (c) => c.job.termination,
  termreason: (c) => c.job.termReason,
  terminationreasoncode: (c) => c.job.termReason,
  terminationreasondescription: code('TERMREASON', (c) => c.job.termReason),
  terminationdescription: code('TERMREASON', (c) => c.job.termReason),
  termtype: (c) => c.job.termType,
  leavereasoncode: (c) => c.job.leaveReason,
  statusstartdate: (c) => c.job.statusStart,
  employeestatusstartdate: (c) => c.job.statusStart,
  emplstatusstartdate: (c) => c.job.statusStart,
  workphonenumber: (c) => c.job.workPhone,
  workphone: (c) => c.job.workPhone,
  workphonecountry: (c) => (c.job.workPhone ? c.company.country : null),
  paygroup: () => 'BIWKLY',
  paygroupcode: () => 'BIWKLY',
  paygroupdescription: () => 'Bi-weekly',
  payperiod: () => 'W',
  payperiodcode: () => 'W',
  payperiodfrequency: () => 'W',
  autoallocate: () => false,
  isautoallocated: () => false,
  isautopaid: () => true,
  ismultiplejob: (c) => c.person.employments.length > 1,
  oktorehire: (c) => c.job.termType !== 'I',
  shift: () => 'Z',
  shiftgroup: () => 'Z',
  annualsalary: (c) => c.job.annualSalary,
  totalannsalary: (c) => c.job.annualSalary,
  annualpayrate: (c) => c.job.annualSalary,
  hourlypayrate: (c) => Math.round(c.job.annualSalary / 20.8) / 100,
  weeklypayrate: (c) => Math.round(c.job.annualSalary / 0.52) / 100,
  currencycode: (c) => c.company.currency,
  weeklyhours: (c) => c.job.weeklyHours,
  scheduledannualhrs: () => 2080,
  scheduledannualhours: () => 2080,
  scheduledannualworkhours: () => 2080,
  scheduledfte: (c) => (c.job.fullTime === 'F' ? 1 : 0.5),
  scheduledfulltimeequivalency: (c) => (c.job.fullTime === 'F' ? 1 : 0.5),
  scheduledworkhrs: (c) => c.job.weeklyHours,
  scheduledworkhours: (c) => c.job.weeklyHours,
  paydate: today,
  asofdate: today,

  // the supervisor
  supervisorid: (c) => c.job.supervisor,
  supervisoremployeeid: (c) => c.job.supervisor,
  supervisorfirstname: (c) => boss(c)?.firstName ?? null,
  supervisorlastname: (c) => boss(c)?.lastName ?? null,
  supervisornamefirst: (c) => boss(c)?.firstName ?? null,
  supervisornamelast: (c) => boss(c)?.lastName ?? null,
  supervisorname: (c) => ((found) => (found ? `${found.firstName.trim()} ${found.lastName.trim()}` : null))(boss(c)),
  supervisoremployeenumber: (c) => bossJob(c)?.employeeNumber ?? null,
  supervisorcoid: (c) => bossCompany(c)?.id ?? null,
  supervisorcompanyid: (c) => bossCompany(c)?.id ?? null,
  supervisorcompanycode: (c) => bossCompany(c)?.code ?? null,
  supervisorstatuscode: (c) => bossJob(c)?.status ?? null,
  supervisorjobcode: (c) => bossJob(c)?.job ?? null,
  supervisoremail: (c) => boss(c)?.email ?? null,
  supervisorworkphone: (c) => bossJob(c)?.workPhone ?? null,
  supervisorpersonid: (c) => boss(c)?.personId ?? null,

  // job history
  systemid: (c) => c.entry?.systemId ?? null,
  jobeffectivedate: (c) => c.entry?.effective ?? null,
  integrationeffectivedate: (c) => c.entry?.effective ?? null,
  reasoncode: (c) => c.entry?.reason ?? null,
  ispromotion: (c) => c.entry?.isPromotion ?? false,
  istransfer: (c) => c.entry?.isTransfer ?? false,
  isjobchange: (c) => c.entry?.isPromotion ?? false,
  isorgchange: (c) => c.entry?.isTransfer ?? false,
  issystem: () => true,
  isviewablebyemployee: () => true,

  // where the type's empty form (0.0, false) would be wrong
  addresslatitude: () => null,
  healthweight: (c) => (chance(c, 303) < 0.02 ? 70.5 : null),
  i9verified: () => true,
  consentelectronicw2: () => true,
};

/** Getters by lower-case key. */
export const SHARED_VALUES: ReadonlyMap<string, Getter> = new Map(Object.entries(table));

/** The row's own change dates, for rows that belong to an employment and not to the person. */
export const EMPLOYMENT_DATES: Readonly<Record<string, Getter>> = {
  dateTimeCreated: (c) => c.job.created,
  dateTimeChanged: (c) => c.job.changed,
};

/** A moment of the person's past for tables that only need to look alive. */
export const somewhen: Getter = (c) => wallString(c.world.population.asOf - (c.person.index % 300), 43_200_000);
