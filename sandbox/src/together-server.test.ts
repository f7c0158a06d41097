import { describe, expect, it } from 'vitest';
import type { App } from './server/http.ts';
import { createJournal, type Entry } from './server/journal.ts';
import { ask } from './testing/ask.ts';
import { createTogetherState, TOGETHER_CREDENTIALS, type TogetherOptions, togetherApp } from './together-server.ts';

const HEADERS = {
  'organization-id': TOGETHER_CREDENTIALS.organizationId,
  'client-id': TOGETHER_CREDENTIALS.clientId,
  'api-key': TOGETHER_CREDENTIALS.apiKey,
  'content-type': 'application/json',
};
const ada = {
  employeeId: 'E1',
  firstName: 'Ada',
  lastName: 'Example',
  email: 'ada@example.com',
  employeeStatusCode: 'A',
};
const bea = { ...ada, employeeId: 'E2', firstName: 'Bea', email: 'bea@example.com' };
const open = (
  options: TogetherOptions = {},
): {
  app: App;
  state: ReturnType<typeof createTogetherState>;
  post: (body: unknown, path?: string) => ReturnType<typeof ask>;
} => {
  const state = createTogetherState();
  const app = togetherApp(options, state);
  return {
    app,
    state,
    post: (body, path = '/public/user') => ask(app, path, { method: 'POST', headers: HEADERS, body }),
  };
};
const field = (state: ReturnType<typeof createTogetherState>, employeeId: string, name: string): unknown =>
  state.store.byEmployeeId(employeeId)?.fields[name];

describe('one user', () => {
  it('is created, then unchanged, then patched with the fields sent only', async () => {
    const { post, state } = open();
    expect((await post({ ...ada, title: 'Engineer' })).status).toBe(201);
    const same = await post(ada);
    expect([same.status, same.text]).toEqual([204, '']);
    expect((await post({ employeeId: 'E1', lastName: 'Other' })).status).toBe(200);
    expect(state.store.byEmployeeId('E1')?.fields).toEqual({ ...ada, lastName: 'Other', title: 'Engineer' });
  });
  it('is matched by employeeId first, then by e-mail without case', async () => {
    const { post, state } = open();
    await post([ada, bea]);
    await post({ ...bea, employeeId: 'E3', email: 'BEA@example.com' });
    expect(state.store.size).toBe(2);
    expect(state.store.byEmployeeId('E2')).toBeUndefined();
    expect(state.store.overwrites).toMatchObject([{ before: 'E2', after: 'E3' }]);
  });
  it('found by its address alone keeps its employeeId, or is refused, where that is the option', async () => {
    for (const matchByEmail of ['keep', 'refuse'] as const) {
      const { post, state } = open({ matchByEmail });
      await post(bea);
      const answer = await post({ ...bea, employeeId: 'E3', lastName: 'Other' });
      expect(answer.status).toBe(matchByEmail === 'keep' ? 200 : 409);
      expect([...state.store.all()].map((held) => held.fields)).toEqual([
        { ...bea, lastName: matchByEmail === 'keep' ? 'Other' : bea.lastName },
      ]);
      expect(state.store.overwrites).toEqual([]);
      expect((await post(bea)).status).toBe(matchByEmail === 'keep' ? 200 : 204);
    }
  });
  it('found by its address alone stays beside a second record, where that is the option', async () => {
    const { post, state } = open({ matchByEmail: 'create' });
    await post(bea);
    expect((await post({ ...bea, employeeId: 'E3' })).status).toBe(201);
    expect([...state.store.all()].map((held) => held.fields.employeeId)).toEqual(['E2', 'E3']);
  });
  it('needs all required fields when new, and valid ones always', async () => {
    const { post } = open();
    for (const name of ['employeeId', 'firstName', 'lastName', 'email', 'employeeStatusCode']) {
      const answer = await post({ ...ada, [name]: undefined });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(`${name} is required`);
    }
    await post(ada);
    for (const bad of [
      { email: 'x' },
      { employeeStatusCode: 'X' },
      { lastHireDate: '2024-01-01' },
      { dateOfBirth: '2023-02-30T00:00:00.000Z' },
      { remote: 'yes' },
      { title: 7 },
      { firstName: '' },
      { alternateEmails: 'a' },
    ]) {
      expect((await post({ employeeId: 'E1', ...bad })).status, JSON.stringify(bad)).toBe(400);
    }
    expect((await post({ employeeId: 'E1', dateOfBirth: '2024-02-29T00:00:00.000Z' })).status).toBe(200);
  });
  it('without employeeId is refused when new, or created again and again where that is the option', async () => {
    const nameless = { ...ada, employeeId: undefined };
    expect((await open().post(nameless)).status).toBe(400);
    const { post, state } = open({ requireEmployeeId: false });
    await post(nameless);
    await post({ ...nameless, email: 'second@example.com' });
    expect(state.store.size).toBe(2);
  });
  it('answers 409 when locked and 410 when deleted, by id or address', async () => {
    const { post, state } = open();
    await post([ada, bea]);
    state.lock('E1');
    state.remove('BEA@example.com');
    expect((await post(ada)).status).toBe(409);
    expect((await post(bea)).status).toBe(410);
    expect(state.store.byEmployeeId('E2')).toBeUndefined();
  });
  it('keeps hrisFields that are set up and drops the others silently, on record', async () => {
    const { post, state } = open({ hrisFields: ['area'] });
    expect((await post({ ...ada, 'hrisFields.area': 'Air', 'hrisFields.other': 'x' })).status).toBe(201);
    expect(field(state, 'E1', 'hrisFields.area')).toBe('Air');
    expect(field(state, 'E1', 'hrisFields.other')).toBeUndefined();
    expect(state.invisible.get('E1')).toEqual({ 'hrisFields.other': 'x' });
    await post({ ...ada, colour: 'blue' });
    expect([...state.unknownFields]).toEqual(['colour']);
  });
  it('treats null and "" as it is told', async () => {
    const start = { ...ada, title: 'Boss', departmentName: 'Fin' };
    const blank = { employeeId: 'E1', title: null, departmentName: '' };
    for (const [options, title, department] of [
      [{}, undefined, ''],
      [{ nullMeans: 'ignore', emptyMeans: 'clear' }, 'Boss', undefined],
    ] as const) {
      const { post, state } = open(options);
      await post(start);
      await post(blank);
      expect([field(state, 'E1', 'title'), field(state, 'E1', 'departmentName')]).toEqual([title, department]);
    }
    const { post } = open({ nullMeans: 'reject' });
    await post(start);
    expect((await post({ employeeId: 'E1', title: null })).status).toBe(400);
  });
  it('may insist on supervisors it knows, those of the same array included', async () => {
    const { post } = open({ unknownSupervisor: 'reject' });
    expect((await post({ ...ada, supervisorId: 'E2' })).status).toBe(400);
    expect((await post([{ ...ada, supervisorId: 'E2' }, bea])).status).toBe(201);
  });
  it('refuses an address that another user has', async () => {
    const { post } = open();
    await post([ada, bea]);
    expect((await post({ employeeId: 'E1', email: 'bea@example.com' })).status).toBe(400);
  });
  it('is updated and read by id', async () => {
    const { app, post, state } = open();
    await post(ada);
    const id = state.store.byEmployeeId('E1')?.userId ?? '';
    expect((await post({ title: 'Boss' }, `/public/user/${id}`)).status).toBe(200);
    expect((await ask(app, `/public/user/${id}`, { headers: HEADERS })).json<object>()).toMatchObject({
      id,
      title: 'Boss',
    });
    expect((await ask(app, '/public/user/nobody', { headers: HEADERS })).status).toBe(404);
  });
});

