/** Which rows a person has in each web service, and the rows of the configuration tables. */
import { dayAsDateTime, dayString } from '../../company/dates.ts';
import type { World } from '../../company/employer.ts';
import type { Person } from '../../company/people.ts';
import { unit, uuid } from '../../company/rng.ts';
import type { Part } from '../fields/row.ts';

/** Rows by person. `count` says how many without making the person, where that is possible. */
export interface Source {
  readonly parts: (world: World, person: Person) => Part[];
  readonly count?: (world: World, index: number) => number;
}
export type TableSource = (world: World) => Record<string, string | number | boolean | null | object>[];

const chance = (world: World, person: Person, salt: number): number => unit(world.seed, person.index, salt);
const homeRow = (person: Person) =>
  person.employments.find((job) => job.company === person.homeCompany) ?? person.employments[0];
const onHome = (
  world: World,
  person: Person,
  share: number,
  salt: number,
  extra: (n: number) => Part['extra'],
  most = 1,
): Part[] => {
  const job = homeRow(person);
  const draw = chance(world, person, salt);
  if (!job || draw >= share) return [];
  return Array.from({ length: 1 + Math.floor((draw / share) * most) }, (_, n) => ({ job, n, extra: extra(n) ?? {} }));
};
const id12 = (person: Person, kind: string, n: number): string => `${person.employeeId.slice(0, 6)}${kind}${n}0K0`;

