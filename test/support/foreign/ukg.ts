/**
 * A tenant of UKG Pro, written from its public description alone: it shares no code with the connectors or the sandbox, and no data.
 * Three component companies, departments on level 3, custom fields by label, dates without a zone, key names as each endpoint spells
 * them, `Link` for pages, blanks behind codes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Row = Record<string, unknown>;

export interface ForeignUkg {
  readonly url: string;
  readonly account: { readonly username: string; readonly password: string; readonly customerKey: string };
  /** In the order of the rows; `type` TES and company ZTEST are there for tests. */
  readonly people: readonly { readonly id: string; readonly email: string | null; readonly company: string }[];
  close(): Promise<void>;
}

export interface ForeignUkgOptions {
  /** How many people; 0: a tenant that was opened today. */
  readonly people?: number;
  /** View rights of the account. */
  readonly rights?: readonly string[];
  /** Instead of an answer, by path: a suspended account (403), a locked one (401 with words), a gateway that asks who one is. */
  readonly refuse?: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };
  /** How far its clock is ahead, in milliseconds. */
  readonly aheadMs?: number;
}

const person = 'Employee Person Details';
const personnel = 'Personnel Integration';
const configuration = 'Company Configuration Integration';

const companies = [
  { companyId: 'N0RTH', companyCode: 'NOR', companyName: 'Nordlicht Verwaltung' },
  { companyId: 'S0UTH', companyCode: 'SUD', companyName: 'Süd Werke' },
  { companyId: 'ZT3ST', companyCode: 'ZTEST', companyName: 'Test Company' },
];
const departments = ['Guss', 'Montage', 'Einkauf', 'Versand'];

function tenant(size: number) {
  const people = Array.from({ length: size }, (_, n) => {
    const company = companies[n % 10 === 9 ? 2 : n % 3 === 0 ? 1 : 0] as (typeof companies)[number];
    const id = `F0R${String(n).padStart(4, '0')}XQ${String(n % 7)}K0`;
    const type = company.companyCode === 'ZTEST' ? 'TES' : n % 8 === 5 ? 'AUS' : 'FTR';
    const email = type === 'AUS' ? null : `p${n}.nordlicht@example.org`;
    return { n, id, company, type, email };
  });
  const persons = people.map(({ n, id, company, email }) => ({
    personId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    employeeId: id,
    companyId: company.companyId,
    firstName: `Vorname${n}`,
    middleName: null,
    lastName: `Nachname${n}  `,
    preferredName: n % 5 === 0 ? `Ruf${n}` : null,
    nameSufixCode: 'Z',
    emailAddress: email,
    emailAddressAlternate: null,
    addressState: null,
    addressCountry: 'DEU',
    dateOfBirth: '1980-02-29T00:00:00',
    datetimeCreated: '2015-01-05T08:00:00.5',
    datetimeChanged: `2026-0${1 + (n % 9)}-1${n % 9}T09:30:00`,
  }));
  const employments = people.map(({ n, id, company, type }) => ({
    companyID: company.companyId,
    companyCode: company.companyCode,
    companyName: company.companyName,
    employeeID: id,
    jobDescription: `Stelle ${n % 6}`,
    primaryJobCode: `J${n % 6}      `,
    orgLevel1Code: 'EU',
    orgLevel2Code: `R${n % 2}`,
    orgLevel3Code: `D${n % departments.length}`,
    orgLevel4Code: null,
    originalHireDate: '2015-01-05T00:00:00',
    lastHireDate: '2015-01-05T00:00:00',
    fullTimeOrPartTimeCode: n % 4 === 0 ? 'P' : 'F',
    primaryWorkLocationCode: `L${n % 3}`,
    dateInJob: '2019-06-01T00:00:00',
    employeeTypeCode: type,
    employeeStatusCode: n % 11 === 10 ? 'T' : n % 13 === 12 ? 'L' : 'A',
    dateOfTermination: n % 11 === 10 ? '2026-05-31T00:00:00' : null,
    employeeNumber: String(n).padStart(6, '0'),
    jobTitle: null,
    supervisorID: n === 0 ? null : (people[Math.floor((n - 1) / 6)]?.id ?? null),
    isMultipleJob: 'N',
    dateTimeCreated: '2015-01-05T08:00:00',
    dateTimeChanged: `2026-0${1 + (n % 9)}-2${n % 9}T17:45:12.25`,
  }));
  const own = people.map(({ n, id }) => ({
    employeeId: id,
    personnelUserDefinedFields: {
      personnelUDField01: { field: 'Mentoring cohort', value: n % 4 === 3 ? null : `Jahrgang ${n % 3}` },
      personnelUDField02: { field: 'Badge / Ausweis', value: `A-${n * 7919}` },
      personnelUDField05: { field: 'Jubilee', value: '2030-01-01T00:00:00' },
    },
    internationalUserDefinedFields: { internationalUDField01: { field: 'Betriebsrat', value: n % 2 ? 'ja' : null } },
  }));
  return { people, persons, employments, own };
}

