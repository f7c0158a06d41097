import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { type Reading, readAnswer } from './answer.ts';

const people = (count: number, isNew = false): Delivery[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    employeeId: `E${index}`,
    body: Buffer.from(
      JSON.stringify({
        employeeId: `E${index}`,
        firstName: 'Ada',
        lastName: 'Example',
        email: `e${index}@example.com`,
        title: 'x',
      }),
    ),
    isNew,
  }));
const outcomesOf = (reading: Reading) =>
  reading.kind === 'each' ? reading.people.map((one) => one.outcome) : reading.kind;
const read = (status: number, body: unknown, count = 2, isNew = false) =>
  readAnswer(status, typeof body === 'string' ? body : JSON.stringify(body), people(count, isNew));

describe('one bare status for all', () => {
  it('accepts everybody; 204 is unchanged, whoever the ledger did not know is created', () => {
    expect(outcomesOf(read(200, ''))).toEqual(['updated', 'updated']);
    expect(outcomesOf(read(200, '', 2, true))).toEqual(['created', 'created']);
    expect(outcomesOf(read(204, '', 2, true))).toEqual(['unchanged', 'unchanged']);
    expect(outcomesOf(read(201, '', 2))).toEqual(['updated', 'updated']);
    expect(outcomesOf(read(201, '', 1))).toEqual(['created']);
  });
  it('goes by the ledger as well where each person is only told a yes, and not where a status is told', () => {
    const each = (result: object) => [0, 1].map((at) => ({ employeeId: `E${at}`, ...result }));
    for (const yes of [{ success: true }, { status: 'ok' }]) {
      expect(outcomesOf(read(200, each(yes), 2, true))).toEqual(['created', 'created']);
      expect(outcomesOf(read(200, each(yes)))).toEqual(['updated', 'updated']);
    }
    for (const told of [{ status: 200 }, { status: 'updated' }, { success: true, statusCode: '200' }])
      expect(outcomesOf(read(207, each(told), 2, true))).toEqual(['updated', 'updated']);
  });
  it.each([
    'OK',
    'Created',
    '{}',
    '\uFEFF{"success":true}',
    '{"status":"ok"}',
    '{"message":"success"}',
    '{"success":true,"message":"2 users were processed"}',
    '[{"success":true},{"success":true}]',
    '{"statusCode":200,"errors":[]}',
  ])('knows the acknowledgement %j', (body) => {
    expect(outcomesOf(read(200, body))).toEqual(['updated', 'updated']);
  });
});

