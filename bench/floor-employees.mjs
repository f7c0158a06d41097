/** The floor for `employees`: fetch all, join in maps, write one record a person. `floor-employees.mjs BASE` */
import { once } from 'node:events';

const base = process.argv[2];
async function* rows(path) {
  let next = `${base}${path}?page=1&per_Page=10000`;
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
const instant = (text) => (text ? `${text}Z` : null);
const [companies, jobs, locations, levels] = [
  await table('/configuration/v1/company-details', (r) => r.companyID),
  await table('/configuration/v1/jobs', (r) => r.jobCode),
  await table('/configuration/v1/locations', (r) => r.locationCode),
  await table('/configuration/v1/org-levels', (r) => `${r.level} ${r.code}`),
];
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
    companyId: e.companyID,
    companyCode: e.companyCode,
    companyName: companies.get(e.companyID)?.companyName ?? e.companyName,
    employeeNumber: e.employeeNumber,
    firstName: p.firstName,
    middleName: p.middleName,
    lastName: p.lastName,
    preferredName: p.preferredName,
    emailAddress: p.emailAddress,
    emailAddressAlternate: p.emailAddressAlternate,
    employeeStatusCode: e.employeeStatusCode,
    employeeTypeCode: e.employeeTypeCode,
    fullTimeOrPartTimeCode: e.fullTimeOrPartTimeCode,
    salaryOrHourly: e.salaryOrHourly,
    jobTitle: e.jobTitle,
    jobDescription: e.jobDescription,
    primaryJobCode: e.primaryJobCode,
    primaryJobTitle: jobs.get(e.primaryJobCode)?.title ?? null,
    orgLevel1Code: e.orgLevel1Code,
    orgLevel1Description: level(1)?.description ?? null,
    orgLevel1LevelDescription: level(1)?.levelDescription ?? null,
    orgLevel2Code: e.orgLevel2Code,
    orgLevel2Description: level(2)?.description ?? null,
    orgLevel2LevelDescription: level(2)?.levelDescription ?? null,
    orgLevel3Code: e.orgLevel3Code,
    orgLevel3Description: level(3)?.description ?? null,
    orgLevel3LevelDescription: level(3)?.levelDescription ?? null,
    orgLevel4Code: e.orgLevel4Code,
    orgLevel4Description: level(4)?.description ?? null,
    orgLevel4LevelDescription: level(4)?.levelDescription ?? null,
    primaryWorkLocationCode: e.primaryWorkLocationCode,
    workLocationDescription: location?.description ?? null,
    workAddressLine1: location?.addressLine1 ?? null,
    workAddressLine2: location?.addressLine2 || null,
    workAddressCity: location?.city ?? null,
    workAddressState: location?.state ?? null,
    workAddressZipCode: location?.zipOrPostalCode ?? null,
    workAddressCountry: location?.countryCode ?? null,
    supervisorId: e.supervisorID,
    supervisorFirstName: e.supervisorFirstName,
    supervisorLastName: e.supervisorLastName,
    supervisorEmployeeNumber: e.supervisorEmployeeNumber,
    originalHireDate: day(e.originalHireDate),
    lastHireDate: day(e.lastHireDate),
    dateInJob: day(e.dateInJob),
    dateOfSeniority: day(e.dateOfSeniority),
    dateOfTermination: day(e.dateOfTermination),
    workPhoneNumber: e.workPhoneNumber,
    languageCode: e.languageCode,
    dateTimeChanged: instant(p.datetimeChanged > e.dateTimeChanged ? p.datetimeChanged : e.dateTimeChanged),
  };
  batch += `${JSON.stringify({ type: 'RECORD', stream: 'employees', record, time_extracted: at })}\n`;
  if (batch.length > 131_072) {
    if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
    batch = '';
  }
}
if (!process.stdout.write(batch)) await once(process.stdout, 'drain');
