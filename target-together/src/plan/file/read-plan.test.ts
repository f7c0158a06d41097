import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlanHead, planFileSchema } from './format.ts';
import { openPlan, type PlannedPerson, type UnsentPerson } from './read-plan.ts';
import { writePlan } from './write-plan.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  path = join(folder, 'plan.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = Buffer.alloc(32, 7);
const people: PlannedPerson[] = [
  { id: 'a', action: 'leave', new: false, json: '{"employeeId":"a","lastName":"Lovelace","employeeStatusCode":"T"}' },
  {
    id: 'b',
    action: 'change',
    new: false,
    changes: [{ field: 'title' }],
    json: '{"employeeId":"b","title":"Ünïcode 🎓"}',
    raw: '{"type":"RECORD","stream":"employees","record":{"id":"b","born":"1815-12-10"}}',
  },
  { id: 'c', action: 'change', new: false, patch: true, json: '{"employeeId":"c","supervisorId":"b"}' },
];
const head = (over: Partial<Omit<PlanHead, 'read'>> = {}): Omit<PlanHead, 'format' | 'version' | 'salt' | 'read'> => ({
  plan_hash: '0123456789abcdef',
  run_id: 'r',
  created_at: '2026-03-31T04:00:00.000Z',
  read_at: '2026-03-31T03:59:00.000Z',
  tool: { name: 'target-together', version: '1', node: '20' },
  destination: { host: 'h', region: 'us', organization_id: 'o' },
  hashes: { settings: 's', mapping: 'm', ledger: 'l' },
  redaction: 'ids',
  complete: true,
  people_read: 2,
  actions: { join: 0, change: 2, leave: 1, rehire: 0, move: 0, same: 0, vanished: 0, excluded: 0, invalid: 0 },
  guards: [],
  causes: [],
  to_send: people.length,
  ...over,
});
const read = { states: [{ type: 'state', value: { bookmarks: { employees: 'secret bookmark' } } }] };
const unsent: UnsentPerson[] = Array.from({ length: 2500 }, (_, at) => ({
  id: `u${at}`,
  action: 'same',
  user: { email: `u${at}@example.com` },
}));
const make = () => writePlan(path, secret, head(), { read, people, unsent });
const readAll = async (key = secret) => {
  const plan = await openPlan(path, [key]);
  const found: PlannedPerson[] = [];
  for await (const person of plan.people()) found.push(person);
  const others: UnsentPerson[] = [];
  for await (const person of plan.unsent()) others.push(person);
  return { plan, found, others };
};
const change = (from: string | RegExp, to: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));

describe('a plan file', () => {
  it('gives back every body byte for byte, in order, with what the read leaves', async () => {
    await make();
    const { plan, found, others } = await readAll();
    expect(found).toEqual(people);
    expect(others).toEqual(unsent);
    expect(plan.read).toEqual(read);
  });

  it('is JSON for programs, readable only by its owner, and shows no body and no checkpoint', async () => {
    await make();
    const text = readFileSync(path, 'utf8');
    const parsed = JSON.parse(text) as { people: { id: string }[] };
    expect(parsed.people.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(text).not.toMatch(/Lovelace|1815|example\.com|bookmark"|secret bookmark/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Object.keys(planFileSchema().properties ?? {})).toEqual(expect.arrayContaining(Object.keys(parsed)));
  });

  it('is refused with another key', async () => {
    await make();
    await expect(readAll(Buffer.alloc(32, 8))).rejects.toThrow(/was changed, or was made with another/);
  });

  it.each([
    ['an action', '"action":"leave"', '"action":"change"', /changed at person 1/],
    ['an id', '"id":"b"', '"id":"c"', /changed at person 2/],
    ['a body', /"body":"..../, '"body":"AAAA', /changed at person 1/],
    ['the head', '"people_read":2', '"people_read":3', /was changed/],
    ['the plan hash', '0123456789abcdef', '0123456789abcdee', /was changed/],
    ['the order', /(\{"id":"a".*\}),\n(\{"id":"b".*\})/, '$2,\n$1', /changed at person 1/],
    ['a record', /"record":"..../, '"record":"AAAA', /changed at person 2/],
    ['a missing person', /,\n\{"id":"c".*\}/, '', /lacks 1 person/],
    ['a missing end', /\n"[^"]*"\n\]\}\n$/, '', /is cut off/],
    ['a missing group', /("unsent":\[\n).*,\n/, '$1', /changed among those who are not sent/],
    ['a group', /("unsent":\[\n")..../, '$1AAAA', /changed among those who are not sent/],
    ['another layout', /\n/g, '', /reformatted/],
  ])('notices %s that was changed', async (_what, from, to, message) => {
    await make();
    change(from, to);
    await expect(readAll()).rejects.toThrow(message);
  });

  it('says which file it could not read or write', async () => {
    await expect(openPlan(join(folder, 'none'), [secret])).rejects.toThrow(/none does not exist/);
    await expect(writePlan(join(folder, 'no', 'plan'), secret, head(), { read, people, unsent })).rejects.toThrow(
      /can't be written/,
    );
  });
});