describe('an answer nobody recognises is never a success', () => {
  it.each<[string, string, boolean]>([
    ['a page', '<html><body>Sign in</body></html>', true],
    ['a cut answer', '[{"employeeId":"E0","sta', true],
    ['words', 'all good', true],
    ['another object', '{"jobId":"17"}', false],
    ['an unknown message', '{"message":"queued"}', false],
    ['a failure', '{"success":false}', false],
    ['an error', '{"success":true,"error":"no"}', false],
    ['an error beside words', '{"success":true,"message":"done","error":"no"}', false],
    ['null', 'null', false],
    ['no results', '[]', false],
    ['too few results', '[{"status":200}]', false],
    ['results of others', '[{"employeeId":"E0","status":200},{"employeeId":"E9","status":200}]', false],
    ['one person twice', '[{"employeeId":"E0","status":200},{"employeeId":"E0","status":200}]', false],
    ['an unknown status', '[{"status":200},{"status":299}]', false],
    ['an unknown word', '[{"status":"fine"},{"status":"fine"}]', false],
    ['a success with an error', '[{"status":200,"error":"no"},{"status":200}]', false],
    ['some with and some without a status', '[{"employeeId":"E0"},{"employeeId":"E1","status":200}]', false],
    ['a message for each', '[{"employeeId":"E0","message":"x"},{"employeeId":"E1","message":"y"}]', false],
    ['numbers', '[200,200]', false],
    ['groups that leave somebody out', '{"created":["E0"],"updated":[]}', false],
    ['groups that name somebody twice', '{"created":["E0","E1"],"updated":["E1"]}', false],
    ['groups with somebody else', '{"created":["E0","E1","E2"]}', false],
    ['numbers of people', '{"created":2,"updated":0}', false],
  ])('%s', (_, body, transient) => {
    expect(read(200, body)).toMatchObject({ kind: 'unrecognised', transient });
  });
  it('people given back, with a complaint beside them or among them', () => {
    const users = [{ employeeId: 'E0' }, { employeeId: 'E1' }];
    for (const beside of [
      { success: false },
      { status: 'partial' },
      { status: 207 },
      { failedCount: 1 },
      { meta: { failed: 1 } },
      { errors: ['one of them is taken'] },
      { message: '1 of 2 users saved' },
    ]) {
      expect(outcomesOf(read(200, { users, ...beside })), JSON.stringify(beside)).toBe('unrecognised');
    }
    for (const complaint of [
      { errorMessage: 'taken' },
      { validationErrors: ['taken'] },
      { failed: true },
      { accepted: false },
      { ok: false },
      { state: 'REJECTED' },
    ]) {
      expect(outcomesOf(read(200, [users[0], { ...users[1], ...complaint }])), JSON.stringify(complaint)).toBe(
        'unrecognised',
      );
    }
  });
  it('a status that the same result contradicts', () => {
    for (const told of [
      { statusCode: 200, status: 'failed' },
      { status: 200, success: false },
      { status: 200, result: 'error' },
      { status: 200, errorMessage: 'taken' },
      { success: true, message: 'not saved: taken' },
    ]) {
      const body = [
        { employeeId: 'E0', status: 200 },
        { employeeId: 'E1', ...told },
      ];
      expect(outcomesOf(read(200, body)), JSON.stringify(told)).toBe('unrecognised');
    }
  });
  it('a yes for all whose words speak of trouble', () => {
    expect(outcomesOf(read(200, { success: true, message: '1 user saved, 1 failed' }))).toBe('unrecognised');
    expect(outcomesOf(read(200, { success: true, message: '2 users saved, 0 failed' }))).toEqual([
      'updated',
      'updated',
    ]);
  });
  it('a 207 without results', () => {
    for (const body of ['', 'OK', '{}', '[{"employeeId":"E0"},{"employeeId":"E1"}]']) {
      expect(read(207, body).kind).toBe('unrecognised');
    }
  });
  it('whatever JSON comes at 200: settled only by what is listed here, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(200, 207, 400, 409),
        fc.integer({ min: 1, max: 4 }),
        (body, status, count) => {
          const reading = readAnswer(status, body, people(count));
          if (reading.kind === 'each') expect(reading.people).toHaveLength(count);
        },
      ),
    );
  });
});