export const perPerson: Source = {
  parts: (world, person) => {
    if (world.personRowCount(person.index) === 0) return [];
    const job = homeRow(person);
    const base: Part = { ...(job ? { job } : {}), n: 0 };
    return [
      base,
      ...(person.doubles ?? []).map((differs, at) => ({ ...base, n: at + 1, person: { ...person, ...differs } })),
    ];
  },
  count: (world, index) => world.personRowCount(index),
};
export const perEmployment: Source = {
  parts: (world, person) =>
    world.employmentCount(person.index) === 0 ? [] : person.employments.map((job, n) => ({ job, n })),
  count: (world, index) => world.employmentCount(index),
};
export const jobHistory: Source = {
  parts: (world, person) =>
    world.history(person).map((entry, n) => ({
      ...((job) => (job ? { job } : {}))(
        person.employments.find((row) => row.company === entry.company) ?? person.employments[0],
      ),
      n,
      entry,
      extra: { jobcode: entry.job, employeestatus: entry.status, datetimecreated: entry.created },
    })),
};
export const contacts: Source = {
  parts: (world, person) =>
    onHome(
      world,
      person,
      0.5,
      400,
      (n) => ({
        contactid: id12(person, 'CT', n),
        firstname: n ? 'Robin' : 'Jamie',
        relationshipcode: n ? 'CHL' : 'SPS',
        relationshipdescription: n ? 'Child' : 'Spouse',
        isdependent: n > 0,
        isbeneficiary: n === 0,
        isemergencycontact: n === 0,
        isactive: true,
        ssn: `901${`${person.index}`.padStart(6, '0').slice(-6)}`,
        emailaddress: `contact${n}.${person.index}@example.com`,
        homephonenumber: person.homePhone,
        personid: uuid(world.seed, person.index, 410 + n * 4),
        dateofbirth: n ? '2012-02-29T00:00:00' : person.dateOfBirth,
        nationalid: null,
      }),
      2,
    ),
};
export const education: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.4, 420, (n) => ({
      systemid: id12(person, 'ED', n),
      school: 'EXU',
      educationlevel: 'BA',
      educationmajor: 'ENG',
      gpa: '3.5',
      begindate: '2001-09-01T00:00:00',
      enddate: '2005-06-30T00:00:00',
      isgraduate: true,
      ishighestlevel: n === 0,
      country: person.country,
    })),
};
export const ptoPlans: Source = {
  parts: (world, person) =>
    person.employments.flatMap((job) =>
      ['VAC', 'SICK'].map((plan, n) => ({
        job,
        n,
        extra: {
          ptoplan: plan,
          earned: 80 + (person.index % 80),
          taken: person.index % 40,
          pendingbalance: 8.5,
          earnedthroughdate: dayAsDateTime(world.population.asOf),
          reset: 'Y',
        },
      })),
    ),
};
export const phones: Source = {
  parts: (world, person) =>
    onHome(
      world,
      person,
      0.8,
      430,
      (n) => ({
        systemid: id12(person, 'PH', n),
        auditkey: id12(person, 'PA', n),
        phonenumber: `5550${`${person.index % 1_000_000}`.padStart(6, '0')}`,
        phonecountrycode: person.country,
        phonetypecode: n ? 'CEL' : 'WRK',
        phoneisprivate: n > 0,
      }),
      2,
    ),
};
export const multipleJobs: Source = {
  parts: (world, person) =>
    person.employments.flatMap((job) => {
      const primary: Part = { job, n: 0, extra: { isprimaryjob: true, jobisinactive: false } };
      if (chance(world, person, 440) >= 0.05) return [primary];
      const other = job.job === 'J101' ? 'J102' : 'J101';
      return [primary, { job, n: 1, extra: { isprimaryjob: false, jobisinactive: false, jobcode: other } }];
    }),
};
export const multiplePositions: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.1, 450, (n) => ({
      systemid: id12(person, 'PO', n),
      positioncode: `P${100 + (person.index % 20)}`,
      effectivestartdate: person.employments[0]?.lastHire ?? null,
      iseligibleforbenefits: true,
      overrideincumbentdata: 'N',
    })),
};
export const contracts: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.08, 460, (n) => ({
      contractnumber: `C${person.index}-${n}`,
      contracttypecode: 'FTC',
      contracttypedescription: 'Fixed Term Contract',
      contractstartdate: person.employments[0]?.lastHire ?? null,
      contractenddate: dayAsDateTime(world.population.asOf + 365),
      datetimecreated: person.created,
      rowlastchanged: person.changed ?? person.created,
      durationyears: 1,
      employmentcontractid: person.index + 1,
      isamendment: 'N',
      isrenewal: 'N',
      ftecontracthours: 40,
    })),
};
export const cobra: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.02, 470, () => ({
      cobraisactive: true,
      cobrastatus: 'E',
      cobrastatusdate: dayAsDateTime(world.population.asOf),
    })),
};
export const nationalDocuments: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.05, 480, (n) => ({
      nationaldocumentid: id12(person, 'ND', n),
      nationaldocumentnumber: `X${9_000_000 + person.index}`,
      nationaldocumentdescription: 'Passport',
      nationaldocumenttypecode: 'PAS',
      nationaldocumentissuingcountrycode: person.country,
      nationaldocumentissuedate: '2019-01-31T00:00:00',
    })),
};
export const international: Source = {
  parts: (world, person) =>
    person.country === 'USA'
      ? []
      : onHome(world, person, 1, 490, () => ({ effectivedate: person.employments[0]?.originalHire ?? null })),
};
export const userProfiles: Source = {
  parts: (world, person) =>
    onHome(world, person, 1, 500, () => ({
      roleid: 1 + (person.index % 3),
      rolename: ['Employee', 'Manager', 'HR'][person.index % 3] ?? 'Employee',
      roledescription: 'A role',
      userstatus: 'A',
      mastercompany: world.tables.companies[0]?.code ?? null,
      mastercompanyid: world.tables.companies[0]?.id ?? null,
      homecompany: world.tables.companies[person.homeCompany]?.code ?? null,
    })),
};
export const users: Source = {
  parts: (world, person) =>
    onHome(world, person, 1, 500, () => ({
      userstatus: 'A',
      userlastlogondate: person.changed,
      lastlogon: person.changed,
    })),
};
export const employeeDeductions: Source = {
  parts: (_, person) =>
    person.employments.flatMap((job, n) =>
      ['MED', 'DEN'].map((plan, at) => ({
        job,
        n,
        extra: {
          deductioncode: plan,
          benefitstatus: 'A',
          benefitoption: 'EE',
          benefitstartdate: job.lastHire,
          employeeamount: 42.5 + at,
          systemid: id12(person, 'DD', n * 2 + at),
          effectiverecordid: id12(person, 'DR', n * 2 + at),
          datetimecreated: job.created,
          datetimechanged: job.changed,
        },
      })),
    ),
};
export const dependentDeductions: Source = {
  parts: (world, person) =>
    contacts.parts(world, person).map((part, n) => ({
      ...part,
      extra: {
        contactid: part.extra?.contactid,
        deductioncode: 'MED',
        deductiontype: 'MED',
        benefitstatus: 'A',
        benefitstartdate: person.employments[0]?.lastHire ?? null,
        systemid: id12(person, 'DP', n),
        depbplantvid: person.index * 2 + n,
      },
    })),
};

