/** The floor for the target: read, parse, map, post arrays of 500. `floor-target.mjs BASE < employees.singer` */
const base = process.argv[2];
const dateTime = (day) => (day ? `${day}T00:00:00.000Z` : undefined);
const status = { A: 'A', O: 'A', L: 'L', S: 'L', R: 'T', T: 'T' };
let users = [];
let rest = Buffer.alloc(0);

async function post() {
  if (users.length === 0) return;
  const body = JSON.stringify(users);
  users = [];
  const answer = await fetch(`${base}/public/user`, {
    method: 'POST',
    headers: { 'organization-id': 'o', 'client-id': 'c', 'api-key': 'k', 'content-type': 'application/json' },
    body,
  });
  await answer.text();
}

for await (const chunk of process.stdin) {
  const data = rest.length ? Buffer.concat([rest, chunk]) : chunk;
  let start = 0;
  for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
    const message = JSON.parse(data.toString('utf8', start, end));
    start = end + 1;
    if (message.type !== 'RECORD') continue;
    const r = message.record;
    users.push({
      employeeId: r.employeeId,
      supervisorId: r.supervisorId ?? undefined,
      firstName: r.firstName?.trim(),
      middleName: r.middleName ?? undefined,
      lastName: r.lastName?.trim(),
      preferredName: r.preferredName ?? undefined,
      email: r.emailAddress?.trim(),
      employeeStatusCode: status[r.employeeStatusCode],
      employeeTypeCode: r.employeeTypeCode ?? undefined,
      fullTimeOrPartTimeCode: r.fullTimeOrPartTimeCode ?? undefined,
      title: r.jobTitle ?? r.jobDescription ?? r.primaryJobTitle ?? undefined,
      departmentId: r.departmentCode ?? undefined,
      departmentName: r.departmentName ?? undefined,
      officeId: r.primaryWorkLocationCode ?? undefined,
      officeAddress: [
        r.workLocationAddressLine1,
        r.workLocationCity,
        r.workLocationState,
        r.workLocationZipOrPostalCode,
      ]
        .filter(Boolean)
        .join(', '),
      addressState: r.workLocationState ?? undefined,
      addressCountry: r.workLocationCountryCode ?? undefined,
      originalHireDate: dateTime(r.originalHireDate),
      lastHireDate: dateTime(r.lastHireDate),
      dateInJob: dateTime(r.dateInJob),
      dateOfTermination: dateTime(r.dateOfTermination),
      lastUpdated: r.dateTimeChanged ?? undefined,
    });
    if (users.length === 500) await post();
  }
  rest = data.subarray(start);
}
await post();