describe('a result for each person', () => {
  const results = [
    { employeeId: 'E1', status: 400, error: 'email e1@example.com of Ada Example is invalid' },
    { employeeId: 'E0', status: 201 },
  ];
  it.each<[string, unknown]>([
    ['array', results],
    ...['results', 'users', 'data', 'multistatus', 'responses', 'items'].map((key): [string, unknown] => [
      key,
      { [key]: results },
    ]),
    ['data.results', { data: { results } }],
    ['groups', { created: ['E0'], updated: [], unchanged: [], failed: [{ employeeId: 'E1', status: 409 }] }],
    ['groups of objects', { created: [{ employeeId: 'E0', id: 'x' }], errors: [{ employeeId: 'E1', message: 'no' }] }],
    [
      'words after the status',
      [
        { status: '201 Created', body: { employeeId: 'E0' } },
        { status: '400 Bad Request', body: { employeeId: 'E1' } },
      ],
    ],
    ['by employeeId', { results: { E1: results[0], E0: results[1] } }],
    [
      'index',
      {
        results: [
          { index: 1, code: 400 },
          { index: 0, code: 201 },
        ],
      },
    ],
    ['place', [{ statusCode: '201' }, { statusCode: 400 }]],
    ['place and a word', [{ success: true, status: 'created' }, { success: false }]],
    [
      'user',
      [
        { user: { employeeId: 'E0' }, status: 'created' },
        { user: { employeeId: 'E1' }, status: 'error' },
      ],
    ],
    [
      'id',
      [
        { id: 'E1', success: false },
        { id: 'E0', outcome: 'created' },
      ],
    ],
  ])('is found and given to whom it belongs: %s', (_, body) => {
    expect(outcomesOf(read(207, body))).toEqual(['created', 'rejected']);
    expect(outcomesOf(read(200, body))).toEqual(['created', 'rejected']);
    expect(outcomesOf(read(400, body))).toEqual(['created', 'rejected']);
  });
  it('is not confused by ids of their own beside it', () => {
    expect(
      outcomesOf(
        read(200, [
          { id: 17, status: 200 },
          { id: 18, status: 204 },
        ]),
      ),
    ).toEqual(['updated', 'unchanged']);
  });
  it('accepts the very people sent, given back', () => {
    expect(
      outcomesOf(
        read(
          200,
          people(2).map((one) => JSON.parse(one.body.toString())),
        ),
      ),
    ).toEqual(['updated', 'updated']);
    expect(outcomesOf(read(201, JSON.parse(String(people(1)[0]?.body)), 1))).toEqual(['created']);
  });
  it('is not confused by what else stands beside the people given back', () => {
    const users = [0, 1].map((at) => ({
      employeeId: `E${at}`,
      preferredName: 'Ada',
      deleted: false,
      'hrisFields.terminationReason': 'x',
      hrisFields: { failedAudits: 3 },
    }));
    const body = {
      users,
      errors: [],
      failed: 0,
      message: 'Users saved without errors',
      requestId: 'x',
      meta: { total: 2 },
    };
    expect(outcomesOf(read(200, body))).toEqual(['updated', 'updated']);
  });
  it('goes by the failures that are named beside all people given back', () => {
    const body = {
      users: [{ employeeId: 'E0' }, { employeeId: 'E1' }],
      errors: [{ employeeId: 'E1', message: 'taken' }],
    };
    expect(outcomesOf(read(200, body))).toEqual(['again', 'rejected']);
  });
  it('sends again who met a transient fault', () => {
    const reading = read(207, [{ status: 200 }, { status: 503 }]);
    expect(reading).toMatchObject({
      kind: 'each',
      people: [{ outcome: 'updated' }, { outcome: 'again', transient: true }],
    });
  });
});

describe('a refusal', () => {
  it('of one person alone is that person rejected, with the fields it names and none of its words', () => {
    const reading = read(
      400,
      { message: 'email "e0@example.com" is invalid for Ada', errors: [{ field: 'lastName' }] },
      1,
    );
    expect(reading).toEqual({
      kind: 'each',
      people: [
        {
          outcome: 'rejected',
          status: 400,
          reason: 'HTTP 400: required information is missing or wrong (it names lastName, email)',
        },
      ],
    });
  });
  it('that names nobody is nobody rejected yet', () => {
    for (const body of [
      '',
      'Bad Request',
      { message: 'invalid' },
      { errors: [{ field: 'email' }, { field: 'title' }] },
      { employeeId: 'other' },
    ]) {
      expect(read(400, body).kind).toBe('refused');
    }
    expect(read(410, '')).toMatchObject({ status: 410 });
  });
  it('that names some rejects them and sends the others again', () => {
    for (const body of [
      {
        errors: [
          { employeeId: 'E1', field: 'email', message: 'no' },
          { employeeId: 'E1', field: 'title' },
        ],
      },
      { errors: { E1: 'no' } },
      { employeeId: 'E1', message: 'no' },
      { failed: [{ index: 1, message: 'no' }] },
    ]) {
      expect(outcomesOf(read(400, body, 3))).toEqual(['again', 'rejected', 'again']);
    }
    expect(outcomesOf(read(200, { updated: 2, errors: [{ employeeId: 'E1', message: 'no' }] }, 3))).toEqual([
      'again',
      'rejected',
      'again',
    ]);
  });
  it('never lets a value of the person through', () => {
    const echo = read(409, { message: 'conflict', user: JSON.parse(String(people(1)[0]?.body)) }, 1);
    expect(JSON.stringify(echo)).not.toMatch(/Ada|Example|@/);
  });
});