describe('an array', () => {
  const mixed = [ada, { ...bea, email: 'broken' }, { ...bea, employeeId: 'E3', email: 'cy@example.com' }];

  it('is answered by one bare status: created beats updated beats unchanged', async () => {
    const { post } = open();
    expect((await post([ada])).status).toBe(201);
    expect((await post([{ ...ada, title: 'x' }, bea])).status).toBe(201);
    expect((await post([{ ...ada, title: 'y' }, bea])).status).toBe(200);
    expect((await post([ada, bea])).status).toBe(204);
  });
  it('with a refused user answers its status and names nobody; the others are held or not by option', async () => {
    const each = open();
    const answer = await each.post(mixed);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/E2|broken|bea/i);
    expect(each.state.store.size).toBe(2);
    const atomic = open({ arrays: 'atomic' });
    expect((await atomic.post(mixed)).status).toBe(400);
    expect(atomic.state.store.size).toBe(0);
    await atomic.post([ada, bea]);
    expect(atomic.state.store.size).toBe(2);
  });
  it('names the refused, or tells of each, in the shape that is asked for', async () => {
    expect((await open({ answer: 'named' }).post(mixed)).json<{ errors: object[] }>().errors).toMatchObject([
      { employeeId: 'E2', status: 400 },
    ]);
    const list = await open({ answer: 'list', multiStatus: true }).post(mixed);
    expect(list.status).toBe(207);
    expect(list.json().map((item) => item.status)).toEqual([201, 400, 201]);
    expect((await open({ answer: 'results' }).post(mixed)).json<{ results: object[] }>().results[1]).toMatchObject({
      index: 1,
      success: false,
    });
    expect(
      (await open({ answer: 'multistatus' }).post(mixed)).json<{ multistatus: object[] }>().multistatus[1],
    ).toMatchObject({ sequenceId: 1, status: '400 Bad Request' });
    expect((await open({ answer: 'split' }).post(mixed)).json<object>()).toMatchObject({
      created: ['E1', 'E3'],
      failed: [{ employeeId: 'E2' }],
    });
    expect((await open({ answer: 'unrecognised' }).post(mixed)).json<object>()).toHaveProperty('jobId');
  });
  it('must not be empty, nor longer than allowed', async () => {
    expect((await open().post([])).status).toBe(400);
    expect((await open({ maxUsers: 2 }).post(mixed)).status).toBe(413);
  });
});

