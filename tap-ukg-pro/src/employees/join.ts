/** Person, employment and lookups as one record. Pure: everything that has to be read is there already. */
import type { UkgRecord } from '../records/record.ts';
import { cursorField, type EmployeeField } from '../streams/employees.ts';
import { later } from '../time/window.ts';
import { type Calendar, chooseEmployment, type Employment, type EmploymentReason } from './choose.ts';
import type { Lookups } from './sources/lookups.ts';

/** What the join needs of an employment, selected or not. */
export const neededOfEmployment =
  'employeeId companyId companyCode employeeStatusCode originalHireDate lastHireDate dateOfTermination termReason primaryJobCode primaryWorkLocationCode employeeTypeCode orgLevel1Code orgLevel2Code orgLevel3Code orgLevel4Code dateTimeChanged dateTimeCreated'.split(
    ' ',
  );

/** Separates packed values; taken out of values, where it is never meant. */
const separator = '\u001f';

/** Employments as compact text and back. `null` and `""` are the same: records know no empty strings. */
export function employmentPacker(fields: readonly Pick<EmployeeField, 'name' | 'kind'>[]): {
  readonly pack: (record: UkgRecord) => string;
  readonly unpack: (text: string) => UkgRecord & Employment;
} {
  const names = fields.map(({ name }) => name);
  const numeric = new Set(fields.filter(({ kind }) => kind === 'n' || kind === 'i').map(({ name }) => name));
  const template = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as UkgRecord;
  return {
    pack(record) {
      let text = '';
      for (let i = 0; i < names.length; i++) {
        if (i > 0) text += separator;
        const value = record[names[i] as string];
        if (value === null || value === undefined) continue;
        const word = typeof value === 'string' ? value : String(value as number);
        text += word.includes(separator) ? word.replaceAll(separator, ' ') : word;
      }
      return text;
    },
    unpack(text) {
      const record = { ...template };
      const words = text.split(separator);
      for (let i = 0; i < names.length; i++) {
        const word = words[i] as string;
        if (word === '') continue;
        const name = names[i] as string;
        record[name] = numeric.has(name) ? Number(word) : word;
      }
      return record as UkgRecord & Employment;
    },
  };
}

const statusDescriptions: Record<string, string> = {
  A: 'Active',
  L: 'Leave of absence',
  O: 'On strike',
  R: 'Released',
  S: 'Suspended',
  T: 'Terminated',
};

/** Fields of a work location, and where its row has them. */
const placeFields = {
  workLocationDescription: 'description',
  workLocationAddressLine1: 'addressLine1',
  workLocationAddressLine2: 'addressLine2',
  workLocationCity: 'city',
  workLocationState: 'state',
  workLocationZipOrPostalCode: 'zipOrPostalCode',
  workLocationCountryCode: 'countryCode',
};

export interface JoinOptions {
  /** Names that the record shall have (selected, or asked for by a filter). */
  readonly wanted: ReadonlySet<string>;
  readonly fields: readonly EmployeeField[];
  readonly lookups: Lookups;
  readonly calendar: Calendar;
  /** 1 to 4. */
  readonly departmentLevel: number;
}

export interface Joined {
  readonly employment: UkgRecord & Employment;
  readonly reason: EmploymentReason;
}

/**
 * Compiles the join. It fills in `record`, which holds the person's fields and room for all others, and reports which
 * employment counted. `personTimestamp`: when the person's row changed.
 */
export function compileJoin(options: JoinOptions) {
  const { wanted, lookups } = options;
  const copied = options.fields
    .filter(({ source, name }) => source === 'employment' && wanted.has(name))
    .map(({ name }) => name);
  const levels = [1, 2, 3, 4].map((level) => ({
    level,
    code: `orgLevel${level}Code`,
    description: `orgLevel${level}Description`,
    levelName: `orgLevel${level}LevelName`,
  }));
  const wantedLevels = levels.filter(({ description, levelName }) => wanted.has(description) || wanted.has(levelName));
  const ofPlace = Object.entries(placeFields).filter(([name]) => wanted.has(name));
  const department = levels[options.departmentLevel - 1] as (typeof levels)[number];
  const any = (...names: string[]) => names.some((name) => wanted.has(name));
  const wantsDepartment = any('departmentCode', 'departmentName');
  const wantsJob = any('primaryJobTitle', 'jobFamilyCode', 'jobFamilyDescription');

  return (
    record: UkgRecord,
    employments: readonly (UkgRecord & Employment)[],
    homeCompanyId: string | null,
    personTimestamp: string | null,
  ): Joined => {
    const { employment, reason } = chooseEmployment(employments, homeCompanyId, options.calendar);
    const put = (name: string, value: unknown) => {
      if (wanted.has(name)) record[name] = value ?? null;
    };
    for (const name of copied) record[name] = employment[name];
    const timestamp = later(personTimestamp, employment['dateTimeChanged'] ?? employment['dateTimeCreated']);
    record[cursorField] = timestamp ?? null;
    put('homeCompanyId', homeCompanyId);
    put('employmentReason', reason);
    put('employmentCount', companiesOf(employments));
    put('employeeStatusDescription', statusDescriptions[employment.employeeStatusCode ?? '']);
    put('employeeTypeDescription', lookups.statusType(employment['employeeTypeCode'] as string | null));
    for (const { level, code, description, levelName } of wantedLevels) {
      const found = lookups.orgLevel(level, employment[code] as string | null);
      put(description, found?.description);
      put(levelName, found?.levelName ?? lookups.levelName(level));
    }
    if (wantsDepartment) {
      const code = employment[department.code] as string | null;
      put('departmentCode', code);
      put('departmentName', lookups.orgLevel(department.level, code)?.description);
    }
    if (ofPlace.length > 0 || wantsJob) {
      const place = lookups.location(employment['primaryWorkLocationCode'] as string | null);
      if (place) for (const [name, of] of ofPlace) record[name] = place[of] ?? null;
      if (wantsJob) {
        const job = lookups.job(
          employment['primaryJobCode'] as string | null,
          (place?.['countryCode'] ?? null) as string | null,
        );
        put('primaryJobTitle', job?.['title']);
        put('jobFamilyCode', job?.['jobFamilyCode']);
        put('jobFamilyDescription', lookups.jobFamily((job?.['jobFamilyCode'] ?? null) as string | null));
      }
    }
    return { employment, reason };
  };
}

function companiesOf(employments: readonly Employment[]): number {
  return employments.length === 1 ? 1 : new Set(employments.map(({ companyId }) => companyId)).size;
}
