/** Web services whose answers are not rows of people or tables: code tables, the platform's schema, id look-up. */

import type { World } from '../company/employer.ts';
import { json, type Reply } from '../server/reply.ts';
import { RIGHTS, type Right } from './endpoints.ts';
import { PLATFORM_CLASS } from './fields/custom-fields.ts';

export interface Special {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly right: Right;
  readonly answer: (world: World, at: SpecialCall) => Reply;
}
export interface SpecialCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, string>;
  readonly url: string;
  readonly body: unknown;
  readonly foreignCodeTableUrls: boolean;
}

const list = (items: object[]): Reply => ({ ...json(200, items), rows: items.length });

const codeTable = (world: World, { params }: SpecialCall): Reply => {
  const rows = world.tables.codes.get((params.table ?? '').toUpperCase());
  return rows ? list(rows) : json(404, { message: 'Not Found' });
};

function employeeIds(world: World, { body }: SpecialCall): Reply {
  if (!Array.isArray(body)) return json(400, { title: 'Bad Request', detail: 'An array is expected.', errorCount: 1 });
  const answers = body.map((item: { employeeIdentifierType?: string; employeeIdentifierValue?: string }, at) => {
    const value = item.employeeIdentifierValue ?? '';
    const found =
      item.employeeIdentifierType === 'EmployeeID'
        ? world.find(value)
        : [...world.people()].find((person) =>
            item.employeeIdentifierType === 'EmailAddress'
              ? person.email?.trim().toLowerCase() === value.toLowerCase()
              : person.employments.some((job) => job.employeeNumber === value),
          );
    if (!found) return { sequenceId: at, status: '404 NotFound', modelstate: null };
    const home = found.employments
      .map((job) => job.company)
      .sort((a, b) => Number(b === found.homeCompany) - Number(a === found.homeCompany));
    return {
      sequenceId: at,
      status: '200 OK',
      body: { eeid: found.employeeId, coid: home.map((company) => world.tables.companies[company]?.id) },
      modelstate: null,
    };
  });
  return json(207, {
    title: 'Multi-Status',
    type: null,
    detail: null,
    errorCount: answers.filter((item) => !item.body).length,
    multistatus: answers,
  });
}

const get = (path: string, right: Right, answer: Special['answer']): Special => ({
  path,
  right,
  answer,
  method: 'GET',
});

export const SPECIALS: readonly Special[] = [
  get('/configuration/v1/platform-configuration/custom-fields-schema', RIGHTS.company, (_, { query }) =>
    list(
      query.get('classname') === PLATFORM_CLASS
        ? [
            { name: 'mentorTrack', displayName: 'Mentor track', dataType: 'String' },
            { name: 'badgeColour', displayName: 'Badge colour', dataType: 'String' },
          ]
        : [],
    ),
  ),
  get('/configuration/v1/code-tables', RIGHTS.company, (world, { url, foreignCodeTableUrls }) =>
    list(
      [...world.tables.codes.keys()].map((table) => ({
        codeTable: table,
        url: `${foreignCodeTableUrls ? 'https://elsewhere.example.com' : url}/configuration/v1/code-tables/${table}`,
      })),
    ),
  ),
  get('/configuration/v1/code-tables/{table}', RIGHTS.company, codeTable),
  { path: '/personnel/v1/employee-ids', method: 'POST', right: RIGHTS.personnel, answer: employeeIds },
];