describe('the list of users', () => {
  it('comes in several shapes, with hrisFields or without', async () => {
    const get = async (options: TogetherOptions): Promise<unknown> => {
      const { app, post } = open(options);
      await post([{ ...ada, 'hrisFields.area': 'Air' }, bea]);
      const answer = await ask(app, '/public/user', { headers: HEADERS });
      return answer.status === 200 ? answer.json<unknown>() : answer.status;
    };
    expect(await get({})).toMatchObject([{ employeeId: 'E1', 'hrisFields.area': 'Air' }, { employeeId: 'E2' }]);
    expect(await get({ list: 'users' })).toMatchObject({ users: [{}, {}] });
    expect(await get({ list: 'data' })).toMatchObject({ data: [{}, {}], total: 2 });
    expect(await get({ list: 'nested' })).toMatchObject({ data: { items: [{}, {}] }, next: null });
    expect(await get({ list: 'first page' })).toMatchObject({ users: [{}, {}], total: 2 });
    expect(await get({ list: 'pages', forms: { keys: 'snake' } })).toMatchObject([
      { employee_id: expect.any(String) },
      {},
    ]);
    expect(await get({ list: 'unrecognised' })).not.toHaveProperty('users');
    expect(await get({ list: 404 })).toBe(404);
    expect(JSON.stringify(await get({ listHrisFields: false }))).not.toContain('hrisFields');
  });
});

describe('the door', () => {
  it('opens only with all three headers, and for JSON', async () => {
    const { app } = open();
    for (const name of ['organization-id', 'client-id', 'api-key']) {
      expect((await ask(app, '/public/user', { headers: { ...HEADERS, [name]: 'wrong' } })).status).toBe(401);
    }
    expect(
      (
        await ask(app, '/public/user', {
          method: 'POST',
          headers: { ...HEADERS, 'content-type': 'text/plain' },
          body: ada,
        })
      ).status,
    ).toBe(415);
    expect((await ask(app, '/public/user', { method: 'DELETE', headers: HEADERS })).status).toBe(405);
    expect((await ask(app, '/public/users', { headers: HEADERS })).status).toBe(404);
  });
});

describe('the limit', () => {
  const arrivals = (app: App, ...times: number[]): Entry[] => {
    const journal = createJournal();
    return times.map((at) => {
      const entry = journal.arrive({ at, wall: '', method: 'POST', path: '/public/user', query: '', headers: {} });
      const reply = app.arrived?.(entry);
      if (reply) entry.status = reply.status;
      journal.finish(entry, at + 10);
      return entry;
    });
  };
  it('takes a second between arrivals exactly, and 429s whatever comes earlier', () => {
    const entries = arrivals(open().app, 0, 1000, 1999.9, 3500);
    expect(entries.map((entry) => entry.status)).toEqual([undefined, undefined, 429, undefined]);
    expect(entries.map((entry) => entry.violation !== undefined)).toEqual([false, false, true, false]);
  });
  it('revokes the key of whoever breaks it, unless told to be mild', async () => {
    const strict = open();
    arrivals(strict.app, 0, 500);
    expect(strict.state.revoked).toBe(true);
    expect((await strict.post(ada)).status).toBe(401);
    const mild = open({ revoke: false });
    arrivals(mild.app, 0, 500);
    expect((await mild.post(ada)).status).toBe(201);
  });
  it('counts a second request while one is open as broken, however long the wait was', () => {
    const { app } = open();
    const journal = createJournal();
    const at = (time: number): Entry =>
      journal.arrive({ at: time, wall: '', method: 'POST', path: '/', query: '', headers: {} });
    expect(app.arrived?.(at(0))).toBeUndefined();
    const second = at(5000);
    expect(app.arrived?.(second)?.status).toBe(429);
    expect(second.violation).toBe('1 in flight');
  });
  it('is off at 0', () => {
    expect(arrivals(open({ intervalMs: 0 }).app, 0, 0, 1).every((entry) => entry.violation === undefined)).toBe(true);
  });
});
