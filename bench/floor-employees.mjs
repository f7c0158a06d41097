/** The floor for `employees`: fetch all, join in maps, write one record of the fields of employees.json a person. `floor-employees.mjs BASE [PAGE_SIZE]` */
import { once } from 'node:events';

const [base, size = '1000'] = process.argv.slice(2);
async function* rows(path) {
  let next = `${base}${path}?page=1&per_Page=${size}`;
  while (next) {
    const answer = await fetch(next, { headers: { authorization: 'Basic dTpw', 'US-Customer-Api-Key': 'KEY01' } });
    yield* await answer.json();
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
}
async function table(path, key) {
  const map = new Map();
  for await (const row of rows(path)) map.set(key(row), row);
  return map;
}
const day = (text) => (text ? text.slice(0, 10) : null);
const instant = (text) => (text ? `${text.padEnd(23, '0')}Z` : null);
const jobs = await table('/configuration/v1/jobs', (r) => r.jobCode);
const locations = await table('/configuration/v1/locations', (r) => r.locationCode);
const levels = await table('/configuration/v1/org-levels', (r) => `${r.level} ${r.code}`);
const employments = await table('/personnel/v1/employment-details', (r) => r.employeeID);
const at = new Date().toISOString();
let batch = '';
for await (const p of rows('/personnel/v1/person-details')) {
  const e = employments.get(p.employeeId);
  if (!e) continue;
  const location = locations.get(e.primaryWorkLocationCode);
  const level = (n) => levels.get(`${n} ${e[`orgLevel${n}Code`]}`);
  const record = {
    employeeId: p.employeeId,
    personId: p.personId,
    firstName: p.firstName,
    middleName: p.middleName,
    lastName: p.lastName,
    preferredName: p.preferredName,
    emailAddress: p.emailAddress,
    emailAddressAlternate: p.emailAddressAlternate,
    companyId: e.companyID,
    companyCode: e.companyCode,
    companyName: e.companyName,
    employeeNumber: e.employeeNumber,
    employeeStatusCode: e.employeeStatusCode,
    employeeTypeCode: e.employeeTypeCode,
    fullTimeOrPartTimeCode: e.fullTimeOrPartTimeCode,
    jobTitle: e.jobTitle,
    jobDescription: e.jobDescription,
    primaryJobCode: e.primaryJobCode,
    orgLevel1Code: e.orgLevel1Code,
    orgLevel2Code: e.orgLevel2Code,
    orgLevel3Code: e.orgLevel3Code,
    orgLevel4Code: e.orgLevel4Code,
    primaryWorkLocationCode: e.primaryWorkLocationCode,
    originalHireDate: day(e.originalHireDate),
    lastHireDate: day(e.lastHireDate),
    dateInJob: day(e.dateInJob),
    dateOfSeniority: day(e.dateOfSeniority),
    dateOfTermination: day(e.dateOfTermination),
    supervisorId: e.supervisorID,
    supervisorEmployeeNumber: e.supervisorEmployeeNumber,
    supervisorFirstName: e.supervisorFirstName,
    supervisorLastName: e.supervisorLastName,
    languageCode: e.languageCode,
    departmentCode: e.orgLevel2Code,
    departmentName: level(2)?.description ?? null,
    orgLevel1Description: level(1)?.description ?? null,
    orgLevel2Description: level(2)?.description ?? null,
    orgLevel3Description: level(3)?.description ?? null,
    orgLevel4Description: level(4)?.description ?? null,
    primaryJobTitle: jobs.get(e.primaryJobCode)?.title ?? null,
    workLocationDescription: location?.description ?? null,
    workLocationAddressLine1: location?.addressLine1 ?? null,
    workLocationAddressLine2: location?.addressLine2 || null,
    workLocationCity: location?.city ?? null,
    workLocationState: location?.state ?? null,
    workLocationZipOrPostalCode: location?.zipOrPostalCode ?? null,
    workLocationCountryCode: location?.countryCode ?? null,
    dateTimeChanged: instant(p.datetimeChanged > e.dateTimeChanged ? p.datetimeChanged : e.dateTimeChanged),
  };
  batch += `${JSON.stringify({ type: 'RECORD', stream: 'employees', record, time_extracted: at })}\n`;
  if (batch.length > 131_072) {
    if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
    batch = '';
  }
}
if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