/** Starts it on 127.0.0.1. */
export async function startForeignUkg(options: ForeignUkgOptions = {}): Promise<ForeignUkg> {
  const { people: size = 60, rights = [person, personnel, configuration] } = options;
  const account = { username: 'svc.mentoring', password: 'Gx(9*!w@#^ü" $HOME \\', customerKey: 'NL7Q2' };
  const { people, persons, employments, own } = tenant(size);
  const levels = [
    ...[['EU', 'Europa']].map(([code, text]) => ({ level: 1, levelDescription: 'Division', code, description: text })),
    ...['R0', 'R1'].map((code) => ({ level: 2, levelDescription: 'Region', code, description: `Region ${code}` })),
    ...departments.map((text, n) => ({
      level: 3,
      levelDescription: 'Department',
      code: `D${n}`,
      description: text,
      isActive: true,
    })),
  ];
  const jobs = [0, 1, 2, 3, 4, 5].map((n) => ({
    countryCode: 'DEU',
    jobCode: `J${n}`,
    title: `Titel ${n}`,
    jobFamilyCode: 'F',
    isActive: true,
  }));
  const locations = [0, 1, 2].map((n) => ({
    locationCode: `L${n}`,
    description: `Werk ${n}`,
    isActive: true,
    addressLine1: `Hafenstr. ${n}`,
    addressLine2: '',
    city: 'Kiel',
    state: null,
    zipOrPostalCode: '24103     ',
    countryCode: 'DEU',
  }));
  const resources: Record<string, { right: string; rows: readonly Row[]; pages: boolean }> = {
    '/personnel/v1/person-details': { right: person, rows: persons, pages: true },
    '/personnel/v1/employment-details': { right: personnel, rows: employments, pages: true },
    '/personnel/v1/user-defined-fields': { right: personnel, rows: own, pages: true },
    '/configuration/v1/company-details': {
      right: configuration,
      rows: companies.map((one) => ({ ...one, isMasterCompany: one.companyCode === 'NOR', masterCompanyId: 'N0RTH' })),
      pages: true,
    },
    '/configuration/v1/org-levels': { right: configuration, rows: levels, pages: false },
    '/configuration/v1/jobs': { right: configuration, rows: jobs, pages: false },
    '/configuration/v2/jobs': { right: configuration, rows: jobs, pages: true },
    '/configuration/v1/locations': { right: configuration, rows: locations, pages: false },
  };
  const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;

  const answer = (request: IncomingMessage, response: ServerResponse, origin: string) => {
    const url = new URL(request.url ?? '/', origin);
    const date = new Date(Date.now() + (options.aheadMs ?? 0)).toUTCString();
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', date, ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    if (options.refuse) return send(options.refuse.status, options.refuse.body, options.refuse.headers);
    const isKnown = request.headers.authorization === basic;
    if (!isKnown || request.headers['us-customer-api-key'] !== account.customerKey) return send(401, 'Unauthorized');
    const found = resources[url.pathname];
    if (!found || request.method !== 'GET') return send(404, { message: 'No HTTP resource was found' });
    if (!rights.includes(found.right)) return send(403, { errors: { general: { message: 'Access denied' } } });
    if (!found.pages) return send(200, found.rows);
    const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
    const company = query.get('companyid');
    const rows = found.rows.filter(
      (row) => company === undefined || [row['companyId'], row['companyID']].includes(company),
    );
    const page = Number(query.get('page') ?? 1);
    const per = Math.min(Number(query.get('per_page') ?? 10_000), 25);
    url.searchParams.set('page', String(page + 1));
    const more: Record<string, string> = page * per < rows.length ? { link: `<${url.href}>; rel="next"` } : {};
    return send(200, rows.slice((page - 1) * per, page * per), more);
  };
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    answer(request, response, `http://127.0.0.1:${port}`);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    people: people.map(({ id, email, company }) => ({ id, email, company: company.companyCode })),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}