// Two pay days before the invented past ends: enough to page and to filter by period.
const payDays = (world: World): { day: number; control: string }[] =>
  [28, 14].map((back) => ({
    day: world.population.asOf - back,
    control: `${dayString(world.population.asOf - back).replaceAll('-', '')}1`,
  }));
const paid = (extra: (person: Person, at: number) => NonNullable<Part['extra']>): Source => ({
  parts: (world, person) =>
    person.employments
      .filter((job) => job.status !== 'T' && job.status !== 'R')
      .flatMap((job, n) =>
        payDays(world).map(({ day, control }, at) => ({
          job,
          n: n * 2 + at,
          extra: {
            periodcontrol: control,
            paydate: dayAsDateTime(day),
            periodenddate: dayAsDateTime(day - 4),
            periodstartdate: dayAsDateTime(day - 17),
            isvoided: false,
            isvoidingrecord: false,
            ...extra(person, n * 2 + at),
          },
        })),
      ),
});
export const payRegister = paid((person, at) => ({
  checkid: id12(person, 'CK', at),
  documentnumber: `D${person.index}-${at}`,
  checkamount: 1234.5,
  netamount: 1234.5,
  directdepositamount: 1234.5,
  totalearningsamount: 2000,
  totaltaxamount: 600.25,
  totaldeductionamount: 165.25,
  totalhours: 80,
  totalhoursworked: 80,
  sequencenumber: at,
}));
export const earningsHistory = paid((_, at) => ({
  earningcode: 'REG',
  gennumber: `${at}`,
  currentamount: 2000,
  currenthours: 80,
  baseamount: 2000,
  ytdamount: 4000,
}));
export const deductionsHistory = paid((person, at) => ({
  checkid: id12(person, 'CK', at),
  deductioncode: 'MED',
  recordid: person.index * 8 + at,
  employeecurrentamount: 42.5,
  isvoidingrecord: 'N',
}));
export const directDeposit: Source = {
  parts: (world, person) =>
    onHome(world, person, 0.8, 510, (n) => ({
      description: 'Checking',
      account: `000${1_000_000 + person.index}`,
      accounttype: 'C',
      amountorpercent: 100,
      directdepositorprenote: 'D',
      depositrule: 'P',
      employeebankid: id12(person, 'BK', n),
      employeebankname: 'Example Bank',
      employeebankroutingnumber: '000000000',
      sequencenumber: '1',
      accountrecordid: uuid(world.seed, person.index, 520),
      datetimechanged: person.changed,
      accountisinactive: false,
    })),
};
export const payStatements = paid((person, at) => ({
  payidentifier: `${person.employeeId}-${at}`,
  document: `D${person.index}-${at}`,
  totalearnings: 2000,
  totaldeductions: 165.25,
  totaltaxes: 600.25,
  grosswagescurrent: 2000,
  netpaycurrent: 1234.5,
  earnings: [{ earningcode: 'REG', amount: 2000 }],
  netpay: [{ account: 'Checking', amount: 1234.5 }],
  fullname: `${person.firstName.trim()} ${person.lastName.trim()}`,
  federalfilingstatus: 'S',
}));

/** Person-less parts of a configuration table. */
export const ofTable =
  (source: TableSource) =>
  (world: World): Part[] =>
    source(world).map((row) => ({
      extra: Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value])),
    }));
